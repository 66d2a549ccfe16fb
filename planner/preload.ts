/** The file descriptor on which the preloaded code tells where errors come from: one JSON text a line. */
export const errorDescriptor = 3;

/** The input under which a registration tells what parts of its other inputs depend on. Nobody but the planner sees it. */
export const referencesKey = "twodoor:references";

/**
 * Runs in the program's process before the SDK, for five things that the SDK does not do by itself.
 *
 * It tells us the stacks of errors that end the program: the SDK prints none for errors that it takes for messages (a missing
 * setting, refused arguments), and a person wants the line.
 *
 * It takes the colours out of `util.inspect` for errors. The SDK inspects every error in colours, and Node.js before the fix of
 * https://github.com/nodejs/node/issues/64011 then spends a minute of processor time on a stack through the SDK's own files
 * (source maps give them paths such as `node_modules/@pulumi/config.ts`, in which the package's name does not end).
 *
 * It tells on what each part of an input depends: the SDK tells it for an input as a whole, so that nobody knows which of a load balancer's
 * pools comes first. `serializeResourceProperties` (`runtime/rpc.js`, since 2020) makes an input's wire form and is called through its
 * module's exports; what it returns gets one more entry, made by the SDK's own functions from the same values. An SDK without these
 * functions, or a value that cannot be told, adds nothing. A local component's resources are known only once it is complete, which
 * may wait for this very resource: a part that depends on one is left out.
 *
 * It spares the stack that the SDK keeps of each promise (`debuggablePromise`, `runtime/debuggable.js`), a third of a run's time: a stack
 * is written through source maps, and nobody reads it but whoever sets PULUMI_DEBUG_PROMISE_LEAKS.
 *
 * It loads `@npmcli/arborist` when somebody asks for it: 450 files, 40 % of loading the SDK, which wants them for the packages of a function
 * that a program writes inline (`runtime/closure/codePaths.js`) and for nothing else.
 */
const source = `
import { writeSync } from "node:fs";
import Module from "node:module";
import { sep } from "node:path";
import util from "node:util";

const tell = (error) => {
  try {
    writeSync(${String(errorDescriptor)}, JSON.stringify(String(error?.stack ?? "")) + "\\n");
  } catch {
    // Nobody listens.
  }
};
process.on("uncaughtExceptionMonitor", tell);
process.on("unhandledRejection", (error) => {
  tell(error);
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

const referencesIn = async (rpc, value, path, found) => {
  const inner = await value;
  if (inner === null || typeof inner !== "object" || inner.__pulumiAsset === true) return;
  if (inner.__pulumiOutput !== true && inner.__pulumiResource !== true) {
    const isList = Array.isArray(inner);
    for (const key of Object.keys(inner)) await referencesIn(rpc, inner[key], path + stepTo(key, isList), found);
    return;
  }
  const resources = new Set();
  await rpc.serializeProperty(path, inner, resources, { keepOutputValues: false });
  const all = [...resources];
  if (!all.every((resource) => resource.__pulumiCustomResource === true || resource.__remote === true)) return;
  const urns = await Promise.all(all.map((resource) => resource.urn.promise()));
  if (urns.length > 0) found[path] = [...new Set(urns)].sort();
};
const stepTo = (key, isList) =>
  isList ? "[" + key + "]" : /^[\\w$-]+$/.test(key) ? "." + key : "[" + JSON.stringify(key) + "]";

const observe = (rpc) => {
  const serialize = rpc?.serializeResourceProperties;
  if (typeof serialize !== "function" || typeof rpc.serializeProperty !== "function") return;
  rpc.serializeResourceProperties = async (label, props, options, ...rest) => {
    const result = await serialize(label, props, options, ...rest);
    // Without options it is a component's answer; what a remote component gets arrives as outputs with their dependencies.
    if (options === undefined || options.keepOutputValues === true) return result;
    const found = {};
    for (const key of Object.keys(props)) {
      const value = await props[key];
      const isWhole = value?.__pulumiOutput === true || value?.__pulumiResource === true;
      if (key === "id" || key === "urn" || isWhole) continue;
      await referencesIn(rpc, value, key, found).catch(() => undefined);
    }
    if (Object.keys(found).length > 0) result[0][${JSON.stringify(referencesKey)}] = found;
    return result;
  };
};
const spare = (debuggable) => {
  const wrap = debuggable?.debuggablePromise;
  if (typeof wrap !== "function" || debuggable.debugPromiseLeaks === true) return;
  debuggable.debuggablePromise = (...args) => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    try {
      return wrap(...args);
    } finally {
      Error.stackTraceLimit = limit;
    }
  };
};
// Named as a compiled module, so that whoever imports it all does not copy it, which would load it.
const whenWanted = (load) =>
  new Proxy({}, { get: (_, key) => (key === "__esModule" ? true : key === "default" ? load() : load()[key]) });
const loadModule = Module._load;
if (typeof loadModule === "function") {
  Module._load = function (request, parent, ...rest) {
    const loaded = () => loadModule.call(this, request, parent, ...rest);
    const isSdk = parent?.filename?.endsWith(sep + "closure" + sep + "codePaths.js") === true;
    return request === "@npmcli/arborist" && isSdk ? whenWanted(loaded) : loaded();
  };
}
// \`require.extensions\`: deprecated for new formats, and the only place where a module can be met right after it was loaded.
const load = Module._extensions?.[".js"];
if (typeof load === "function") {
  Module._extensions[".js"] = (module, filename) => {
    load(module, filename);
    if (filename.endsWith(sep + "runtime" + sep + "rpc.js")) observe(module.exports);
    if (filename.endsWith(sep + "runtime" + sep + "debuggable.js")) spare(module.exports);
  };
}
`;

/** The flag of `node` that preloads it. As one word, since the SDK takes a separate `--import` for a TypeScript loader. */
export const preloadFlag = `--import=data:text/javascript,${encodeURIComponent(source)}`;
