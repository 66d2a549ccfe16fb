// Proves what becomes of the resources that the engine tells a policy pack: each of its seven unknowns, secrets, inputs beside outputs, providers
// that are not listed, hostile keys. Does not prove that the engine tells what is assumed here (test/engine/sources.test.ts does).
import { describe, expect, it } from "vitest";
import { graphOfPolicy, type PolicyForm } from "../../../resilience/sources/from-policy";
import { hidden, secretSignature, signatureKey, unknownValue, type JsonObject } from "../../../resilience/values";

const HEAD = "urn:pulumi:prod::shop";
const VPC = `${HEAD}::aws:ec2/vpc:Vpc::net`;
const SUBNET = `${HEAD}::my:Net$aws:ec2/subnet:Subnet::net-a`;
const PROVIDER = `${HEAD}::pulumi:providers:aws::ohio`;
const SECRET = { [signatureKey]: secretSignature, value: hidden };

function form(urn: string, props: JsonObject, rest: Partial<PolicyForm> = {}): PolicyForm {
  const type = urn.split("::")[2]?.split("$").at(-1) ?? "";
  return {
    urn,
    type,
    props,
    protect: false,
    parent: null,
    provider: null,
    dependencies: [],
    propertyDependencies: {},
    ...rest,
  };
}

describe("graphOfPolicy", () => {
  it("names project and stack, and sorts resources by URN", () => {
    const graph = graphOfPolicy([form(SUBNET, {}), form(VPC, {})], new Map());
    expect([graph.source, graph.project, graph.stack]).toEqual(["policy", "shop", "prod"]);
    expect(graph.resources.map(({ urn, name }) => [urn, name])).toEqual([
      [VPC, "net"],
      [SUBNET, "net-a"],
    ]);
  });

  it("holds inputs beside outputs, without what the providers keep for themselves", () => {
    const inputs = new Map([[VPC, { cidrBlock: "10.0.0.0/16", __defaults: [], tags: { __defaults: [], a: "b" } }]]);
    const told = form(VPC, { id: "vpc-1", cidrBlock: unknownValue, __meta: "{}" }, { protect: true });
    expect(graphOfPolicy([told], inputs).resources).toEqual([
      {
        urn: VPC,
        type: "aws:ec2/vpc:Vpc",
        name: "net",
        parent: null,
        provider: null,
        id: "vpc-1",
        inputs: { cidrBlock: "10.0.0.0/16", tags: { a: "b" } },
        outputs: { cidrBlock: unknownValue, id: "vpc-1" },
        dependencies: [],
        propertyDependencies: {},
        references: {},
        isProtected: true,
        isExternal: false,
        location: null,
      },
    ]);
  });

  it.each([
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
  ])("takes %s for not known, at any depth and beside what is", (unknown) => {
    const [vpc] = graphOfPolicy(
      [form(VPC, { id: unknown, pools: ["a", { address: unknown }] })],
      new Map([[VPC, { count: unknown, region: "us-east-2" }]]),
    ).resources;
    expect(vpc?.id).toBe(null);
    expect(vpc?.outputs).toEqual({ id: unknownValue, pools: ["a", { address: unknownValue }] });
    expect(vpc?.inputs).toEqual({ count: unknownValue, region: "us-east-2" });
  });

  it("hides what is marked as a secret, and takes the command's word for one as one", () => {
    const secret = { [signatureKey]: secretSignature, value: "hunter2" };
    const [vpc] = graphOfPolicy([form(VPC, { token: secret, word: hidden, list: [secret] })], new Map()).resources;
    expect(vpc?.outputs).toEqual({ list: [SECRET], token: SECRET, word: SECRET });
  });

  it("tells dependencies by URN, each once and sorted, and leaves out properties without one", () => {
    const rest = {
      parent: `${HEAD}::my:Net::net`,
      dependencies: [VPC, PROVIDER, VPC],
      propertyDependencies: { vpcId: [VPC, VPC], cidrBlock: [] },
    };
    const [, subnet] = graphOfPolicy([form(VPC, {}), form(SUBNET, {}, rest)], new Map()).resources;
    expect(subnet?.parent).toBe(`${HEAD}::my:Net::net`);
    expect(subnet?.dependencies).toEqual([VPC, PROVIDER]);
    expect(subnet?.propertyDependencies).toEqual({ vpcId: [VPC] });
  });

  it("adds a provider that is not listed, once, with its lists as lists", () => {
    const props = { region: "us-east-2", allowedAccountIds: '["1"]', profile: "[not json" };
    const provider = { urn: PROVIDER, type: "pulumi:providers:aws", props };
    const graph = graphOfPolicy([form(VPC, {}, { provider }), form(SUBNET, {}, { provider })], new Map());
    expect(graph.resources.map(({ urn, provider: of }) => [urn, of])).toEqual([
      [VPC, PROVIDER],
      [SUBNET, PROVIDER],
      [PROVIDER, null],
    ]);
    expect(graph.resources[2]?.inputs).toEqual({
      allowedAccountIds: ["1"],
      profile: "[not json",
      region: "us-east-2",
    });
  });

  it("takes a provider that is listed as it is listed", () => {
    const provider = { urn: PROVIDER, type: "pulumi:providers:aws", props: { region: "us-west-2" } };
    const graph = graphOfPolicy(
      [form(VPC, {}, { provider }), form(PROVIDER, {})],
      new Map([[PROVIDER, { region: "us-east-2" }]]),
    );
    expect(graph.resources.map(({ urn, inputs }) => [urn, inputs])).toEqual([
      [VPC, {}],
      [PROVIDER, { region: "us-east-2" }],
    ]);
  });

  it("takes the stack's own outputs for what the program exports", () => {
    const stack = form(`${HEAD}::pulumi:pulumi:Stack::shop-prod`, { host: "a" });
    expect(graphOfPolicy([stack], new Map()).outputs).toEqual({ host: "a" });
  });

  it("takes `__proto__` inside of a value for a key like any other", () => {
    const props = JSON.parse('{"constructor":{"toString":"a"},"map":{"__proto__":{"a":1}}}') as JsonObject;
    const [vpc] = graphOfPolicy([form(VPC, props)], new Map()).resources;
    expect(JSON.stringify(vpc?.outputs)).toBe('{"constructor":{"toString":"a"},"map":{"__proto__":{"a":1}}}');
  });

  it("is an empty graph for no resources", () => {
    const nothing = { source: "policy", project: "", stack: "", resources: [], outputs: {} };
    expect(graphOfPolicy([], new Map())).toEqual(nothing);
  });
});
