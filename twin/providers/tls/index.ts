import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { asSecret, type Json, type JsonObject } from "../../../resilience/values";
import { number, text, texts } from "../../values";
import { digest } from "../../world";
import { refusal, type CloudModel, type Made, type ResourceModel, type Subject } from "../model";
import {
  certificateRequest,
  EXTENDED_USAGE,
  KEY_USAGE,
  locallySigned,
  selfSigned,
  type IssuedCertificate,
} from "./certificates";

const KEY = "tls:index/privateKey:PrivateKey";
const SELF_SIGNED = "tls:index/selfSignedCert:SelfSignedCert";
const LOCALLY_SIGNED = "tls:index/locallySignedCert:LocallySignedCert";
/** What the provider's words for curves mean to OpenSSL. */
const CURVES: Record<string, string> = { P224: "secp224r1", P256: "prime256v1", P384: "secp384r1", P521: "secp521r1" };

/** Changes of these decide when a certificate is due, not what it says, so they are taken in place. */
const IN_PLACE = ["earlyRenewalHours"];
const given =
  (property: string) =>
  ({ prepared }: Made): Json =>
    prepared[property] ?? null;
const certificateOutputs = {
  certPem: given("certPem"),
  validityStartTime: given("validityStartTime"),
  validityEndTime: given("validityEndTime"),
  readyForRenewal: () => false,
};

/**
 * The `tls` provider: keys and certificates are real, so that what is made of them can be used. It reaches no cloud, and a
 * certificate is never due for renewal by the passing of time alone, since no clock is read after it was made.
 */
export const tls: CloudModel = {
  name: "tls",
  refusals: [
    refusal(
      "tls uses",
      [SELF_SIGNED, LOCALLY_SIGNED],
      ["check"],
      "a use that is none of the provider's words",
      ({ inputs }) => {
        const odd = texts(inputs, "allowedUses").find(
          (use) => KEY_USAGE[use] === undefined && EXTENDED_USAGE[use] === undefined,
        );
        return odd === undefined
          ? undefined
          : `Attribute allowed_uses value must be one of the supported key usages, got: "${odd}"`;
      },
    ),
    refusal("tls curve", [KEY], ["check"], "a curve or algorithm that the provider does not have", ({ inputs }) => {
      const [algorithm, curve] = [text(inputs, "algorithm"), text(inputs, "ecdsaCurve")];
      if (algorithm !== undefined && !["RSA", "ECDSA", "ED25519"].includes(algorithm))
        return `Attribute algorithm value must be one of: ["RSA" "ECDSA" "ED25519"], got: "${algorithm}"`;
      return curve === undefined || CURVES[curve] !== undefined
        ? undefined
        : `Attribute ecdsa_curve value must be one of: ["P224" "P256" "P384" "P521"], got: "${curve}"`;
    }),
  ],
  sources: {
    "tls uses": "registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/self_signed_cert",
    "tls curve": "registry.terraform.io/providers/hashicorp/tls/latest/docs/resources/private_key",
  },
  namedMeansDeleteFirst: false,
  scopeOf: () => ({}),
  exists: () => undefined,
  unreachable: () => undefined,
  invokes: {},
  resources: {
    [KEY]: privateKey(),
    [SELF_SIGNED]: {
      replaceOn: ["*"],
      inPlace: IN_PLACE,
      id: serial,
      prepare: async (subject, settings) => plain(await selfSigned(subject.inputs, settings.now(), serial(subject))),
      computed: { ...certificateOutputs, keyAlgorithm: ({ inputs }) => keyAlgorithm(text(inputs, "privateKeyPem")) },
    },
    "tls:index/certRequest:CertRequest": {
      replaceOn: ["*"],
      prepare: async ({ inputs }) => ({ certRequestPem: await certificateRequest(inputs) }),
      computed: {
        certRequestPem: given("certRequestPem"),
        keyAlgorithm: ({ inputs }) => keyAlgorithm(text(inputs, "privateKeyPem")),
      },
    },
    [LOCALLY_SIGNED]: {
      replaceOn: ["*"],
      inPlace: IN_PLACE,
      id: serial,
      prepare: async (subject, settings) => plain(await locallySigned(subject.inputs, settings.now(), serial(subject))),
      computed: {
        ...certificateOutputs,
        caKeyAlgorithm: ({ inputs }) => keyAlgorithm(text(inputs, "caPrivateKeyPem")),
      },
    },
  },
};

function privateKey(): ResourceModel {
  return {
    replaceOn: ["*"],
    id: ({ prepared }) => (typeof prepared["id"] === "string" ? prepared["id"] : ""),
    prepare: ({ inputs }) => Promise.resolve(generated(inputs)),
    computed: {
      ...secretOutputs(["privateKeyPem", "privateKeyPemPkcs8", "privateKeyOpenssh"]),
      publicKeyPem: given("publicKeyPem"),
      publicKeyOpenssh: () => "",
      publicKeyFingerprintMd5: () => "",
      publicKeyFingerprintSha256: given("publicKeyFingerprintSha256"),
    },
  };
}

function secretOutputs(names: string[]): Record<string, (made: Made) => Json> {
  return Object.fromEntries(names.map((name) => [name, ({ prepared }: Made) => asSecret(prepared[name] ?? null)]));
}

function generated(inputs: JsonObject): JsonObject {
  const key = newKey(inputs);
  const publicKey = createPublicKey(key);
  const der = publicKey.export({ type: "spki", format: "der" });
  const traditional = key.asymmetricKeyType === "rsa" ? "pkcs1" : key.asymmetricKeyType === "ec" ? "sec1" : "pkcs8";
  return {
    id: createHash("sha1").update(new Uint8Array(der)).digest("hex"),
    privateKeyPem: key.export({ type: traditional, format: "pem" }).toString(),
    privateKeyPemPkcs8: key.export({ type: "pkcs8", format: "pem" }).toString(),
    privateKeyOpenssh: "",
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
    publicKeyFingerprintSha256: `SHA256:${createHash("sha256").update(new Uint8Array(der)).digest("base64").replace(/=+$/, "")}`,
  };
}

function newKey(inputs: JsonObject): KeyObject {
  const algorithm = text(inputs, "algorithm");
  if (algorithm === "RSA")
    return generateKeyPairSync("rsa", { modulusLength: number(inputs, "rsaBits") ?? 2048 }).privateKey;
  if (algorithm === "ED25519") return generateKeyPairSync("ed25519").privateKey;
  return generateKeyPairSync("ec", { namedCurve: CURVES[text(inputs, "ecdsaCurve") ?? "P224"] ?? "secp224r1" })
    .privateKey;
}

/** A serial number: positive, the same for the same resource and the same key. */
function serial({ urn, inputs }: Pick<Subject, "urn" | "inputs">): string {
  return `1${digest(31, urn, JSON.stringify(inputs))}`;
}

function keyAlgorithm(pem: string | undefined): string {
  const type = pem === undefined ? undefined : createPrivateKey(pem).asymmetricKeyType;
  return type === "rsa" ? "RSA" : type === "ed25519" ? "ED25519" : "ECDSA";
}

function plain(certificate: IssuedCertificate): JsonObject {
  return { ...certificate };
}
