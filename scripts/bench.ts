// `npm run bench`: what a plan costs beside a preview, and a check beside what else judges such a design; `npm run bench plan [STACK …]`: the
// first alone. Prints tables and holds nothing: a machine's seconds are its own, so read the ratios, all of one run. What cannot run here is
// named. Processor time is that of all processes which took part, the local providers left out, since they stand for ones that would run
// anyway.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine, openStack } from "../test/support/engine";
import { builtPack } from "../test/support/policy-bundle";
import { withProviders } from "../twin/attach";
import { checkov, terraformDirectory } from "./bench-checkov";
import { ratio, seconds, table, takenByChildren, type Taken } from "./bench-measure";
import { measureModel } from "./bench-model";
import { measurePack } from "./bench-pack";
import { measurePlan } from "./bench-plan";

const ROOT = join(__dirname, "..");

async function main(): Promise<void> {
  print("A plan beside a preview (seconds, MB of all processes together; the last three: plan over preview)\n");
  const [part, ...stacks] = process.argv.slice(2);
  print(await measurePlan(ROOT, stacks));
  if (part === "plan") return;
  print("\n");
  print("The design of prod, from a cold start to the verdict (seconds)\n");
  const rows = await coldStarts();
  const [first] = rows;
  const head = ["", "clock", "processor", "to the check"];
  print(table([head, ...rows.map(({ name, taken }) => rowOf(name, taken, first?.taken))]));
  print("\nThe policy pack\n");
  print(await measurePack(builtPack()));
  print("\nThe rules alone\n");
  print(await measureModel(ROOT));
}

function rowOf(name: string, taken: Taken | string, check: Taken | string | undefined): string[] {
  if (typeof taken === "string") return [`${name}: ${taken}`];
  const against = check === undefined || typeof check === "string" ? "-" : ratio(taken, check);
  return [name, seconds(taken.wallSeconds), seconds(taken.cpuSeconds), against];
}

/** One after another: whoever runs beside another is slower. */
async function coldStarts(): Promise<{ name: string; taken: Taken | string }[]> {
  const directory = mkdtempSync(join(tmpdir(), "twodoor-bench-"));
  const graph = join(directory, "prod.json");
  await twodoor("plan", "--stack", "prod", "--graph", graph);
  const recorded = await takenByChildren(() => twodoor("check", "--graph", graph, "--json"));
  rmSync(directory, { recursive: true });
  return [
    {
      name: "twodoor check --stack prod",
      taken: await takenByChildren(() => twodoor("check", "--stack", "prod", "--json")),
    },
    { name: "twodoor check --graph, a recorded plan", taken: recorded },
    { name: "pulumi preview --policy-pack", taken: await previewProd() },
    { name: `checkov, ${terraformDirectory}`, taken: await judgedByCheckov() },
  ];
}

/** As a user runs it where it is built, as a clone runs it where not. */
function twodoor(...args: string[]): Promise<void> {
  const built = join(ROOT, "dist", "cli", "main.js");
  const command = existsSync(built) ? [built] : ["--import", "tsx", join("cli", "main.ts")];
  const options = { cwd: ROOT, encoding: "utf8" as const, maxBuffer: 1e9 };
  const { status, stderr } = spawnSync(process.execPath, [...command, ...args], options);
  if (status !== 0) throw new Error(`twodoor ${args.join(" ")} ended with ${String(status)}: ${stderr}`);
  return Promise.resolve();
}

async function previewProd(): Promise<Taken | string> {
  const engine = findEngine();
  if (engine.directory === undefined) return engine.reason;
  const pack = builtPack();
  const stack = await openStack(engine.directory, { program: ROOT, stack: "prod" });
  const settings = { cloudflarePlan: "enterprise" as const, emptyProjects: PROJECTS };
  try {
    return await withProviders({ settings }, ({ environment }) =>
      takenByChildren(async () => {
        const { status, errors } = await stack.preview(environment, "--policy-pack", pack);
        if (status !== 0) throw new Error(`the preview ended with ${String(status)}: ${errors.join("; ")}`);
      }),
    );
  } finally {
    stack.close();
  }
}

/** The projects that `stacks/Pulumi.prod.yaml` names. */
const PROJECTS = ["example-exchange-central", "example-exchange-east"];

async function judgedByCheckov(): Promise<Taken | string> {
  const found = checkov();
  return typeof found === "string" ? found : takenByChildren(found.run);
}

function print(text: string): void {
  process.stdout.write(text);
}

void main();
