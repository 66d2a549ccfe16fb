import { isIP } from "node:net";
import { isPrivateCidr } from "../../../components/sizing/cidr";
import { isObject, type JsonObject } from "../../../resilience/values";
import { boolean, number, objects, text, texts } from "../../values";
import { others, refusal, type Refusal, type Surroundings } from "../model";
import { apiError } from "./errors";

const MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor";
const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
const BALANCER = "cloudflare:index/loadBalancer:LoadBalancer";
/** Shortest interval between probes by plan, in seconds: https://developers.cloudflare.com/load-balancing/monitors/create-monitor/. */
const INTERVAL_MINIMUM: Record<string, number> = { free: 60, pro: 60, business: 15, enterprise: 10 };
const CHECK_REGIONS = [
  "WNAM",
  "ENAM",
  "WEU",
  "EEU",
  "NSAM",
  "SSAM",
  "OC",
  "ME",
  "NAF",
  "SAF",
  "SAS",
  "SEAS",
  "NEAS",
  "ALL_REGIONS",
];
const STEERING_ADD_ON = ["geo", "dynamic_latency", "proximity", "least_outstanding_requests", "least_connections"];
/** Load balancers, pools and endpoints of a plan that is not Enterprise: https://developers.cloudflare.com/load-balancing/reference/limitations/. */
const QUOTA = 20;
const write = ["create", "update"] as const;
const isHttp = (inputs: JsonObject): boolean => ["http", "https"].includes(text(inputs, "type") ?? "http");

const monitors: readonly Refusal[] = [
  refusal("cloudflare C2", [MONITOR], write, "an HTTP monitor without expected codes", ({ inputs }) =>
    isHttp(inputs) && (text(inputs, "expectedCodes") ?? "") === ""
      ? apiError(1002, "expected_codes must be set: validation failed")
      : undefined,
  ),
  refusal("cloudflare C3", [MONITOR], write, "an interval that the plan does not have", ({ inputs }, { settings }) => {
    const [interval, minimum] = [number(inputs, "interval") ?? 60, INTERVAL_MINIMUM[settings.cloudflarePlan] ?? 60];
    return interval < minimum || interval > 3600
      ? apiError(1002, `interval is not in range [${String(minimum)}, 3600]: validation failed`)
      : undefined;
  }),
  refusal("cloudflare C4", [MONITOR], write, "a monitor of TCP, UDP or SMTP without a port", ({ inputs }) =>
    ["tcp", "udp_icmp", "smtp"].includes(text(inputs, "type") ?? "") && inputs["port"] === undefined
      ? apiError(1002, "port must be set: validation failed")
      : undefined,
  ),
  refusal("cloudflare C6", [MONITOR], write, "a timeout outside 1 to 10 seconds", ({ inputs }) =>
    outside(number(inputs, "timeout"), 1, 10)
      ? apiError(1002, "timeout is not in range [1, 10]: validation failed")
      : undefined,
  ),
  refusal("cloudflare C7", [MONITOR], write, "retries outside 1 to 5", ({ inputs }) =>
    outside(number(inputs, "retries"), 1, 5)
      ? apiError(1002, "retries is not in range [1, 5]: validation failed")
      : undefined,
  ),
  refusal("cloudflare C8", [MONITOR], write, "a path, body or zone for a monitor that is not HTTP", ({ inputs }) => {
    const odd = ["path", "probeZone", "expectedBody", "expectedCodes"].find(
      (name) => (text(inputs, name) ?? "") !== "",
    );
    return !isHttp(inputs) && odd !== undefined
      ? apiError(1002, `${odd} is only allowed for http and https: validation failed`)
      : undefined;
  }),
  refusal("cloudflare C14 monitor", [MONITOR], ["delete"], "a monitor that a pool names", ({ id }, around) =>
    around.world.ofType(POOL).some(({ inputs }) => inputs["monitor"] === id)
      ? apiError(1005, "This object is referenced by other objects, delete them first", 412)
      : undefined,
  ),
  refusal("cloudflare C30", [POOL], write, "a monitor that is not there", ({ inputs }, around) => {
    const monitor = text(inputs, "monitor");
    return monitor === undefined || around.world.find(MONITOR, monitor) !== undefined
      ? undefined
      : apiError(1002, `monitor ${monitor} does not exist: validation failed`);
  }),
];

const pools: readonly Refusal[] = [
  refusal(
    "cloudflare C13",
    [POOL, BALANCER],
    ["create"],
    "more than the plan's 20 pools or load balancers",
    (subject, around) =>
      around.settings.cloudflarePlan !== "enterprise" && others(subject, around).length >= QUOTA
        ? apiError(1002, "Exceeded quota")
        : undefined,
  ),
  refusal("cloudflare C15", [POOL], write, "no origin, or more than the quota", ({ inputs }) => {
    const count = objects(inputs, "origins").length;
    return count === 0 || count > QUOTA
      ? apiError(1002, `the origin list length must be in range [1, ${String(QUOTA)}]`)
      : undefined;
  }),
  refusal("cloudflare C16", [POOL], ["check"], "a check region that is none", ({ inputs }) => {
    const odd = texts(inputs, "checkRegions").find((region) => !CHECK_REGIONS.includes(region));
    return odd === undefined
      ? undefined
      : `Attribute check_regions value must be one of: ${CHECK_REGIONS.map((region) => `"${region}"`).join(" ")}, got: "${odd}"`;
  }),
  refusal("cloudflare C17", [POOL], write, "no check regions below Enterprise", ({ inputs }, { settings }) => {
    const everywhere =
      texts(inputs, "checkRegions").length === 0 || texts(inputs, "checkRegions").includes("ALL_REGIONS");
    return everywhere && settings.cloudflarePlan !== "enterprise"
      ? apiError(1002, "Probing from every data centre is not allowed with this subscription")
      : undefined;
  }),
  refusal(
    "cloudflare C18",
    [POOL],
    write,
    "a pool's name with other characters than letters, digits, - and _",
    ({ inputs }) =>
      /^[A-Za-z0-9_-]+$/.test(text(inputs, "name") ?? "-")
        ? undefined
        : apiError(1002, "name must only contain A-Z, a-z, 0-9, - and _: validation failed"),
  ),
  refusal("cloudflare C19", [POOL], write, "a pool's name that the account has already", (subject, around) =>
    others(subject, around).some(({ inputs }) => inputs["name"] === subject.inputs["name"])
      ? apiError(1002, `pool with name ${text(subject.inputs, "name") ?? ""} already exists: validation failed`)
      : undefined,
  ),
  refusal("cloudflare C20", [POOL], write, "two origins of one name or address", ({ inputs }) => {
    const origins = objects(inputs, "origins");
    const twice = ["name", "address"].find(
      (name) => new Set(origins.map((origin) => origin[name])).size < origins.length,
    );
    return twice === undefined
      ? undefined
      : apiError(1002, `origin ${twice} must be unique within a pool: validation failed`);
  }),
  refusal("cloudflare C24", [POOL], write, "one of latitude and longitude, or one out of range", ({ inputs }) => {
    const [latitude, longitude] = [number(inputs, "latitude"), number(inputs, "longitude")];
    const wrong =
      (latitude === undefined) !== (longitude === undefined) ||
      outside(latitude, -90, 90) ||
      outside(longitude, -180, 180);
    return wrong
      ? apiError(1002, "latitude and longitude must both be set and in range: validation failed")
      : undefined;
  }),
  refusal(
    "cloudflare C25",
    [POOL],
    write,
    "an origin address that cannot be reached from the Internet",
    ({ inputs }) => {
      const closed = objects(inputs, "origins").some(
        (origin) => origin["virtualNetworkId"] === undefined && isPrivate(text(origin, "address")),
      );
      return closed
        ? apiError(1002, "Origin address is invalid or is not globally routable and has health monitoring enabled")
        : undefined;
    },
  ),
  refusal("cloudflare C14 pool", [POOL], ["delete"], "a pool that a load balancer names", ({ id = "" }, around) =>
    around.world.ofType(BALANCER).some(({ inputs }) => namedPools(inputs).includes(id))
      ? apiError(1005, "This object is referenced by other objects, delete them first", 412)
      : undefined,
  ),
];

const balancers: readonly Refusal[] = [
  refusal("cloudflare C38", [BALANCER], write, "a name that is no full hostname", ({ inputs }) => {
    const name = text(inputs, "name");
    return name === undefined || name.includes(".")
      ? undefined
      : apiError(1002, `invalid hostname: ${name}: validation failed`);
  }),
  refusal("cloudflare C39", [BALANCER], write, "a hostname outside its zone", ({ inputs }, around) => {
    const [name, zone] = [text(inputs, "name"), zoneName(inputs, around)];
    return name === undefined || zone === undefined || name === zone || name.endsWith(`.${zone}`)
      ? undefined
      : apiError(1002, `hostname ${name} is not in zone ${zone}: validation failed`);
  }),
  refusal("cloudflare C39 twice", [BALANCER], ["create"], "a second load balancer of a hostname", (subject, around) =>
    others(subject, around).some(({ inputs }) => inputs["name"] === subject.inputs["name"])
      ? apiError(1002, `load balancer ${text(subject.inputs, "name") ?? ""} already exists: validation failed`)
      : undefined,
  ),
  refusal("cloudflare C39 pool", [BALANCER], write, "a pool that is not there", ({ inputs }, around) => {
    const missing = namedPools(inputs).find((id) => around.world.find(POOL, id) === undefined);
    return missing === undefined ? undefined : apiError(1002, `pool ${missing} does not exist: validation failed`);
  }),
  refusal(
    "cloudflare C37",
    [BALANCER],
    write,
    "a weight outside 0 to 1, or of a pool that the load balancer does not use",
    ({ inputs }) => {
      const weights = Object.entries(
        isObject(inputs["randomSteering"]) && isObject(inputs["randomSteering"]["poolWeights"])
          ? inputs["randomSteering"]["poolWeights"]
          : {},
      );
      const wrong = weights.find(
        ([id, weight]) =>
          !texts(inputs, "defaultPools").includes(id) || typeof weight !== "number" || outside(weight, 0, 1),
      );
      return wrong === undefined
        ? undefined
        : apiError(1002, `random_steering.pool_weights: invalid weight of pool ${wrong[0]}: validation failed`);
    },
  ),
  refusal("cloudflare C40", [BALANCER], write, "steering that is an add-on", ({ inputs }, { settings }) => {
    const policy = text(inputs, "steeringPolicy") ?? "";
    return STEERING_ADD_ON.includes(policy) &&
      !settings.trafficSteeringEntitled &&
      settings.cloudflarePlan !== "enterprise"
      ? apiError(1002, `steering_policy ${policy} is not allowed with this subscription`)
      : undefined;
  }),
  refusal("cloudflare C42", [BALANCER], write, "a time to live of an affinity out of its range", ({ inputs }) => {
    const [affinity, seconds] = [text(inputs, "sessionAffinity") ?? "none", number(inputs, "sessionAffinityTtl")];
    const wrong = ["cookie", "ip_cookie"].includes(affinity)
      ? outside(seconds, 1800, 604_800)
      : affinity === "header" && outside(seconds, 30, 3600);
    return wrong ? apiError(1002, "session_affinity_ttl is out of range: validation failed") : undefined;
  }),
  refusal("cloudflare C44", [BALANCER], write, "a drain outside 0 to 86,400 seconds", ({ inputs }) =>
    outside(number(inputs, "sessionAffinityAttributes.drainDuration"), 0, 86_400)
      ? apiError(1002, "drain_duration is not in range [0, 86400]: validation failed")
      : undefined,
  ),
];

/** What Cloudflare Load Balancing refuses. */
export const balancingRefusals: readonly Refusal[] = [...monitors, ...pools, ...balancers];

/** Every pool that a load balancer names: default, fallback and by place. */
function namedPools(inputs: JsonObject): string[] {
  const byPlace = ["regionPools", "popPools", "countryPools"].flatMap((name) => {
    const map = inputs[name];
    return isObject(map) ? Object.keys(map).flatMap((place) => texts(map, place)) : [];
  });
  return [
    ...texts(inputs, "defaultPools"),
    ...(text(inputs, "fallbackPool") === undefined ? [] : [text(inputs, "fallbackPool") ?? ""]),
    ...byPlace,
  ];
}

/** The name of the zone that the inputs are for; undefined where the world does not know it. */
export function zoneName(inputs: JsonObject, { settings, world }: Surroundings): string | undefined {
  const id = text(inputs, "zoneId") ?? "";
  const made = world.find("cloudflare:index/zone:Zone", id);
  return settings.zones[id] ?? (made === undefined ? undefined : text(made.inputs, "name"));
}

/** Private and loopback ranges. The documentation ranges of RFC 5737 stay open: the twin's own clouds give addresses out of them. */
function isPrivate(address: string | undefined): boolean {
  if (address === undefined || isIP(address) !== 4) return false;
  return isPrivateCidr(`${address}/32`) || address.startsWith("127.") || address.startsWith("169.254.");
}

function outside(value: number | undefined, minimum: number, maximum: number): boolean {
  return value !== undefined && (value < minimum || value > maximum);
}

/** Whether a flag of the inputs is on. */
export function isOn(inputs: JsonObject, name: string): boolean {
  return boolean(inputs, name) === true;
}
