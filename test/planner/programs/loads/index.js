const pulumi = require("@pulumi/pulumi");

const hasArborist = () => Object.keys(require.cache).some((file) => file.includes("arborist"));
const limit = Error.stackTraceLimit;
const before = hasArborist();

new pulumi.ComponentResource("loads:index:Thing", "thing");

exports.isLimitKept = Error.stackTraceLimit === limit && limit > 0;
exports.hasStack = new Error("here").stack.includes("index.js");
exports.loadedBefore = before;
exports.loadedAfter = pulumi.runtime.computeCodePaths().then(hasArborist);
