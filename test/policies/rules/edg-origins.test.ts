/**
 * Proves what EDG-13 and 14 say about the origins of the good design with one thing changed: which TLS they speak, and
 * whether a way leads around the edge. Not that a cloud enforces what is written.
 */
import { describe, expect, it } from "vitest";
import { edg12 } from "../../../policies/rules/edg-12-origins-closed";
import { edg13 } from "../../../policies/rules/edg-13-tls";
import { edg14 } from "../../../policies/rules/edg-14-way-out";
import {
  asState,
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  unknownAt,
  withChange,
  withMore,
  without,
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
describe("both of them", () => {
  it("pass or judge the good design, planned and running, and have nothing to say about a bucket", () => {
    expect(toldBy(edg13, good)).toEqual([]);
    expect(toldBy(edg13, asState(good))).toEqual([]);
    expect(toldBy(edg14, asState(good))).toEqual(toldBy(edg14, good));
    expect(toldBy(edg13, bucketAlone)).toBeUndefined();
    expect(toldBy(edg14, bucketAlone)).toBeUndefined();
  });
});

describe("EDG-13", () => {
  const zone = (name: string, value: Draft) => toldBy(edg13, changed(good, name, { value }));

  it("refuses every mode that does not look at the origin's certificate", () => {
    expect(zone("zone-ssl", "flexible")).toMatchInlineSnapshot(`
      [
        "violation zone-ssl: Cloudflare does not look at the certificates of api.example.com's origins (ssl is flexible): it speaks plain HTTP to them, and what clients send can be read and changed on the way; fix: set ssl to strict",
      ]
    `);
    expect(zone("zone-ssl", "full")).toMatchInlineSnapshot(`
      [
        "violation zone-ssl: Cloudflare does not look at the certificates of api.example.com's origins (ssl is full): whoever sits on the way can show a certificate of their own; fix: set ssl to strict",
      ]
    `);
    expect(zone("zone-ssl", "off")?.length).toBe(1);
    expect(zone("zone-ssl", "origin_pull")).toEqual([]);
  });

  it("refuses old TLS for clients", () => {
    expect(zone("zone-min_tls_version", "1.0")).toMatchInlineSnapshot(`
      [
        "violation zone-min_tls_version: clients of api.example.com may speak TLS 1.0, which is broken; fix: set min_tls_version to 1.2",
      ]
    `);
    expect(zone("zone-min_tls_version", "1.3")).toEqual([]);
    expect(zone("zone-min_tls_version", 1.2)).toEqual([]);
  });

  it("cannot tell what the design does not say, or does not know", () => {
    expect(toldBy(edg13, without(without(good, "zone-ssl"), "zone-min_tls_version"))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: nothing in this design sets ssl of the zone, so nobody can say what Cloudflare takes for an origin of api.example.com; fix: set ssl to strict with a ZoneSetting, or waive this with the place that sets it",
        "undecided load-balancer: nothing in this design sets min_tls_version of the zone, so nobody can say which TLS clients of api.example.com may speak; fix: set min_tls_version to 1.2 with a ZoneSetting, or waive this with the place that sets it",
      ]
    `);
    expect(zone("zone-ssl", later)).toMatchInlineSnapshot(`
      [
        "undecided zone-ssl: value of zone-ssl is known only after an update, so nobody can say whether Cloudflare looks at the certificates of api.example.com's origins; fix: write value as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("does not take another zone's setting for this one's", () => {
    expect(toldBy(edg13, changed(good, "zone-ssl", { zoneId: "00000000000000000000000000000000" }))?.length).toBe(1);
  });

  it("reads the older resource of all settings, and rules of a configuration", () => {
    const bare = without(without(good, "zone-ssl"), "zone-min_tls_version");
    const override = (ssl: string) =>
      withMore(
        bare,
        resource("cloudflare:index/zoneSettingsOverride:ZoneSettingsOverride", "all", {
          zoneId: ZONE,
          settings: { ssl, minTlsVersion: "1.2" },
        }),
      );
    expect(toldBy(edg13, override("strict"))).toEqual([]);
    expect(toldBy(edg13, override("full"))?.[0]).toContain("violation all:");
    const rules = (ssl: string, enabled: boolean) =>
      withMore(
        good,
        resource("cloudflare:index/ruleset:Ruleset", "configuration", {
          zoneId: ZONE,
          kind: "zone",
          phase: "http_config_settings",
          rules: [{ action: "set_config", enabled, expression: "true", actionParameters: { ssl } }],
        }),
      );
    expect(toldBy(edg13, rules("strict", true))).toEqual([]);
    expect(toldBy(edg13, rules("flexible", true))?.[0]).toContain("violation configuration:");
    expect(toldBy(edg13, rules("flexible", false))).toEqual([]);
  });

  it("refuses listeners without TLS, or with an old one", () => {
    const plain = (action: Draft) =>
      withMore(
        good,
        resource("aws:lb/listener:Listener", "us-east-2-http", {
          region: "us-east-2",
          loadBalancerArn: ref("us-east-2-lb", "arn"),
          port: 80,
          protocol: "HTTP",
          defaultActions: [action],
        }),
      );
    expect(toldBy(edg13, plain({ type: "forward", targetGroupArn: ref("us-east-2-targets", "arn") })))
      .toMatchInlineSnapshot(`
      [
        "violation us-east-2-http: the listener us-east-2-http takes requests without TLS: whoever sits on the way to us-east-2-lb can read and change what clients send; fix: let it redirect to HTTPS, or take it away",
      ]
    `);
    expect(toldBy(edg13, plain({ type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } }))).toEqual(
      [],
    );
    const policy = (sslPolicy: Draft | undefined) => toldBy(edg13, changed(good, "us-east-2-https", { sslPolicy }));
    expect(policy(undefined)).toMatchInlineSnapshot(`
      [
        "violation us-east-2-https: the listener us-east-2-https speaks TLS older than 1.2 (ELBSecurityPolicy-2016-08): whoever sits on the way to us-east-2-lb can read and change what clients send; fix: set sslPolicy to ELBSecurityPolicy-TLS13-1-2-2021-06 or a stricter one",
      ]
    `);
    expect(policy("ELBSecurityPolicy-TLS13-1-1-2021-06")?.length).toBe(1);
    for (const strong of [
      "ELBSecurityPolicy-TLS13-1-2-2021-06",
      "ELBSecurityPolicy-TLS13-1-3-2021-06",
      "ELBSecurityPolicy-FS-1-2-Res-2020-10",
      "ELBSecurityPolicy-TLS-1-2-2017-01",
    ]) {
      expect(policy(strong)).toEqual([]);
    }
    expect(policy(later)).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-https: sslPolicy of us-east-2-https is known only after an update, so nobody can say how strict the TLS of us-east-2-lb is; fix: write sslPolicy as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("refuses Google proxies without an SSL policy, or with an old one", () => {
    expect(toldBy(edg13, changed(good, "us-central1-proxy", { sslPolicy: undefined }))).toMatchInlineSnapshot(`
      [
        "violation us-central1-proxy: us-central1-proxy has no SSL policy and speaks TLS 1.0: whoever sits on the way to us-central1-https can read and change what clients send; fix: give it an SSL policy with minTlsVersion TLS_1_2",
      ]
    `);
    const policy = (changes: Record<string, Draft | undefined>) =>
      toldBy(edg13, changed(good, "us-central1-tls", changes));
    expect(policy({ minTlsVersion: "TLS_1_1", profile: "MODERN" })).toMatchInlineSnapshot(`
      [
        "violation us-central1-tls: the SSL policy us-central1-tls lets TLS older than 1.2 in: whoever sits on the way to us-central1-https can read and change what clients send; fix: set minTlsVersion to TLS_1_2",
      ]
    `);
    expect(policy({ minTlsVersion: undefined, profile: "RESTRICTED" })).toEqual([]);
    expect(policy({ minTlsVersion: later, profile: "MODERN" })).toMatchInlineSnapshot(`
      [
        "undecided us-central1-tls: minTlsVersion of us-central1-tls is known only after an update, so nobody can say how strict the TLS of us-central1-https is; fix: write minTlsVersion as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});

describe("EDG-14", () => {
  /** A second hostname on Route 53 that leads to the AWS regions, by balancers of their own without the edge's certificate. */
  const escape = (graph: DraftGraph, target: string): DraftGraph =>
    withMore(
      graph,
      resource("aws:route53/zone:Zone", "other-zone", { name: "example.net" }),
      resource("aws:route53/record:Record", "escape", {
        zoneId: ref("other-zone"),
        name: "api.example.net",
        type: "CNAME",
        ttl: 60,
        records: [ref(target, "dnsName")],
      }),
    );

  it("says that every way in is Cloudflare's", () => {
    expect(toldBy(edg14, good)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: when Cloudflare fails, nobody reaches api.example.com, although its regions run: every way in is Cloudflare's; fix: give API clients a second hostname on another provider's DNS (Route 53 with failover records) that leads to open entries of the same regions",
      ]
    `);
  });

  it("passes a second hostname elsewhere that leads to an open entry of the same regions", () => {
    expect(toldBy(edg14, escape(letsIn({ cidrIpv4: "0.0.0.0/0" }), "us-east-2-lb"))).toEqual([]);
  });

  it("lets EDG-12 alone about an entry that is open for that reason", () => {
    expect(toldBy(edg12, escape(letsIn({ cidrIpv4: "0.0.0.0/0" }), "us-east-2-lb"))).toEqual([]);
  });

  it("says when the other way leads to what takes the edge alone", () => {
    expect(toldBy(edg14, escape(good, "us-east-2-lb"))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: when Cloudflare fails, api.example.net is the way in, and us-east-2-lb behind it lets in Cloudflare alone or shows a certificate that only Cloudflare trusts; fix: give us-east-2-lb a second listener or balancer with a public certificate that lets clients in, and protection of its own",
      ]
    `);
  });

  it("says when the other way shows a certificate that Cloudflare alone trusts", () => {
    const open = escape(letsIn({ cidrIpv4: "0.0.0.0/0" }), "us-east-2-lb");
    const own = withMore(
      open,
      resource("cloudflare:index/originCaCertificate:OriginCaCertificate", "origin-ca", {
        hostnames: ["api.example.com"],
      }),
    );
    const imported = changed(own, "us-east-2-certificate", {
      domainName: undefined,
      validationMethod: undefined,
      certificateBody: ref("origin-ca", "certificate"),
    });
    expect(toldBy(edg14, imported)?.length).toBe(1);
  });

  it("does not count a record of Cloudflare's own DNS, and says so", () => {
    const half = withMore(
      letsIn({ cidrIpv4: "0.0.0.0/0" }),
      resource("cloudflare:index/dnsRecord:DnsRecord", "escape", {
        zoneId: ZONE,
        name: "direct.example.com",
        type: "CNAME",
        content: ref("us-east-2-lb", "dnsName"),
        ttl: 60,
        proxied: false,
      }),
    );
    expect(toldBy(edg14, half)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: when Cloudflare fails, nobody reaches api.example.com, although its regions run: every way in is Cloudflare's; direct.example.com goes around its proxy, and fails with its DNS; fix: give API clients a second hostname on another provider's DNS (Route 53 with failover records) that leads to open entries of the same regions",
      ]
    `);
  });

  it("does not count the name of an origin, which is there for the edge", () => {
    const named = escape(letsIn({ cidrIpv4: "0.0.0.0/0" }), "us-east-2-lb");
    const used = changed(named, "us-east-2-pool", { "origins[0].address": "api.example.net" });
    expect(toldBy(edg14, used)?.length).toBe(1);
  });

  it("does not count an address that no name leads to", () => {
    const second = withMore(
      good,
      resource("aws:lb/loadBalancer:LoadBalancer", "nameless", { region: "us-east-2", securityGroups: [ref("all")] }),
      resource("aws:ec2/securityGroup:SecurityGroup", "all", {
        region: "us-east-2",
        ingress: [{ cidrBlocks: ["0.0.0.0/0"] }],
      }),
      resource("aws:lb/listener:Listener", "nameless-https", {
        region: "us-east-2",
        loadBalancerArn: ref("nameless", "arn"),
        protocol: "HTTPS",
        port: 443,
        defaultActions: [{ type: "forward", targetGroupArn: ref("us-east-2-targets", "arn") }],
      }),
    );
    expect(toldBy(edg14, second)).toEqual(toldBy(edg14, good));
  });

  it("cannot tell when it is not known whether the other way is open", () => {
    const mode = changed(letsIn({ cidrIpv4: "0.0.0.0/0" }, good), "us-east-2-https", {
      "mutualAuthentication.mode": later,
    });
    expect(toldBy(edg14, escape(mode, "us-east-2-lb"))).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-https: mutualAuthentication.mode of us-east-2-https is known only after an update, so nobody can say whether api.example.com has a way in when Cloudflare fails; fix: write mutualAuthentication.mode as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(toldBy(edg14, unknownAt(good, "us-east-2-lb", "securityGroups"))?.length).toBe(1);
  });
});
