// Proves that each Google region has its own authorization, one DNS-only record and certificate, in the right order, and that removing a
// region touches nothing of the others. It does not prove that Google issues: that needs an account and a zone.
import { describe, expect, it } from "vitest";
import { GcpCertificates, gcpCertificatesIssues, type GcpCertificatesArgs } from "../../../components/gcp";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, value, type Recording } from "../../support/mocks";
import { skipped } from "../../support/skip";

const CENTRAL = { region: "us-central1", project: "twodoor-central" };
const EAST = { region: "us-east4", project: "twodoor-east" };
const AUTHORIZATION = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization";
const CERTIFICATE = "gcp:certificatemanager/certificate:Certificate";
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";

function args(changes: Partial<GcpCertificatesArgs> = {}): GcpCertificatesArgs {
  return { hostname: "api.example.com", zoneId: "0".repeat(32), regions: [CENTRAL, EAST], ...changes };
}

function computed(type: string, _: string, inputs: Record<string, unknown>): Record<string, unknown> {
  if (type !== AUTHORIZATION) return {};
  const name = `_acme-challenge_${String(inputs.project)}.api.example.com.`;
  const data = `${String(inputs.project)}.1.${String(inputs.location)}.authorize.certificatemanager.goog.`;
  return { dnsResourceRecords: [{ name, type: "CNAME", data }] };
}

function up(changes: Partial<GcpCertificatesArgs> = {}): Promise<Recording<GcpCertificates>> {
  return record(() => new GcpCertificates("exchange-gcp", args(changes)), { preview: false, computed });
}

describe("certificates", () => {
  it("makes three resources a region", async () => {
    expect((await up()).counts()).toEqual({
      [RECORD]: 2,
      [CERTIFICATE]: 2,
      [AUTHORIZATION]: 2,
      "twodoor:index:GcpCertificates": 1,
    });
  });

  it("asks for one record of each project, in the region", async () => {
    const { inputs } = (await up()).one(AUTHORIZATION, "exchange-gcp-us-east4-authorization");
    expect(inputs).toEqual({
      project: "twodoor-east",
      location: "us-east4",
      domain: "api.example.com",
      type: "PER_PROJECT_RECORD",
      labels: {},
    });
  });

  it("answers in Cloudflare without proxy and without dots at the end", async () => {
    const { inputs } = (await up()).one(RECORD, "exchange-gcp-twodoor-east-validation");
    expect(inputs).toEqual({
      zoneId: "0".repeat(32),
      name: "_acme-challenge_twodoor-east.api.example.com",
      type: "CNAME",
      content: "twodoor-east.1.us-east4.authorize.certificatemanager.goog",
      ttl: 3600,
      proxied: false,
      comment: "Renews the certificate of Google project twodoor-east. Keep it.",
    });
  });

  it("asks for the certificate once the record stands", async () => {
    const recording = await up();
    const certificate = recording.one(CERTIFICATE, "exchange-gcp-us-east4-certificate");
    expect(certificate.inputs).toEqual({
      project: "twodoor-east",
      location: "us-east4",
      labels: {},
      managed: { domains: ["api.example.com"], dnsAuthorizations: ["exchange-gcp-us-east4-authorization-id"] },
    });
    expect(certificate.dependencies).toEqual(
      [
        recording.one(AUTHORIZATION, "exchange-gcp-us-east4-authorization").urn,
        recording.one(RECORD, "exchange-gcp-twodoor-east-validation").urn,
      ].sort(),
    );
  });

  it("tells the certificates by region, and registers them", async () => {
    const recording = await record(async () => value(new GcpCertificates("exchange-gcp", args()).certificateIds), {
      preview: false,
      computed,
    });
    expect(recording.result).toEqual({
      "us-central1": "exchange-gcp-us-central1-certificate-id",
      "us-east4": "exchange-gcp-us-east4-certificate-id",
    });
    expect(Object.keys(recording.one("twodoor:index:GcpCertificates").outputs)).toEqual(["certificateIds"]);
  });

  it("takes exactly a region's own three away with it", async () => {
    const [both, one] = [await up(), await up({ regions: [EAST] })];
    const wires = new Map(one.resources.map(({ urn, wire }) => [urn, JSON.stringify(wire)]));
    const gone = both.resources.filter(({ urn }) => !wires.has(urn)).map(({ name }) => name);
    expect(gone.sort()).toEqual([
      "exchange-gcp-twodoor-central-validation",
      "exchange-gcp-us-central1-authorization",
      "exchange-gcp-us-central1-certificate",
    ]);
    const changed = both.resources.filter(({ urn, wire }) => wires.has(urn) && wires.get(urn) !== JSON.stringify(wire));
    expect(changed).toEqual([]);
  });

  it("are protected by region", async () => {
    const { resources } = await up({ regions: [{ ...CENTRAL, deletionProtected: false }, EAST] });
    expect(
      resources
        .filter(({ protect }) => protect)
        .map(({ name }) => name)
        .sort(),
    ).toEqual([
      "exchange-gcp-twodoor-east-validation",
      "exchange-gcp-us-east4-authorization",
      "exchange-gcp-us-east4-certificate",
    ]);
  });
});

describe("refusals", () => {
  it.each([
    ["no region", { regions: [] }, ["regions: at least one region; got an empty list"]],
    [
      "a region twice",
      { regions: [EAST, { ...EAST, project: "twodoor-other" }] },
      ['regions[1].region: each region once; got "us-east4" again'],
    ],
    [
      "two regions of one project",
      { regions: [CENTRAL, { ...EAST, project: CENTRAL.project }] },
      ['regions[1].project: a project of its own for each region of one hostname; got "twodoor-central" again'],
    ],
    [
      "a wildcard",
      { hostname: "*.example.com" },
      ['hostname: a full hostname in lower case, without wildcard or dot at its end; got "*.example.com"'],
    ],
    [
      "an unknown region",
      { regions: [{ ...EAST, region: "us-east-2" }] },
      ['regions[0].region: a Google Cloud region; got "us-east-2"'],
    ],
    [
      "a project's number",
      { regions: [{ ...EAST, project: "123456789" }] },
      ['regions[0].project: a project id of 6 to 30 lower-case letters, digits and hyphens; got "123456789"'],
    ],
  ] as [string, Partial<GcpCertificatesArgs>, string[]][])("rejects %s", (_, changes, expected) => {
    const issues = gcpCertificatesIssues(args(changes));
    expect(issues.map(({ path, expected, got }) => `${path}: ${expected}; got ${got}`)).toEqual(expected);
  });
});

describe.skipIf(skipped(contractsMissing()))("the vendors' contracts", () => {
  it("find nothing", async () => {
    const recording = await record(() => new GcpCertificates("exchange-gcp", args()));
    expect(contractFindings(graphOf(recording))).toEqual([]);
  });
});
