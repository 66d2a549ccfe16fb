import { plan, runPolicyPack } from "../planner";
import { judge } from "../policies/check";
import { rules } from "../policies/rules";
import { defaultSettings } from "../policies/settings-form";
import type { Graph, Resource } from "../resilience/graph";
import { graphOfPlan } from "../resilience/sources/from-plan";
import { temporaryPack } from "../test/support/packs";
import { leastTaken, ratio, seconds, table, takenByChildren, type Taken } from "./bench-measure";

/** What judging alone takes: on prod against CrossGuard's own cost of as many rules that look at every property, and by size. */
export async function measureModel(root: string): Promise<string> {
  const prod = graphOfPlan(await plan({ directory: root, stack: "prod" }));
  const own = leastTaken(5, () => judge(prod, defaultSettings(), TODAY));
  const count = String(rules.length);
  const sdk = await costOfRules(prod);
  const head = ["", "clock", "processor", "ratio"];
  const resources = `${String(prod.resources.length)} resources`;
  const rows = [
    head,
    rowOf(`${count} rules and the survival table, ${resources}`, own, "wanted: at most 0.1 s"),
    // By processor time alone: the difference of two runs' clocks is mostly what else the machine did.
    [`${count} rules that only read, by the SDK itself`, "-", seconds(sdk.cpuSeconds), ratio(sdk, own)],
  ];
  const [few, many] = [1_000, 10_000].map((size) => ofSize(prod, size));
  if (few === undefined || many === undefined) throw new Error("no sizes");
  const small = leastTaken(3, () => judge(few, defaultSettings(), TODAY));
  const large = leastTaken(1, () => judge(many, defaultSettings(), TODAY));
  const times = many.resources.length / few.resources.length;
  rows.push(
    rowOf(`${count} rules, ${String(few.resources.length)} resources`, small, ""),
    rowOf(
      `${count} rules, ${String(many.resources.length)} resources`,
      large,
      `${ratio(large, small)}, linear: ${times.toFixed(1)} x`,
    ),
  );
  return table(rows);
}

const TODAY = "2026-01-01";

function rowOf(name: string, taken: Taken, remark: string): string[] {
  return [name, seconds(taken.wallSeconds), seconds(taken.cpuSeconds), remark];
}

/** As many copies of the design beside each other as come next to `size` resources, each with names and hostnames of its own. */
function ofSize(graph: Graph, size: number): Graph {
  const copies = Math.round(size / graph.resources.length);
  const text = JSON.stringify(graph.resources);
  const resources = Array.from({ length: copies }, (_, copy): Resource[] => {
    const own = text
      .replaceAll(`::${graph.project}::`, `::${graph.project}-${String(copy)}::`)
      .replaceAll("example.com", `example-${String(copy)}.com`);
    return JSON.parse(own) as Resource[];
  });
  return { ...graph, resources: resources.flat() };
}

/** What the policy SDK itself takes for as many stack rules as ours that only look at each property: it makes the resources anew for each. */
async function costOfRules(graph: Graph): Promise<Taken> {
  const [none, all] = [await runOf(graph, 1), await runOf(graph, rules.length + 1)];
  const cpuSeconds = none.cpuSeconds === null || all.cpuSeconds === null ? null : all.cpuSeconds - none.cpuSeconds;
  return { wallSeconds: Math.max(0, all.wallSeconds - none.wallSeconds), cpuSeconds };
}

async function runOf(graph: Graph, count: number): Promise<Taken> {
  const pack = temporaryPack({ "index.js": readingPack(count) });
  try {
    return await takenByChildren(() => runPolicyPack(pack.directory, graph));
  } finally {
    pack.close();
  }
}

function readingPack(count: number): string {
  return `
const { PolicyPack } = require("@pulumi/policy");
const validateStack = ({ resources }) => {
  for (const { props } of resources) for (const key of Object.keys(props)) void key;
};
const policies = Array.from({ length: ${String(count)} }, (_, place) => ({
  name: "rule-" + place, description: "Reads.", enforcementLevel: "advisory", validateStack,
}));
new PolicyPack("bench", { policies });
`;
}
