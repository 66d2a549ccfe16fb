const path = require("node:path");
const pulumi = require("@pulumi/pulumi");

const isLoaded = (part) => Object.keys(require.cache).some((file) => file.includes(part));
const has = () => ({ arborist: isLoaded("arborist"), typescript: isLoaded(`${path.sep}typescript.js`) });
const limit = Error.stackTraceLimit;
const before = has();

const lines = () => {
  const { prepareStackTrace } = Error;
  Error.stackTraceLimit = Infinity;
  Error.prepareStackTrace = (_, sites) => sites.map((site) => path.basename(site.getFileName() ?? ""));
  const { stack } = new Error();
  Error.prepareStackTrace = prepareStackTrace;
  Error.stackTraceLimit = limit;
  return stack;
};
const sites = pulumi.Resource.callsites();
const all = lines();

new pulumi.ComponentResource("loads:index:Thing", "thing");

exports.isLimitKept = Error.stackTraceLimit === limit && limit > 0;
exports.hasStack = new Error("here").stack.includes("index.js");
exports.before = before;
exports.after = pulumi.runtime
  .computeCodePaths()
  .then(() => pulumi.runtime.serializeFunction(() => limit))
  .then(has);
exports.sites = {
  ofAll: sites.length === all.length,
  named: sites.flatMap(({ file }) => (file ? [path.basename(file)] : [])),
};
exports.otherLines = all.length > 1 + all.filter((file) => file === "index.js").length;
