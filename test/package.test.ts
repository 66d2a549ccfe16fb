/**
 * Proves that the packed package works where nothing else of this repository is: it holds what it must and no more; installed into an empty
 * program with the peers that it asks for, its types compile our own examples and refuse a wrong argument, its components
 * run under mocks, and its command starts; with the pinned SDK and with the newest. Does not prove what a real engine makes of it.
 */
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  OWN_NODE,
  RegistryUnreachable,
  compile,
  consumer,
  copiesOf,
  installedVersion,
  nodeDirectory,
  npm,
  pack,
  run,
  type Packed,
} from "./support/consumer";
import { filesUnder } from "./support/sources";
import { skipped } from "./support/skip";

const PINNED = "3.248.0";

/** What an example reads from its stack's settings. */
const CONFIG = {
  "edge:apiToken": "a-token",
  "edge:accountId": "0123456789abcdef0123456789abcdef",
  "edge:zoneId": "fedcba9876543210fedcba9876543210",
  "edge:ohioAddress": "ohio.example.net",
  "edge:iowaAddress": "34.110.20.30",
};

const directories: string[] = [];
const packed: Packed = pack();
afterAll(() => {
  for (const directory of [join(packed.tarball, ".."), ...directories])
    rmSync(directory, { recursive: true, force: true });
});

describe("the packed files", () => {
  it("are the sources of the components, everything compiled, and what describes them", () => {
    const compiled = ["components", "planner", "twin", "cli"]
      .flatMap(filesUnder)
      .flatMap((path) =>
        path.endsWith(".json")
          ? [`dist/${path}`]
          : [path.replace(/\.ts$/, ".js"), path.replace(/\.ts$/, ".d.ts")].map((out) => `dist/${out}`),
      );
    const described = ["CHANGELOG.md", "LICENSE", "PulumiPlugin.yaml", "README.md", "package.json", "tsconfig.json"];
    expect(packed.files).toEqual([...described, ...filesUnder("components"), ...compiled].sort());
  });
});

/** Node for the newest SDK, or why there is none; a registry that does not answer is found out here, before any test. */
function newestNode(): { directory: string } | { reason: string } {
  try {
    npm(join(packed.tarball, ".."), OWN_NODE, "view", `@pulumi/pulumi@${PINNED}`, "version");
    const directory = nodeDirectory(22);
    if (directory === undefined)
      return { reason: "the newest Pulumi SDK needs Node 22, which npm has for Linux alone" };
    if (directory !== OWN_NODE) directories.push(join(directory, "..", "..", ".."));
    return { directory };
  } catch (error) {
    if (error instanceof RegistryUnreachable)
      return { reason: "the package tests need a package registry, and none answers" };
    throw error;
  }
}

const newest = newestNode();
const reason = "reason" in newest ? newest.reason : undefined;

describe.skipIf(skipped(reason)).each([
  { sdk: "pinned", node: OWN_NODE, also: [`@pulumi/pulumi@${PINNED}`] },
  { sdk: "newest", node: "directory" in newest ? newest.directory : OWN_NODE, also: [] },
])("installed beside the $sdk Pulumi SDK", ({ sdk, node, also }) => {
  let directory: string;

  beforeAll(() => {
    directory = consumer(packed.tarball, node, ...also);
    directories.push(directory);
  });

  it("finds one copy of it", () => {
    expect(copiesOf(directory, "@pulumi/pulumi")).toEqual(["node_modules/@pulumi/pulumi"]);
    expect(installedVersion(directory, "@pulumi/pulumi") === PINNED).toBe(sdk === "pinned");
  });

  it("types our examples, and refuses a wrong argument and nothing else", () => {
    const text = `import { CloudflarePlan } from "twodoor";\nexport const plan: CloudflarePlan = "cheapest";\n`;
    writeFileSync(join(directory, "wrong.ts"), text);
    expect(compile(directory, node)).toEqual({
      status: 2,
      stdout: `wrong.ts(2,14): error TS2322: Type '"cheapest"' is not assignable to type 'CloudflarePlan'.\n`,
      stderr: "",
    });
  });

  it("makes a component's children", () => {
    const program = join("out", "cloudflare-load-balancer.js");
    const { status, stdout, stderr } = run(directory, node, "node", "driver/run.cjs", program, JSON.stringify(CONFIG));
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({
      "twodoor:index:CloudflareLoadBalancer": 1,
      "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor": 1,
      "cloudflare:index/loadBalancerPool:LoadBalancerPool": 2,
      "cloudflare:index/loadBalancer:LoadBalancer": 1,
    });
  });

  it("can be imported by an ES module", () => {
    const text = `import { ExchangeApi } from "twodoor"; console.log(ExchangeApi.__pulumiType);`;
    expect(run(directory, node, "node", "--input-type=module", "-e", text)).toEqual({
      status: 0,
      stdout: "twodoor:index:ExchangeApi\n",
      stderr: "",
    });
  });

  it("has its command, which plans a program of somebody else's", () => {
    const project = { name: "consumer", runtime: "nodejs", main: join("out", "cloudflare-load-balancer.js") };
    writeFileSync(join(directory, "Pulumi.yaml"), JSON.stringify(project));
    writeFileSync(join(directory, "Pulumi.dev.yaml"), JSON.stringify({ config: CONFIG }));
    const { status, stdout, stderr } = run(directory, node, "npx", "--no-install", "twodoor", "plan", "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const {
      project: name,
      stack,
      resources,
    } = JSON.parse(stdout) as {
      project: string;
      stack: string;
      resources: { type: string; name: string }[];
    };
    expect({ name, stack }).toEqual({ name: "consumer", stack: "dev" });
    expect(resources.filter(({ type }) => type.endsWith(":LoadBalancerPool")).map((pool) => pool.name)).toEqual([
      "api-pool-us-central1",
      "api-pool-us-east-2",
    ]);
  });
});
