/** Mistakes at the edge: the load balancer, its pools, what watches them, the zone's settings, and who is told. */
import type { Json } from "../../resilience/values";
import type { Row } from "./mutant";

const BALANCER = "cloudflare:index/loadBalancer:LoadBalancer";
const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
const MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor";
const ZONE = "cloudflare:index/zoneSetting:ZoneSetting";
const ALERT = "cloudflare:index/notificationPolicy:NotificationPolicy";
const PULLS = "cloudflare:index/authenticatedOriginPulls:AuthenticatedOriginPulls";

const first = (before: Json | undefined): Json | undefined => (Array.isArray(before) ? before.slice(0, 1) : before);
const fixed = { name: "maintenance", condition: "", disabled: false, fixedResponse: { statusCode: 503 } };

/** Mistakes that no outage is needed for. */
const AT_ONCE =
  "every probe fails from the first minute, in every region: it is seen before the first request is served";

/** See above. */
export const edgeRows: readonly Row[] = [
  { operator: "disable", type: BALANCER, path: "enabled", to: false },
  { operator: "weaken", type: BALANCER, path: "proxied", to: false },
  {
    operator: "weaken",
    type: BALANCER,
    path: "ttl",
    to: 3600,
    harmless: "a proxied name answers with the edge's own addresses, so nobody keeps a region's",
  },
  { operator: "remove", type: BALANCER, path: "defaultPools", to: [] },
  { operator: "remove", type: BALANCER, path: "defaultPools", to: undefined },
  { operator: "mis-name", type: BALANCER, path: "defaultPools[0]", to: "0123456789abcdef0123456789abcdef" },
  {
    operator: "remove",
    type: BALANCER,
    path: "fallbackPool",
    to: undefined,
    harmless: "the provider requires it: such a program does not compile, and no plan of it is made",
  },
  { operator: "mis-name", type: BALANCER, path: "fallbackPool", to: "0123456789abcdef0123456789abcdef" },
  { operator: "weaken", type: BALANCER, path: "sessionAffinity", to: "cookie" },
  { operator: "weaken", type: BALANCER, path: "sessionAffinity", to: "ip_cookie" },
  { operator: "disable", type: BALANCER, path: "adaptiveRouting.failoverAcrossPools", to: false },
  { operator: "remove", type: BALANCER, path: "adaptiveRouting", to: undefined },
  { operator: "weaken", type: BALANCER, path: "steeringPolicy", to: "off" },
  { operator: "weaken", type: BALANCER, path: "steeringPolicy", to: "proximity" },
  { operator: "weaken", type: BALANCER, path: "steeringPolicy", to: "dynamic_latency" },
  { operator: "mis-size", type: BALANCER, path: "randomSteering", to: { defaultWeight: 0 } },
  { operator: "disable", type: BALANCER, path: "rules", to: [fixed] },
  { operator: "mis-name", type: BALANCER, path: "name", to: "apl.example.com", on: "prod" },
  {
    operator: "mis-name",
    type: BALANCER,
    path: "name",
    to: "apl.example.com",
    on: "raw",
    harmless: "which of its names people call is known to nobody but the owners of a raw design",
  },

  { operator: "disable", type: POOL, path: "enabled", to: false, every: true },
  { operator: "remove", type: POOL, path: "monitor", to: undefined, every: true },
  { operator: "mis-name", type: POOL, path: "monitor", to: "0123456789abcdef0123456789abcdef" },
  { operator: "mis-size", type: POOL, path: "minimumOrigins", to: 2, every: true },
  { operator: "weaken", type: POOL, path: "checkRegions", to: ["ENAM"], every: true },
  { operator: "remove", type: POOL, path: "checkRegions", to: [] },
  {
    operator: "weaken",
    type: POOL,
    path: "checkRegions",
    to: ["ALL_REGIONS"],
    harmless: "it is asked from everywhere: dearer, and not weaker",
  },
  { operator: "disable", type: POOL, path: "origins[0].enabled", to: false, every: true },
  { operator: "mis-size", type: POOL, path: "origins[0].weight", to: 0, every: true },
  { operator: "mis-name", type: POOL, path: "origins[0].address", to: "203.0.113.9", every: true },
  { operator: "remove", type: POOL, path: "origins[0].address", to: undefined },
  { operator: "remove", type: POOL, path: "origins", to: [] },
  { operator: "mis-size", type: POOL, path: "loadShedding", to: { defaultPercent: 100, defaultPolicy: "random" } },

  { operator: "weaken", type: MONITOR, path: "interval", to: 60 },
  {
    operator: "mis-size",
    type: MONITOR,
    path: "interval",
    to: 0,
    harmless: "Cloudflare refuses less than 5 seconds: nothing is made",
  },
  { operator: "weaken", type: MONITOR, path: "timeout", to: 30 },
  { operator: "weaken", type: MONITOR, path: "retries", to: 5, on: "raw" },
  {
    operator: "weaken",
    type: MONITOR,
    path: "retries",
    to: 5,
    on: "prod",
    harmless: "with an interval of 10 s it is still found out within the budget of 40 s",
  },
  { operator: "weaken", type: MONITOR, path: "consecutiveDown", to: 5 },
  { operator: "weaken", type: MONITOR, path: "type", to: "tcp" },
  { operator: "weaken", type: MONITOR, path: "type", to: "icmp_ping" },
  { operator: "weaken", type: MONITOR, path: "type", to: "http" },
  { operator: "mis-name", type: MONITOR, path: "path", to: "/" },
  { operator: "mis-name", type: MONITOR, path: "path", to: "/healthz/ready" },
  { operator: "remove", type: MONITOR, path: "path", to: undefined },
  { operator: "weaken", type: MONITOR, path: "expectedCodes", to: "2xx,3xx" },
  { operator: "weaken", type: MONITOR, path: "expectedCodes", to: "200-499" },
  { operator: "remove", type: MONITOR, path: "expectedCodes", to: undefined },
  {
    operator: "remove",
    type: MONITOR,
    path: "expectedBody",
    to: undefined,
    harmless:
      "the code 200 of the path still tells a healthy region from a sick one; the body tells it from a stranger at the same address",
  },
  { operator: "weaken", type: MONITOR, path: "followRedirects", to: true },
  { operator: "weaken", type: MONITOR, path: "allowInsecure", to: true },
  { operator: "weaken", type: MONITOR, path: "method", to: "HEAD", harmless: AT_ONCE },
  { operator: "remove", type: MONITOR, path: "header", to: undefined, harmless: AT_ONCE },
  { operator: "mis-name", type: MONITOR, path: "header.Host[0]", to: "other.example.com", harmless: AT_ONCE },
  {
    operator: "mis-size",
    type: MONITOR,
    path: "consecutiveUp",
    to: 0,
    harmless: "how soon a region comes back takes nothing away while it is gone",
  },

  { operator: "weaken", type: ZONE, of: /-ssl$/, path: "value", to: "full" },
  { operator: "disable", type: ZONE, of: /-ssl$/, path: "value", to: "flexible" },
  { operator: "disable", type: ZONE, of: /-ssl$/, path: "value", to: "off" },
  { operator: "weaken", type: ZONE, of: /-min_tls_version$|-min-tls/, path: "value", to: "1.0" },
  { operator: "disable", type: ZONE, of: /-always_use_https$|-always-use-https$|-https$/, path: "value", to: "off" },
  {
    operator: "disable",
    type: ZONE,
    of: /-0rtt$/,
    path: "value",
    to: "on",
    harmless: "an order that is sent twice is a question of idempotency keys, and of no failure domain",
  },
  { operator: "disable", type: PULLS, path: "configs[0].enabled", to: false, harmless: AT_ONCE },
  { operator: "mis-name", type: PULLS, path: "configs[0].hostname", to: "other.example.com", harmless: AT_ONCE },

  { operator: "disable", type: ALERT, of: /health|pool-alerts/, path: "enabled", to: false },
  { operator: "weaken", type: ALERT, of: /health|pool-alerts/, path: "alertType", to: "billing_usage_alert" },
  { operator: "mis-size", type: ALERT, of: /health|pool-alerts/, path: "filters.poolIds", to: first },
  { operator: "weaken", type: ALERT, of: /health|pool-alerts/, path: "filters.newHealths", to: ["Healthy"] },
  { operator: "remove", type: ALERT, of: /health|pool-alerts/, path: "mechanisms", to: {} },
];
