/**
 * Proves that the real engine loads the packed package as a component package, the way `pulumi package add` does it from any language, and
 * sees the very components and types of `components/plugin/schema.json`. Does not prove that an SDK generated from them compiles.
 */
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { OWN_NODE, RegistryUnreachable, newDirectory, npm, pack } from "../support/consumer";
import { findEngine, skipsWithout } from "../support/engine";
import { textOf } from "../support/sources";

/** A schema as the CLI prints it: it says what is required by lists alone, not by `optional` too, and leaves out empty lists. */
function asPrinted(text: string): Record<"resources" | "types", unknown> {
  return JSON.parse(text, (key, value: unknown) => {
    const silent = (key === "optional" && value === true) || (Array.isArray(value) && value.length === 0);
    return silent ? undefined : value;
  }) as Record<"resources" | "types", unknown>;
}

const engine = findEngine();
const directory = newDirectory();
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

/** Unpacks the package into a folder of its own and installs what it asks for there, as the CLI does for a package from a repository. */
function unpacked(): string {
  const { tarball } = pack();
  spawnSync("tar", ["-xzf", tarball, "-C", directory]);
  rmSync(join(tarball, ".."), { recursive: true, force: true });
  const folder = join(directory, "package");
  npm(folder, OWN_NODE, "install", "--no-audit", "--no-fund", "--prefer-offline");
  return folder;
}

describe.skipIf(skipsWithout(engine, "component package"))("the component package", () => {
  it("has for the real engine the schema that was agreed on", ({ skip }) => {
    let folder: string;
    try {
      folder = unpacked();
    } catch (error) {
      if (error instanceof RegistryUnreachable)
        return skip("the component package needs a package registry, and none answers");
      throw error;
    }
    // From elsewhere: the runner reads the tsconfig.json of the working directory, not the package's.
    const elsewhere = join(directory, "elsewhere");
    mkdirSync(elsewhere);
    const { status, stdout, stderr } = spawnSync("pulumi", ["package", "get-schema", folder], {
      cwd: elsewhere,
      encoding: "utf8",
      maxBuffer: 1 << 26,
      env: {
        HOME: directory,
        TMPDIR: directory,
        PULUMI_HOME: join(directory, "home"),
        PULUMI_BACKEND_URL: `file://${directory}`,
        TWODOOR_ENGINE_HOME:
          process.env["TWODOOR_ENGINE_HOME"] ?? join(process.env["HOME"] ?? "", ".cache", "twodoor-engine"),
        PATH: [engine.directory ?? "", OWN_NODE, process.env["PATH"] ?? ""].join(delimiter),
      },
    });
    expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
    const seen = asPrinted(stdout);
    const agreed = asPrinted(textOf("components/plugin/schema.json"));
    expect(seen.resources).toEqual(agreed.resources);
    expect(seen.types).toEqual(agreed.types);
  });
});
