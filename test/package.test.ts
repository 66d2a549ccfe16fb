/**
 * Proves that the packed package works where nothing else of this repository is: it holds what it must and no more; installed into an empty
 * program with the peers that it asks for, its types compile our own examples and refuse a wrong argument, its components
 * run under mocks, and its command starts; with the pinned SDK and with the newest. Does not prove what a real engine makes of it.
 */
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parse } from "yaml";
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
import { ROOT, filesUnder } from "./support/sources";
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

/** As far as this test reads a project file that is a template. */
interface NewProject {
  template: { config: Record<string, { default: string }> };
}

const NOTHING_SAID = { status: 0, stdout: "", stderr: "" };

const tokenOf = (component: string): string => `twodoor:index:${component}`;

const directories: string[] = [];
const packed: Packed = pack();
afterAll(() => {
  for (const directory of [join(packed.tarball, ".."), ...directories])
    rmSync(directory, { recursive: true, force: true });
});

describe("the packed files", () => {
  it("are the sources of the components, everything compiled, and what describes them", () => {
    // What the engine alone asks for is bundled into `policies/`, which is published by itself; the schema is read where it is.
    const bundled = [
      "components/plugin/schema.json",
      "policies/index.ts",
      "policies/pack.ts",
      "policies/engine-messages.ts",
      "resilience/sources/from-policy.ts",
    ];
    const compiled = ["components", "resilience", "policies", "planner", "twin", "cli"]
      .flatMap(filesUnder)
      .filter((path) => /\.(ts|json)$/.test(path) && path !== "policies/package.json" && !bundled.includes(path))
      .flatMap((path) =>
        path.endsWith(".json")
          ? [`dist/${path}`]
          : [path.replace(/\.ts$/, ".js"), path.replace(/\.ts$/, ".d.ts")].map((out) => `dist/${out}`),
      );
    // Runs in other people's processes as it is written.
    const preloaded = filesUnder("planner/program/preload").map((path) => `dist/${path}`);
    const described = ["CHANGELOG.md", "LICENSE", "PulumiPlugin.yaml", "README.md", "package.json", "tsconfig.json"];
    const schemas = ["docs/check.schema.json", "docs/plan.schema.json"];
    expect(packed.files).toEqual(
      [...described, ...schemas, ...filesUnder("components"), ...preloaded, ...compiled].sort(),
    );
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

  it("carries the program that `pulumi new` gives a new team: it compiles, and plans both of its steps", () => {
    const program = join(directory, "new-program");
    cpSync(join(ROOT, "examples/new-program"), program, { recursive: true });
    const project = readFileSync(join(program, "Pulumi.yaml"), "utf8").replaceAll(/\$\{\w+\}/g, "fresh");
    writeFileSync(join(program, "Pulumi.yaml"), project);
    const settings = Object.entries((parse(project) as NewProject).template.config);
    const config = Object.fromEntries(settings.map(([key, { default: value }]) => [`fresh:${key}`, value]));
    // Its packages are those of the directory above it, and of the compiler and Node's types, which it asks for, our own copies.
    for (const name of ["typescript", "@types/node"]) {
      const place = join(directory, "node_modules", name);
      if (!existsSync(place)) symlinkSync(join(ROOT, "node_modules", name), place);
    }
    const twodoor = join(directory, "node_modules", ".bin", "twodoor");
    const tsc = join(ROOT, "node_modules", "typescript", "bin", "tsc");
    expect(run(program, node, "node", tsc, "--noEmit", "--noCheck", "false")).toEqual(NOTHING_SAID);
    const planned = (imageDigest: string): string[] => {
      const content = { config: { ...config, "fresh:imageDigest": imageDigest } };
      writeFileSync(join(program, "Pulumi.dev.yaml"), JSON.stringify(content));
      const { status, stdout, stderr } = run(program, node, twodoor, "plan", "--json");
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      const { resources } = JSON.parse(stdout) as { resources: { type: string }[] };
      return [...new Set(resources.map(({ type }) => type).filter((type) => type.startsWith("twodoor:")))].sort();
    };
    const foundation = ["twodoor:index:AwsRegistry", "twodoor:index:GcpProjectServices", "twodoor:index:GcpRegistry"];
    expect(planned("")).toEqual(foundation);
    expect(planned(`sha256:${"0".repeat(64)}`)).toEqual(
      [
        ...foundation,
        ...["AwsCertificates", "AwsNetwork", "AwsRegion", "CloudflareLoadBalancer", "ExchangeApi"].map(tokenOf),
        ...["GcpAlarms", "GcpCertificates", "GcpNetwork", "GcpRegion"].map(tokenOf),
      ].sort(),
    );
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
