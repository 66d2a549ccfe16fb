/**
 * Proves that one program has the same plan with SDKs of two years ago, with ours and with the newest, on our Node and on Node 24 (`package.test.ts` runs Node 22): what
 * differs is listed, and nothing else may. Pins what the newest SDK can ask of an engine, so that a new call or feature is seen. Does not
 * prove that each SDK's engine records the same (`test/engine`, with our SDK alone).
 */
import { cpSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plan, type Plan } from "../planner";
import {
  OWN_NODE,
  RegistryUnreachable,
  installedVersion,
  newDirectory,
  nodeDirectory,
  npm,
  run,
} from "./support/consumer";
import { named, programDirectory } from "./support/planned";
import { skipped } from "./support/skip";
import { ROOT } from "./support/sources";

/** The SDK of November 2024, a provider of the major version before ours, and one of the time. */
const OLD = ["@pulumi/pulumi@3.139.0", "@pulumi/aws@6.60.0", "@pulumi/tls@5.0.10"];
/** The newest SDK with our own providers. */
const NEWEST = ["@pulumi/pulumi@latest", "@pulumi/aws@7.48.0", "@pulumi/tls@5.6.1"];

const command = join(ROOT, "cli", "main.ts");
/** By its path: the command runs in another directory. */
const tsx = join(ROOT, "node_modules", "tsx", "dist", "loader.mjs");

const directories: string[] = [];
afterAll(() => {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
});

/** A copy of the program. */
function copied(): string {
  const directory = newDirectory();
  directories.push(directory);
  cpSync(programDirectory("sdks"), directory, { recursive: true });
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "sdks", private: true }));
  return directory;
}

/** The program with packages of its own. */
function installed(...packages: string[]): string {
  const directory = copied();
  npm(directory, OWN_NODE, "install", "--no-audit", "--no-fund", "--prefer-offline", "--ignore-scripts", ...packages);
  return directory;
}

/** What the tests need from the registry, or why they have nothing to test. */
function prepared():
  { old: string; newest: string; node: string | undefined; reason?: undefined } | { reason: string } {
  try {
    const node = nodeDirectory(24);
    if (node !== undefined && node !== OWN_NODE) directories.push(join(node, "..", "..", ".."));
    return { old: installed(...OLD), newest: installed(...NEWEST), node };
  } catch (error) {
    if (error instanceof RegistryUnreachable)
      return { reason: "the SDK tests need a package registry, and none answers" };
    throw error;
  }
}

const ready = prepared();

/** The plan without what names a version of a package. */
function withoutVersions(planned: Plan): unknown {
  const text = JSON.stringify(planned).replace(/default_\d+_\d+_\d+/g, "default_V");
  return JSON.parse(text, (key, value: unknown) => (key === "version" && typeof value === "string" ? "V" : value));
}

/** What the SDK and the provider of two years ago do not say, taken out of a plan. */
function asOlderSdksSay(planned: Plan): Plan {
  const older = structuredClone(planned);
  // Neither the line of a read nor of a provider.
  for (const name of ["theirs", "ohio"]) named(older, name).location = null;
  for (const invoke of older.invokes) if (invoke.token === "aws:ec2/vpc:Vpc") invoke.location = null;
  // What a component was given is not sent.
  named(older, "site").inputs = {};
  // A transform's answer holds what the program said and no more; it has no field for the id of an import, so that any engine loses it.
  const { protect, retainOnDelete, ...page } = named(older, "site-page").options;
  const { retainOnDelete: retained, ...topic } = named(older, "site-topic").options;
  const { import: id, ...imported } = named(older, "imported").options;
  expect({ protect, retainOnDelete, retained, id }).toEqual({
    protect: false,
    retainOnDelete: false,
    retained: false,
    id: "subnet-1",
  });
  named(older, "site-page").options = page;
  named(older, "site-topic").options = topic;
  named(older, "imported").options = imported;
  // The older provider has no write-only values.
  named(older, "parameter").options.additionalSecretOutputs = ["value"];
  return older;
}

/** What an SDK may ask an engine for, by name. */
function featuresOf(directory: string): Record<string, number> {
  const { ResourceMonitorFeature } = createRequire(join(directory, "index.js"))("@pulumi/pulumi/proto/resource_pb") as {
    ResourceMonitorFeature?: Record<string, number>;
  };
  return ResourceMonitorFeature ?? {};
}

/** The calls that an SDK can make to an engine. */
function callsOf(directory: string): string[] {
  const { ResourceMonitorService } = createRequire(join(directory, "index.js"))(
    "@pulumi/pulumi/proto/resource_grpc_pb",
  ) as { ResourceMonitorService: Record<string, unknown> };
  return Object.keys(ResourceMonitorService).sort();
}

describe.skipIf(skipped(ready.reason))("one program", () => {
  if (ready.reason !== undefined) return;
  const { old, newest, node } = ready;
  let pinned: Plan;
  beforeAll(async () => {
    const directory = copied();
    symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
    pinned = await plan({ directory });
  });

  it("says a bit of everything", () => {
    expect(pinned.resources.map(({ type, name }) => `${type} ${name}`)).toEqual([
      "aws:ec2/subnet:Subnet imported",
      "aws:ec2/vpc:Vpc theirs",
      "aws:ssm/parameter:Parameter parameter",
      "pulumi:providers:aws default_7_48_0",
      "pulumi:providers:aws ohio",
      "pulumi:providers:pulumi default",
      "pulumi:providers:tls default_5_6_1",
      "pulumi:pulumi:Stack shop-dev",
      "pulumi:pulumi:StackReference acme/net/dev",
      "aws:s3/bucketObjectv2:BucketObjectv2 site-page",
      "aws:sns/topic:Topic site-topic",
      "shop:index:Site site",
      "tls:index/privateKey:PrivateKey key",
    ]);
    // What an engine has to be asked for before the SDK says it: secrets, aliases, transforms, deletedWith; and what only our preloaded code tells.
    expect(named(pinned, "site-topic")).toMatchObject({
      inputs: { tags: { stack: "yes", token: { value: "[secret]" } } },
      options: { aliases: ["urn:pulumi:dev::shop::shop:index:Site$aws:sns/topic:Topic::old"], protect: true },
    });
    expect(named(pinned, "site-page").options.deletedWith).toBe(named(pinned, "site-topic").urn);
    expect(named(pinned, "site-page").inputs["contentType"]).toBe("text/html");
    expect(named(pinned, "parameter").references).toEqual({ "tags.key": [named(pinned, "key").urn] });
  });

  it("has the same plan with the SDK and the provider of two years ago", async () => {
    expect(installedVersion(old, "@pulumi/pulumi")).toBe("3.139.0");
    // It asks for each feature by its name: the list of features is younger.
    expect(callsOf(old)).not.toContain("getDeploymentInfo");
    const planned = await plan({ directory: old });
    expect(named(planned, "ohio").inputs["version"]).toBe("6.60.0");
    expect(withoutVersions(planned)).toEqual(withoutVersions(asOlderSdksSay(pinned)));
  });

  it("has the same plan with the newest SDK, on our Node and on Node 24", async () => {
    const planned = await plan({ directory: newest });
    if (node !== undefined) {
      const { status, stdout, stderr } = run(newest, node, "node", "--import", tsx, command, "plan", newest, "--json");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(JSON.parse(stdout)).toEqual(planned);
    }
    expect(withoutVersions(planned)).toEqual(withoutVersions(pinned));
  });

  it.each([
    { sdk: "of two years ago", directory: old },
    { sdk: "newest", directory: newest },
  ])("in TypeScript has the lines of its source with the SDK $sdk", async ({ directory }) => {
    const { location } = named(await plan({ directory: join(directory, "typed") }), "typed");
    expect(location).toEqual({ file: "index.ts", line: 10 });
  });

  it("may ask what our stubs do not know: whether something exists is unknown", async () => {
    const { outputs } = await plan({ directory: join(newest, "exists") });
    expect(outputs).toEqual({ there: "04da6b54-80e4-46f7-96ec-b56ff0331ba9" });
  });

  // A new name here means: read what the SDK does with it, and whether it goes on where an engine lacks it.
  it("can ask for nothing else of the newest engine", () => {
    expect(callsOf(newest)).toEqual([...callsOf(ROOT), "existsResource"].sort());
    const ours = featuresOf(ROOT);
    expect(Object.entries(featuresOf(newest)).filter(([name]) => ours[name] === undefined)).toEqual([
      ["RESOURCE_MONITOR_FEATURE_BYTE_STRING", 13],
      ["RESOURCE_MONITOR_FEATURE_INVOKE_DEPENDS_ON", 14],
      ["RESOURCE_MONITOR_FEATURE_INVOKE_PARENT", 15],
      ["RESOURCE_MONITOR_FEATURE_STATE_MIGRATIONS", 16],
      ["RESOURCE_MONITOR_FEATURE_INVOKE_OUTPUT_VALUES", 17],
      ["RESOURCE_MONITOR_FEATURE_CALL_OUTPUT_VALUES", 18],
      ["RESOURCE_MONITOR_FEATURE_REGISTER_RESOURCE_OUTPUT_VALUES", 19],
    ]);
  });
});
