// Spares work that the SDK does for each resource and that nobody reads.
//
// For each one it takes the whole stack of its construction (`Resource.callsites`, `resource.js`), leads every line through source maps and sends all
// of them. We want the lines that somebody can edit: those of installed packages, of Node.js and of this directory are left out before they
// are led anywhere, and what is sent becomes shorter. A list of the same length comes back, since the SDK counts its own lines off.
//
// For a message that it then throws away it writes each answer of the engine out as text (`RegisterResourceResponse` in `runtime/resource.js`).
"use strict";
const { sep } = require("node:path");

const packages = /[\\/]node_modules[\\/]/;

/** A line of a stack. The SDK's own pattern wants a function's name, which the top of an ES module has not: `at file:///index.mjs:3:1`. */
const anyFrame = /^\s*at (?:async )?(?:.* \()?(?<file>.*):(?<line>[0-9]+):(?<column>[0-9]+)\)?$/;

const isEditable = (site) => {
  const file = site.getFileName();
  return (
    typeof file !== "string" || !(file.startsWith("node:") || packages.test(file) || file.startsWith(__dirname + sep))
  );
};

/** @param sdk the exports of the SDK's `resource.js`. */
function shortenStacks(sdk) {
  const Resource = sdk?.Resource;
  const callsites = Resource?.callsites;
  if (Resource?.framePositionRegExp instanceof RegExp) Resource.framePositionRegExp = anyFrame;
  // A program that is itself installed in such a place would lose all of its lines.
  if (typeof callsites !== "function" || packages.test(process.cwd() + sep)) return;
  Resource.callsites = () => {
    const prepare = Error.prepareStackTrace;
    if (typeof prepare !== "function") return callsites.call(Resource);
    let editable = [];
    let isDirect = false;
    Error.prepareStackTrace = (error, sites) => {
      editable = sites.map(isEditable);
      // The SDK counts off one class of the program or of a package, which is missing where a class of the SDK itself is used.
      isDirect = editable[5] === true && sites[5].isConstructor() !== true;
      return prepare(
        error,
        sites.filter((_, at) => editable[at]),
      );
    };
    try {
      const own = callsites.call(Resource);
      // Without the line of this function itself, which the SDK does not count.
      const frames = editable.slice(1).map((is) => (is ? (own.shift() ?? {}) : {}));
      return isDirect ? [{}, ...frames] : frames;
    } finally {
      Error.prepareStackTrace = prepare;
    }
  };
}

/** @param messages the exports of the SDK's `proto/resource_pb.js`. */
function nameAnswers(messages) {
  const answer = messages?.RegisterResourceResponse?.prototype;
  if (answer !== undefined) answer.toString = () => "RegisterResourceResponse";
}

module.exports = { nameAnswers, shortenStacks };
