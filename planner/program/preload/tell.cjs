// Tells the planner what happens in the program's process: one JSON text a line, on the file descriptor that the planner opened for it.
// Only the process that the planner itself has started may tell. Processes that the program starts can have something else at that
// descriptor: the channel of `child_process.fork` is there.
"use strict";
const { fstatSync, writeSync } = require("node:fs");
const { getEnvironmentData, setEnvironmentData, isMainThread } = require("node:worker_threads");

/** The descriptor; `errorDescriptor` in `../preload.ts`. */
const descriptor = 3;
/** The variable by which the planner asks for it. It is taken away, so that no other process finds it. */
const asked = "TWODOOR_TELL";
const channelKey = "twodoor.channel";

/** What the descriptor is, so that nothing is written once the program has closed it and opened a file there. */
function channel() {
  try {
    // As bigints: after a call without, Node.js 20 resolves no links for ES modules, so that a linked package is loaded twice, once empty.
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    return `${dev}:${ino}`;
  } catch {
    return undefined;
  }
}

if (isMainThread && process.env[asked] !== undefined) {
  delete process.env[asked];
  setEnvironmentData(channelKey, channel());
}
// Threads of the program share its descriptors and are given the same data.
const known = getEnvironmentData(channelKey);

/** The longest text that is told, in characters. */
const longest = 64 * 1024;

/** @param {{ kind: string } & Record<string, unknown>} event */
function tell(event) {
  if (known === undefined || channel() !== known) return;
  try {
    const text = JSON.stringify(event);
    if (text.length <= longest) writeSync(descriptor, `${text}\n`);
  } catch {
    // Nobody listens, or it cannot be written down.
  }
}

/** The stack of here, as the program's own source names it, without the frames of `below` and of what it calls. */
function stackBelow(below) {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 50;
  const holder = {};
  Error.captureStackTrace(holder, below);
  Error.stackTraceLimit = limit;
  return holder;
}

module.exports = { tell, stackBelow, isProgram: isMainThread && known !== undefined };
