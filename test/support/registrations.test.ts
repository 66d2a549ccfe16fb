// Proves that a log of the engine is read whole: every field of a registration is compared or refused, what is secret is hidden, no message quotes the
// log, and names are taken from what a provider's check adds. Does not prove what the engine writes; test/engine/equality.test.ts reads a real one.
import { describe, expect, it } from "vitest";
import { isSecret, unknownValue, type JsonObject } from "../../planner";
import { described, mismatches, readRegistrations, type Registrations } from "./registrations";

const STACK = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const QUEUE = "urn:pulumi:dev::shop::aws:sqs/queue:Queue::orders";
const WRAPPER = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const SECRET = { ...WRAPPER, value: "open sesame" };
const stack: JsonObject = { type: "pulumi:pulumi:Stack", name: "shop-dev", object: {} };
const queue: JsonObject = {
  type: "aws:sqs/queue:Queue",
  name: "orders",
  parent: STACK,
  custom: true,
  object: { policy: SECRET, kmsMasterKeyId: unknownValue },
  acceptSecrets: true,
  customTimeouts: {},
  propertyDependencies: { policy: {}, kmsMasterKeyId: { urns: ["b", "a"] } },
  dependencies: ["b", "a"],
  aliases: [{ spec: { type: "aws:sqs/old:Old", parentUrn: STACK } }],
  deleteBeforeReplaceDefined: true,
  stackTrace: {
    frames: [
      { pc: { uri: "file:///repo/node_modules/sdk/index.js", line: 1 } },
      { pc: { uri: "file:///repo/stacks/index.ts", line: 7 } },
    ],
  },
};

const frameOf = (uri: string): JsonObject => ({ pc: { uri, line: 7 } });

describe("the engine's log", () => {
  it.each([
    ["no line where the SDK left out a frame before it", [{}, frameOf("file:///repo/stacks/index.ts")], undefined],
    ["the line of an ES module", [frameOf("file:///repo/app/file:/repo/app/index.mjs")], "app/index.mjs"],
    [
      "the line before what is installed",
      [frameOf("file:///repo/node_modules/a.js"), frameOf("file:///repo/b.ts")],
      "b.ts",
    ],
  ])("gives %s", (_, frames, file) => {
    const { location } = read({ ...queue, stackTrace: { frames } }).resources[0] ?? {};
    expect(location).toEqual(file === undefined ? undefined : { file, line: 7 });
  });

  it("gives a resource as a plan has it", () => {
    const { resources, custom, methods, outputs } = read(queue);
    expect(resources).toEqual([
      {
        urn: QUEUE,
        type: "aws:sqs/queue:Queue",
        name: "orders",
        parent: STACK,
        provider: null,
        inputs: { policy: { ...WRAPPER, value: "[secret]" }, kmsMasterKeyId: unknownValue },
        dependencies: ["a", "b"],
        propertyDependencies: { kmsMasterKeyId: ["a", "b"] },
        options: { aliases: ["urn:pulumi:dev::shop::aws:sqs/old:Old::orders"], deleteBeforeReplace: false },
        location: { file: "stacks/index.ts", line: 7 },
      },
      {
        urn: STACK,
        type: "pulumi:pulumi:Stack",
        name: "shop-dev",
        parent: null,
        provider: null,
        inputs: {},
        dependencies: [],
        propertyDependencies: {},
        options: {},
        location: null,
      },
    ]);
    expect([custom, methods]).toEqual([[QUEUE], ["RegisterResource", "RegisterResourceOutputs"]]);
    expect([outputs["url"], isSecret(outputs["password"])]).toEqual([unknownValue, true]);
  });

  it("gives the names that a provider adds", () => {
    expect(read(queue).automaticNames).toEqual({ [QUEUE]: ["orders-1234567"] });
  });

  it("refuses a field that nothing compares", () => {
    expect(() => read({ ...queue, hooks: {} })).toThrow(`${QUEUE} is registered with hooks, which nothing compares`);
  });

  it("refuses an alias that it cannot work out", () => {
    const aliases = [{ spec: { stack: "prod" } }];
    expect(() => read({ ...queue, aliases })).toThrow("an alias of orders has stack, which nothing compares");
  });

  it("refuses a call that was never answered", () => {
    const call = { method: "/pulumirpc.ResourceMonitor/Invoke", progress: "request_started", request: {} };
    expect(() => readRegistrations(JSON.stringify(call), "/repo")).toThrow("1 calls of the log have no answer");
  });

  it("does not quote a line that it cannot read", () => {
    expect(() => readRegistrations('\n{"secret":"open sesame', "/repo")).toThrow(/^line 2 of the log is not JSON$/);
  });
});

describe("a mismatch", () => {
  it("is found where it is, in objects, lists and kinds", () => {
    expect(mismatches("u", "", { a: [1, { b: "1" }], c: [1] }, { a: [1, { b: 1 }], c: [], d: null })).toEqual([
      { urn: "u", path: "a[1].b", planned: "1", registered: 1 },
      { urn: "u", path: "c", planned: [1], registered: [] },
      { urn: "u", path: "d", planned: undefined, registered: null },
    ]);
  });

  it("is told without what is secret somewhere else", () => {
    const { secrets } = read(queue);
    const mismatch = { urn: "u", path: "p", planned: unknownValue, registered: { text: "say open sesame, in clear" } };
    expect(described(mismatch, secrets)).toBe(`u p: planned "${unknownValue}", registered [secret]`);
    expect(described({ ...mismatch, registered: undefined }, secrets)).toMatch(/, registered nothing$/);
  });
});

/** What is read from the log of a program with one queue. */
function read(registration: JsonObject): Registrations {
  const monitor = "/pulumirpc.ResourceMonitor";
  const calls: [string, JsonObject, JsonObject][] = [
    [`${monitor}/RegisterResource`, stack, { urn: STACK }],
    ["/pulumirpc.ResourceProvider/Check", { urn: QUEUE, news: {} }, { inputs: { name: "orders-1234567" } }],
    [`${monitor}/RegisterResource`, registration, { urn: QUEUE, object: {} }],
    [`${monitor}/RegisterResourceOutputs`, { urn: STACK, outputs: { url: unknownValue, password: SECRET } }, {}],
  ];
  const lines = calls.flatMap(([method, request, response]) => [
    JSON.stringify({ method, progress: "request_started", request }),
    JSON.stringify({ method, progress: "response_completed", request, response }),
  ]);
  return readRegistrations(lines.join("\n"), "/repo");
}
