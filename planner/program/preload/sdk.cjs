// What is changed in the SDK while it loads.
//
// It spares the stack and the names that the SDK keeps of each promise (`debuggablePromise`, `runtime/debuggable.js`), a third of a run's time: a
// stack is written through source maps, and nobody reads it but whoever sets PULUMI_DEBUG_PROMISE_LEAKS. That a promise is still open at the
// end stays the SDK's to say: the first one goes its way, which starts its look-out, and each one is on its list.
//
// It tells which resources the SDK still waits for when the program ends. It spares more in `frames.cjs`.
//
// It loads two packages when somebody asks for them: the SDK wants them for functions that a program writes inline (`runtime/closure`) and for
// nothing else. `@npmcli/arborist` is 450 files, 40 % of loading the SDK; the TypeScript compiler is 9 MB of text, which a program
// in TypeScript loads anyway and one in JavaScript does not.
"use strict";
const Module = require("node:module");
const { sep } = require("node:path");
const { nameAnswers, shortenStacks } = require("./frames.cjs");
const { watchOutputs } = require("./outputs.cjs");
const { observe } = require("./references.cjs");
const { watchCalls, watchMarks } = require("./secrets.cjs");
const { tell } = require("./tell.cjs");

/** What the SDK calls the promise of a resource's URN: until it is kept, the resource is not registered. */
const registration = "resolveURN(resource:";
/** Resources that are not registered yet, as `name[type]`. */
const waiting = new Set();

const noteRegistration = (promise, context) => {
  if (typeof context !== "string" || !context.startsWith(registration)) return;
  const resource = context.slice(registration.length, -1);
  waiting.add(resource);
  const done = () => waiting.delete(resource);
  promise.then(done, done);
};

/** Calls with an error that keeps no stack. */
const withoutStack = (call) => {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return call();
  } finally {
    Error.stackTraceLimit = limit;
  }
};

const spare = (debuggable, state) => {
  const wrap = debuggable?.debuggablePromise;
  if (typeof wrap !== "function" || debuggable.debugPromiseLeaks === true) return;
  let isWatched = false;
  debuggable.debuggablePromise = (promise, context, ...rest) => {
    noteRegistration(promise, context);
    const store = state?.getStore?.();
    if (!isWatched || typeof store?.leakCandidates?.add !== "function") {
      isWatched = true;
      return withoutStack(() => wrap(promise, context, ...rest));
    }
    store.leakCandidates.add(promise);
    return promise
      .then((value) => {
        store.leakCandidates.delete(promise);
        return value;
      })
      .catch((error) => {
        store.leakCandidates.delete(promise);
        error.promise = promise;
        throw error;
      });
  };
};
process.on("exit", () => {
  if (waiting.size > 0) tell({ kind: "waiting", resources: [...waiting].slice(0, 100) });
});

// Named as a compiled module, so that whoever imports it all does not copy it, which would load it.
const whenWanted = (load) =>
  new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : key === "default" ? load() : load()[key]) });
/** Files of the SDK's `runtime/closure`, and which request of each is to wait. */
const closures = [`${sep}closure${sep}codePaths.js`, `${sep}closure${sep}parseFunction.js`];
const wanted = [/^@npmcli\/arborist$/, /^(?:typescript|.*\/typescript-shim)$/];
const loadModule = Module._load;
if (typeof loadModule === "function") {
  Module._load = function (request, parent, ...rest) {
    const loaded = () => loadModule.call(this, request, parent, ...rest);
    const isClosure = closures.some(
      (file, at) => wanted[at].test(request) && parent?.filename?.endsWith(file) === true,
    );
    return isClosure ? whenWanted(loaded) : loaded();
  };
}

/** The SDK's list of open promises is in a module of its own; older ones have none. */
const stateOf = (module) => {
  try {
    return module.require("./state");
  } catch {
    return undefined;
  }
};

/** SDKs of 2024 load this after the compiler of TypeScript, whose lines are then no longer the source's; loaded before it, it stays out of the way. */
const mapLines = (module) => {
  try {
    module.require("source-map-support/register");
  } catch {
    // Another program's file of that name.
  }
};

// `require.extensions`: deprecated for new formats, and the only place where a module can be met right after it was loaded.
const load = Module._extensions?.[".js"];
if (typeof load === "function") {
  Module._extensions[".js"] = (module, filename) => {
    if (filename.endsWith(`${sep}cmd${sep}run${sep}run.js`)) mapLines(module);
    load(module, filename);
    if (filename.endsWith(`${sep}runtime${sep}rpc.js`)) {
      observe(module.exports);
      watchCalls(module.exports);
    }
    if (filename.endsWith(`${sep}pulumi${sep}output.js`)) watchMarks(module.exports);
    if (filename.endsWith(`${sep}runtime${sep}debuggable.js`)) spare(module.exports, stateOf(module));
    if (filename.endsWith(`${sep}pulumi${sep}resource.js`)) shortenStacks(module.exports);
    if (filename.endsWith(`${sep}proto${sep}resource_pb.js`)) nameAnswers(module.exports);
    if (filename.endsWith(`${sep}pulumi${sep}stackReference.js`)) watchOutputs(module.exports);
  };
}
