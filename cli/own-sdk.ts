import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { SettingsError } from "../planner/project/settings-error";

/** The oldest Pulumi SDK beside which this command works: the lower end of its peer range. A program's own may be older. */
export const oldestSdk = "3.248.0";

/**
 * Makes sure that this command finds a Pulumi SDK for itself: package managers that only warn about peers, and npm with
 * `--legacy-peer-deps`, install it beside an older one, or none. Throws `SettingsError` then.
 *
 * @param file - a file of this command: from there the SDK is looked for.
 */
export function requireOwnSdk(file = __filename): void {
  const version = sdkVersion(file);
  if (version !== undefined && !isOlder(version, oldestSdk)) return;
  throw new SettingsError([
    {
      path: "@pulumi/pulumi",
      expected: `${oldestSdk} or newer beside twodoor`,
      got: version ?? "none",
      fix:
        "give twodoor a directory of its own, and run it from there; the program keeps its own version: " +
        "npm install --prefix ../twodoor-tool twodoor && ../twodoor-tool/node_modules/.bin/twodoor",
    },
  ]);
}

/** The SDK's version, or nothing where there is none. */
function sdkVersion(file: string): string | undefined {
  try {
    const manifest = createRequire(file).resolve("@pulumi/pulumi/package.json");
    return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
  } catch {
    return undefined;
  }
}

function isOlder(version: string, than: string): boolean {
  const [parts, limits] = [version, than].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  for (const [at, limit] of (limits ?? []).entries()) {
    const part = parts?.[at] ?? 0;
    if (part !== limit) return part < limit;
  }
  return false;
}
