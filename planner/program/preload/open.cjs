// Knows what keeps the program from ending, and where that was made, for whoever stops it at its time limit. Asked through Node.js's
// inspector (`../standing.ts`), under the name below.
"use strict";
const childProcess = require("node:child_process");
const net = require("node:net");
const timers = require("node:timers");
const { stackBelow } = require("./tell.cjs");

/** Shorter timers come and go; noting each would cost more than it tells. In milliseconds. */
const longTimer = 2000;
/** More than this many of the newest are not kept. */
const most = 200;
const noted = [];

function note(what, handle, isOpen, below) {
  if (noted.length >= most) noted.shift();
  noted.push({ what, handle: new WeakRef(handle), isOpen, made: stackBelow(below) });
}

const isTimerOpen = (timer) => timer._destroyed !== true && timer.hasRef();
for (const name of ["setInterval", "setTimeout"]) {
  const start = globalThis[name];
  const starting = function (callback, milliseconds, ...rest) {
    const timer = start(callback, milliseconds, ...rest);
    if (name === "setInterval" || milliseconds >= longTimer) note(name, timer, isTimerOpen, starting);
    return timer;
  };
  // `util.promisify(setTimeout)` finds its other form there.
  globalThis[name] = Object.defineProperties(starting, Object.getOwnPropertyDescriptors(start));
  timers[name] = globalThis[name];
}

const { listen } = net.Server.prototype;
net.Server.prototype.listen = function listening(...args) {
  note("server", this, (server) => server.listening && server._unref !== true, listening);
  return listen.apply(this, args);
};

const { spawn } = childProcess.ChildProcess.prototype;
childProcess.ChildProcess.prototype.spawn = function spawning(options, ...rest) {
  const result = spawn.call(this, options, ...rest);
  note(
    `process ${String(options?.file)}`,
    this,
    (child) => child.exitCode === null && child.signalCode === null,
    spawning,
  );
  return result;
};

/** What is open, the newest first: only what has a line outside of installed packages. */
globalThis[Symbol.for("twodoor.open")] = () =>
  noted
    .flatMap(({ what, handle, isOpen, made }) => {
      const open = handle.deref();
      return open !== undefined && isOpen(open) ? [{ what, stack: String(made.stack) }] : [];
    })
    .reverse();
// The port that SIGUSR1 opens: any that is free.
process.debugPort = 0;
