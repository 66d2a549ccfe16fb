// What is changed in the SDK while it loads.
//
// It spares the stack that the SDK keeps of each promise (`debuggablePromise`, `runtime/debuggable.js`), a third of a run's time: a stack
// is written through source maps, and nobody reads it but whoever sets PULUMI_DEBUG_PROMISE_LEAKS.
//
// It tells which resources the SDK still waits for when the program ends.
//
// It loads `@npmcli/arborist` when somebody asks for it: 450 files, 40 % of loading the SDK, which wants them for the packages of a
// function that a program writes inline (`runtime/closure/codePaths.js`) and for nothing else.
"use strict";
const Module = require("node:module");
const { sep } = require("node:path");
const { observe } = require("./references.cjs");
const { tell } = require("./tell.cjs");

/** What the SDK calls the promise of a resource's URN: until it is kept, the resource is not registered. */
const registration = /^resolveURN\(resource:(.*)\)$/;
/** Resources that are not registered yet, as `name[type]`. */
const waiting = new Set();

const spare = (debuggable) => {
  const wrap = debuggable?.debuggablePromise;
  if (typeof wrap !== "function" || debuggable.debugPromiseLeaks === true) return;
  debuggable.debuggablePromise = (promise, context, ...rest) => {
    const resource = typeof context === "string" ? registration.exec(context)?.[1] : undefined;
    if (resource !== undefined) {
      waiting.add(resource);
      const done = () => waiting.delete(resource);
      promise.then(done, done);
    }
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return wrap(promise, context, ...rest);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
};
process.on("exit", () => {
  if (waiting.size > 0) tell({ kind: "waiting", resources: [...waiting].slice(0, 100) });
});

// Named as a compiled module, so that whoever imports it all does not copy it, which would load it.
const whenWanted = (load) =>
  new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : key === "default" ? load() : load()[key]) });
const loadModule = Module._load;
if (typeof loadModule === "function") {
  Module._load = function (request, parent, ...rest) {
    const loaded = () => loadModule.call(this, request, parent, ...rest);
    const isSdk = parent?.filename?.endsWith(`${sep}closure${sep}codePaths.js`) === true;
    return request === "@npmcli/arborist" && isSdk ? whenWanted(loaded) : loaded();
  };
}

// `require.extensions`: deprecated for new formats, and the only place where a module can be met right after it was loaded.
const load = Module._extensions?.[".js"];
if (typeof load === "function") {
  Module._extensions[".js"] = (module, filename) => {
    load(module, filename);
    if (filename.endsWith(`${sep}runtime${sep}rpc.js`)) observe(module.exports);
    if (filename.endsWith(`${sep}runtime${sep}debuggable.js`)) spare(module.exports);
  };
}
