/**
 * Proves that an independent tool, schemathesis, finds no answer which the served OpenAPI document does not promise: statuses, bodies, headers,
 * content types, methods, requests that the schemas forbid, and requests without a signature; with a fixed seed, signed through a hook, within a
 * bounded number of examples. It does not prove that what the document promises is right: the other tests of this folder do.
 */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { skipped } from "../../support/skip";
import { pythonTool } from "../support/python";
import { OPERATOR_SECRET, type Surface, surface } from "./harness";

const SEED = Number(process.env["SCHEMATHESIS_SEED"] ?? "7");
/** Fuzzes until so many seconds are spent, for a longer run; without it the number of examples is the bound. */
const SECONDS = process.env["SCHEMATHESIS_SECONDS"];
const EXAMPLES = Number(process.env["SCHEMATHESIS_EXAMPLES"] ?? "5");
const tool = pythonTool("schemathesis");

/**
 * Left out, each for a reason: whether an order is accepted depends on money, products and mode (`positive_data_acceptance`); two requests
 * of one account are no breach (`object_level_authorization`), and revoked keys stay readable in the list (`use_after_free`); an order that was placed
 * may be filled or cancelled by the next request (`ensure_resource_availability`).
 */
const EXCLUDED = "positive_data_acceptance,object_level_authorization,use_after_free,ensure_resource_availability";

let here: Surface;
let folder: string;
beforeAll(async () => {
  // An hour passes between two requests: an operator above 50 a second would be refused for that, and the document allows 429
  let nowMs = 0;
  here = await surface({ monotonicMs: () => (nowMs += 3_600_000) });
  folder = mkdtempSync(join(tmpdir(), "schemathesis-"));
});
afterAll(async () => {
  await here.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(program: string): Promise<{ code: number | null; output: string }> {
  const child = spawn(
    program,
    [
      ...["run", `${here.url}/openapi.json`, "--seed", String(SEED), "--max-examples", String(EXAMPLES)],
      ...[
        "--checks",
        "all",
        "--exclude-checks",
        EXCLUDED,
        ...(SECONDS === undefined ? [] : ["--max-time", SECONDS]),
        "--continue-on-failure",
      ],
      ...["--phases", "examples,coverage,fuzzing", "--suppress-health-check", "all", "--generation-database", "none"],
      ...["--no-color", "--warnings", "off", "--max-failures", "20"],
    ],
    {
      cwd: folder,
      env: {
        PATH: process.env["PATH"],
        HOME: folder,
        SCHEMATHESIS_HOOKS: "schemathesis_signing",
        PYTHONPATH: __dirname,
        PYTHONDONTWRITEBYTECODE: "1",
        OPERATOR_SECRET,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const chunks: string[] = [];
  const timer = setTimeout(() => child.kill("SIGKILL"), (Number(SECONDS ?? "0") * 2 + 240) * 1_000);
  child.stdout.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => chunks.push(chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, output: chunks.join("") });
    });
  });
}

it.skipIf(skipped(tool.reason))("schemathesis finds nothing", async () => {
  console.info(`schemathesis: SCHEMATHESIS_SEED=${String(SEED)}, ${String(EXAMPLES)} examples for each operation`);
  const { code, output } = await run(tool.path ?? "");
  console.info(output.split("\n").slice(-40).join("\n"));
  expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
  expect(here.local.logLines.filter((line) => line.includes("a bug of ours"))).toEqual([]);
});
