// Tells the stacks of errors that end the program: the SDK prints none for errors that it takes for messages (a missing setting, refused
// arguments), and a person wants the line.
//
// Takes the colours out of `util.inspect` for errors. The SDK inspects every error in colours, and Node.js before the fix of
// https://github.com/nodejs/node/issues/64011 then spends a minute of processor time on a stack through the SDK's own files (source
// maps give them paths such as `node_modules/@pulumi/config.ts`, in which the package's name does not end).
"use strict";
const util = require("node:util");
const { tell } = require("./tell.cjs");

/** Deeper than this, the causes of an error and the errors inside of one are not told. */
const deepest = 4;

/** The stacks of an error, of its causes and of the errors that it stands for, the innermost first: there it began. */
function stacksOf(error, depth = 0) {
  if (depth > deepest || typeof error !== "object" || error === null) return [];
  const inner = [error.cause, ...(Array.isArray(error.errors) ? error.errors.slice(0, 10) : [])];
  return [
    ...inner.flatMap((one) => stacksOf(one, depth + 1)),
    ...(typeof error.stack === "string" ? [error.stack] : []),
  ];
}

function tellError(error) {
  let stacks = [];
  let thrown;
  try {
    if (!util.types.isNativeError(error)) thrown = util.inspect(error, { depth: 3, colors: false }).slice(0, 500);
    stacks = stacksOf(error).map((stack) => stack.slice(0, 8000));
  } catch {
    // An error whose fields throw when they are read.
  }
  if (typeof error?.stack === "string") thrown = undefined;
  tell({ kind: "error", stacks, thrown, code: typeof error?.code === "string" ? error.code : undefined });
}

process.on("uncaughtExceptionMonitor", tellError);
process.on("unhandledRejection", (error) => {
  tellError(error);
  // Until the SDK listens too, a rejection has to end the process as if nobody did.
  if (process.listenerCount("unhandledRejection") === 1) throw error;
});

const { inspect } = util;
const isOptions = (value) => typeof value === "object" && value !== null;
util.inspect = Object.assign(
  (value, options, ...rest) =>
    inspect(value, value instanceof Error && isOptions(options) ? { ...options, colors: false } : options, ...rest),
  inspect,
);
