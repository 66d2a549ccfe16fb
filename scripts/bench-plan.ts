import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEngine, openStack } from "../test/support/engine";
import { withProviders } from "../twin/attach";
import type { WorldSettings } from "../twin/settings";
import { seconds, table } from "./bench-measure";
import { heldByChildren, median, type Held } from "./bench-processes";

/** A program that both plan, as it is. */
interface Program {
  name: string;
  /** From the repository's root. */
  directory: string;
  stack: string;
  clouds?: Partial<WorldSettings>;
  /** Whether each run finds an empty temporary directory, as a job in CI does, and the preview checks types when it loads the program, as a new project's does. */
  isFirstRun?: true;
  rounds: number;
}

const PROD: Partial<WorldSettings> = {
  cloudflarePlan: "enterprise",
  emptyProjects: ["example-exchange-central", "example-exchange-east"], // those that stacks/Pulumi.prod.yaml names
};

const PROGRAMS: readonly Program[] = [
  { name: "dev", directory: ".", stack: "dev", clouds: { cloudflarePlan: "pro" }, rounds: 3 },
  { name: "prod", directory: ".", stack: "prod", clouds: PROD, rounds: 3 },
  { name: "1,000 resources", directory: "bench/many", stack: "thousand", rounds: 3 },
  { name: "4,000 resources", directory: "bench/many", stack: "four-thousand", rounds: 1 },
  { name: "100 resources, a first run", directory: "bench/many", stack: "hundred", rounds: 3, isFirstRun: true },
];

interface Measured {
  name: string;
  plan: Held;
  preview: Held;
}

/**
 * `twodoor plan` beside `pulumi preview` of the same program, one run of each after the other, medians. The clouds' providers are the local ones and
 * run in this process, so neither side has them in its figures; a real preview starts one plugin for each cloud beside what is counted here.
 *
 * @param stacks - those that are measured. Defaults to all.
 */
export async function measurePlan(root: string, stacks: readonly string[] = []): Promise<string> {
  const engine = findEngine();
  if (engine.directory === undefined) return `not run: ${engine.reason}\n`;
  const all: Measured[] = [];
  for (const program of PROGRAMS) {
    if (stacks.length > 0 && !stacks.includes(program.stack)) continue;
    process.stderr.write(`  measuring ${program.name} …\n`);
    all.push(await measured(root, engine.directory, program));
  }
  const head = ["", "plan: clock", "processor", "MB", "preview: clock", "processor", "MB", "clock", "processor", "MB"];
  const rows = all.map(({ name, plan, preview }) => [
    name,
    ...cells(plan),
    ...cells(preview),
    ...shares(plan, preview),
  ]);
  return `${table([head, ...rows])}\n${growth(all)}`;
}

/** What four times as many resources take, by processor time: the clock also tells what else the machine did. */
function growth(all: readonly Measured[]): string {
  const [few, many] = ["1,000 resources", "4,000 resources"].map((name) => all.find((one) => one.name === name));
  if (few === undefined || many === undefined) return "";
  const times = (of: "plan" | "preview"): string =>
    `${part(many[of].cpuSeconds, few[of].cpuSeconds)} of the time, ${part(many[of].peakMegabytes, few[of].peakMegabytes)} of the memory`;
  return `  4 x the resources: the plan takes ${times("plan")}; the preview ${times("preview")}\n`;
}

async function measured(root: string, engine: string, program: Program): Promise<Measured> {
  const directory = join(root, program.directory);
  const opened = await openStack(engine, { program: directory, stack: program.stack });
  const plans: Held[] = [];
  const previews: Held[] = [];
  try {
    await withProviders({ settings: program.clouds ?? {} }, async ({ environment }) => {
      const preview = async (own: Record<string, string>): Promise<void> => {
        const { status, errors } = await opened.preview({ ...environment, ...own });
        if (status !== 0)
          throw new Error(`the preview of ${program.name} ended with ${String(status)}: ${errors.join("; ")}`);
      };
      const plan = (own: Record<string, string>): Promise<void> => twodoorPlan(root, directory, program.stack, own);
      if (program.isFirstRun !== true) {
        await plan({}); // fills the cache of compiled files that the SDK's ts-node keeps in the temporary directory
        if (program.rounds > 1) await preview({});
      }
      for (let round = 0; round < program.rounds; round += 1) {
        plans.push(await once(program, plan, {}));
        previews.push(await once(program, preview, { PULUMI_NODEJS_TRANSPILE_ONLY: "false" }));
      }
    });
  } finally {
    opened.close();
  }
  return { name: program.name, plan: median(plans), preview: median(previews) };
}

async function once(
  program: Program,
  run: (own: Record<string, string>) => Promise<void>,
  own: Record<string, string>,
): Promise<Held> {
  if (program.isFirstRun !== true) return heldByChildren(() => run({}));
  const empty = mkdtempSync(join(tmpdir(), "twodoor-bench-"));
  try {
    return await heldByChildren(() => run({ ...own, TMPDIR: empty }));
  } finally {
    rmSync(empty, { recursive: true, force: true });
  }
}

/** As a user runs it where it is built, as a clone runs it where not. */
function twodoorPlan(root: string, directory: string, stack: string, own: Record<string, string>): Promise<void> {
  const built = join(root, "dist", "cli", "main.js");
  const command = existsSync(built) ? [built] : ["--import", "tsx", join(root, "cli", "main.ts")];
  const child = spawn(process.execPath, [...command, "plan", directory, "--stack", stack, "--timeout", "1800"], {
    cwd: root,
    env: { ...process.env, ...own },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => (told += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (status) => {
      if (status === 0) resolve();
      else reject(new Error(`twodoor plan of ${stack} ended with ${String(status)}: ${told}`));
    });
  });
}

function cells({ wallSeconds, cpuSeconds, peakMegabytes }: Held): string[] {
  return [seconds(wallSeconds), seconds(cpuSeconds), peakMegabytes === null ? "-" : peakMegabytes.toFixed(0)];
}

function shares(plan: Held, preview: Held): string[] {
  return [
    part(plan.wallSeconds, preview.wallSeconds),
    part(plan.cpuSeconds, preview.cpuSeconds),
    part(plan.peakMegabytes, preview.peakMegabytes),
  ];
}

/** `0.43 x`; `-` where one is not known. */
function part(of: number | null, one: number | null): string {
  return of === null || one === null ? "-" : `${(of / one).toFixed(2)} x`;
}
