// Tells on what each part of an input depends: the SDK tells it for an input as a whole, so that nobody knows which of a load balancer's
// pools comes first. `serializeResourceProperties` (`runtime/rpc.js`, since 2020) makes an input's wire form and is called through its
// module's exports; what it returns gets one more entry, made by the SDK's own functions from the same values. An SDK without these
// functions, or a value that cannot be told, adds nothing. A local component's resources are known only once it is complete, which may
// wait for this very resource: a part that depends on one is left out.
"use strict";

/** The entry; `referencesKey` in `../preload.ts`. */
const referencesKey = "twodoor:references";

/** Most inputs are texts and numbers: to wait for each would cost more than all else here. */
const isPlain = (value) => value === null || (typeof value !== "object" && typeof value !== "function");

const referencesIn = async (rpc, value, path, found) => {
  const inner = isPlain(value) ? value : await value;
  if (inner === null || typeof inner !== "object" || inner.__pulumiAsset === true) return;
  if (inner.__pulumiOutput !== true && inner.__pulumiResource !== true) {
    const isList = Array.isArray(inner);
    for (const key of Object.keys(inner)) {
      if (!isPlain(inner[key])) await referencesIn(rpc, inner[key], path + stepTo(key, isList), found);
    }
    return;
  }
  const resources = new Set();
  await rpc.serializeProperty(path, inner, resources, { keepOutputValues: false });
  const all = [...resources];
  if (!all.every((resource) => resource.__pulumiCustomResource === true || resource.__remote === true)) return;
  const urns = await Promise.all(all.map((resource) => resource.urn.promise()));
  if (urns.length > 0) found[path] = [...new Set(urns)].sort();
};

const stepTo = (key, isList) => (isList ? `[${key}]` : /^[\w$-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);

/** @param rpc the exports of the SDK's `runtime/rpc.js`. */
function observe(rpc) {
  const serialize = rpc?.serializeResourceProperties;
  if (typeof serialize !== "function" || typeof rpc.serializeProperty !== "function") return;
  rpc.serializeResourceProperties = async (label, props, options, ...rest) => {
    const result = await serialize(label, props, options, ...rest);
    // Without options it is a component's answer; what a remote component gets arrives as outputs with their dependencies.
    if (options === undefined || options.keepOutputValues === true) return result;
    const found = {};
    for (const key of Object.keys(props)) {
      if (isPlain(props[key])) continue;
      const value = await props[key];
      const isWhole = value?.__pulumiOutput === true || value?.__pulumiResource === true;
      if (key === "id" || key === "urn" || isWhole) continue;
      await referencesIn(rpc, value, key, found).catch(() => undefined);
    }
    if (Object.keys(found).length > 0) result[0][referencesKey] = found;
    return result;
  };
}

module.exports = { observe };
