import "reflect-metadata"; // tsyringe, which @peculiar/x509 stands on, refuses to load without it
import { createPrivateKey, createPublicKey, webcrypto, type KeyObject } from "node:crypto";
import * as x509 from "@peculiar/x509";
import type { JsonObject } from "../../../resilience/values";
import { number, objects, text, texts } from "../../values";

x509.cryptoProvider.set(webcrypto as Crypto);

/** Bits of the key usage extension, by the provider's words: https://registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/self_signed_cert. */
export const KEY_USAGE: Record<string, number> = {
  digital_signature: x509.KeyUsageFlags.digitalSignature,
  content_commitment: x509.KeyUsageFlags.nonRepudiation,
  key_encipherment: x509.KeyUsageFlags.keyEncipherment,
  data_encipherment: x509.KeyUsageFlags.dataEncipherment,
  key_agreement: x509.KeyUsageFlags.keyAgreement,
  cert_signing: x509.KeyUsageFlags.keyCertSign,
  crl_signing: x509.KeyUsageFlags.cRLSign,
};
/** Object identifiers of the extended key usage extension, by the provider's words. */
export const EXTENDED_USAGE: Record<string, string> = {
  server_auth: x509.ExtendedKeyUsage.serverAuth,
  client_auth: x509.ExtendedKeyUsage.clientAuth,
  code_signing: x509.ExtendedKeyUsage.codeSigning,
  email_protection: x509.ExtendedKeyUsage.emailProtection,
};
const CURVES: Record<string, string> = { prime256v1: "P-256", secp384r1: "P-384", secp521r1: "P-521" };

/** A certificate as the provider gives it. */
export interface IssuedCertificate {
  certPem: string;
  validityStartTime: string;
  validityEndTime: string;
}

/** A self-signed certificate for the inputs of `tls.SelfSignedCert`. */
export async function selfSigned(inputs: JsonObject, now: Date, serial: string): Promise<IssuedCertificate> {
  const key = createPrivateKey(text(inputs, "privateKeyPem") ?? "");
  const keys = { privateKey: await imported(key), publicKey: await imported(createPublicKey(key)) };
  const validity = validityOf(inputs, now);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...validity,
    serialNumber: serial,
    name: subjectOf(inputs),
    keys,
    signingAlgorithm: signing(key),
    extensions: [
      ...(await extensions(inputs, keys.publicKey, undefined, alternativeNames(inputs))),
      ...(inputs["setAuthorityKeyId"] === true
        ? [await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey)]
        : []),
    ],
  });
  return issued(certificate, validity);
}

/** A certificate signing request for the inputs of `tls.CertRequest`. */
export async function certificateRequest(inputs: JsonObject): Promise<string> {
  const key = createPrivateKey(text(inputs, "privateKeyPem") ?? "");
  const names = alternativeNames(inputs);
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subjectOf(inputs),
    keys: { privateKey: await imported(key), publicKey: await imported(createPublicKey(key)) },
    signingAlgorithm: signing(key),
    extensions: names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)],
  });
  return pem(request.toString("pem"));
}

/** A certificate signed by an authority for the inputs of `tls.LocallySignedCert`. */
export async function locallySigned(inputs: JsonObject, now: Date, serial: string): Promise<IssuedCertificate> {
  const authority = new x509.X509Certificate(text(inputs, "caCertPem") ?? "");
  const key = createPrivateKey(text(inputs, "caPrivateKeyPem") ?? "");
  const request = new x509.Pkcs10CertificateRequest(text(inputs, "certRequestPem") ?? "");
  const validity = validityOf(inputs, now);
  const names = request.extensions.filter((extension) => extension instanceof x509.SubjectAlternativeNameExtension);
  const certificate = await x509.X509CertificateGenerator.create({
    ...validity,
    serialNumber: serial,
    subject: request.subject,
    issuer: authority.subject,
    publicKey: request.publicKey,
    signingKey: await imported(key),
    signingAlgorithm: signing(key),
    extensions: [...(await extensions(inputs, request.publicKey, authority, [])), ...names],
  });
  return issued(certificate, validity);
}

async function extensions(
  inputs: JsonObject,
  publicKey: x509.PublicKeyType,
  authority: x509.X509Certificate | undefined,
  names: x509.JsonGeneralNames,
): Promise<x509.Extension[]> {
  const uses = texts(inputs, "allowedUses");
  const flags = uses.reduce((all, use) => all | (KEY_USAGE[use] ?? 0), 0);
  const extended = uses.flatMap((use) => EXTENDED_USAGE[use] ?? []);
  const isAuthority = inputs["isCaCertificate"] === true;
  return [
    new x509.BasicConstraintsExtension(isAuthority, isAuthority ? number(inputs, "maxPathLength") : undefined, true),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- flags are put together bit by bit
    ...(flags === 0 ? [] : [new x509.KeyUsagesExtension(flags, true)]),
    ...(extended.length === 0 ? [] : [new x509.ExtendedKeyUsageExtension(extended)]),
    ...(names.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(names)]),
    // An authority's certificate always names its key, as crypto/x509 of Go does it for the provider.
    ...(isAuthority || inputs["setSubjectKeyId"] === true
      ? [await x509.SubjectKeyIdentifierExtension.create(publicKey)]
      : []),
    ...(authority === undefined ? [] : [await x509.AuthorityKeyIdentifierExtension.create(authority.publicKey)]),
  ];
}

function alternativeNames(inputs: JsonObject): x509.JsonGeneralNames {
  return [
    ...texts(inputs, "dnsNames").map((value) => ({ type: "dns" as const, value })),
    ...texts(inputs, "ipAddresses").map((value) => ({ type: "ip" as const, value })),
    ...texts(inputs, "uris").map((value) => ({ type: "url" as const, value })),
  ];
}

function subjectOf(inputs: JsonObject): x509.JsonName {
  const subject = objects(inputs, "subject")[0] ?? {};
  const parts: [string, string][] = [
    ["C", "country"],
    ["ST", "province"],
    ["L", "locality"],
    ["O", "organization"],
    ["OU", "organizationalUnit"],
    ["CN", "commonName"],
  ];
  return parts.flatMap(([short, property]) => {
    const value = text(subject, property);
    return value === undefined ? [] : [{ [short]: [value] }];
  });
}

function validityOf(inputs: JsonObject, now: Date): { notBefore: Date; notAfter: Date } {
  // Certificates hold whole seconds.
  const notBefore = new Date(Math.floor(now.getTime() / 1000) * 1000);
  return {
    notBefore,
    notAfter: new Date(notBefore.getTime() + (number(inputs, "validityPeriodHours") ?? 0) * 3_600_000),
  };
}

function issued(
  certificate: x509.X509Certificate,
  { notBefore, notAfter }: { notBefore: Date; notAfter: Date },
): IssuedCertificate {
  const rfc3339 = (date: Date): string => date.toISOString().replace(".000Z", "Z");
  return {
    certPem: pem(certificate.toString("pem")),
    validityStartTime: rfc3339(notBefore),
    validityEndTime: rfc3339(notAfter),
  };
}

/** PEM as Go writes it: a line feed at the end. */
function pem(value: string): string {
  return `${value.trim()}\n`;
}

function algorithmOf(key: KeyObject): RsaHashedImportParams | EcKeyImportParams {
  if (key.asymmetricKeyType === "rsa") return { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
  return { name: "ECDSA", namedCurve: CURVES[key.asymmetricKeyDetails?.namedCurve ?? ""] ?? "P-256" };
}

function signing(key: KeyObject): Algorithm | EcdsaParams {
  return key.asymmetricKeyType === "rsa" ? { name: "RSASSA-PKCS1-v1_5" } : { name: "ECDSA", hash: "SHA-256" };
}

function imported(key: KeyObject): Promise<CryptoKey> {
  const isPrivate = key.type === "private";
  const der = isPrivate ? key.export({ type: "pkcs8", format: "der" }) : key.export({ type: "spki", format: "der" });
  return webcrypto.subtle.importKey(isPrivate ? "pkcs8" : "spki", der, algorithmOf(key), true, [
    isPrivate ? "sign" : "verify",
  ]);
}
