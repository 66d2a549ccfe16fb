// Tells what is secret where the SDK does not.
//
// It takes the secrets among a data source's arguments out of their wrappers before it asks (`invokeAsync` of `runtime/invoke.js`, which calls
// `unwrapSecretValues` through the exports of `runtime/rpc.js`): the request gets one more argument with their places. An SDK without that
// function sends the wrappers.
//
// And of what a program itself marks (`secret`, `output.js`) nobody hears who is not sent it: a program may fail before, or ask for a resource
// with a secret id.
"use strict";
const { tell } = require("./tell.cjs");

/** The argument; `secretsKey` in `../preload.ts`. */
const secretsKey = "twodoor:secrets";
/** More of one program's secrets than this are not told, and none that is shorter than is hidden (`isHideable` in `../wire.ts`). */
const most = 1000;
const shortest = 6;

const isObject = (value) => typeof value === "object" && value !== null;

const placesIn = (rpc, value, place) => {
  if (!isObject(value)) return [];
  if (rpc.isRpcSecret(value)) return [place];
  const keys = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  return keys.flatMap((key) => placesIn(rpc, value[key], [...place, key]));
};

/** @param rpc the exports of the SDK's `runtime/rpc.js`. */
exports.watchCalls = (rpc) => {
  const unwrap = rpc?.unwrapSecretValues;
  if (typeof unwrap !== "function" || typeof rpc.isRpcSecret !== "function") return;
  rpc.unwrapSecretValues = (value, ...rest) => {
    const result = unwrap(value, ...rest);
    const [args, hasSecret] = result;
    if (hasSecret === true && isObject(args) && !Array.isArray(args)) args[secretsKey] = placesIn(rpc, value, []);
    return result;
  };
};

const textsIn = (value, depth = 0) => {
  if (typeof value === "string") return value.length >= shortest ? [value] : [];
  if (!isObject(value) || depth > 8) return [];
  const prototype = Object.getPrototypeOf(value);
  const isPlain = Array.isArray(value) || prototype === Object.prototype || prototype === null;
  return isPlain ? Object.values(value).flatMap((item) => textsIn(item, depth + 1)) : [];
};

const told = new Set();
const tellTexts = (value) => {
  const texts = textsIn(value).filter((text) => !told.has(text) && told.size < most && told.add(text));
  for (const text of texts) tell({ kind: "secret", text });
};

/** @param output the exports of the SDK's `output.js`. */
exports.watchMarks = (output) => {
  const mark = output?.secret;
  // A program may have a file of that name.
  if (typeof mark !== "function" || typeof output.isSecretOutput !== "function") return;
  output.secret = (value, ...rest) => {
    const secret = mark(value, ...rest);
    // What is there already is told at once: the program may fail in its next line.
    tellTexts(value);
    if (isObject(value)) secret?.promise?.().then(tellTexts, () => undefined);
    return secret;
  };
};
