/**
 * Proves what EDG-12 says about the origins of the good design with one thing changed: who gets to them besides the edge. Not that a cloud enforces
 * what is written. Kinds of entries beyond load balancers and Cloud Run are tested in test/policies/access.test.ts.
 */
import { describe, expect, it } from "vitest";
import { edg12 } from "../../../policies/rules/edg-12-origins-closed";
import {
  asState,
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  withChange,
  withMore,
  type Draft,
  type DraftGraph,
} from "../../support/designs";
import { toldBy } from "../../support/judged";

const ZONE = "fedcba9876543210fedcba9876543210";
const good = goodDesign();
const bucketAlone = designFrom([resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" })]);

function changed(graph: DraftGraph, name: string, changes: Record<string, Draft | undefined>): DraftGraph {
  return Object.entries(changes).reduce((from, [path, value]) => withChange(from, name, path, value), graph);
}

/** One AWS region that asks for no certificate, and has its addresses alone. */
const noCertificate = changed(good, "us-east-2-https", { mutualAuthentication: undefined });
/** What its security group lets in, in place of the edge's list. */
const letsIn = (changes: Record<string, Draft | undefined>, graph = noCertificate) =>
  changed(graph, "us-east-2-lb-from-edge", { prefixListId: undefined, ...changes });
/** One Google region that asks for no certificate. */
const noCertificateAtGoogle = changed(good, "us-central1-proxy", { serverTlsPolicy: undefined });

const OPEN =
  "the security group us-east-2-lb-group lets in every address: whoever finds the address of us-east-2-lb gets past the edge of api.example.com, its limits and its filters; fix: let in the edge's ranges alone";

describe("EDG-12", () => {
  it("passes the good design, planned and running, and has nothing to say about a bucket", () => {
    expect(toldBy(edg12, good)).toEqual([]);
    expect(toldBy(edg12, asState(good))).toEqual([]);
    expect(toldBy(edg12, bucketAlone)).toBeUndefined();
  });
});

describe("EDG-12 at AWS", () => {
  it.each([
    ["0.0.0.0/0", { cidrIpv4: "0.0.0.0/0" }],
    ["::/0", { cidrIpv6: "::/0" }],
    ["a half of all addresses", { cidrIpv4: "128.0.0.0/1" }],
  ])("refuses a group that lets in %s", (_, changes) => {
    expect(toldBy(edg12, letsIn(changes))).toEqual([`violation us-east-2-lb-from-edge: ${OPEN}`]);
  });

  it("reads groups in the older ways of writing: rules inside, and rules with a direction", () => {
    const inline = changed(noCertificate, "us-east-2-lb-group", {
      ingress: [{ protocol: "tcp", fromPort: 443, toPort: 443, cidrBlocks: ["10.0.0.0/8", "0.0.0.0/0"] }],
    });
    expect(toldBy(edg12, inline)).toEqual([`violation us-east-2-lb-group: ${OPEN}`]);
    const rule = (type: string) =>
      withMore(
        noCertificate,
        resource("aws:ec2/securityGroupRule:SecurityGroupRule", "old", {
          region: "us-east-2",
          securityGroupId: ref("us-east-2-lb-group"),
          type,
          protocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrBlocks: ["0.0.0.0/0"],
        }),
      );
    expect(toldBy(edg12, rule("ingress"))).toEqual([`violation old: ${OPEN}`]);
    expect(toldBy(edg12, rule("egress"))?.map((line) => line.split(" ")[0])).toEqual(["advice"]);
  });

  it("opens prefix lists of the design, and takes others for what they are", () => {
    const list = changed(noCertificate, "us-east-2-edge-ranges", { "entries[0].cidr": "0.0.0.0/0" });
    expect(toldBy(edg12, list)).toEqual([`violation us-east-2-lb-from-edge: ${OPEN}`]);
    expect(toldBy(edg12, letsIn({ prefixListId: "pl-3b927c52" }))?.map((line) => line.split(" ")[0])).toEqual([
      "advice",
    ]);
  });

  it("takes a listener that only passes certificates on for one that asks for none", () => {
    const lax = changed(letsIn({ cidrIpv4: "0.0.0.0/0" }), "us-east-2-https", {
      mutualAuthentication: { mode: "passthrough" },
    });
    expect(toldBy(edg12, lax)).toEqual([`violation us-east-2-lb-from-edge: ${OPEN}`]);
  });

  it("gives advice where one guard alone stands", () => {
    expect(toldBy(edg12, noCertificate)).toMatchInlineSnapshot(`
      [
        "advice us-east-2-https: us-east-2-lb has one guard: the listener us-east-2-https asks nobody for a certificate, so lists of addresses alone guard it, and every customer of the edge comes from these; fix: set mutualAuthentication to mode verify, with the authority of the edge's certificate",
      ]
    `);
    expect(toldBy(edg12, letsIn({ cidrIpv4: "0.0.0.0/0" }, good))).toMatchInlineSnapshot(`
      [
        "advice us-east-2-lb-from-edge: us-east-2-lb has one guard: the security group us-east-2-lb-group lets in every address, so a certificate or header alone guards it, and everybody may knock; fix: let in the edge's ranges alone",
      ]
    `);
  });

  it("takes a header that only the edge sends for a guard", () => {
    const guarded = withMore(
      changed(letsIn({ cidrIpv4: "0.0.0.0/0" }), "us-east-2-https", {
        defaultActions: [{ type: "fixed-response", fixedResponse: { statusCode: "403", contentType: "text/plain" } }],
      }),
      resource("aws:lb/listenerRule:ListenerRule", "from-edge", {
        region: "us-east-2",
        listenerArn: ref("us-east-2-https", "arn"),
        conditions: [{ httpHeader: { httpHeaderName: "x-origin-verify", values: [later] } }],
        actions: [{ type: "forward", targetGroupArn: ref("us-east-2-targets", "arn") }],
      }),
    );
    expect(toldBy(edg12, guarded)?.map((line) => line.split(" ")[0])).toEqual(["advice"]);
    const everybody = withChange(guarded, "from-edge", "conditions", [{ pathPattern: { values: ["/*"] } }]);
    expect(toldBy(edg12, everybody)).toEqual([`violation us-east-2-lb-from-edge: ${OPEN}`]);
  });

  it("takes a web ACL that blocks by default for a guard", () => {
    const guarded = (action: string) =>
      withMore(
        letsIn({ cidrIpv4: "0.0.0.0/0" }),
        resource("aws:wafv2/webAcl:WebAcl", "acl", {
          region: "us-east-2",
          scope: "REGIONAL",
          defaultAction: { [action]: {} },
        }),
        resource("aws:wafv2/webAclAssociation:WebAclAssociation", "acl-of-lb", {
          region: "us-east-2",
          resourceArn: ref("us-east-2-lb", "arn"),
          webAclArn: ref("acl", "arn"),
        }),
      );
    expect(toldBy(edg12, guarded("block"))?.map((line) => line.split(" ")[0])).toEqual(["advice"]);
    expect(toldBy(edg12, guarded("allow"))).toEqual([`violation us-east-2-lb-from-edge: ${OPEN}`]);
  });

  it("cannot tell a range, a group or a mode that is not known where it would decide", () => {
    expect(toldBy(edg12, letsIn({ cidrIpv4: later }))).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-lb-from-edge: cidrIpv4 of us-east-2-lb-from-edge is known only after an update, so nobody can say whether us-east-2-lb lets in others than the edge; fix: write cidrIpv4 as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(toldBy(edg12, letsIn({ cidrIpv4: later }, good))).toEqual([]);
    expect(toldBy(edg12, changed(noCertificate, "us-east-2-lb", { securityGroups: ["sg-0123456789abcdef0"] })))
      .toMatchInlineSnapshot(`
        [
          "undecided us-east-2-lb: securityGroups of us-east-2-lb points to something outside this design, so nobody can say whether us-east-2-lb lets in others than the edge; fix: judge the design together with what securityGroups points to, or waive this with the reason",
        ]
      `);
    const mode = changed(letsIn({ cidrIpv4: "0.0.0.0/0" }, good), "us-east-2-https", {
      "mutualAuthentication.mode": later,
    });
    expect(toldBy(edg12, mode)).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-https: mutualAuthentication.mode of us-east-2-https is known only after an update, so nobody can say whether us-east-2-lb lets in others than the edge; fix: write mutualAuthentication.mode as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("is not about a hostname that is not proxied: its origins have to take everybody", () => {
    expect(
      toldBy(edg12, changed(letsIn({ cidrIpv4: "0.0.0.0/0" }), "load-balancer", { proxied: false })),
    ).toBeUndefined();
  });

  it("follows the names of origins", () => {
    const name = resource("cloudflare:index/dnsRecord:DnsRecord", "origin-name", {
      zoneId: ZONE,
      name: "us-east-2.origin.example.com",
      type: "CNAME",
      content: ref("us-east-2-lb", "dnsName"),
      ttl: 60,
      proxied: false,
    });
    const named = changed(withMore(letsIn({ cidrIpv4: "0.0.0.0/0" }), name), "us-east-2-pool", {
      "origins[0].address": "us-east-2.origin.example.com",
    });
    expect(toldBy(edg12, named)).toEqual([`violation us-east-2-lb-from-edge: ${OPEN}`]);
  });
});

describe("EDG-12 at Google", () => {
  const told = (changes: Record<string, Draft | undefined>, name = "us-central1-armor") =>
    toldBy(edg12, changed(noCertificateAtGoogle, name, changes));

  it("refuses a backend service without a security policy, and a policy that lets the rest in", () => {
    expect(told({ securityPolicy: undefined }, "us-central1-backend")).toMatchInlineSnapshot(`
      [
        "violation us-central1-backend: us-central1-backend has no security policy and lets in every address: whoever finds the address of us-central1-https gets past the edge of api.example.com, its limits and its filters; fix: give it a Cloud Armor policy that lets in the edge's ranges alone",
      ]
    `);
    expect(told({ "rules[1].action": "allow" })).toMatchInlineSnapshot(`
      [
        "violation us-central1-armor: the security policy us-central1-armor lets in every address: whoever finds the address of us-central1-https gets past the edge of api.example.com, its limits and its filters; fix: end us-central1-armor with a rule of priority 2147483647 that denies *",
      ]
    `);
    expect(told({ "rules[1].action": "throttle" })?.length).toBe(1);
    expect(told({ "rules[1]": undefined })).toMatchInlineSnapshot(`
      [
        "violation us-central1-armor: the security policy us-central1-armor has no last rule, and Google adds one that lets in every address: whoever finds the address of us-central1-https gets past the edge of api.example.com, its limits and its filters; fix: end us-central1-armor with a rule of priority 2147483647 that denies *",
      ]
    `);
  });

  it("goes by the order of priorities, and not by rules that are only tried out", () => {
    const everybody = { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["0.0.0.0/0"] } };
    const first = (priority: number, preview = false) =>
      told({ "rules[2]": { action: "allow", priority, preview, match: everybody } })?.filter((line) =>
        line.startsWith("violation"),
      ).length;
    expect(first(10)).toBe(1);
    expect(first(10, true)).toBe(0);
    expect(told({ "rules[1].preview": true })?.[0]).toContain("violation us-central1-armor");
  });

  it("reads rules that are resources of their own", () => {
    const rule = (action: string) =>
      withMore(
        changed(noCertificateAtGoogle, "us-central1-armor", { "rules[1]": undefined }),
        resource("gcp:compute/regionSecurityPolicyRule:RegionSecurityPolicyRule", "last", {
          project: "example-us-central1",
          region: "us-central1",
          securityPolicy: ref("us-central1-armor", "name"),
          priority: 2147483647,
          action,
          match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } },
        }),
      );
    expect(toldBy(edg12, rule("deny(403)"))?.map((line) => line.split(" ")[0])).toEqual(["advice"]);
    expect(toldBy(edg12, rule("allow"))?.[0]).toContain(
      "violation last: the security policy us-central1-armor lets in",
    );
  });

  it("gives advice where one guard alone stands", () => {
    expect(toldBy(edg12, noCertificateAtGoogle)).toMatchInlineSnapshot(`
      [
        "advice us-central1-proxy: us-central1-https has one guard: us-central1-proxy asks nobody for a certificate, so lists of addresses alone guard it, and every customer of the edge comes from these; fix: give it a server TLS policy with clientValidationMode REJECT_INVALID and the authority of the edge's certificate",
      ]
    `);
    expect(toldBy(edg12, changed(good, "us-central1-armor", { "rules[1].action": "allow" }))).toMatchInlineSnapshot(`
      [
        "advice us-central1-armor: us-central1-https has one guard: the security policy us-central1-armor lets in every address, so a certificate or header alone guards it, and everybody may knock; fix: end us-central1-armor with a rule of priority 2147483647 that denies *",
      ]
    `);
  });

  it("takes a policy that lets clients without a certificate in for none", () => {
    const lax = changed(good, "us-central1-edge-only", {
      "mtlsPolicy.clientValidationMode": "ALLOW_INVALID_OR_MISSING_CLIENT_CERT",
    });
    expect(toldBy(edg12, lax)).toEqual(toldBy(edg12, noCertificateAtGoogle));
  });

  it("refuses a Cloud Run service that answers past its balancer", () => {
    const service = (changes: Record<string, Draft | undefined>) =>
      toldBy(edg12, changed(good, "us-central1-service", changes));
    expect(service({ ingress: "INGRESS_TRAFFIC_ALL" })).toMatchInlineSnapshot(`
      [
        "violation us-central1-service: us-central1-service answers everybody at its run.app address, past its load balancer: whoever finds the address of us-central1-https gets past the edge of api.example.com, its limits and its filters; fix: set its ingress to INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
      ]
    `);
    expect(service({ ingress: undefined })).toEqual(service({ ingress: "INGRESS_TRAFFIC_ALL" }));
    expect(service({ ingress: "INGRESS_TRAFFIC_ALL", defaultUriDisabled: true })).toEqual([]);
    expect(service({ ingress: later })).toMatchInlineSnapshot(`
      [
        "undecided us-central1-service: ingress of us-central1-service is known only after an update, so nobody can say whether us-central1-https lets in others than the edge; fix: write ingress as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("cannot tell a policy or an action that is not known", () => {
    expect(told({ "rules[1].action": later })).toMatchInlineSnapshot(`
      [
        "undecided us-central1-armor: rules[1].action of us-central1-armor is known only after an update, so nobody can say whether us-central1-https lets in others than the edge; fix: write rules[1].action as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(told({ rules: later })).toMatchInlineSnapshot(`
      [
        "undecided us-central1-armor: rules of us-central1-armor is known only after an update, so nobody can say whether us-central1-https lets in others than the edge; fix: write rules as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(told({ securityPolicy: later }, "us-central1-backend")).toMatchInlineSnapshot(`
      [
        "undecided us-central1-backend: securityPolicy of us-central1-backend is known only after an update, so nobody can say whether us-central1-https lets in others than the edge; fix: write securityPolicy as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});
