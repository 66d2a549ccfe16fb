/** Judges recorded inputs by what the vendors publish about their own APIs, with the checker that stands beside the repository. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const CHECKER = join(__dirname, "..", "..", "..", "shared", "contracts", "check");
const NOT_INSTALLED = 3;

function run(graph: object): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(CHECKER, ["-"], { input: JSON.stringify(graph), encoding: "utf8", maxBuffer: 1 << 26 });
}

/** Why the contracts cannot be asked here, or nothing when they can: for `skipped()` of `skip.ts`. */
export function contractsMissing(): string | undefined {
  if (!existsSync(CHECKER)) return `vendors' contracts: no checker at ${CHECKER}`;
  const { status } = run({ version: 1, resources: [] });
  return status === NOT_INSTALLED ? "vendors' contracts are not installed: run ../shared/contracts/get" : undefined;
}

/** One line for each input of the graph that breaks a vendor's contract; none is the answer to hope for. */
export function contractFindings(graph: object): string[] {
  const { status, stdout, stderr } = run(graph);
  if (status !== 0 && status !== 1) throw new Error(`the contracts' checker ended with ${String(status)}: ${stderr}`);
  return status === 0 ? [] : stdout.trim().split("\n");
}
