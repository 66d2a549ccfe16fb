// Proves: which keys, certificates and uploads stand for each generation, that a rotation in three steps touches nothing that is in use,
// that private keys are secrets, each refusal, and that Cloudflare's contracts find nothing. The certificates themselves are made by the
// tls provider and judged where it runs.
import { describe, expect, it } from "vitest";
import {
  CloudflareOriginPulls,
  cloudflareOriginPullsIssues,
  OriginPullCertificates,
  originPullCertificatesIssues,
  type CloudflareOriginPullsArgs,
  type OriginPullCertificatesArgs,
} from "../../../components/cloudflare";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, value, type RecordOptions } from "../../support/mocks";
import { skipped } from "../../support/skip";

const KEY = "tls:index/privateKey:PrivateKey";
const AUTHORITY = "tls:index/selfSignedCert:SelfSignedCert";
const REQUEST = "tls:index/certRequest:CertRequest";
const LEAF = "tls:index/locallySignedCert:LocallySignedCert";
const UPLOAD =
  "cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate";
const ASSOCIATION = "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls";
const NOTIFICATION = "cloudflare:index/notificationPolicy:NotificationPolicy";

const zone = {
  accountId: "0123456789abcdef0123456789abcdef",
  zoneId: "fedcba9876543210fedcba9876543210",
  zoneName: "example.com",
  hostname: "api.example.com",
};

/** What the tls provider and Cloudflare would compute, told apart by name. */
const computed: RecordOptions["computed"] = (type, name) => {
  if (type === KEY) return { privateKeyPem: `PLAINTEXT-${name}` };
  if (type === AUTHORITY) return { certPem: `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n\n` };
  if (type === REQUEST) return { certRequestPem: `request ${name}` };
  if (type === LEAF) return { certPem: `leaf ${name}`, validityEndTime: "2029-01-01T00:00:00Z" };
  if (type === UPLOAD) return { expiresOn: "2029-01-01T00:00:00Z" };
  return {};
};

interface Step {
  generations: string[];
  active: string;
  notificationEmails?: string[];
}

/** Both components as `ExchangeApi` joins them. */
const run = (
  { generations, active, notificationEmails }: Step,
  options: RecordOptions = { preview: false, computed },
) =>
  record(async () => {
    const made = new OriginPullCertificates("pulls", {
      hostname: zone.hostname,
      generations: generations.map((id) => ({ id })),
    });
    const certificates = Object.entries(made.nodes.generations).map(([id, { leafCertificate, leafKey }]) => ({
      id,
      certificate: leafCertificate.certPem,
      privateKey: leafKey.privateKeyPem,
    }));
    const shown = new CloudflareOriginPulls("shown", {
      ...zone,
      certificates,
      activeGeneration: active,
      ...(notificationEmails === undefined ? {} : { notificationEmails }),
    });
    return [await value(made.authorities), await value(shown.activeCertificateId)];
  }, options);

describe("OriginPullCertificates", () => {
  it("makes two keys, an authority, a request and a client certificate for each generation", async () => {
    const recording = await run({ generations: ["2026a"], active: "2026a" });
    expect(recording.counts()).toEqual({
      [ASSOCIATION]: 1,
      [UPLOAD]: 1,
      [REQUEST]: 1,
      [LEAF]: 1,
      [KEY]: 2,
      [AUTHORITY]: 1,
      "twodoor:index:CloudflareOriginPulls": 1,
      "twodoor:index:OriginPullCertificates": 1,
    });
    expect(recording.one(KEY, "pulls-2026a-leaf-key").inputs).toEqual({ algorithm: "ECDSA", ecdsaCurve: "P256" });
    expect(recording.one(AUTHORITY, "pulls-2026a-authority").inputs).toEqual({
      allowedUses: ["cert_signing", "crl_signing"],
      earlyRenewalHours: 0,
      isCaCertificate: true,
      privateKeyPem: "PLAINTEXT-pulls-2026a-authority-key",
      setAuthorityKeyId: true,
      setSubjectKeyId: true,
      subject: { commonName: "Origin pulls of api.example.com 2026a", organization: "twodoor" },
      validityPeriodHours: 19800,
    });
    expect(recording.one(REQUEST, "pulls-2026a-leaf-request").inputs).toEqual({
      dnsNames: ["api.example.com"],
      privateKeyPem: "PLAINTEXT-pulls-2026a-leaf-key",
      subject: { commonName: "api.example.com", organization: "twodoor" },
    });
    expect(recording.one(LEAF, "pulls-2026a-leaf").inputs).toEqual({
      allowedUses: ["digital_signature", "client_auth"],
      caCertPem: "-----BEGIN CERTIFICATE-----\npulls-2026a-authority\n-----END CERTIFICATE-----\n\n",
      caPrivateKeyPem: "PLAINTEXT-pulls-2026a-authority-key",
      certRequestPem: "request pulls-2026a-leaf-request",
      earlyRenewalHours: 0,
      isCaCertificate: false,
      setSubjectKeyId: true,
      validityPeriodHours: 19800,
    });
  });

  it("hands out the authorities in order, and when each certificate ends", async () => {
    const recording = await run({ generations: ["2026a", "2026b"], active: "2026a" });
    const pem = (id: string) => `-----BEGIN CERTIFICATE-----\npulls-${id}-authority\n-----END CERTIFICATE-----\n`;
    expect(recording.one("twodoor:index:OriginPullCertificates").outputs).toEqual({
      authorities: pem("2026a") + pem("2026b"),
      expiresAt: { "2026a": "2029-01-01T00:00:00Z", "2026b": "2029-01-01T00:00:00Z" },
    });
  });
});

describe("CloudflareOriginPulls", () => {
  it("uploads each certificate and shows the active one, under a name that holds the hostname", async () => {
    const recording = await run({ generations: ["2026a", "2026b"], active: "2026a" });
    expect(recording.one(UPLOAD, "shown-certificate-2026b").inputs).toEqual({
      certificate: "leaf pulls-2026b-leaf",
      privateKey: "PLAINTEXT-pulls-2026b-leaf-key",
      zoneId: zone.zoneId,
    });
    expect(recording.one(ASSOCIATION, "shown-association-api.example.com").inputs).toEqual({
      configs: [{ certId: "shown-certificate-2026a-id", enabled: true, hostname: "api.example.com" }],
      zoneId: zone.zoneId,
    });
    expect(recording.one("twodoor:index:CloudflareOriginPulls").outputs).toEqual({
      activeCertificateId: "shown-certificate-2026a-id",
      expiresAt: { "2026a": "2029-01-01T00:00:00Z", "2026b": "2029-01-01T00:00:00Z" },
      hostname: "api.example.com",
    });
  });

  it("rotates in three steps without touching what is in use", async () => {
    const steps = [
      { generations: ["2026a"], active: "2026a" },
      { generations: ["2026a", "2026b"], active: "2026a" },
      { generations: ["2026a", "2026b"], active: "2026b" },
      { generations: ["2026b"], active: "2026b" },
    ];
    const seen: Map<string, string>[] = [];
    for (const step of steps) {
      const { resources } = await run(step);
      const custom = resources.filter(({ custom }) => custom);
      seen.push(new Map(custom.map(({ name, inputs }) => [name, JSON.stringify(inputs)])));
    }
    const change = (from: number) => {
      const [a, b] = [seen[from] ?? new Map<string, string>(), seen[from + 1] ?? new Map<string, string>()];
      return {
        added: [...b.keys()].filter((name) => !a.has(name)).sort(),
        changed: [...a.keys()].filter((name) => b.has(name) && b.get(name) !== a.get(name)),
        removed: [...a.keys()].filter((name) => !b.has(name)).sort(),
      };
    };
    const generation = (id: string) => [
      `pulls-${id}-authority`,
      `pulls-${id}-authority-key`,
      `pulls-${id}-leaf`,
      `pulls-${id}-leaf-key`,
      `pulls-${id}-leaf-request`,
      `shown-certificate-${id}`,
    ];
    expect([change(0), change(1), change(2)]).toEqual([
      { added: generation("2026b"), changed: [], removed: [] },
      { added: [], changed: ["shown-association-api.example.com"], removed: [] },
      { added: [], changed: [], removed: generation("2026a") },
    ]);
  });

  it("keeps every private key a secret, in inputs and outputs", async () => {
    const { resources } = await run({ generations: ["2026a", "2026b"], active: "2026a" });
    const secret = (type: string) => resources.filter((r) => r.type === type).map(({ secretInputs }) => secretInputs);
    expect(secret(UPLOAD)).toEqual([["privateKey"], ["privateKey"]]);
    expect(secret(AUTHORITY)).toEqual([["privateKeyPem"], ["privateKeyPem"]]);
    expect(secret(REQUEST)).toEqual([["privateKeyPem"], ["privateKeyPem"]]);
    expect(secret(LEAF)).toEqual([["caPrivateKeyPem"], ["caPrivateKeyPem"]]);
    for (const { type, additionalSecretOutputs } of resources.filter((r) => r.type === KEY))
      expect([type, additionalSecretOutputs]).toEqual([
        KEY,
        ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
      ]);
    const components = resources.filter(({ custom }) => !custom);
    expect(components.map(({ outputs, inputs }) => JSON.stringify([outputs, inputs]).includes("PLAINTEXT"))).toEqual([
      false,
      false,
    ]);
  });

  it("tells the named recipients before a certificate ends", async () => {
    const recording = await run({
      generations: ["2026a"],
      active: "2026a",
      notificationEmails: ["oncall@example.com"],
    });
    expect(recording.one(NOTIFICATION).inputs).toEqual({
      accountId: zone.accountId,
      alertType: "hostname_aop_custom_certificate_expiration_type",
      description:
        "A client certificate that Cloudflare shows to origins ends in 30 or 14 days: add the next generation",
      enabled: true,
      mechanisms: { emails: [{ id: "oncall@example.com" }] },
      name: "api.example.com: origin-pull certificate ends soon",
    });
  });
});

const lines = (issues: { path: string; expected: string; got: string; fix: string }[]) =>
  issues.map(({ path, expected, got, fix }) => `${path}: expected ${expected}, got ${got}; ${fix}`);

describe("originPullCertificatesIssues", () => {
  const good: OriginPullCertificatesArgs = { hostname: zone.hostname, generations: [{ id: "2026a" }, { id: "2026b" }] };

  it("accepts the baseline", () => {
    expect(originPullCertificatesIssues(good)).toEqual([]);
  });

  it.each<[string, Partial<OriginPullCertificatesArgs>, string]>([
    [
      "a hostname with a dot at its end",
      { hostname: "api.example.com." },
      'hostname: expected a full hostname in lower case, got "api.example.com."; write it in full, such as "api.example.com"',
    ],
    [
      "no generation",
      { generations: [] },
      "generations: expected one to three generations, got an empty list; keep the active one and, during a rotation, the next or the last one",
    ],
    [
      "four generations",
      { generations: ["a", "b", "c", "d"].map((id) => ({ id })) },
      "generations: expected one to three generations, got a list of 4; keep the active one and, during a rotation, the next or the last one",
    ],
    [
      "a generation twice",
      { generations: [{ id: "a" }, { id: "a" }] },
      'generations[1].id: expected a name that no other generation has, got "a" again; name each generation once',
    ],
    [
      "a name in upper case",
      { generations: [{ id: "2026A" }] },
      'generations[0].id: expected lower-case letters, digits and -, up to 20, got "2026A"; name it by year and letter, such as "2026a"',
    ],
    [
      "certificates too short to rotate",
      { generations: [{ id: "a", validityDays: 30 }] },
      "generations[0].validityDays: expected a whole number of days from 60 to 3650, got 30; leave room for a rotation after the alert that comes 30 days before the end",
    ],
  ])("rejects %s", (_, changes, line) => {
    expect(lines(originPullCertificatesIssues({ ...good, ...changes }))).toEqual([line]);
  });
});

describe("cloudflareOriginPullsIssues", () => {
  const pem = (id: string) => ({
    id,
    certificate: "-----BEGIN CERTIFICATE-----",
    privateKey: "-----BEGIN EC PRIVATE KEY-----",
  });
  const good: CloudflareOriginPullsArgs = { ...zone, certificates: [pem("2026a")], activeGeneration: "2026a" };

  it("accepts the baseline", () => {
    expect(cloudflareOriginPullsIssues(good)).toEqual([]);
  });

  it.each<[string, Partial<CloudflareOriginPullsArgs>, string]>([
    [
      "an active generation that is not there",
      { activeGeneration: "2025a" },
      'activeGeneration: expected the id of one of the certificates, got "2025a"; name one that is uploaded, or keep this one until another is active',
    ],
    [
      "a hostname outside the zone",
      { hostname: "api.example.org" },
      'hostname: expected a full hostname in lower case inside the zone "example.com", got "api.example.org"; write it in full, such as "api.example.com"',
    ],
    [
      "four certificates",
      { certificates: [pem("2026a"), pem("b"), pem("c"), pem("d")] },
      "certificates: expected one to three certificates, got a list of 4; keep the active one and, during a rotation, the next or the last one",
    ],
    [
      "a certificate twice",
      { certificates: [pem("2026a"), pem("2026a")] },
      'certificates[1].id: expected a name that no other generation has, got "2026a" again; name each generation once',
    ],
    [
      "a path for a certificate",
      { certificates: [{ ...pem("2026a"), certificate: "./client.pem" }] },
      "certificates[0].certificate: expected a certificate in PEM form, got text without a PEM header; give the file's contents, not its path",
    ],
    [
      "a path for a key, without repeating it",
      { certificates: [{ ...pem("2026a"), privateKey: "hunter2" }] },
      "certificates[0].privateKey: expected a private key in PEM form, got text without a PEM header; give the file's contents, not its path",
    ],
    [
      "a recipient that is no address",
      { notificationEmails: ["oncall"] },
      'notificationEmails[0]: expected an e-mail address, got "oncall"; write it bare, such as "oncall@example.com"',
    ],
  ])("rejects %s", (_, changes, line) => {
    expect(lines(cloudflareOriginPullsIssues({ ...good, ...changes }))).toEqual([line]);
  });
});

const missing = contractsMissing();
describe.skipIf(skipped(missing))("Cloudflare's contracts", () => {
  it("find nothing during a rotation", async () => {
    const step = { generations: ["2026a", "2026b"], active: "2026a", notificationEmails: ["oncall@example.com"] };
    expect(contractFindings(graphOf(await run(step, {})))).toEqual([]);
  });
});
