// Proves that the local `tls` provider makes keys and certificates that OpenSSL and Cloudflare's and Google's rules accept: chain, usage,
// validity from the injected clock, secrecy of keys. Does not prove byte equality with the real provider.
import "reflect-metadata"; // @peculiar/x509 asks for it
import { createPrivateKey, createPublicKey, X509Certificate } from "node:crypto";
import {
  X509Certificate as Parsed,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
} from "@peculiar/x509";
import { beforeAll, describe, expect, it } from "vitest";
import { isSecret } from "../../../resilience/values";
import { unwrap } from "../../../twin/values";
import { asText, Bench, type Step } from "./planted";

const steps: Step[] = [
  {
    name: "authority-key",
    type: "tls:index/privateKey:PrivateKey",
    inputs: () => ({ algorithm: "ECDSA", ecdsaCurve: "P256" }),
  },
  {
    name: "authority",
    type: "tls:index/selfSignedCert:SelfSignedCert",
    inputs: (made) => ({
      privateKeyPem: made("authority-key.privateKeyPem"),
      subject: { commonName: "authority 2026a", organization: "twodoor" },
      isCaCertificate: true,
      allowedUses: ["cert_signing", "crl_signing"],
      setSubjectKeyId: true,
      setAuthorityKeyId: true,
      validityPeriodHours: 48,
    }),
  },
  {
    name: "leaf-key",
    type: "tls:index/privateKey:PrivateKey",
    inputs: () => ({ algorithm: "ECDSA", ecdsaCurve: "P256" }),
  },
  {
    name: "request",
    type: "tls:index/certRequest:CertRequest",
    inputs: (made) => ({
      privateKeyPem: made("leaf-key.privateKeyPem"),
      subject: { commonName: "api.example.com" },
      dnsNames: ["api.example.com"],
    }),
  },
  {
    name: "leaf",
    type: "tls:index/locallySignedCert:LocallySignedCert",
    inputs: (made) => ({
      certRequestPem: made("request.certRequestPem"),
      caPrivateKeyPem: made("authority-key.privateKeyPem"),
      caCertPem: made("authority.certPem"),
      isCaCertificate: false,
      allowedUses: ["digital_signature", "client_auth"],
      validityPeriodHours: 24,
    }),
  },
];

describe("the local tls provider", () => {
  const bench = new Bench();
  beforeAll(async () => {
    for (const step of steps) expect([step.name, await bench.create(step)]).toEqual([step.name, undefined]);
  });
  const certificate = (name: string): X509Certificate => new X509Certificate(asText(bench.value(`${name}.certPem`)));

  it("makes an authority and a leaf that it signed", () => {
    const [authority, leaf] = [certificate("authority"), certificate("leaf")];
    expect([authority.ca, leaf.ca]).toEqual([true, false]);
    expect([authority.checkIssued(authority), leaf.checkIssued(authority)]).toEqual([true, true]);
    expect([
      authority.verify(authority.publicKey),
      leaf.verify(authority.publicKey),
      leaf.verify(leaf.publicKey),
    ]).toEqual([true, true, false]);
    expect([authority.subject, leaf.subject, leaf.issuer]).toEqual([
      "O=twodoor\nCN=authority 2026a",
      "CN=api.example.com",
      "O=twodoor\nCN=authority 2026a",
    ]);
  });

  it("gives the leaf the uses and names that were asked for", () => {
    const leaf = new Parsed(asText(bench.value("leaf.certPem")));
    expect(leaf.getExtension(ExtendedKeyUsageExtension)?.usages).toEqual(["1.3.6.1.5.5.7.3.2"]);
    expect(leaf.getExtension(KeyUsagesExtension)?.usages).toBe(KeyUsageFlags.digitalSignature);
    expect(leaf.getExtension(SubjectAlternativeNameExtension)?.names.items.map(({ value }) => value)).toEqual([
      "api.example.com",
    ]);
  });

  it("reads the time of the world alone", () => {
    expect([
      bench.value("authority.validityStartTime"),
      bench.value("authority.validityEndTime"),
      bench.value("leaf.validityEndTime"),
    ]).toEqual(["2026-03-01T00:00:00Z", "2026-03-03T00:00:00Z", "2026-03-02T00:00:00Z"]);
    expect(certificate("leaf").validTo).toBe("Mar  2 00:00:00 2026 GMT");
  });

  it("marks private keys as secrets, and they fit their public keys", () => {
    const key = bench.value("leaf-key.privateKeyPem");
    expect(isSecret(key)).toBe(true);
    const publicPem = createPublicKey(createPrivateKey(asText(unwrap(key)))).export({ type: "spki", format: "pem" });
    expect(publicPem).toBe(bench.value("leaf-key.publicKeyPem"));
    expect(certificate("leaf").publicKey.export({ type: "spki", format: "pem" })).toBe(publicPem);
  });

  it.each([
    [
      "uses",
      "authority",
      { allowedUses: ["certSigning"] },
      'Attribute allowed_uses value must be one of the supported key usages, got: "certSigning"',
    ],
    [
      "curve",
      "leaf-key",
      { ecdsaCurve: "P-256" },
      'Attribute ecdsa_curve value must be one of: ["P224" "P256" "P384" "P521"], got: "P-256"',
    ],
    [
      "algorithm",
      "leaf-key",
      { algorithm: "EC" },
      'Attribute algorithm value must be one of: ["RSA" "ECDSA" "ED25519"], got: "EC"',
    ],
  ])("refuses other words for %s than the provider's", async (_, name, change, message) => {
    const step = steps.find((candidate) => candidate.name === name);
    expect(step === undefined ? undefined : await bench.create({ ...step, name: "again" }, change)).toBe(message);
  });
});
