import { createPublicKey, X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { JsonObject } from "../../../resilience/values";
import { list, number, objects, text, texts } from "../../values";
import type { Thing } from "../../world";
import { others, refusal, type Refusal, type Subject, type Surroundings } from "../model";
import { apiError } from "./errors";
import { isOn, zoneName } from "./refusals-balancing";

const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";
const ASSOCIATION = "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls";
const HOST_CERTIFICATE =
  "cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate";
const ZONE_CERTIFICATE = "cloudflare:index/authenticatedOriginPullsCertificate:AuthenticatedOriginPullsCertificate";
const RULESET = "cloudflare:index/ruleset:Ruleset";
const ON_OFF = ["on", "off"];
/** Values by setting: https://developers.cloudflare.com/api/resources/zones/subresources/settings/. */
const SETTING_VALUES: Record<string, string[]> = {
  ssl: ["off", "full", "strict", "flexible", "origin_pull"],
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  tls_1_3: ["on", "off", "zrt"],
  security_level: ["off", "essentially_off", "low", "medium", "high", "under_attack"],
  ...Object.fromEntries(
    [
      "websockets",
      "always_use_https",
      "http2",
      "http3",
      "0rtt",
      "ipv6",
      "brotli",
      "automatic_https_rewrites",
      "opportunistic_encryption",
      "tls_client_auth",
    ].map((id) => [id, ON_OFF]),
  ),
};
const ENTERPRISE_SETTINGS = [
  "advanced_ddos",
  "proxy_read_timeout",
  "response_buffering",
  "sort_query_string_for_cache",
  "true_client_ip_header",
  "origin_error_page_pass_thru",
];
/** Rate limiting rules by plan: https://developers.cloudflare.com/waf/rate-limiting-rules/#availability. */
const RATE_RULES: Record<string, number> = { free: 1, pro: 2, business: 5, enterprise: 100 };
const write = ["create", "update"] as const;

const address = ["A", "AAAA", "CNAME"];
const records: readonly Refusal[] = [
  refusal(
    "cloudflare C50",
    [RECORD],
    ["create"],
    "a proxied record whose time to live is not automatic",
    ({ inputs }) =>
      isOn(inputs, "proxied") && number(inputs, "ttl") !== 1
        ? "ttl must be set to 1 when `proxied` is true"
        : undefined,
  ),
  refusal(
    "cloudflare C51",
    [RECORD],
    write,
    "a time to live out of range",
    ({ inputs }, { settings: { cloudflarePlan } }) => {
      const [ttl, minimum] = [number(inputs, "ttl"), cloudflarePlan === "enterprise" ? 30 : 60];
      return ttl !== undefined && ttl !== 1 && (ttl < minimum || ttl > 86_400)
        ? apiError(9021, `Invalid TTL. Must be between ${String(minimum)} and 86400 seconds, or 1 for Automatic.`)
        : undefined;
    },
  ),
  refusal("cloudflare C52", [RECORD], write, "a proxied record of a type that cannot be", ({ inputs }) =>
    isOn(inputs, "proxied") && !address.includes(text(inputs, "type") ?? "")
      ? apiError(9004, `This record type cannot be proxied.`)
      : undefined,
  ),
  refusal("cloudflare C54", [RECORD], write, "content that its type does not take", ({ inputs }) => {
    const [type, content] = [text(inputs, "type"), text(inputs, "content")];
    if (content === undefined) return undefined;
    if ((type === "A" && isIP(content) !== 4) || (type === "AAAA" && isIP(content) !== 6))
      return apiError(9005, `Content for ${type} record is invalid.`);
    return type === "CNAME" && bare(content) === bare(text(inputs, "name") ?? "")
      ? apiError(9039, "CNAME content cannot reference itself.")
      : undefined;
  }),
  refusal("cloudflare C56", [RECORD], ["create"], "a record that is there already", (subject, around) =>
    sameName(subject, around).some(({ inputs }) =>
      ["type", "content"].every((name) => inputs[name] === subject.inputs[name]),
    )
      ? apiError(81058, "An identical record already exists.")
      : undefined,
  ),
  refusal("cloudflare C55", [RECORD], ["create"], "a CNAME beside an address, or the reverse", (subject, around) => {
    const types = sameName(subject, around).map(({ inputs }) => text(inputs, "type") ?? "");
    if (text(subject.inputs, "type") === "CNAME" && types.some((type) => address.includes(type)))
      return apiError(81053, "An A, AAAA, or CNAME record with that host already exists.");
    return ["A", "AAAA"].includes(text(subject.inputs, "type") ?? "") && types.includes("CNAME")
      ? apiError(81054, "A CNAME record with that host already exists.")
      : undefined;
  }),
];

const settings: readonly Refusal[] = [
  refusal("cloudflare C62", [SETTING], write, "a setting's name that is not the API's", ({ inputs }) =>
    /[A-Z]/.test(text(inputs, "settingId") ?? "") ? apiError(1006, "Unrecognized zone setting name") : undefined,
  ),
  refusal("cloudflare C63", [SETTING], write, "a value that the setting does not take", ({ inputs }) => {
    const allowed = SETTING_VALUES[text(inputs, "settingId") ?? ""];
    return allowed === undefined || allowed.includes(text(inputs, "value") ?? "")
      ? undefined
      : apiError(1007, `Invalid value for zone setting ${text(inputs, "settingId") ?? ""}`);
  }),
  refusal(
    "cloudflare C64",
    [SETTING],
    ["update"],
    "an update that does not change the value",
    ({ inputs, oldInputs }) =>
      oldInputs !== undefined && oldInputs["value"] === inputs["value"]
        ? apiError(1007, `Invalid value for zone setting ${text(inputs, "settingId") ?? ""}`)
        : undefined,
  ),
  refusal(
    "cloudflare C65",
    [SETTING],
    write,
    "a setting that the plan does not have",
    ({ inputs }, { settings: { cloudflarePlan } }) => {
      const id = text(inputs, "settingId") ?? "";
      const closed = ENTERPRISE_SETTINGS.includes(id) || (id === "ssl" && text(inputs, "value") === "origin_pull");
      return closed && cloudflarePlan !== "enterprise"
        ? apiError(1057, `The setting ${id} cannot be modified for this zone.`)
        : undefined;
    },
  ),
];

const originPulls: readonly Refusal[] = [
  refusal(
    "cloudflare C67",
    [ASSOCIATION],
    write,
    "other than one association, or one without a hostname",
    ({ inputs }) => {
      if (list(inputs, "configs").length !== 1) return "config must contain exactly one hostname association";
      return (text(inputs, "configs[0].hostname") ?? "") === "" ? "missing hostname" : undefined;
    },
  ),
  refusal("cloudflare C68", [ASSOCIATION], write, "an association without a certificate", ({ inputs }) =>
    objects(inputs, "configs")[0]?.["certId"] === undefined ? apiError(1404, "Certificate ID required") : undefined,
  ),
  refusal(
    "cloudflare C69",
    [ASSOCIATION],
    write,
    "a certificate that is not among those for hostnames",
    ({ inputs }, around) => {
      const id = text(inputs, "configs[0].certId");
      return id === undefined || around.world.find(HOST_CERTIFICATE, id) !== undefined
        ? undefined
        : apiError(1415, "Certificate ID in request is either invalid or the certificate has been deleted");
    },
  ),
  refusal("cloudflare C70", [ASSOCIATION], write, "a hostname outside the zone", ({ inputs }, around) => {
    const [host, zone] = [text(inputs, "configs[0].hostname"), zoneName(inputs, around)];
    return host === undefined || zone === undefined || host === zone || host.endsWith(`.${zone}`)
      ? undefined
      : apiError(1415, `Hostname ${host} is not in the zone`);
  }),
  refusal(
    "cloudflare C71",
    [HOST_CERTIFICATE, ZONE_CERTIFICATE],
    ["create"],
    "an authority's certificate",
    ({ inputs }) => (parsed(inputs)?.ca === true ? apiError(1412, "Only leaf certificate is allowed") : undefined),
  ),
  refusal(
    "cloudflare C72",
    [HOST_CERTIFICATE, ZONE_CERTIFICATE],
    ["create"],
    "a certificate that cannot be read, or is not of its key",
    ({ inputs }) => {
      const certificate = parsed(inputs);
      return certificate === undefined || !isOfKey(certificate, text(inputs, "privateKey"))
        ? apiError(1408, "Unable to parse certificate")
        : undefined;
    },
  ),
  refusal(
    "cloudflare C73",
    [HOST_CERTIFICATE, ZONE_CERTIFICATE],
    ["create"],
    "a certificate that is there already",
    (subject, around) => {
      const own = text(subject.inputs, "certificate")?.trim();
      return others(subject, around).some(({ inputs }) => text(inputs, "certificate")?.trim() === own)
        ? apiError(1406, "The certificate already exists")
        : undefined;
    },
  ),
  refusal(
    "cloudflare C75",
    [HOST_CERTIFICATE],
    ["delete"],
    "a certificate that an association names",
    ({ id }, around) =>
      around.world.ofType(ASSOCIATION).some(({ inputs }) => text(inputs, "configs[0].certId") === id)
        ? apiError(1433, "Certificate is in use")
        : undefined,
  ),
];

const isRateLimit = (inputs: JsonObject): boolean => text(inputs, "phase") === "http_ratelimit";
const rulesets: readonly Refusal[] = [
  refusal("cloudflare C85", [RULESET], ["create"], "a second ruleset of a zone and phase", (subject, around) => {
    const twin = others(subject, around).some(({ inputs }) =>
      ["zoneId", "phase"].every((name) => inputs[name] === subject.inputs[name]),
    );
    return twin ? apiError(20217, "exceeded maximum number of zone rulesets for phase") : undefined;
  }),
  refusal("cloudflare C86", [RULESET], write, "a rate limit that does not count by data centre", ({ inputs }) => {
    const global = objects(inputs, "rules").some(
      (rule) => rule["ratelimit"] !== undefined && !texts(rule, "ratelimit.characteristics").includes("cf.colo.id"),
    );
    return isRateLimit(inputs) && global
      ? apiError(20120, "rate limit characteristics must include cf.colo.id")
      : undefined;
  }),
  refusal(
    "cloudflare C86 count",
    [RULESET],
    write,
    "more rate limits than the plan has",
    ({ inputs }, { settings: { cloudflarePlan } }) =>
      isRateLimit(inputs) && objects(inputs, "rules").length > (RATE_RULES[cloudflarePlan] ?? 1)
        ? apiError(50002, "exceeded the maximum number of rules in the phase http_ratelimit")
        : undefined,
  ),
];

/** What a Cloudflare zone refuses: records, settings, origin pulls, rulesets. */
export const zoneRefusals: readonly Refusal[] = [...records, ...settings, ...originPulls, ...rulesets];

function sameName(subject: Subject, around: Surroundings): Thing[] {
  const own = bare(text(subject.inputs, "name") ?? "");
  return others(subject, around).filter(
    ({ inputs }) => inputs["zoneId"] === subject.inputs["zoneId"] && bare(text(inputs, "name") ?? "") === own,
  );
}

function parsed(inputs: JsonObject): X509Certificate | undefined {
  try {
    return new X509Certificate(text(inputs, "certificate") ?? "");
  } catch {
    return undefined;
  }
}

function isOfKey(certificate: X509Certificate, privateKey: string | undefined): boolean {
  try {
    const spki = { type: "spki", format: "pem" } as const;
    return createPublicKey(privateKey ?? "").export(spki) === certificate.publicKey.export(spki);
  } catch {
    return false;
  }
}

function bare(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
