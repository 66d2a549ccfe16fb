// Proves that the entry of a Google region is closed to all but Cloudflare, sets nothing that Google refuses and is made in the right
// order. It does not prove that Cloud Armor works: that takes a request from elsewhere.
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { GcpRegion, type GcpRegionArgs } from "../../../components/gcp";
import { record, type Recording } from "../../support/mocks";
import { at, computed, PEM, regionArgs } from "./region-fixture";

const NAME = "exchange-us-central1";
const RULE = "gcp:compute/forwardingRule:ForwardingRule";

async function plan(changes: Partial<GcpRegionArgs> = {}): Promise<Recording<GcpRegion>> {
  return record(() => new GcpRegion(NAME, regionArgs(changes)));
}

async function up(changes: Partial<GcpRegionArgs> = {}): Promise<Recording<GcpRegion>> {
  return record(() => new GcpRegion(NAME, regionArgs(changes)), { preview: false, computed });
}

function namesOf(recording: Recording<unknown>, urns: string[]): string[] {
  return recording.resources.filter(({ urn }) => urns.includes(urn)).map(({ name }) => name);
}

describe("the entry", () => {
  it("lets in Cloudflare's ranges in three rules of at most ten, and nobody else", async () => {
    const { inputs } = (await plan()).one("gcp:compute/regionSecurityPolicy:RegionSecurityPolicy");
    expect(inputs.type).toBe("CLOUD_ARMOR");
    const [, ...rules] = Object.values(inputs.rules as object) as unknown[];
    const summary = rules.map((rule) => {
      const ranges = Object.values(at(rule, "match.config.srcIpRanges") as object) as string[];
      return { action: at(rule, "action"), priority: at(rule, "priority"), ranges: ranges.length, first: ranges[0] };
    });
    expect(summary).toEqual([
      { action: "allow", priority: 1000, ranges: 10, first: "173.245.48.0/20" },
      { action: "allow", priority: 2000, ranges: 5, first: "162.158.0.0/15" },
      { action: "allow", priority: 3000, ranges: 7, first: "2400:cb00::/32" },
      { action: "deny(403)", priority: 2147483647, ranges: 1, first: "*" },
    ]);
  });

  it("refuses first what asks for another hostname, which other customers of Cloudflare's addresses do", async () => {
    const { inputs } = (await plan({ hostname: pulumi.output("API.example.com") })).one(
      "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy",
    );
    expect(at(inputs.rules, "0")).toEqual({
      action: "deny(403)",
      priority: 100,
      description: "Another hostname",
      match: {
        expr: {
          expression:
            "has(request.headers['host']) && request.headers['host'].lower() != 'api.example.com' && request.headers['host'].lower() != 'api.example.com:443'",
        },
      },
    });
  });

  it("closes the backend by that policy and sets nothing that Google refuses with a serverless backend", async () => {
    const recording = await up();
    const { inputs } = recording.one("gcp:compute/regionBackendService:RegionBackendService");
    expect(inputs).toEqual({
      project: "twodoor-central",
      region: "us-central1",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      protocol: "HTTP",
      backends: [{ group: `${NAME}-neg-id`, capacityScaler: 1 }],
      securityPolicy: `https://www.googleapis.com/compute/v1/${NAME}-armor-1a2b3c4`,
      logConfig: { enable: true, sampleRate: 1 },
    });
    expect(recording.one("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup").inputs.cloudRun).toEqual({
      service: `${NAME}-api-1a2b3c4`,
    });
  });

  it("opens port 443 alone, with scheme and tier equal on rule and address", async () => {
    const recording = await up();
    const { inputs } = recording.one(RULE);
    expect(inputs).toEqual({
      project: "twodoor-central",
      region: "us-central1",
      labels: {},
      loadBalancingScheme: "EXTERNAL_MANAGED",
      networkTier: "PREMIUM",
      network: `${NAME}-net-network-id`,
      ipAddress: "203.0.113.7",
      ipProtocol: "TCP",
      portRange: "443",
      target: `${NAME}-proxy-id`,
    });
    expect(recording.one("gcp:compute/address:Address").inputs.networkTier).toBe("PREMIUM");
  });

  it("makes the rule last, after the proxy-only subnet that no property names", async () => {
    const recording = await up();
    const rule = recording.one(RULE);
    const dependencies = namesOf(recording, rule.dependencies);
    expect(dependencies).toContain(`${NAME}-net-proxy`);
    expect(dependencies).toContain(`${NAME}-proxy`);
    const dependents = recording.resources.filter(({ dependencies }) => dependencies.includes(rule.urn));
    expect(dependents).toEqual([]);
  });

  it("speaks TLS 1.2 and newer with forward secrecy, and asks for no client certificate while origin pulls are off", async () => {
    const recording = await up();
    expect(recording.one("gcp:compute/regionSslPolicy:RegionSslPolicy").inputs).toEqual({
      project: "twodoor-central",
      region: "us-central1",
      profile: "RESTRICTED",
      minTlsVersion: "TLS_1_2",
    });
    expect(recording.one("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy").inputs).toEqual({
      project: "twodoor-central",
      region: "us-central1",
      urlMap: `${NAME}-routes-id`,
      certificateManagerCertificates: ["projects/twodoor-central/locations/us-central1/certificates/api"],
      sslPolicy: `${NAME}-tls-id`,
    });
  });

  it.each([
    ["accept", "ALLOW_INVALID_OR_MISSING_CLIENT_CERT"],
    ["enforce", "REJECT_INVALID"],
  ] as const)("with origin pulls on %s judges client certificates by %s", async (originPullMode, mode) => {
    const recording = await up({ originPullMode, originPullAuthorities: PEM + PEM });
    const policy = recording.one("gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy");
    expect(policy.inputs).toEqual({
      project: "twodoor-central",
      location: "us-central1",
      labels: {},
      allowOpen: false,
      mtlsPolicy: { clientValidationMode: mode, clientValidationTrustConfig: `${NAME}-trust-id` },
    });
    expect(policy.ignoreChanges).toEqual(["mtlsPolicy.clientValidationTrustConfig"]);
    // Google updates nothing of such a policy, not even its labels.
    expect(policy.replaceOnChanges).toEqual(["location", "labels"]);
    const trust = recording.one("gcp:certificatemanager/trustConfig:TrustConfig");
    expect(trust.inputs.trustStores).toEqual([{ trustAnchors: [{ pemCertificate: PEM }, { pemCertificate: PEM }] }]);
    const proxy = recording.one("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy");
    expect(proxy.inputs.serverTlsPolicy).toBe(`${NAME}-clients-id`);
  });
});
