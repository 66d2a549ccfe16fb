// Proves that a recorded design is recognised and read in each form in which it can be given, that what cannot be read is told whole, by path and without
// a value, and that hostile files end in a result or an issue. Does not prove that the tools write these forms: test/engine/sources.test.ts does.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Graph, Resource } from "../../../resilience/graph";
import { readGraph } from "../../../resilience/sources/read-graph";
import { hidden, secretSignature, signatureKey, unknownValue } from "../../../resilience/values";

const HEAD = "urn:pulumi:prod::shop";
const STACK = `${HEAD}::pulumi:pulumi:Stack::shop-prod`;
const POOL = `${HEAD}::my:Edge$cloudflare:index/loadBalancerPool:LoadBalancerPool::pool::a`;
const PROVIDER = `${HEAD}::pulumi:providers:cloudflare::edge`;
const SECRET = { [signatureKey]: secretSignature, value: hidden };

const stack = { urn: STACK, custom: false, type: "pulumi:pulumi:Stack", outputs: { host: "api.example.com" } };
const pool = {
  urn: POOL,
  custom: true,
  id: "p1",
  type: "cloudflare:index/loadBalancerPool:LoadBalancerPool",
  inputs: { name: "a", origins: [{ address: "1.2.3.4", __defaults: [] }], __defaults: [] },
  outputs: { createdOn: "2026", __meta: "{}" },
  parent: `${HEAD}::my:Edge::edge`,
  provider: `${PROVIDER}::0123`,
  dependencies: [STACK, PROVIDER, STACK],
  propertyDependencies: { name: [], origins: [STACK] },
  protect: true,
  sourcePosition: "project:///node_modules/sdk/index.js#1,2",
  stackTrace: [{}, { sourcePosition: "project:///edge.ts#12,5" }, { sourcePosition: "project:///index.ts#3,1" }],
};
const readPool: Resource = {
  urn: POOL,
  type: "cloudflare:index/loadBalancerPool:LoadBalancerPool",
  name: "pool::a",
  parent: `${HEAD}::my:Edge::edge`,
  provider: PROVIDER,
  id: "p1",
  inputs: { name: "a", origins: [{ address: "1.2.3.4" }] },
  outputs: { createdOn: "2026" },
  dependencies: [PROVIDER, STACK],
  propertyDependencies: { origins: [STACK] },
  references: {},
  isProtected: true,
  isExternal: false,
  location: { file: "edge.ts", line: 12 },
};

const state = (...resources: object[]): string => JSON.stringify({ version: 3, deployment: { resources } });
const step = (op: string, newState?: object, oldState?: object): object => ({
  op,
  urn: POOL,
  ...(newState === undefined ? {} : { newState }),
  ...(oldState === undefined ? {} : { oldState }),
});
const preview = (steps: object[], rest: object = {}): string => JSON.stringify({ config: {}, steps, ...rest });
const plannedPool = {
  urn: POOL,
  type: pool.type,
  name: "pool::a",
  parent: null,
  provider: `${PROVIDER}::${unknownValue}`,
  inputs: { monitor: unknownValue },
  dependencies: [],
  propertyDependencies: {},
  options: {},
  location: null,
};
const plan = (resource: object): string =>
  JSON.stringify({ version: 1, project: "shop", stack: "prod", resources: [resource], outputs: {}, unanswered: [] });

function graphOf(text: string, projectPath?: string): Graph {
  const { graph, issues } = readGraph(text, projectPath);
  if (graph === undefined) throw new Error(JSON.stringify(issues));
  return graph;
}

function issuesOf(text: string): string[] {
  const { issues = [] } = readGraph(text);
  return issues.map(({ path, expected, got }) => `${path}: ${expected}, got ${got}`);
}

function onlyResource(text: string): Resource | undefined {
  const { resources } = graphOf(text);
  expect(resources).toHaveLength(1);
  return resources[0];
}

describe("a state", () => {
  it("is read whole, sorted, with the stack's outputs", () => {
    const graph = graphOf(state(pool, stack));
    expect([graph.source, graph.project, graph.stack, graph.outputs]).toEqual([
      "state",
      "shop",
      "prod",
      { host: "api.example.com" },
    ]);
    expect(graph.resources.map(({ urn }) => urn)).toEqual([POOL, STACK]);
    expect(graph.resources[0]).toEqual(readPool);
  });

  it("hides secrets, encrypted or in clear", () => {
    const wrapped = (rest: object): object => ({ [signatureKey]: secretSignature, ...rest });
    const inputs = { a: wrapped({ ciphertext: "xyz" }), b: [wrapped({ plaintext: '"hunter2"' })] };
    expect(onlyResource(state({ ...pool, inputs }))?.inputs).toEqual({ a: SECRET, b: [SECRET] });
    const later = { c: wrapped({ value: unknownValue }) };
    expect(onlyResource(state({ ...pool, inputs: later }))?.inputs).toEqual({ c: unknownValue });
  });

  it("leaves out what is only waiting to be deleted or to be made anew", () => {
    const replaced = { ...pool, id: "old", delete: true };
    expect(onlyResource(state(replaced, pool))?.id).toBe("p1");
    expect(graphOf(state(stack, { ...pool, pendingReplacement: true })).resources.map(({ urn }) => urn)).toEqual([
      STACK,
    ]);
  });

  it("tells what is only read, and what has nothing", () => {
    const read = onlyResource(state({ urn: POOL, type: "a:b:C", external: true, id: "", parent: "", provider: "" }));
    expect([read?.isExternal, read?.id, read?.parent, read?.provider, read?.inputs]).toEqual([
      true,
      null,
      null,
      null,
      {},
    ]);
  });

  it.each([
    ["", "edge.ts"],
    ["infra/shop", "infra/shop/edge.ts"],
  ])("tells lines from the repository's root: project in '%s'", (projectPath, file) => {
    expect(graphOf(state(pool), projectPath).resources[0]?.location).toEqual({ file, line: 12 });
  });

  it.each([
    ["project:///../lib/a%20b.ts#7", "infra", { file: "lib/a b.ts", line: 7 }],
    ["project:///../lib/a.ts#7", "", null],
    ["project:///50%.ts#7", "", { file: "50%.ts", line: 7 }],
    ["file:///etc/passwd#7", "", null],
    ["project:///a.ts", "", null],
  ])("reads the position %s", (sourcePosition, projectPath, location) => {
    const at = { ...pool, sourcePosition, stackTrace: [] };
    expect(graphOf(state(at), projectPath).resources[0]?.location).toEqual(location);
  });
});

describe("a preview", () => {
  it("of a new stack holds what will be made", () => {
    const { id: _id, outputs: _outputs, ...made } = pool;
    const read = onlyResource(preview([step("create", { ...made, inputs: { monitor: unknownValue } })]));
    expect(read).toEqual({ ...readPool, id: null, inputs: { monitor: unknownValue }, outputs: {} });
  });

  it("keeps id and outputs of what stays as it is, and of nothing else", () => {
    const { id: _id, outputs: _outputs, ...bare } = pool;
    expect(onlyResource(preview([step("same", bare, pool)]))).toEqual(readPool);
    expect(onlyResource(preview([step("update", bare, pool)]))).toEqual({ ...readPool, id: null, outputs: {} });
  });

  it("does not take what a component gave before for what it gives now", () => {
    const component = { ...pool, custom: false };
    expect(onlyResource(preview([step("same", component, component)]))?.outputs).toEqual({});
  });

  it("leaves out what is deleted, and takes the successor of what is replaced", () => {
    const { id: _id, outputs: _outputs, ...successor } = pool;
    const steps = [
      step("create-replacement", successor, pool),
      step("replace", successor, pool),
      step("delete-replaced", undefined, pool),
      { op: "delete", urn: STACK, oldState: stack },
    ];
    expect(onlyResource(preview(steps))).toEqual({ ...readPool, id: null, outputs: {} });
  });

  it("is refused where it failed, or leaves out what stays as it is", () => {
    const diagnostics = [{ severity: "warning" }, { severity: "error", message: "token hunter2 is invalid" }];
    expect(issuesOf(preview([step("create", pool)], { diagnostics, changeSummary: { same: 2, create: 1 } }))).toEqual([
      "diagnostics: a preview that went through, got one that ended with an error",
      "steps: the 2 resources that stay as they are, got 0",
    ]);
  });

  it("takes the command's bare word for a secret as one", () => {
    expect(onlyResource(preview([step("create", { ...pool, inputs: { token: hidden } })]))?.inputs).toEqual({
      token: SECRET,
    });
  });
});

describe("a plan", () => {
  it("is read as it was planned; one of before has no references", () => {
    const options = { protect: true, external: true, id: "z1" };
    const outputs = { manifest: { version: 1 } };
    const location = { file: "a.ts", line: 3 };
    expect(onlyResource(plan({ ...plannedPool, options, outputs, location }))).toEqual({
      ...readPool,
      parent: null,
      id: "z1",
      inputs: { monitor: unknownValue },
      outputs,
      dependencies: [],
      propertyDependencies: {},
      isExternal: true,
      location,
    });
    const references = { "origins[0]": [STACK] };
    expect(onlyResource(plan({ ...plannedPool, references }))?.references).toEqual(references);
  });
});

describe("what cannot be read", () => {
  it.each([
    ["", ": JSON, got something else"],
    ["not JSON: hunter2", ": JSON, got something else"],
    ['{"version":3,"deployment":{}}\nhunter2', ": JSON, got something else"],
    ["null", ": a plan, a state or a preview, got none of them"],
    ["[1]", ": a plan, a state or a preview, got none of them"],
    ['{"version":3,"checkpoint":{}}', ": a plan, a state or a preview, got none of them"],
    ['{"version":2,"deployment":{}}', "version: 3 or 4, the versions that are understood, got 2"],
    ['{"version":3,"deployment":null}', "deployment: an object, got null"],
    ['{"version":3,"deployment":{}}', "resources: a stack with resources, got an empty one"],
    [state(stack, stack), `resources: each URN once, got ${STACK}`],
    ['{"steps":"hunter2"}', "steps: a list of steps, got a text"],
    ['{"sequence":1,"timestamp":1}\n{"sequence":2', ": one document, got streamed events, which tell no dependencies"],
    ['{"sequence":1,"timestamp":1}', ": one document, got streamed events, which tell no dependencies"],
  ])("says what: %s", (text, message) => {
    expect(issuesOf(text)).toEqual([message]);
  });

  it("is told all at once, sorted by path, with what to do and without a value", () => {
    const broken = { ...pool, urn: "hunter2", type: 1, inputs: ["hunter2"], dependencies: "hunter2", protect: "yes" };
    const { issues = [] } = readGraph(state(broken, { ...pool, propertyDependencies: { origins: ["a", 5] } }));
    expect(issues.map(({ path, expected, got }) => `${path}: ${expected}, got ${got}`)).toEqual([
      "deployment.resources[0].dependencies: a list of texts, got a text",
      "deployment.resources[0].inputs: an object, got a list of 1",
      "deployment.resources[0].protect: true or false, got a text",
      "deployment.resources[0].type: a text, got 1",
      "deployment.resources[0].urn: a URN such as urn:pulumi:STACK::PROJECT::TYPE::NAME, got a text",
      "deployment.resources[1].propertyDependencies.origins[1]: a text, got 5",
    ]);
    expect(issues[0]?.fix).toBe(
      "write it with `twodoor plan --graph FILE`, `pulumi stack export --file FILE` or `pulumi preview --json --show-sames > FILE`",
    );
  });

  it("is told a hundred times at most", () => {
    const messages = issuesOf(state(...Array.from({ length: 150 }, () => ({}))));
    expect(messages).toHaveLength(101);
    expect(messages[0]).toBe(": a file of one of the known forms, got 200 more problems");
  });
});

describe("hostile files", () => {
  it("nested too deep are refused before they are parsed", () => {
    const nested = `{"version":3,"deployment":${"[".repeat(100_000)}`;
    expect(issuesOf(nested)).toEqual([": values nested at most 150 deep, got deeper ones"]);
    expect(issuesOf(JSON.stringify({ text: '["\\'.repeat(500) }))).toEqual([
      ": a plan, a state or a preview, got none of them",
    ]);
  });

  it("with names of prototypes as keys are read as they stand", () => {
    const inputs = '{"constructor":{"toString":"a"},"map":{"__proto__":{"polluted":true}}}';
    const text = state({ ...pool, inputs: 0 }).replace('"inputs":0', `"inputs":${inputs}`);
    expect(JSON.stringify(onlyResource(text)?.inputs)).toBe(inputs);
    expect(Object.hasOwn(Object.prototype, "polluted")).toBe(false);
  });

  it("of any JSON end in a graph or in issues", () => {
    const leaf = fc.constantFrom<unknown>(null, 1, "", "urn:pulumi:a::b::c::d", unknownValue, true);
    const { any } = fc.letrec((tie) => ({
      any: fc.oneof({ depthSize: "small", withCrossShrink: true }, leaf, tie("list"), tie("map")),
      list: fc.array(tie("any"), { maxLength: 3 }),
      map: fc.dictionary(
        fc.constantFrom("deployment", "resources", "steps", "urn", "type", "inputs", "newState", "op", "version"),
        tie("any"),
      ),
    }));
    fc.assert(
      fc.property(any, (value) => {
        const { graph, issues } = readGraph(JSON.stringify(value));
        expect((graph === undefined) !== (issues === undefined)).toBe(true);
      }),
      { seed: 5, numRuns: 500 },
    );
  });

  it("of 10,000 resources are read", () => {
    const many = (count: number): string =>
      state(...Array.from({ length: count }, (_, at) => ({ ...pool, urn: `${POOL}${String(at)}` })));
    expect(graphOf(many(10_000)).resources).toHaveLength(10_000);
  });
});
