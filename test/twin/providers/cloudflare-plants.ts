import { leaf, ZONE } from "./cloudflare-baseline";
import type { Plant, Step } from "./planted";

const second = (name: string, type: string, inputs: Step["inputs"]): Step => ({ name, type, inputs });
const said = (code: number, message: string, status = 400): string =>
  `failed to make http request: ${String(status)} {"success":false,"errors":[{"code":${String(code)},"message":"${message}"}]}`;
const RECORD = "cloudflare:index/dnsRecord:DnsRecord";
const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
const REFERENCED = said(1005, "This object is referenced by other objects, delete them first", 412);

const monitors: Plant[] = [
  {
    row: "cloudflare C2",
    at: "monitor",
    change: () => ({ expectedCodes: "" }),
    message: said(1002, "expected_codes must be set: validation failed"),
  },
  {
    row: "cloudflare C3",
    at: "monitor",
    settings: { cloudflarePlan: "pro" },
    message: said(1002, "interval is not in range [60, 3600]: validation failed"),
  },
  {
    row: "cloudflare C4",
    at: "monitor",
    change: () => ({ type: "tcp", path: null, expectedCodes: null }),
    message: said(1002, "port must be set: validation failed"),
  },
  {
    row: "cloudflare C6",
    at: "monitor",
    change: () => ({ timeout: 11 }),
    message: said(1002, "timeout is not in range [1, 10]: validation failed"),
  },
  {
    row: "cloudflare C7",
    at: "monitor",
    change: () => ({ retries: 6 }),
    message: said(1002, "retries is not in range [1, 5]: validation failed"),
  },
  {
    row: "cloudflare C8",
    at: "monitor",
    change: () => ({ type: "tcp", port: 443, expectedCodes: null }),
    message: said(1002, "path is only allowed for http and https: validation failed"),
  },
  { row: "cloudflare C14 monitor", at: "monitor", deleted: true, message: REFERENCED },
];

const pools: Plant[] = [
  {
    row: "cloudflare C13",
    at: "pool-18",
    extra: Array.from({ length: 19 }, (_, index) =>
      second(`pool-${String(index)}`, POOL, () => ({
        name: `pool-${String(index)}`,
        origins: [{ name: "a", address: "203.0.113.7" }],
        checkRegions: ["WNAM"],
      })),
    ),
    message: said(1002, "Exceeded quota"),
  },
  {
    row: "cloudflare C15",
    at: "first",
    change: () => ({ origins: [] }),
    message: said(1002, "the origin list length must be in range [1, 20]"),
  },
  {
    row: "cloudflare C16",
    at: "first",
    change: () => ({ checkRegions: ["IN"] }),
    message:
      'Attribute check_regions value must be one of: "WNAM" "ENAM" "WEU" "EEU" "NSAM" "SSAM" "OC" "ME" "NAF" "SAF" "SAS" "SEAS" "NEAS" "ALL_REGIONS", got: "IN"',
  },
  {
    row: "cloudflare C17",
    at: "first",
    change: () => ({ checkRegions: null }),
    message: said(1002, "Probing from every data centre is not allowed with this subscription"),
  },
  {
    row: "cloudflare C18",
    at: "first",
    change: () => ({ name: "first.pool" }),
    message: said(1002, "name must only contain A-Z, a-z, 0-9, - and _: validation failed"),
  },
  {
    row: "cloudflare C19",
    at: "second",
    change: () => ({ name: "first" }),
    message: said(1002, "pool with name first already exists: validation failed"),
  },
  {
    row: "cloudflare C20",
    at: "first",
    change: () => ({
      origins: [
        { name: "a", address: "203.0.113.1" },
        { name: "b", address: "203.0.113.1" },
      ],
    }),
    message: said(1002, "origin address must be unique within a pool: validation failed"),
  },
  {
    row: "cloudflare C24",
    at: "first",
    change: () => ({ longitude: null }),
    message: said(1002, "latitude and longitude must both be set and in range: validation failed"),
  },
  {
    row: "cloudflare C25",
    at: "first",
    change: () => ({ origins: [{ name: "a", address: "10.0.0.1" }] }),
    message: said(1002, "Origin address is invalid or is not globally routable and has health monitoring enabled"),
  },
  {
    row: "cloudflare C30",
    at: "first",
    change: () => ({ monitor: "f".repeat(32) }),
    message: said(1002, `monitor ${"f".repeat(32)} does not exist: validation failed`),
  },
  { row: "cloudflare C14 pool", at: "second", deleted: true, message: REFERENCED },
];

const balancers: Plant[] = [
  {
    row: "cloudflare C38",
    at: "balancer",
    change: () => ({ name: "api" }),
    message: said(1002, "invalid hostname: api: validation failed"),
  },
  {
    row: "cloudflare C39",
    at: "balancer",
    change: () => ({ name: "api.example.org" }),
    message: said(1002, "hostname api.example.org is not in zone example.com: validation failed"),
  },
  {
    row: "cloudflare C39 twice",
    at: "again",
    extra: [
      second("again", "cloudflare:index/loadBalancer:LoadBalancer", (made) => ({
        zoneId: ZONE,
        name: "api.example.com",
        defaultPools: [made("first.id")],
        fallbackPool: made("first.id"),
      })),
    ],
    message: said(1002, "load balancer api.example.com already exists: validation failed"),
  },
  {
    row: "cloudflare C39 pool",
    at: "balancer",
    change: () => ({ fallbackPool: "f".repeat(32) }),
    message: said(1002, `pool ${"f".repeat(32)} does not exist: validation failed`),
  },
  {
    row: "cloudflare C37",
    at: "balancer",
    change: () => ({ randomSteering: { poolWeights: { elsewhere: 0.5 } } }),
    message: said(1002, "random_steering.pool_weights: invalid weight of pool elsewhere: validation failed"),
  },
  {
    row: "cloudflare C40",
    at: "balancer",
    change: () => ({ steeringPolicy: "proximity" }),
    message: said(1002, "steering_policy proximity is not allowed with this subscription"),
  },
  {
    row: "cloudflare C42",
    at: "balancer",
    change: () => ({ sessionAffinity: "cookie", sessionAffinityTtl: 60 }),
    message: said(1002, "session_affinity_ttl is out of range: validation failed"),
  },
  {
    row: "cloudflare C44",
    at: "balancer",
    change: () => ({ sessionAffinityAttributes: { drainDuration: 86_401 } }),
    message: said(1002, "drain_duration is not in range [0, 86400]: validation failed"),
  },
];

const zones: Plant[] = [
  {
    row: "cloudflare C50",
    at: "record",
    change: () => ({ proxied: true }),
    message: "ttl must be set to 1 when `proxied` is true",
  },
  {
    row: "cloudflare C51",
    at: "record",
    change: () => ({ ttl: 604_800 }),
    message: said(9021, "Invalid TTL. Must be between 60 and 86400 seconds, or 1 for Automatic."),
  },
  {
    row: "cloudflare C52",
    at: "record",
    change: () => ({ type: "TXT", content: "text", proxied: true, ttl: 1 }),
    message: said(9004, "This record type cannot be proxied."),
  },
  {
    row: "cloudflare C54",
    at: "record",
    change: () => ({ content: "2001:db8::1" }),
    message: said(9005, "Content for A record is invalid."),
  },
  {
    row: "cloudflare C54",
    at: "alias",
    change: () => ({ content: "alias.example.com" }),
    message: said(9039, "CNAME content cannot reference itself."),
  },
  {
    row: "cloudflare C55",
    at: "alias",
    change: () => ({ name: "www.example.com", content: "other.example.com" }),
    message: said(81053, "An A, AAAA, or CNAME record with that host already exists."),
  },
  {
    row: "cloudflare C55",
    at: "again",
    extra: [
      second("again", RECORD, () => ({
        zoneId: ZONE,
        name: "alias.example.com",
        type: "A",
        content: "203.0.113.1",
        ttl: 60,
      })),
    ],
    message: said(81054, "A CNAME record with that host already exists."),
  },
  {
    row: "cloudflare C56",
    at: "again",
    extra: [
      second("again", RECORD, () => ({
        zoneId: ZONE,
        name: "alias.example.com",
        type: "CNAME",
        content: "www.example.com",
        ttl: 300,
      })),
    ],
    message: said(81058, "An identical record already exists."),
  },
  {
    row: "cloudflare C62",
    at: "setting",
    change: () => ({ settingId: "minTlsVersion" }),
    message: said(1006, "Unrecognized zone setting name"),
  },
  {
    row: "cloudflare C63",
    at: "setting",
    change: () => ({ value: "Strict" }),
    message: said(1007, "Invalid value for zone setting ssl"),
  },
  {
    row: "cloudflare C65",
    at: "setting",
    change: () => ({ value: "origin_pull" }),
    message: said(1057, "The setting ssl cannot be modified for this zone."),
  },
  {
    row: "cloudflare C85",
    at: "again",
    extra: [
      second("again", "cloudflare:index/ruleset:Ruleset", () => ({
        zoneId: ZONE,
        kind: "zone",
        name: "other",
        phase: "http_ratelimit",
        rules: [],
      })),
    ],
    message: said(20217, "exceeded maximum number of zone rulesets for phase"),
  },
  {
    row: "cloudflare C86",
    at: "limit",
    change: () => ({ rules: [{ ratelimit: { characteristics: ["ip.src"] } }] }),
    message: said(20120, "rate limit characteristics must include cf.colo.id"),
  },
  {
    row: "cloudflare C86 count",
    at: "limit",
    change: () => ({ rules: Array.from({ length: 6 }, () => ({ ratelimit: { characteristics: ["cf.colo.id"] } })) }),
    message: said(50002, "exceeded the maximum number of rules in the phase http_ratelimit"),
  },
];

const originPulls: Plant[] = [
  {
    row: "cloudflare C67",
    at: "association",
    change: () => ({ configs: [] }),
    message: "config must contain exactly one hostname association",
  },
  {
    row: "cloudflare C67",
    at: "association",
    change: (made) => ({ configs: [{ hostname: "", certId: made("client.id"), enabled: true }] }),
    message: "missing hostname",
  },
  {
    row: "cloudflare C68",
    at: "association",
    change: () => ({ configs: [{ hostname: "api.example.com", enabled: true }] }),
    message: said(1404, "Certificate ID required"),
  },
  {
    row: "cloudflare C69",
    at: "association",
    change: () => ({ configs: [{ hostname: "api.example.com", certId: "f".repeat(32), enabled: true }] }),
    message: said(1415, "Certificate ID in request is either invalid or the certificate has been deleted"),
  },
  {
    row: "cloudflare C70",
    at: "association",
    change: (made) => ({ configs: [{ hostname: "api.example.org", certId: made("client.id"), enabled: true }] }),
    message: said(1415, "Hostname api.example.org is not in the zone"),
  },
  {
    row: "cloudflare C71",
    at: "client",
    change: (made) => ({ certificate: made("authority.certPem"), privateKey: made("authority-key.privateKeyPem") }),
    message: said(1412, "Only leaf certificate is allowed"),
  },
  {
    row: "cloudflare C72",
    at: "client",
    change: () => ({ certificate: "no certificate" }),
    message: said(1408, "Unable to parse certificate"),
  },
  {
    row: "cloudflare C72",
    at: "client",
    extra: leaf("other"),
    change: (made) => ({ privateKey: made("other-key.privateKeyPem") }),
    message: said(1408, "Unable to parse certificate"),
  },
  {
    row: "cloudflare C73",
    at: "again",
    extra: [
      second(
        "again",
        "cloudflare:index/authenticatedOriginPullsHostnameCertificate:AuthenticatedOriginPullsHostnameCertificate",
        (made) => ({ zoneId: ZONE, certificate: made("leaf.certPem"), privateKey: made("leaf-key.privateKeyPem") }),
      ),
    ],
    message: said(1406, "The certificate already exists"),
  },
  { row: "cloudflare C75", at: "client", deleted: true, message: said(1433, "Certificate is in use") },
];

const notifications: Plant[] = [
  {
    row: "cloudflare C79",
    at: "alert",
    change: () => ({ mechanisms: {} }),
    message: said(17102, "At least one mechanism must be provided"),
  },
  {
    row: "cloudflare C80",
    at: "alert",
    change: () => ({ filters: {} }),
    message: said(17103, "Filters selection must be provided to create a policy"),
  },
  {
    row: "cloudflare C82",
    at: "alert",
    extra: [
      second("webhook", "cloudflare:index/notificationPolicyWebhooks:NotificationPolicyWebhooks", () => ({
        accountId: "a".repeat(32),
        name: "hook",
        url: "https://example.com",
      })),
    ],
    change: () => ({ mechanisms: { webhooks: [{ id: "f".repeat(32) }] } }),
    message: said(0, "invalid Webhook ID"),
  },
  {
    row: "cloudflare C82 plan",
    at: "alert",
    settings: { cloudflarePlan: "pro" },
    before: { monitor: { interval: 60 } },
    change: () => ({ mechanisms: { pagerduties: [{ id: "1" }] } }),
    message: said(17109, "PagerDuty is not available on this plan"),
  },
];

/** One mistake for each row of the Cloudflare table, some rows with two. */
export const plants: Plant[] = [...monitors, ...pools, ...balancers, ...zones, ...originPulls, ...notifications];
