/**
 * Proves the text view of a plan on small plans made by hand: what stands in which box, what the edge does, promises, remarks,
 * widths and colours. Does not prove that people like it.
 */
import { describe, expect, it } from "vitest";
import { paintFor, spread, terminalOf, wrap } from "../../cli/terminal";
import { planView } from "../../cli/plan-view";
import { unknownValue, type Invoke, type JsonObject, type Plan, type PlannedResource } from "../../planner";

const plain = { width: 80, colors: false };
const stack = "urn:pulumi:dev::shop::pulumi:pulumi:Stack::shop-dev";
const stackItself: PlannedResource = {
  urn: stack,
  type: "pulumi:pulumi:Stack",
  name: "shop-dev",
  parent: null,
  provider: null,
  inputs: {},
  dependencies: [],
  propertyDependencies: {},
  references: {},
  options: {},
  location: null,
};

function resource(
  type: string,
  name: string,
  inputs: JsonObject,
  rest: Partial<PlannedResource> = {},
): PlannedResource {
  const urn = `urn:pulumi:dev::shop::${type}::${name}`;
  const provider = `urn:pulumi:dev::shop::pulumi:providers:x::x::${unknownValue}`;
  const empty = { dependencies: [], propertyDependencies: {}, references: {}, options: {}, location: null };
  return { urn, type, name, parent: stack, provider, inputs, ...empty, ...rest };
}

function planWith(resources: PlannedResource[], rest: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    project: "shop",
    stack: "dev",
    resources: [stackItself, ...resources],
    outputs: {},
    invokes: [],
    unanswered: [],
    placeholders: [],
    environments: [],
    ...rest,
  };
}

/** The boxes alone. */
const boxes = (plan: Plan): string =>
  planView(plan, [], plain)
    .split("\n")
    .filter((line) => /^[╭│╰]/.test(line))
    .join("\n");

const vpc = resource("aws:ec2/vpc:Vpc", "vpc", { region: "us-east-2", cidrBlock: "10.0.0.0/16" });
const balancer = resource("aws:lb/loadBalancer:LoadBalancer", "alb", { region: "us-east-2" });
const service = resource("gcp:cloudrunv2/service:Service", "api", {
  location: "us-central1",
  scaling: { minInstanceCount: 2 },
  template: { scaling: { maxInstanceCount: 6 }, containers: [{ resources: { limits: { cpu: "2", memory: "4Gi" } } }] },
});

describe("a region's box", () => {
  it("has one line for each purpose, with what matters of it", () => {
    const subnets = ["a", "b", "c"].map((zone) =>
      resource("aws:ec2/subnet:Subnet", zone, { region: "us-east-2", availabilityZone: `us-east-2${zone}` }),
    );
    const inOhio = (type: string, name: string, inputs: JsonObject): PlannedResource =>
      resource(type, name, { region: "us-east-2", ...inputs });
    const rest = [
      inOhio("aws:lb/listener:Listener", "https", { port: 443, sslPolicy: "TLS-2" }),
      inOhio("aws:appautoscaling/target:Target", "target", { minCapacity: 3, maxCapacity: 3 }),
      inOhio("aws:ecs/taskDefinition:TaskDefinition", "task", { cpu: "1024", memory: "2048" }),
      inOhio("aws:cloudwatch/logGroup:LogGroup", "logs", { retentionInDays: 90 }),
      inOhio("aws:cloudwatch/metricAlarm:MetricAlarm", "alarm", {}),
      inOhio("aws:secretsmanager/secret:Secret", "secret", {}),
      inOhio("aws:mq/broker:Broker", "broker", {}),
    ];
    expect(boxes(planWith([vpc, balancer, ...subnets, ...rest, service]))).toMatchInlineSnapshot(`
      "╭─ AWS · us-east-2 · ohio ────────────────────────────────────── 12 resources ─╮
      │ network   10.0.0.0/16, 3 subnets in 3 zones                                4 │
      │ entry     1 load balancer, port 443, TLS-2                                 2 │
      │ compute   3 replicas, 1 vCPU and 2048 MiB each                             2 │
      │ secrets   1 secret                                                         1 │
      │ alarms    1 alarm, logs kept 90 days                                       2 │
      │ other     1 broker                                                         1 │
      ╰──────────────────────────────────────────────────────────────────────────────╯
      ╭─ Google Cloud · us-central1 · iowa ───────────────────────────── 1 resource ─╮
      │ compute   2 to 6 replicas, 2 vCPU and 4096 MiB each                        1 │
      ╰──────────────────────────────────────────────────────────────────────────────╯"
    `);
  });

  it("takes what names no region where its AWS provider or its component stands, and the rest above the regions", () => {
    const component = resource("test:index:Region", "region", {}, { provider: null });
    const inside = { parent: component.urn };
    const west = resource("pulumi:providers:aws", "west", { region: "us-west-2" }, { provider: null });
    const queue = resource("aws:sqs/queue:Queue", "queue", {}, { provider: `${west.urn}::${unknownValue}` });
    const roles = [resource("aws:iam/role:Role", "inside", {}, inside), resource("aws:iam/role:Role", "outside", {})];
    expect(boxes(planWith([component, west, queue, { ...vpc, ...inside }, ...roles]))).toMatchInlineSnapshot(`
      "╭─ AWS · us-east-2 · ohio ─────────────────────────────────────── 2 resources ─╮
      │ network   10.0.0.0/16                                                      1 │
      │ identity  1 role                                                           1 │
      ╰──────────────────────────────────────────────────────────────────────────────╯
      ╭─ AWS · us-west-2 · oregon ────────────────────────────────────── 1 resource ─╮
      │ other     1 queue                                                          1 │
      ╰──────────────────────────────────────────────────────────────────────────────╯
      ╭─ AWS · above the regions ─────────────────────────────────────── 1 resource ─╮
      │ identity  1 role                                                           1 │
      ╰──────────────────────────────────────────────────────────────────────────────╯"
    `);
  });

  it("cuts what does not fit, and never the count", () => {
    const names = Array.from({ length: 9 }, (_, at) => `10.${String(at)}.0.0/16`);
    const networks = names.map((cidrBlock) =>
      resource("aws:ec2/vpc:Vpc", cidrBlock, { region: "us-east-2", cidrBlock }),
    );
    const [, line = ""] = boxes(planWith(networks)).split("\n");
    expect(line).toBe("│ network   10.0.0.0/16, 10.1.0.0/16, 10.2.0.0/16, 10.3.0.0/16, 10.4.0.0/16… 9 │");
    expect(line).toHaveLength(80);
  });
});

describe("the edge", () => {
  const monitor = resource("cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor", "monitor", {
    path: "/healthz/region",
    interval: 10,
    timeout: 2,
  });
  const pool = (name: string, origin: PlannedResource): PlannedResource =>
    resource(
      "cloudflare:index/loadBalancerPool:LoadBalancerPool",
      name,
      { name: `shop-${name}`, checkRegions: ["ENAM", "WEU", "WNAM"], origins: [{ address: unknownValue }] },
      { propertyDependencies: { origins: [origin.urn], monitor: [monitor.urn] } },
    );
  const pools = [pool("us-central1", service), pool("us-east-2", balancer)];
  const edge = resource(
    "cloudflare:index/loadBalancer:LoadBalancer",
    "edge",
    { name: "api.example.com", proxied: true, steeringPolicy: "off" },
    { propertyDependencies: { defaultPools: pools.map(({ urn }) => urn), fallbackPool: [pools[0]?.urn ?? ""] } },
  );
  const record = resource("cloudflare:index/dnsRecord:DnsRecord", "record", {});
  const manifest = {
    version: 1,
    hostname: "api.example.com",
    peakRequestsPerSecond: 4000,
    requestsPerSecondPerReplica: 200,
    detectionSeconds: [10, 26],
    regions: [
      {
        cloud: "aws",
        region: "us-east-2",
        geography: "ohio",
        pool: "us-east-2",
        serving: true,
        minimumReplicas: 20,
        maximumReplicas: 40,
        sharePercent: 100,
        worstSharePercent: 100,
      },
      {
        cloud: "gcp",
        region: "us-central1",
        geography: "iowa",
        pool: "us-central1",
        serving: false,
        minimumReplicas: 20,
        sharePercent: 0,
      },
    ],
    journal: { kind: "sandbox", voters: [] },
  };

  it("tells in which order pools are used, where each leads, and how they are asked", () => {
    const plan = planWith([monitor, ...pools, edge, record, balancer, service], { outputs: { manifest } });
    expect(boxes(plan).split("\n").slice(0, 8).join("\n")).toMatchInlineSnapshot(`
      "╭─ Cloudflare · the edge ──────────────────────────────────────── 5 resources ─╮
      │ api.example.com  the first healthy pool takes everything, proxied            │
      │   1. shop-us-east-2    → AWS us-east-2                                       │
      │   2. shop-us-central1  → Google Cloud us-central1  takes all when none is    │
      │       healthy                                                                │
      │   asked: /healthz/region every 10 s, 2 s to answer, from 3 places (ENAM,     │
      │       WEU, WNAM)                                                             │
      │   also: 1 dns record                                                         │"
    `);
  });

  it("is followed by what the design promises, region by region", () => {
    const plan = planWith([edge, balancer, service], { outputs: { api: { manifest } } });
    const view = planView(plan, [], plain);
    expect(view.slice(view.indexOf("What it promises"))).toMatchInlineSnapshot(`
      "What it promises
        peak       4000 requests a second; one replica carries 200
        detection  10 to 26 s from a region's death until the edge sends no new
                   request there
        journal    none named: each region keeps a sandbox book of its own, which is
                   lost with it

        region        of the peak   after the worst single loss   replicas   at most
        us-east-2     100 %         100 %                         20         40
        us-central1   no traffic                                  20
      "
    `);
  });

  it("says that a region takes no traffic", () => {
    expect(boxes(planWith([service], { outputs: { manifest } }))).toContain(
      "Google Cloud · us-central1 · iowa · no traffic",
    );
  });

  it("promises nothing where an output only looks like a manifest", () => {
    const view = planView(
      planWith([balancer], { outputs: { manifest: { version: 2, regions: [] }, x: unknownValue } }),
      [],
      plain,
    );
    expect(view).not.toContain("What it promises");
  });
});

describe("the view", () => {
  it("says what was made up, and ends with the next steps", () => {
    const call = { args: {}, provider: null, location: null };
    const invokes: Invoke[] = [
      { ...call, token: "aws:ec2/getSubnet:getSubnet", answeredBy: "unknown" },
      { ...call, token: "aws:ec2/getVpc:getVpc", answeredBy: "nobody" },
      { ...call, token: "aws:ec2/getVpc:getVpc", args: { id: "vpc-1" }, answeredBy: "nobody" },
      { ...call, token: "aws:index/getRegion:getRegion", answeredBy: "twodoor" },
      { ...call, token: "pulumi:pulumi:StackReference", answeredBy: "file" },
    ];
    const plan = planWith([vpc], {
      invokes,
      placeholders: ["shop:token", "shop:password"],
      environments: ["shop/dev"],
    });
    const view = planView(plan, ["pulumi up"], plain);
    expect(view.slice(view.indexOf("Encrypted"))).toMatchInlineSnapshot(`
      "Encrypted settings are not opened; placeholders stand for shop:token,
      shop:password.
      Settings of Pulumi ESC (shop/dev) are not here: give what matters with --config
      KEY=VALUE.
      Data sources: 4 asked, answered 1 by the file, 1 by Twodoor, 2 by nobody:
      aws:ec2/getVpc:getVpc.
      Placeholders stand for what nobody answers. --save-questions FILE writes the
      questions to fill in, --answers FILE takes them.

      Next
        pulumi up
      "
    `);
  });

  it("names packaged components, whose parts nobody knows here, and counts no reference to another stack", () => {
    const packaged = (name: string): PlannedResource =>
      resource("eks:index:Cluster", name, {}, { provider: null, options: { remote: true } });
    const reference = resource("pulumi:pulumi:StackReference", "acme/network/dev", {}, { options: { external: true } });
    const view = planView(planWith([vpc, reference, packaged("blue"), packaged("green")]), [], plain);
    expect(view.slice(view.indexOf("2 packaged"))).toBe(
      "2 packaged components: their parts cannot be known here: eks:index:Cluster blue,\neks:index:Cluster green.\n",
    );
    expect(view.split("\n", 1)[0]).toMatch(/ 1 resource, 1 cloud, 1 region$/);
    const one = planView(planWith([packaged("blue")]), [], plain);
    expect(one.trimEnd().split("\n").at(-1)).toBe(
      "1 packaged component: its parts cannot be known here: eks:index:Cluster blue.",
    );
  });

  it("says who answered where everything was answered, and nothing where nothing was asked", () => {
    const region = { token: "aws:index/getRegion:getRegion", args: {}, provider: null, location: null };
    const view = planView(planWith([vpc], { invokes: [{ ...region, answeredBy: "twodoor" }] }), [], plain);
    expect(view.trimEnd().split("\n").at(-1)).toBe("Data sources: 1 asked, answered 1 by Twodoor.");
    expect(planView(planWith([vpc]), [], plain)).not.toContain("Data sources");
  });

  it("uses colours when it may, and is the same without them", () => {
    const coloured = planView(planWith([vpc]), [], { width: 80, colors: true });
    expect(coloured).toContain("\u001B[1m");
    expect(coloured.replace(/\u001B\[\d+m/g, "")).toBe(planView(planWith([vpc]), [], plain));
  });

  it.each([72, 80, 110])("fits into %i columns", (width) => {
    const lines = planView(planWith([vpc, balancer, service]), [], { width, colors: false }).split("\n");
    expect(Math.max(...lines.slice(3).map((line) => line.length))).toBe(width);
  });
});

describe("a terminal", () => {
  const stream = (isTTY: boolean, columns: number): NodeJS.WriteStream =>
    Object.assign(Object.create(process.stdout), { isTTY, columns }) as NodeJS.WriteStream;

  it("shows colours unless it is none or somebody refuses them", () => {
    expect(terminalOf(stream(true, 90), {})).toEqual({ width: 90, colors: true });
    expect(terminalOf(stream(true, 90), { NO_COLOR: "1" }).colors).toBe(false);
    expect(terminalOf(stream(true, 90), { NO_COLOR: "" }).colors).toBe(true);
    expect(terminalOf(stream(true, 90), { TERM: "dumb" }).colors).toBe(false);
    expect(terminalOf(stream(false, 90), {})).toEqual({ width: 100, colors: false });
  });

  it("is between 72 and 110 columns wide", () => {
    expect([40, 300].map((columns) => terminalOf(stream(true, columns), {}).width)).toEqual([72, 110]);
  });

  it("breaks lines at spaces, with an indent, and keeps runs of spaces", () => {
    expect(wrap("one two three four", 9, 2)).toEqual(["one two", "  three", "  four"]);
    expect(wrap("a  b", 10)).toEqual(["a  b"]);
  });

  it("spreads two texts over a line and counts no colours", () => {
    const bold = paintFor({ width: 20, colors: true }).bold("left");
    expect(spread("left", "right", 12)).toBe("left   right");
    expect(spread(bold, "right", 12)).toBe(`${bold}   right`);
  });
});
