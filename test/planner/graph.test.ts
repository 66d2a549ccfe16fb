/**
 * Proves that the offline engine records what the real one would be asked for: URNs, parents, providers (explicit, inherited,
 * default), dependencies, options, transforms, data sources, secrets, and the line of each resource; and that a plan is the same
 * each time. Does not prove what a provider would make of it: `test/engine` compares with the real engine.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { unknownValue, type Plan } from "../../planner";
import { named, planOf } from "../support/planned";

const urn = (rest: string): string => `urn:pulumi:dev::graph::${rest}`;
const inCell = (type: string, name: string): string => urn(`test:index:Cell$${type}::${name}`);
const provider = (cloud: string, name: string): string =>
  `${urn(`pulumi:providers:${cloud}::${name}`)}::${unknownValue}`;
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "[secret]" };

const network = inCell("aws:ec2/vpc:Vpc", "cell-network");
const subnet = inCell("aws:ec2/subnet:Subnet", "cell-subnet");
const balancer = inCell("aws:lb/loadBalancer:LoadBalancer", "cell-balancer");
const pools = ["pool-aws", "pool-gcp"].map((name) =>
  urn(`cloudflare:index/loadBalancerPool:LoadBalancerPool::${name}`),
);

let plan: Plan;
beforeAll(async () => {
  plan = await planOf("graph");
});

describe("resources", () => {
  it("are all there, sorted by URN", () => {
    expect(plan.resources.map((resource) => resource.urn)).toEqual([
      urn("aws:iam/role:Role::role"),
      urn("aws:s3/bucket:Bucket::adopted"),
      urn("cloudflare:index/loadBalancer:LoadBalancer::balancer"),
      ...pools,
      urn("cloudflare:index/zone:Zone::zone"),
      urn("gcp:compute/address:Address::address"),
      urn("pulumi:providers:aws::default_7_48_0"),
      urn("pulumi:providers:aws::ohio"),
      urn("pulumi:providers:cloudflare::default_6_22_1"),
      urn("pulumi:providers:gcp::tokyo"),
      urn("pulumi:pulumi:Stack::graph-dev"),
      subnet,
      network,
      balancer,
      inCell("aws:ssm/parameter:Parameter", "cell-password"),
      urn("test:index:Cell::cell"),
    ]);
  });

  it("have their component as parent, and the stack where there is none", () => {
    expect(named(plan, "cell-network").parent).toBe(urn("test:index:Cell::cell"));
    expect(named(plan, "cell").parent).toBe(urn("pulumi:pulumi:Stack::graph-dev"));
    expect(named(plan, "graph-dev").parent).toBeNull();
    expect(named(plan, "default_7_48_0").parent).toBeNull();
  });

  it("tell the line that makes them, in their own file", () => {
    const file = "test/planner/programs/graph/index.ts";
    expect(named(plan, "cell-network").location).toEqual({ file, line: 22 });
    expect(named(plan, "cell").location).toEqual({ file, line: 44 });
    expect(named(plan, "zone").location).toEqual({ file, line: 50 });
    expect(named(plan, "default_7_48_0").location).toBeNull();
  });
});

describe("providers", () => {
  it("are inherited from the component, given to the resource, or the default of the package", () => {
    expect(named(plan, "cell-network").provider).toBe(provider("aws", "ohio"));
    expect(named(plan, "address").provider).toBe(provider("gcp", "tokyo"));
    expect(named(plan, "role").provider).toBe(provider("aws", "default_7_48_0"));
    expect(named(plan, "cell").provider).toBeNull();
  });

  it("have their inputs: from the program as JSON text, from configuration for default ones", () => {
    expect(named(plan, "ohio").inputs).toEqual({
      defaultTags: '{"tags":{"cell":"ohio"}}',
      region: "us-east-2",
      skipCredentialsValidation: "false",
      skipRegionValidation: "true",
      version: "7.48.0",
    });
    expect(named(plan, "default_7_48_0").inputs).toEqual({ region: "eu-central-1", version: "7.48.0" });
    expect(named(plan, "default_6_22_1").inputs).toEqual({ apiToken: secret, version: "6.22.1" });
  });
});

describe("dependencies", () => {
  it("come from inputs, each under its property", () => {
    expect(named(plan, "cell-subnet").dependencies).toEqual([network]);
    expect(named(plan, "cell-subnet").propertyDependencies).toEqual({ vpcId: [network] });
    expect(named(plan, "balancer").propertyDependencies).toEqual({
      defaultPools: pools,
      zoneId: [urn("cloudflare:index/zone:Zone::zone")],
    });
  });

  it("come from dependsOn, under no property", () => {
    const { dependencies, propertyDependencies } = named(plan, "cell-password");
    expect({ dependencies, propertyDependencies }).toEqual({ dependencies: [balancer], propertyDependencies: {} });
  });

  it("are lost property by property where a resource has transforms of its own, as with the real engine", () => {
    const { dependencies, propertyDependencies } = named(plan, "pool-aws");
    expect({ dependencies, propertyDependencies }).toEqual({ dependencies: [balancer], propertyDependencies: {} });
  });
});

describe("options", () => {
  it("are recorded as far as they are set", () => {
    expect(named(plan, "cell-balancer").options).toEqual({
      aliases: [inCell("aws:elasticloadbalancingv2/loadBalancer:LoadBalancer", "cell-balancer")],
      customTimeouts: { create: "20m" },
      deletedWith: network,
      ignoreChanges: ["tags"],
      protect: true,
      version: "7.48.0",
    });
    expect(named(plan, "cell-subnet").options).toEqual({ version: "7.48.0" });
    expect(named(plan, "balancer").options).toEqual({
      deleteBeforeReplace: true,
      replaceOnChanges: ["name"],
      version: "6.22.1",
    });
  });

  it("name former URNs, providers, hooks, and what is adopted, kept or read", () => {
    expect(named(plan, "cell").options).toEqual({
      aliases: [urn("test:index:Cell::old-cell")],
      providers: { aws: provider("aws", "ohio") },
    });
    expect(named(plan, "pool-aws").options.hooks).toEqual({ afterCreate: ["announce"] });
    expect(named(plan, "adopted").options.import).toBe("adopted-logs");
    expect(named(plan, "cell-password").options.retainOnDelete).toBe(true);
    expect(named(plan, "zone").options).toEqual({ external: true, id: "zone-id-1", version: "6.22.1" });
  });
});

describe("inputs", () => {
  it("are what is left after transforms: the stack's and the resource's own", () => {
    expect(named(plan, "cell-network").inputs).toEqual({ cidrBlock: "10.0.0.0/16", tags: { owner: "platform" } });
    expect(named(plan, "pool-gcp").inputs).toEqual({
      accountId: "account",
      enabled: true,
      name: "gcp",
      origins: [{ address: unknownValue, name: "gcp" }],
    });
  });

  it("are unknown where they come from what does not exist yet, known where it is only read", () => {
    expect(named(plan, "cell-subnet").inputs).toEqual({ cidrBlock: "10.0.1.0/24", vpcId: unknownValue });
    expect(named(plan, "balancer").inputs).toEqual({
      defaultPools: [unknownValue, unknownValue],
      fallbackPool: "existing-pool",
      name: "api.example.com",
      zoneId: "zone-id-1",
    });
  });

  it("keep secrets as secrets, without their value", () => {
    expect(named(plan, "cell-password").inputs).toEqual({ type: "SecureString", value: secret });
  });
});

describe("data sources", () => {
  it("answer what follows from the provider alone", () => {
    expect(plan.outputs["zones"]).toEqual(["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"]);
  });

  it("make whatever rests on a made-up answer unknown", () => {
    expect(named(plan, "role").inputs).toEqual({
      assumeRolePolicy: unknownValue,
      tags: { partition: "aws", vpc: unknownValue },
    });
  });

  it("are listed where they had no answer, with the arguments that transforms left", () => {
    const args = { state: "available", tags: { shared: "yes" } };
    expect(plan.unanswered).toEqual([
      { token: "aws:ec2/getVpc:getVpc", args, provider: provider("aws", "ohio") },
      { token: "cloudflare:index/zone:Zone", args: { id: "zone-id-1" }, provider: named(plan, "zone").provider },
    ]);
  });

  it("answer what the caller says", async () => {
    const answers = { "aws:ec2/getVpc:getVpc": { id: "vpc-123" }, "cloudflare:index/zone:Zone": {} };
    const answered = await planOf("graph", { answers, strict: true });
    expect(answered.unanswered).toEqual([]);
    expect(named(answered, "role").inputs["tags"]).toEqual({ partition: "aws", vpc: "vpc-123" });
  });
});

describe("a plan", () => {
  it("has the stack's outputs, secrets without their value", () => {
    expect(plan.outputs).toEqual({
      answer: 42,
      hostname: "api.example.com",
      secretHostname: secret,
      zones: ["us-west-2a", "us-west-2b", "us-west-2c", "us-west-2d"],
    });
  });

  it("lists the encrypted settings for which something else stands", () => {
    expect(plan.placeholders).toEqual(["cloudflare:apiToken", "graph:password"]);
  });

  it("holds neither a secret's text nor a placeholder's", () => {
    const text = JSON.stringify(plan);
    expect(
      ["plaintext-of-an-output", "twodoor-placeholder", "twodoor-unanswered"].filter((part) => text.includes(part)),
    ).toEqual([]);
  });

  it("is the same, byte by byte, when the program runs again", async () => {
    expect(JSON.stringify(await planOf("graph"))).toBe(JSON.stringify(plan));
  });
});
