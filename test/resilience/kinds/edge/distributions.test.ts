/**
 * Proves what the model reads from CloudFront, Global Accelerator, Workers and tunnels. It does not prove what their code decides: a Worker's
 * is never read.
 */
import { describe, expect, it } from "vitest";
import {
  asState,
  type Later,
  designFrom,
  join,
  later,
  ref,
  resource,
  withChange,
  type Draft,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import {
  coarse,
  doorOf,
  edgePartsOf,
  entryOf,
  ids,
  idsOf,
  needsOf,
  poolOf,
  read,
  told,
} from "../../../support/edge-parts";

const lb = (region: string): Literal =>
  resource(
    "aws:lb/loadBalancer:LoadBalancer",
    `lb-${region}`,
    { region },
    { answers: { dnsName: `lb-${region}-1.${region}.elb.amazonaws.com` } },
  );
const LBS = [lb("us-east-2"), lb("us-west-2")];
const address = (region: string): Later => ref(`lb-${region}`, "dnsName");

describe("a CloudFront distribution", () => {
  const bucket = resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" });
  const custom: Draft = {
    httpPort: 80,
    httpsPort: 443,
    originProtocolPolicy: "https-only",
    originSslProtocols: ["TLSv1.2"],
  };
  const distribution = (inputs: Record<string, Draft> = {}): DraftGraph =>
    designFrom([
      ...LBS,
      bucket,
      resource("aws:cloudfront/distribution:Distribution", "cdn", {
        enabled: true,
        aliases: ["api.example.com"],
        origins: [
          { originId: "east", domainName: address("us-east-2"), customOriginConfig: custom },
          {
            originId: "west",
            domainName: address("us-west-2"),
            customOriginConfig: custom,
            connectionAttempts: 2,
            connectionTimeout: 3,
          },
          { originId: "files", domainName: ref("files", "bucketRegionalDomainName"), s3OriginConfig: {} },
        ],
        originGroups: [
          {
            originId: "both",
            failoverCriteria: { statusCodes: [500, 502] },
            members: [{ originId: "east" }, { originId: "west" }],
          },
        ],
        defaultCacheBehavior: {
          targetOriginId: "east",
          allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
        },
        ...inputs,
      }),
    ]);

  it.each([
    ["a plan", distribution()],
    ["a state", asState(distribution())],
  ])("with one origin lives as long as it, in %s", (_, graph) => {
    const parts = edgePartsOf(graph);
    const door = doorOf(parts);
    expect([door.kind, told(door.hostname), told(door.isProxied), door.place.cloud, told(door.place.region)]).toEqual([
      "cloudfront",
      "api.example.com",
      true,
      "aws",
      "global",
    ]);
    expect([ids(door.pools), told(door.triesOtherPools), told(door.steering)]).toEqual([
      ["cdn#origins[0]"],
      false,
      "off",
    ]);
    expect(needsOf(door)).toEqual([
      "a pool: 1 of cdn#origins[0]",
      "origins[0] of cdn, whose health nothing watches: 1 of cdn#origins[0]",
    ]);
    expect(needsOf(poolOf(parts, "cdn#origins[0]"))).toEqual(["an origin: 1 of lb-us-east-2"]);
  });

  it("does not send an order to the second origin of a group", () => {
    const graph = distribution({
      defaultCacheBehavior: { targetOriginId: "both", allowedMethods: ["GET", "HEAD", "POST"] },
    });
    const door = doorOf(edgePartsOf(graph));
    expect([ids(door.pools), door.isOrdered, told(door.triesOtherPools)]).toEqual([
      ["cdn#origins[0]", "cdn#origins[1]"],
      true,
      true,
    ]);
    expect(needsOf(door)).toEqual([
      "a pool: 1 of cdn#origins[0], cdn#origins[1]",
      "origins[0] of cdn, whose health nothing watches: 1 of cdn#origins[0]",
    ]);
  });

  it("tries the second origin of a group where everything may be asked twice", () => {
    const graph = distribution({ defaultCacheBehavior: { targetOriginId: "both", allowedMethods: ["GET", "HEAD"] } });
    const parts = edgePartsOf(graph);
    expect(needsOf(doorOf(parts))).toEqual(["a pool: 1 of cdn#origins[0], cdn#origins[1]"]);
    const timing = ["cdn#origins[0]", "cdn#origins[1]"].map((id) => {
      const monitor = told(poolOf(parts, id).monitor);
      return typeof monitor === "object"
        ? [monitor.type, monitor.intervalSeconds, monitor.timeoutSeconds, monitor.retries].map(read)
        : monitor;
    });
    expect(timing).toEqual([
      ["request", 0, 10, 2],
      ["request", 0, 3, 1],
    ]);
  });

  it("leads requests of a path elsewhere, and static files nowhere", () => {
    const graph = distribution({
      orderedCacheBehaviors: [
        { pathPattern: "/static/*", targetOriginId: "files", allowedMethods: ["GET", "HEAD"] },
        { pathPattern: "/orders", targetOriginId: "west", allowedMethods: ["POST"] },
      ],
    });
    expect(
      doorOf(edgePartsOf(graph)).overrides.map(({ kind, key, property, pools }) => [kind, key, property, ids(pools)]),
    ).toEqual([["rule", "/orders", "orderedCacheBehaviors[1].targetOriginId", ["cdn#origins[1]"]]]);
  });

  it.each([
    ["serves files alone", { defaultCacheBehavior: { targetOriginId: "files", allowedMethods: ["GET"] } }],
    ["is there for staging", { staging: true }],
    ["has no origin", { origins: [] }],
  ])("is no door where it %s", (_, inputs: Record<string, Draft>) => {
    expect(idsOf(edgePartsOf(distribution(inputs)))).toEqual([]);
  });

  it("answers nobody when it is off", () => {
    expect(needsOf(doorOf(edgePartsOf(distribution({ enabled: false }))))[0]).toBe(
      "a distribution that is enabled: 1 of ",
    );
  });

  it("may lead to any of its origins while its target is not known", () => {
    const door = doorOf(
      edgePartsOf(distribution({ defaultCacheBehavior: { targetOriginId: later, allowedMethods: ["GET"] } })),
    );
    expect(needsOf(door)).toEqual([
      "the origin that is meant: 2 of cdn#origins[0], cdn#origins[1] ? defaultCacheBehavior.targetOriginId is known only after an update",
    ]);
  });

  it("is reached by its own name and by its alias, and is no hostname of its own behind a pool", () => {
    const pool = (name: string, target: Draft): Literal =>
      resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", name, {
        name,
        origins: [{ name: "a", address: target }],
      });
    const graph = designFrom([
      ...distribution().literals,
      pool("by-name", ref("cdn", "domainName")),
      pool("by-alias", "api.example.com"),
    ]);
    const parts = edgePartsOf(graph);
    expect([needsOf(poolOf(parts, "by-name")), needsOf(poolOf(parts, "by-alias"))]).toEqual([
      ["an origin: 1 of cdn"],
      ["an origin: 1 of cdn"],
    ]);
    expect(entryOf(parts, "cdn").role).toBe("entry");
  });
});

describe("Global Accelerator", () => {
  const group = (region: string, inputs: Record<string, Draft> = {}, listener = "https"): Literal =>
    resource("aws:globalaccelerator/endpointGroup:EndpointGroup", `group-${region}`, {
      listenerArn: ref(listener),
      endpointGroupRegion: region,
      endpointConfigurations: [{ endpointId: ref(`lb-${region}`, "arn") }],
      ...inputs,
    });
  const listener = (name: string, port: number): Literal =>
    resource("aws:globalaccelerator/listener:Listener", name, {
      acceleratorArn: ref("accelerator"),
      protocol: "TCP",
      portRanges: [{ fromPort: port, toPort: port }],
    });
  const accelerated = (...groups: Literal[]): DraftGraph =>
    designFrom([
      ...LBS,
      resource("aws:globalaccelerator/accelerator:Accelerator", "accelerator", { enabled: true }),
      listener("http", 80),
      listener("https", 443),
      ...groups,
    ]);

  it.each([
    ["a plan", accelerated(group("us-east-2"), group("us-west-2"))],
    ["a state", asState(accelerated(group("us-east-2"), group("us-west-2")))],
    ["a coarse plan", coarse(accelerated(group("us-east-2"), group("us-west-2")))],
  ])("is a door with a pool for each region, in %s", (_, graph) => {
    const parts = edgePartsOf(graph);
    const door = doorOf(parts);
    expect([door.kind, told(door.steering), ids(door.pools), door.isOrdered]).toEqual([
      "global-accelerator",
      "proximity",
      ["group-us-east-2", "group-us-west-2"],
      false,
    ]);
    expect(needsOf(poolOf(parts, "group-us-west-2"))).toEqual(["an endpoint: 1 of lb-us-west-2"]);
    const monitor = told(poolOf(parts, "group-us-west-2").monitor);
    if (typeof monitor !== "object") throw new Error("no monitor");
    expect([told(monitor.type), told(monitor.intervalSeconds)]).toEqual([
      "target",
      "endpointConfigurations: is decided by the target's own health checks, at their pace",
    ]);
  });

  it("keeps the groups of its listeners apart", () => {
    const graph = accelerated(group("us-east-2"), group("us-west-2", {}, "http"));
    const door = doorOf(edgePartsOf(graph));
    expect(ids(door.pools)).toEqual(["group-us-east-2"]);
    expect(door.overrides.map(({ key, pools }) => [key, ids(pools)])).toEqual([["http", ["group-us-west-2"]]]);
    expect(needsOf(door)).toEqual(["a pool: 1 of group-us-west-2", "a pool: 1 of group-us-east-2"]);
  });

  it("turns a region off by its dial, and an endpoint by its weight", () => {
    const dialled = edgePartsOf(accelerated(group("us-east-2", { trafficDialPercentage: 0 })));
    expect(told(poolOf(dialled, "group-us-east-2").isEnabled)).toBe(false);
    const weighted = edgePartsOf(
      accelerated(
        group("us-east-2", { endpointConfigurations: [{ endpointId: ref("lb-us-east-2", "arn"), weight: 0 }] }),
      ),
    );
    expect(needsOf(poolOf(weighted, "group-us-east-2"))).toEqual(["an endpoint: 1 of "]);
  });

  it("checks plain addresses itself", () => {
    const eip = resource("aws:ec2/eip:Eip", "eip", { region: "us-east-2", instance: ref("machine") });
    const machine = resource("aws:ec2/instance:Instance", "machine", { region: "us-east-2" });
    const plain = group("us-east-2", {
      endpointConfigurations: [{ endpointId: ref("eip", "allocationId") }],
      healthCheckProtocol: "HTTPS",
      healthCheckPath: "/healthz/region",
      healthCheckIntervalSeconds: 10,
    });
    const parts = edgePartsOf(accelerated(plain, eip, machine));
    const monitor = told(poolOf(parts, "group-us-east-2").monitor);
    if (typeof monitor !== "object") throw new Error("no monitor");
    expect([monitor.type, monitor.path, monitor.intervalSeconds, monitor.consecutiveDown].map(read)).toEqual([
      "https",
      "/healthz/region",
      10,
      3,
    ]);
    expect(needsOf(poolOf(parts, "group-us-east-2"))).toEqual(["an endpoint: 1 of machine#entry"]);
  });

  it("answers nobody when it is off, and is nothing without a listener", () => {
    const graph = withChange(accelerated(group("us-east-2")), "accelerator", "enabled", false);
    expect(needsOf(doorOf(edgePartsOf(graph)))[0]).toBe("an accelerator that is enabled: 1 of ");
    expect(
      idsOf(edgePartsOf(designFrom([resource("aws:globalaccelerator/accelerator:Accelerator", "alone", {})]))),
    ).toEqual([]);
  });
});

describe("a Worker", () => {
  const script = (bindings: Draft): Literal =>
    resource("cloudflare:index/workersScript:WorkersScript", "script", {
      accountId: "a",
      scriptName: "gateway",
      bindings,
    });
  const domain = resource("cloudflare:index/workersCustomDomain:WorkersCustomDomain", "domain", {
    accountId: "a",
    hostname: "api.example.com",
    service: "gateway",
  });
  const told_: Draft = [
    { name: "EAST", type: "plain_text", text: join("https://", address("us-east-2"), "/") },
    { name: "WEST", type: "plain_text", text: address("us-west-2") },
  ];

  it.each([
    ["a plan", designFrom([...LBS, script(told_), domain])],
    ["a state", asState(designFrom([...LBS, script(told_), domain]))],
  ])("that is told addresses needs what only its code knows, in %s", (_, graph) => {
    const door = doorOf(edgePartsOf(graph));
    expect([door.kind, told(door.hostname)]).toEqual(["cloudflare", "api.example.com"]);
    expect(needsOf(door)).toEqual([
      "what its Worker calls: 2 of lb-us-east-2, lb-us-west-2 ? content is code, which decides where requests go",
    ]);
  });

  it("that is told none is no serving path of the design", () => {
    expect(idsOf(edgePartsOf(designFrom([script([]), domain])))).toEqual([]);
  });

  it("in front of a record is part of the edge", () => {
    const route = resource("cloudflare:index/workersRoute:WorkersRoute", "route", {
      zoneId: "z",
      pattern: "api.example.com/*",
      script: "gateway",
    });
    const record = resource("cloudflare:index/dnsRecord:DnsRecord", "record", {
      zoneId: "z",
      name: "api.example.com",
      type: "CNAME",
      ttl: 1,
      proxied: true,
      content: address("us-east-2"),
    });
    expect(idsOf(edgePartsOf(designFrom([...LBS, script(told_), route, record])))).toEqual(["record"]);
    expect(idsOf(edgePartsOf(designFrom([...LBS, script(told_), route])))).toEqual(["route"]);
  });
});

describe("a tunnel", () => {
  const tunnel = resource(
    "cloudflare:index/zeroTrustTunnelCloudflared:ZeroTrustTunnelCloudflared",
    "tunnel",
    { accountId: "a", name: "east" },
    { id: "6f1f8ae2-0000-4000-8000-000000000000" },
  );
  const pool = resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", "pool", {
    name: "pool",
    origins: [{ name: "a", address: join(ref("tunnel"), ".cfargotunnel.com") }],
  });
  const connectors = [
    resource("aws:secretsmanager/secretVersion:SecretVersion", "token", {
      region: "us-east-2",
      secretString: ref("tunnel", "tunnelToken"),
    }),
    resource("aws:ecs/taskDefinition:TaskDefinition", "task", {
      region: "us-east-2",
      containerDefinitions: join("[", ref("token", "arn"), "]"),
    }),
    resource("aws:ecs/service:Service", "connector", { region: "us-east-2", taskDefinition: ref("task", "arn") }),
  ];

  it.each([
    ["a plan", designFrom([tunnel, pool, ...connectors])],
    ["a state", asState(designFrom([tunnel, pool, ...connectors]))],
  ])("needs one of its connectors, in %s", (_, graph) => {
    const parts = edgePartsOf(graph);
    expect(needsOf(poolOf(parts, "pool"))).toEqual(["an origin: 1 of tunnel"]);
    expect(needsOf(entryOf(parts, "tunnel"))).toEqual(["a connector: 1 of connector"]);
  });

  it("needs what it leads to besides", () => {
    const config = resource(
      "cloudflare:index/zeroTrustTunnelCloudflaredConfig:ZeroTrustTunnelCloudflaredConfig",
      "config",
      {
        accountId: "a",
        tunnelId: ref("tunnel"),
        config: {
          ingresses: [
            { hostname: "api.example.com", service: join("https://", address("us-east-2")) },
            { service: "http_status:404" },
          ],
        },
      },
    );
    const parts = edgePartsOf(designFrom([...LBS, tunnel, config, ...connectors]));
    expect(needsOf(entryOf(parts, "tunnel"))).toEqual([
      "a connector: 1 of connector",
      "what it leads to: 1 of lb-us-east-2",
    ]);
  });

  it("is undecided where its connectors run elsewhere", () => {
    expect(needsOf(entryOf(edgePartsOf(designFrom([tunnel])), "tunnel"))).toEqual([
      "a connector: 1 of  ? connectors points to something outside this design",
    ]);
  });
});
