// Tells which outputs of other stacks the program reads. The SDK reads all of a stack's outputs at once and looks for the wanted one by itself
// (`stackReference.js`), so that no request says which one that is, and a person who is to answer wants the names.
"use strict";
const { tell } = require("./tell.cjs");

/** Of more than this many nobody wants to be asked. */
const most = 500;
const told = new Set();

async function note(reference, name) {
  const stack = await reference.name?.promise?.();
  const key = JSON.stringify([stack, name]);
  if (typeof stack !== "string" || told.has(key) || told.size >= most) return;
  told.add(key);
  tell({ kind: "output", stack, name });
}

/** @param exports - the module's. */
exports.watchOutputs = (exports) => {
  const methods = exports?.StackReference?.prototype;
  for (const method of ["getOutput", "requireOutput"]) {
    const read = methods?.[method];
    if (typeof read !== "function") continue;
    methods[method] = function (name, ...rest) {
      // A name may be an output itself; it is not waited for.
      if (typeof name === "string") note(this, name).catch(() => undefined);
      return read.call(this, name, ...rest);
    };
  }
};
