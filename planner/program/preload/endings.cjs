// Tells where the program ends itself, which nobody can see from outside, and that it came to an end because nothing was left to run.
"use strict";
const { tell, stackBelow } = require("./tell.cjs");

// `process.exit` comes to `process.reallyExit` with the caller still in the stack; a natural end does not.
for (const name of ["reallyExit", "abort"]) {
  const end = process[name];
  if (typeof end !== "function") continue;
  const ending = function (...args) {
    tell({ kind: "exit", call: `process.${name === "reallyExit" ? "exit" : name}`, stack: stackBelow(ending).stack });
    return end.apply(this, args);
  };
  process[name] = ending;
}

const { kill } = process;
const killing = function (pid, ...rest) {
  const isOwn = pid === process.pid || pid === 0 || pid === -process.pid;
  if (isOwn && rest[0] !== 0) tell({ kind: "exit", call: "process.kill", stack: stackBelow(killing).stack });
  return kill.call(this, pid, ...rest);
};
process.kill = killing;

process.on("beforeExit", () => {
  tell({ kind: "emptied" });
});
