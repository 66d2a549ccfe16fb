// Proves how the local providers compare inputs: sets, secrets, unknowns, replacements, delete-before-replace, drift, and automatic
// names. Does not prove that each type's list of replacing inputs is complete; the providers' schemas say that.
import { describe, expect, it } from "vitest";
import { withName } from "../../../twin/providers/auto-name";
import { difference } from "../../../twin/providers/diff";
import { aws } from "../../../twin/providers/aws";
import { cloudflare } from "../../../twin/providers/cloudflare";
import { gcp } from "../../../twin/providers/gcp";
import { tls } from "../../../twin/providers/tls";
import type { CloudModel, ResourceModel } from "../../../twin/providers/model";
import { asSecret, unknownValue, type JsonObject } from "../../../resilience/values";

const modelOf = (cloud: CloudModel, type: string): ResourceModel => {
  const model = cloud.resources[type];
  if (model === undefined) throw new Error(`${type} is not in the table`);
  return model;
};
const diff = (cloud: CloudModel, type: string, before: JsonObject, after: JsonObject) =>
  difference(modelOf(cloud, type), before, after, cloud.namedMeansDeleteFirst);
const none = { changed: [], replaces: [], deleteBeforeReplace: false };
const LB = "aws:lb/loadBalancer:LoadBalancer";

describe("a diff", () => {
  it("does not see the order of a set, nested ones included", () => {
    expect(diff(aws, LB, { subnets: ["a", "b"] }, { subnets: ["b", "a"] })).toEqual(none);
    expect(
      diff(
        aws,
        "aws:ecs/service:Service",
        { networkConfiguration: { subnets: ["a", "b"] } },
        { networkConfiguration: { subnets: ["b", "a"] } },
      ),
    ).toEqual(none);
  });

  it("sees the order of a list", () => {
    expect(
      diff(
        cloudflare,
        "cloudflare:index/loadBalancer:LoadBalancer",
        { defaultPools: ["a", "b"] },
        { defaultPools: ["b", "a"] },
      ),
    ).toEqual({ ...none, changed: ["defaultPools"] });
  });

  it("compares secrets by their value, not by whether they are marked", () => {
    const type = "aws:secretsmanager/secretVersion:SecretVersion";
    expect(diff(aws, type, { secretString: asSecret("a") }, { secretString: "a" })).toEqual(none);
    expect(diff(aws, type, { secretString: asSecret("a") }, { secretString: asSecret("b") })).toEqual({
      changed: ["secretString"],
      replaces: ["secretString"],
      deleteBeforeReplace: false,
    });
  });

  it("takes what is unknown as changed, at any depth", () => {
    expect(diff(aws, LB, { accessLogs: { bucket: "a" } }, { accessLogs: { bucket: unknownValue } })).toEqual({
      ...none,
      changed: ["accessLogs"],
    });
  });

  it("replaces by creating first where the provider named the thing, and by deleting first where the program did", () => {
    expect(
      diff(aws, LB, { name: "a-1", __defaults: ["name"] }, { name: "a-1", internal: true, __defaults: ["name"] }),
    ).toEqual({ changed: ["internal"], replaces: ["internal"], deleteBeforeReplace: false });
    expect(diff(aws, LB, { name: "a", __defaults: [] }, { name: "a", internal: true, __defaults: [] })).toEqual({
      changed: ["internal"],
      replaces: ["internal"],
      deleteBeforeReplace: true,
    });
  });

  it("never deletes first at Cloudflare, names or not", () => {
    expect(diff(cloudflare, "cloudflare:index/ruleset:Ruleset", { name: "a" }, { name: "b" })).toEqual({
      changed: ["name"],
      replaces: ["name"],
      deleteBeforeReplace: false,
    });
  });

  it("replaces a task definition for anything but its tags", () => {
    const type = "aws:ecs/taskDefinition:TaskDefinition";
    expect(diff(aws, type, { cpu: "1024", tags: { a: "1" } }, { cpu: "1024", tags: { a: "2" } })).toEqual({
      ...none,
      changed: ["tags"],
    });
    expect(diff(aws, type, { cpu: "1024" }, { cpu: "2048" })).toEqual({
      changed: ["cpu"],
      replaces: ["cpu"],
      deleteBeforeReplace: false,
    });
  });

  it("replaces for a part of a property where only that part replaces", () => {
    const type = "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy";
    const mode = (clientValidationMode: string, description = ""): JsonObject => ({
      description,
      mtlsPolicy: { clientValidationMode, clientValidationTrustConfig: "t" },
    });
    expect(diff(gcp, type, mode("A"), mode("B"))).toEqual({
      changed: ["mtlsPolicy"],
      replaces: ["mtlsPolicy.clientValidationMode"],
      deleteBeforeReplace: false,
    });
    expect(diff(gcp, type, mode("A"), mode("A", "text"))).toEqual({ ...none, changed: ["description"] });
  });

  it("replaces a rule at AWS that is about another kind of source, and gives it another one of the same kind in place", () => {
    const type = "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule";
    const group = { referencedSecurityGroupId: "sg-1" };
    expect(diff(aws, type, group, { cidrIpv4: "10.16.0.0/16" }).replaces).toEqual([
      "cidrIpv4",
      "referencedSecurityGroupId",
    ]);
    expect(diff(aws, type, group, { referencedSecurityGroupId: "sg-2" })).toEqual({
      ...none,
      changed: ["referencedSecurityGroupId"],
    });
  });

  it("replaces a subnet at Google whose range moves or shrinks, and widens it in place", () => {
    const type = "gcp:compute/subnetwork:Subnetwork";
    const replaced = (before: string, after: string): string[] =>
      diff(gcp, type, { ipCidrRange: before }, { ipCidrRange: after }).replaces;
    expect(replaced("10.32.0.0/23", "10.33.0.0/23")).toEqual(["ipCidrRange"]);
    expect(replaced("10.32.0.0/23", "10.32.0.0/24")).toEqual(["ipCidrRange"]);
    expect(replaced("10.32.0.0/23", unknownValue)).toEqual(["ipCidrRange"]);
    expect(replaced("10.32.0.0/23", "10.32.0.0/22")).toEqual([]);
    expect(replaced("10.32.0.0/23", "10.32.0.0/23")).toEqual([]);
  });

  it("changes a secret's new value at Google into a new version, and a Cloud Run template in place", () => {
    expect(
      diff(gcp, "gcp:secretmanager/secretVersion:SecretVersion", { secretData: "a" }, { secretData: "b" }).replaces,
    ).toEqual(["secretData"]);
    expect(
      diff(gcp, "gcp:cloudrunv2/service:Service", { template: { timeout: "1s" } }, { template: { timeout: "2s" } }),
    ).toEqual({ ...none, changed: ["template"] });
  });

  it("does not count the line ends of a certificate, nor when it is due for renewal", () => {
    expect(
      diff(
        cloudflare,
        "cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate",
        { certificate: "PEM\n" },
        { certificate: "PEM" },
      ),
    ).toEqual(none);
    expect(
      diff(tls, "tls:index/selfSignedCert:SelfSignedCert", { earlyRenewalHours: 1 }, { earlyRenewalHours: 0 }),
    ).toEqual({ ...none, changed: ["earlyRenewalHours"] });
  });

  it.each([
    ["cloudflare:index/dnsRecord:DnsRecord", { name: "a.example.com." }, "name"],
    ["cloudflare:index/dnsRecord:DnsRecord", { content: "b.example.com." }, "content"],
    ["cloudflare:index/loadBalancer:LoadBalancer", { proxied: true, ttl: 30 }, "ttl"],
    ["cloudflare:index/loadBalancerPool:LoadBalancerPool", { origins: [{ name: "a", port: 0 }] }, "origins"],
  ])("shows a change of %s for ever where Cloudflare keeps %o differently", (type, inputs: JsonObject, property) => {
    expect(diff(cloudflare, type, inputs, inputs)).toEqual({ ...none, changed: [property] });
  });
});

describe("an automatic name", () => {
  const rule = { property: "name", maximum: 32 };

  it("is the logical name, a hyphen and seven digits, and is kept by later checks", () => {
    const first = withName(rule, "exchange-lb", {}, undefined, "seed") as JsonObject;
    expect(first).toEqual({ name: "exchange-lb-8e7807e", __defaults: ["name"] });
    expect(withName(rule, "exchange-lb", {}, first, "other seed")).toEqual(first);
  });

  it("differs between two lives of a resource", () => {
    expect(withName(rule, "lb", {}, undefined, "2")).not.toEqual(withName(rule, "lb", {}, undefined, "1"));
  });

  it("gives way to a name or prefix from the program, and comes back when that is taken away", () => {
    expect(withName(rule, "lb", { name: "fixed" }, undefined, "seed")).toEqual({ name: "fixed", __defaults: [] });
    expect(withName(rule, "lb", { namePrefix: "lb-" }, undefined, "seed")).toEqual({
      namePrefix: "lb-",
      __defaults: [],
    });
    expect(withName(rule, "lb", {}, { name: "fixed", __defaults: [] }, "seed")).toEqual({
      name: expect.stringMatching(/^lb-[0-9a-f]{7}$/) as string,
      __defaults: ["name"],
    });
  });

  it("is refused where the vendor's limit leaves no room for it", () => {
    expect(withName(rule, "a".repeat(25), {}, undefined, "seed")).toEqual(
      new Error(`name '${"a".repeat(25)}-' plus 7 random chars is longer than maximum length 32`),
    );
    expect(withName(rule, "a".repeat(24), {}, undefined, "seed")).toEqual({
      name: expect.stringMatching(/^a{24}-[0-9a-f]{7}$/) as string,
      __defaults: ["name"],
    });
  });

  it("is lowered where the provider lowers it", () => {
    expect(withName({ property: "bucket", maximum: 63, lowerCase: true }, "Logs", {}, undefined, "seed")).toEqual({
      bucket: expect.stringMatching(/^logs-[0-9a-f]{7}$/) as string,
      __defaults: ["bucket"],
    });
  });
});
