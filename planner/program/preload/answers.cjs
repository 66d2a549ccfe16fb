// Lets a program read JSON out of a text that was made up for it: the answer of a data source that nobody knows, or an encrypted setting. Such a
// text is no JSON, and what a program then reads of it (`JSON.parse(secret.secretString).password`) is as unknown as the text itself: it
// carries its mark on.
"use strict";

/** How these texts begin: `unansweredMarker` in `../placeholder-answers.ts`, and what `../config-placeholders.ts` makes up. */
const marks = ["twodoor-unanswered-", "twodoor-placeholder-"];

/** What promises, serializers and the SDK look for in any object, and must not find. */
const isAsked = (key) => typeof key === "symbol" || key === "then" || key.startsWith("__");

const standIn = (text) =>
  new Proxy(
    {},
    {
      get: (_, key) => (isAsked(key) ? undefined : key === "toJSON" ? () => text : `${text}.${key}`),
      has: (_, key) => !isAsked(key),
    },
  );

const { parse } = JSON;
JSON.parse = function (text, ...rest) {
  const isMadeUp = typeof text === "string" && marks.some((mark) => text.startsWith(mark));
  return isMadeUp ? standIn(text) : parse(text, ...rest);
};
