// Proves that the offline plan of fourteen programs, which between them use what the SDK offers, is what the real engine comes to while it previews
// a new stack, with providers that take everything as it is written: the same resources (the default providers too), and of each one parent,
// provider, inputs, secrets, unknowns, dependencies, options, source line and a component's outputs; the same exports; the same calls of data
// sources and methods, of the same providers. What differs is listed with its reason, and nothing else may. Does not prove what real providers add,
// whether a hook runs (nothing is made here), assets from the network (the engine fetches them, which a test may not), nor programs of other
// SDKs and languages. Packages of other languages' plugins (awsx, eks) stand as packaged components whose plugin makes nothing.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { plan, readAnswers, type Json, type Plan, type PlannedResource } from "../../planner";
import { withEchoProviders } from "../support/echo-providers";
import { findEngine, openStack, skipsWithout } from "../support/engine";
import { makeOtherStacks, type OtherStack } from "../support/other-stacks";
import { ofPlan, readPreview, type Preview } from "../support/previewed";
import { described, isBetterLine, mismatches } from "../support/registrations";

const ROOT = resolve(__dirname, "../..");
const engine = findEngine();
const packages = ["aws", "gcp", "cloudflare", "random", "demo", "pulumi-nodejs", "base"];

const SECRET_FLOAT = '"4dabf18193072939515e22adb298388d":"8ad145fe-0d11-4827-bfd7-1abcbf086f5c"';

/** The programs, and all that differs, each with its reason. */
const PROGRAMS: Record<string, string[]> = {
  "equal-assets": [],
  "equal-components": [],
  "equal-dynamic": [],
  "equal-esm": [],
  "equal-hooks": [],
  // The engine's log holds in clear what a call of a data source was given secretly; a plan shows none of it.
  "equal-invokes": [
    ' calls: planned also {"args":{"filters":[{"name":"vpc-id","values":["[secret]"]}]},"provider":"aws::ohio","token":"aws:ec2/getSubnets:getSubnets"}',
    ' calls: planned also {"args":{"tags":{"name":"main","secret":"[secret]"}},"provider":"aws::default_7_48_0","token":"aws:ec2/getVpc:getVpc"}',
    ' calls: registered also {"args":{"filters":[{"name":"vpc-id","values":["vpc-9"]}]},"provider":"aws::ohio","token":"aws:ec2/getSubnets:getSubnets"}',
    ' calls: registered also {"args":{"tags":{"name":"main","secret":"hush-hush"}},"provider":"aws::default_7_48_0","token":"aws:ec2/getVpc:getVpc"}',
  ],
  // What is encrypted in a settings file is not decrypted here: a placeholder stands for it, and whatever shows it is unknown.
  "equal-js": [" outputs.open: planned unknown, registered a text"],
  "equal-options": [],
  "equal-packages": [],
  // The settings of the provider `ohio` are not known yet. The engine asks such a provider nothing and answers with an empty object, on which a
  // program may fail; a plan answers as it would later.
  "equal-providers": [
    ' calls: planned also {"args":{},"provider":"aws::ohio","token":"aws:index/getRegion:getRegion"}',
  ],
  "equal-reads": [],
  // A child has its parent's `deletedWith` by way of the parent's state, and the plugin here makes the parent without options.
  "equal-remote": [
    'Cluster$demo:index:Cluster::inner options.deletedWith: planned "urn:pulumi:dev::equal-remote::aws:ec2/vpc:Vpc::vpc", registered nothing',
  ],
  "equal-transforms": [],
  // JSON has no such numbers: a plan writes null.
  "equal-values": [
    `Anything::numbers inputs.infinite: planned null, registered {${SECRET_FLOAT},"value":"7ff0000000000000"}`,
    `Anything::numbers inputs.notANumber: planned null, registered {${SECRET_FLOAT},"value":"7fffffffffffffff"}`,
  ],
};

/**
 * Lines that the engine was not told for certain, since the SDK leaves out frames without a function's name (the callback of a `map` or an
 * `apply`, the top of an ES module) and counts one too many off where a class of its own is used; a plan has them, and these are right by hand. Every other line is compared. A request with numbers that
 * JSON does not have is not in the engine's log.
 */
const UNTOLD: Record<string, string[]> = {
  "equal-esm": [
    "disk-eu-west-1a app/start.mjs:12",
    "disk-eu-west-1b app/start.mjs:12",
    "made-a app/start.mjs:14",
    "made-b app/start.mjs:14",
    "one app/start.mjs:11",
    "two app/start.mjs:11",
  ],
  "equal-hooks": ["east index.ts:42", "north index.ts:42", "south index.ts:42", "west index.ts:42"],
  "equal-invokes": ["in-subnet-1 index.ts:24", "in-subnet-2 index.ts:24"],
  "equal-reads": ["topic index.ts:24"],
  "equal-remote": ["subnet-a index.ts:26", "subnet-b index.ts:26"],
  "equal-values": ["numbers index.ts:34", "empty index.ts:76"],
};

interface Both {
  planned: Plan;
  real: Preview;
}

const both = new Map<string, Both>();

describe.skipIf(skipsWithout(engine, "plans of programs against the real engine"))("plan and real preview", () => {
  beforeAll(async () => {
    const waiting = Object.keys(PROGRAMS);
    // Two at once, on the two cores of a small machine.
    const work = async (): Promise<void> => {
      for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) both.set(name, await compared(name));
    };
    await Promise.all([work(), work()]);
  });

  it.each(Object.entries(PROGRAMS))("of %s are equal, but for what is known to differ", (name, differences) => {
    const { planned, real } = of(name);
    expect(differing(name, ofPlan(planned), real)).toEqual(differences);
  });

  it.each(Object.keys(PROGRAMS))(
    "of %s have the same lines, and those that the engine is not told are these",
    (name) => {
      const { planned, real } = of(name);
      const told = new Map(real.resources.map(({ urn, location }) => [urn, location]));
      const untold = planned.resources.filter(({ urn }) => told.get(urn) === undefined);
      const line = ({ location }: PlannedResource): string =>
        location === null
          ? "nowhere"
          : `${relative(`test/engine/programs/${name}`, location.file)}:${String(location.line)}`;
      expect(untold.map((resource) => `${resource.name} ${line(resource)}`)).toEqual(UNTOLD[name] ?? []);
    },
  );

  it("are of programs that use every kind of call and every option", () => {
    const all = Object.keys(PROGRAMS).map(of);
    expect([...new Set(all.flatMap(({ real }) => real.methods))].sort()).toEqual([
      "Call",
      "Invoke",
      "ReadResource",
      "RegisterErrorHook",
      "RegisterPackage",
      "RegisterResource",
      "RegisterResourceHook",
      "RegisterResourceOutputs",
      "RegisterStackInvokeTransform",
      "RegisterStackTransform",
      "SignalAndWaitForShutdown",
      "SupportsFeature",
    ]);
    const schema = JSON.parse(readFileSync(join(ROOT, "docs/plan.schema.json"), "utf8")) as {
      definitions: { options: { properties: object } };
    };
    const used = all.flatMap(({ planned }) => planned.resources.flatMap(({ options }) => Object.keys(options)));
    expect([...new Set(used)].sort()).toEqual(Object.keys(schema.definitions.options.properties).sort());
  });

  it("see as many resources, and say of packaged components that their parts are not known", () => {
    const counts = Object.keys(PROGRAMS).map((name) => [name, of(name).planned.resources.length]);
    expect(Object.fromEntries(counts)).toEqual(COUNTS);
    const remote = of("equal-remote").planned.resources.filter(({ options }) => options.remote === true);
    expect(remote.map(({ name }) => name)).toEqual(["inner", "cluster", "second"]);
  });
});

/** Resources of each plan: a program that lost one on both sides would be equal, too. */
const COUNTS: Record<string, number> = {
  "equal-assets": 9,
  "equal-components": 20,
  "equal-dynamic": 6,
  "equal-esm": 9,
  "equal-hooks": 15,
  "equal-invokes": 14,
  "equal-js": 7,
  "equal-options": 12,
  "equal-packages": 8,
  "equal-providers": 57,
  "equal-reads": 18,
  "equal-remote": 15,
  "equal-transforms": 14,
  "equal-values": 11,
};

function of(name: string): Both {
  const found = both.get(name);
  if (found === undefined) throw new Error(`${name} was not planned`);
  return found;
}

async function compared(name: string): Promise<Both> {
  const program = join(__dirname, "programs", name);
  const answersFile = join(program, "answers.yaml");
  const answers = existsSync(answersFile) ? readAnswers(answersFile) : {};
  const opened = await openStack(engine.directory ?? "", { program, stack: "dev" });
  const log = join(opened.directory, "grpc.jsonl");
  const others = join(program, "other-stacks.yaml");
  try {
    if (existsSync(others)) {
      const stacks = parse(readFileSync(others, "utf8")) as Record<string, OtherStack>;
      makeOtherStacks(engine.directory ?? "", opened.directory, stacks);
    }
    const real = await withEchoProviders({ packages, answers }, async (environment, calls) => {
      const outcome = await opened.preview({ ...environment, PULUMI_DEBUG_GRPC: log }, "--json");
      if (outcome.status !== 0) throw new Error(`${name}: ${outcome.errors.join("\n") || outcome.output}`);
      return readPreview(outcome.output, readFileSync(log, "utf8"), calls, ROOT);
    });
    return { planned: await plan({ directory: program, stack: "dev", answers }), real };
  } finally {
    // The log holds secrets in clear.
    rmSync(log, { force: true });
    opened.close();
  }
}

/** Everything that is not the same, one line each. */
function differing(name: string, planned: Preview, real: Preview): string[] {
  const [ours, theirs] = [byUrn(planned), byUrn(real)];
  const urns = [...new Set([...Object.keys(ours), ...Object.keys(theirs)])].sort();
  const resources = urns.flatMap((urn) => {
    if (ours[urn] === undefined) return [`${urn}: not planned`];
    if (theirs[urn] === undefined) return [`${urn}: planned alone`];
    const asked = real.asked[urn];
    return [
      ...mismatches(urn, "", ours[urn], theirs[urn]),
      ...(asked === undefined ? [] : mismatches(urn, "asked", asJson(planned.asked[urn] ?? null), asJson(asked))),
    ]
      .filter((mismatch) => !isBetterLine(mismatch))
      .map((mismatch) => described(mismatch, new Set()));
  });
  const outputs = mismatches("", "outputs", planned.outputs, real.outputs).map((mismatch) =>
    described(mismatch, new Set()),
  );
  return [...resources, ...outputs, ...differingCalls(planned, real)].map((line) => shortened(line, name));
}

function differingCalls(planned: Preview, real: Preview): string[] {
  const lines = ({ calls }: Preview): string[] =>
    calls.map(({ token, args, provider }) => JSON.stringify({ args, provider, token }));
  const [ours, theirs] = [lines(planned), lines(real)];
  const only = (calls: string[], others: string[], who: string): string[] =>
    calls
      .filter((call) => !others.includes(call))
      .map((call) => ` calls: ${who} also ${call.replace(/"urn:pulumi:[^"]*::pulumi:providers:([^"]*)"/, '"$1"')}`);
  return [...only(ours, theirs, "planned"), ...only(theirs, ours, "registered")];
}

/** Without what is the same in each line. */
function shortened(line: string, name: string): string {
  return line
    .replace(`urn:pulumi:dev::${name}::demo:index:`, "")
    .replace(/planned "04da6b54-[^"]*", registered "hush-hush-hush"$/, "planned unknown, registered a text");
}

function byUrn({ resources }: Preview): Record<string, Json> {
  return Object.fromEntries(resources.map((resource) => [resource.urn, asJson(resource)]));
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}
