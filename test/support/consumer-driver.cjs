// Runs one compiled program of a consumer under the SDK's own mocks and prints, as JSON, how many resources of each type it made:
// node run.cjs PROGRAM.js CONFIG-AS-JSON
const path = require("node:path");
const { createRequire } = require("node:module");

const program = path.resolve(process.argv[2]);
const pulumi = createRequire(program)("@pulumi/pulumi");

const counts = {};
pulumi.runtime.setAllConfig(JSON.parse(process.argv[3]));
const mocks = {
  newResource({ type, name, inputs }) {
    counts[type] = (counts[type] ?? 0) + 1;
    return { id: `${name}-id`, state: inputs };
  },
  call: () => ({}),
};

async function main() {
  await pulumi.runtime.setMocks(mocks, "consumer", "test", true);
  require(program);
  await pulumi.runtime.disconnect();
  console.log(JSON.stringify(counts));
}

void main();
