/**
 * Proves that the commands of docs/guides/adopt.md do what the page says, one after another, on examples/single-region with the settings that
 * the page shows. Does not prove those of npm and of the Pulumi CLI (the state here was exported by it after an update with the twin's providers), nor the pack in the engine
 * (test/engine/policies.test.ts).
 */
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { codeBlocks } from "../support/markdown";
import { ROOT, textOf } from "../support/sources";

const directory = mkdtempSync(join(tmpdir(), "twodoor-adopt-"));
afterAll(() => {
  rmSync(directory, { recursive: true });
});

interface Done {
  command: string;
  status: number | null;
  stdout: string;
}

function twodoor(command: string): Done {
  const tsx = join(ROOT, "node_modules", "tsx", "dist", "cli.mjs");
  const args = [tsx, "--tsconfig", join(ROOT, "tsconfig.json"), join(ROOT, "cli", "main.ts"), ...command.split(" ")];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: directory, encoding: "utf8" });
  return { command, status, stdout };
}

describe("the guide's commands", () => {
  const done: Done[] = [];
  const left: string[] = [];
  beforeAll(() => {
    cpSync(join(ROOT, "examples", "single-region"), directory, { recursive: true });
    symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
    cpSync(join(__dirname, "fixtures", "single-region-state.json"), join(directory, "state.json"));
    for (const { language, text } of codeBlocks("adopt.md", textOf("docs/guides/adopt.md"))) {
      if (language === "json") writeFileSync(join(directory, "twodoor.dev.json"), text);
      else
        for (const line of text.trim().split("\n"))
          if (line.startsWith("npx twodoor ")) done.push(twodoor(line.slice("npx twodoor ".length)));
          else left.push(line.split(" ").slice(0, 2).join(" "));
    }
  }, 300_000);

  it("end as the page says, and none but these is not run here", () => {
    expect(done.map(({ status, command }) => `${String(status)} ${command}`)).toEqual([
      "1 check --state state.json",
      "0 check --explain TOP-05",
      "0 check --rules",
      "1 check --state state.json --output html=design.html",
      "1 check --state state.json --settings twodoor.dev.json",
      "1 check --state state.json --settings twodoor.dev.json",
      "0 plan --stack dev --graph base.json",
      "0 check --stack dev --base base.json",
    ]);
    expect(left).toEqual(["npm install", "pulumi stack", "pulumi preview"]);
  });

  it("show the waiver with its owner, and what loses its region", () => {
    expect(done[0]!.stdout).toMatch(/^ {2}aws +✗ {2}nobody/m);
    expect(done[4]!.stdout).not.toContain("PLAT-112");
    expect(done[5]!.stdout).toContain("PLAT-112");
    expect(done[5]!.stdout).toContain("platform@example.com");
    expect(readFileSync(join(directory, "design.html"), "utf8")).toMatch(/^<!doctype html>/i);
  });

  it("turn red when a zone is taken out", () => {
    const program = join(directory, "index.ts");
    const text = readFileSync(program, "utf8");
    writeFileSync(program, text.replace('["us-east-1a", "us-east-1b"]', '["us-east-1a"]'));
    const { status, stdout } = twodoor("check --stack dev --base base.json");
    expect(status).toBe(1);
    expect(stdout).toContain("aws:us-east-1a");
  });
});
