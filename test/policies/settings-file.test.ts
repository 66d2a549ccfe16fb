/**
 * Proves that settings are read from JSON and YAML alike, and what is said of a file that is not there, cannot be parsed, or was made to
 * exhaust whoever reads it. What the settings may hold is in settings.test.ts.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readSettings, settingsFileName } from "../../policies/settings-file";

const directory = mkdtempSync(join(tmpdir(), "twodoor-settings-"));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

function read(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  try {
    return JSON.stringify([...readSettings(file).rules]);
  } catch (error) {
    return error instanceof Error ? error.message.replaceAll(directory, "DIR") : "";
  }
}

const LOWERED = '[["TOP-01",{"level":"advisory","reason":"one cloud is enough for dev"}]]';

describe("a settings file", () => {
  it("is JSON or YAML", () => {
    expect(
      read("a.json", '{ "TOP-01": { "enforcementLevel": "advisory", "reason": "one cloud is enough for dev" } }'),
    ).toBe(LOWERED);
    expect(
      read("a.yaml", "TOP-01:\n  enforcementLevel: advisory # told\n  reason: one cloud is enough for dev\n"),
    ).toBe(LOWERED);
    expect(read("empty.yaml", "")).toBe("[]");
  });

  it("has a name for each stack", () => {
    expect(settingsFileName("dev")).toBe("twodoor.dev.json");
  });

  it.each([
    [
      "broken.json",
      '{\n  "TOP-01": [\n',
      "Settings in DIR/broken.json:3: 1 problem\n  settings   expected JSON or YAML, got BAD_INDENT; correct the line",
    ],
    [
      "twice.yaml",
      "TOP-01: advisory\nTOP-01: disabled\n",
      "Settings in DIR/twice.yaml:2: 1 problem\n  settings   expected JSON or YAML, got DUPLICATE_KEY; correct the line",
    ],
    [
      "deep.json",
      "[".repeat(20_000),
      "Settings in DIR/deep.json:1: 1 problem\n  settings   expected JSON or YAML, got RESOURCE_EXHAUSTION; correct the line",
    ],
    [
      "aliases.yaml",
      `a: &a [x,x,x,x,x,x,x,x,x,x]\n${["b", "c", "d", "e", "f", "g", "h"].map((key, place) => `${key}: &${key} [${Array.from({ length: 10 }, () => `*${"abcdefg"[place] ?? ""}`).join(",")}]`).join("\n")}\n`,
      "Settings in DIR/aliases.yaml: 1 problem\n  settings   expected JSON or YAML, got something that is nested too deeply; write it flatter",
    ],
    [
      "wrong.json",
      '{ "TOP-1": "advisory" }',
      'Settings in DIR/wrong.json: 1 problem\n  TOP-1   expected a rule\'s id, "all" or "design", got another name; write TOP-01',
    ],
  ])("%s is refused", (name, text, message) => {
    expect(read(name, text)).toBe(message);
  });

  it("that is not there is refused", () => {
    expect(() => readSettings(join(directory, "none.json"))).toThrow(
      "none.json: 1 problem\n  settings   expected a file that can be read, got ENOENT; name a settings file",
    );
    expect(() => readSettings(directory)).toThrow("got EISDIR");
  });
});
