import { isObject, type Plan, type PlannedResource } from "../planner";
import { at } from "./plan-groups";
import type { Manifest } from "./plan-manifest";
import { cloudName, placeFinder, text } from "./plan-places";
import { counted } from "../components/sizing/words";

/** What one Cloudflare load balancer does, as lines of a box: hostname, order, health checks, then each pool and where it leads. */
export function edgeLines(plan: Plan, manifests: Manifest[]): string[] {
  const balancers = plan.resources.filter(({ type }) => type === "cloudflare:index/loadBalancer:LoadBalancer");
  return balancers.flatMap((balancer) => {
    const hostname = text(balancer.inputs["name"]) ?? balancer.name;
    const manifest = manifests.find((candidate) => candidate.hostname === hostname) ?? manifests[0];
    const pools = inOrder(poolsOf(plan, balancer, "defaultPools"), manifest);
    const fallback = new Set(balancer.propertyDependencies["fallbackPool"] ?? []);
    const proxied = balancer.inputs["proxied"] === true ? ", proxied" : "";
    const width = Math.max(...pools.map((pool) => poolName(pool).length), 0);
    return [
      `${hostname}  ${steering(balancer)}${proxied}`,
      ...pools.map((pool, place) => {
        const last = fallback.has(pool.urn) ? "  takes all when none is healthy" : "";
        const number = steersInOrder(balancer) ? `${String(place + 1)}.` : "•";
        return `  ${number} ${poolName(pool).padEnd(width)}  → ${originsOf(plan, pool)}${last}`;
      }),
      ...monitorLines(plan, pools),
    ];
  });
}

function poolsOf(plan: Plan, balancer: PlannedResource, property: string): PlannedResource[] {
  const urns = new Set(balancer.propertyDependencies[property] ?? []);
  return plan.resources.filter(({ urn, type }) => urns.has(urn) && type.endsWith(":LoadBalancerPool"));
}

/** A plan knows which pools there are, and not their order, since their ids are unknown; the manifest has it. */
function inOrder(pools: PlannedResource[], manifest: Manifest | undefined): PlannedResource[] {
  const names = (manifest?.regions ?? []).map(({ pool, region }) => pool ?? region ?? "");
  const place = (pool: PlannedResource) => {
    const found = names.findIndex((name) => name !== "" && poolName(pool).endsWith(name));
    return found < 0 ? names.length : found;
  };
  return [...pools].sort((a, b) => place(a) - place(b));
}

function poolName(pool: PlannedResource): string {
  return text(pool.inputs["name"]) ?? pool.name;
}

function steersInOrder(balancer: PlannedResource): boolean {
  return ["off", undefined].includes(text(balancer.inputs["steeringPolicy"]));
}

const policies: Record<string, string> = {
  off: "the first healthy pool takes everything",
  random: "pools share by weight",
  geo: "by the client's region",
  proximity: "the pool nearest to the client",
  dynamic_latency: "the pool that answers fastest",
  least_outstanding_requests: "by requests under way",
};

function steering(balancer: PlannedResource): string {
  const policy = text(balancer.inputs["steeringPolicy"]) ?? "off";
  return policies[policy] ?? policy;
}

/** Where a pool's origins lead: literal addresses, or the resources that their addresses come from. */
function originsOf(plan: Plan, pool: PlannedResource): string {
  const origins = pool.inputs["origins"];
  const literal = (Array.isArray(origins) ? origins : []).flatMap((origin) => {
    const address = isObject(origin) ? text(origin["address"]) : undefined;
    return address === undefined ? [] : [address];
  });
  if (literal.length > 0) return literal.join(", ");
  const urns = new Set(pool.propertyDependencies["origins"] ?? []);
  const sources = plan.resources.filter(({ urn, provider }) => urns.has(urn) && provider !== null);
  const find = placeFinder(plan);
  const places = sources.map((source) => {
    const { cloud, region } = find(source);
    return `${cloudName(cloud)} ${region}`.trim();
  });
  return [...new Set(places)].join(", ") || "an origin that is not known yet";
}

function monitorLines(plan: Plan, pools: PlannedResource[]): string[] {
  const urns = new Set(pools.flatMap((pool) => pool.propertyDependencies["monitor"] ?? []));
  const regions = [...new Set(pools.flatMap((pool) => at(pool.inputs, "checkRegions") ?? []))].map(String);
  return plan.resources
    .filter(({ urn, type }) => urns.has(urn) && type.endsWith(":LoadBalancerMonitor"))
    .map(({ inputs }) => {
      const [path, interval, timeout] = [text(inputs["path"]) ?? "/", at(inputs, "interval"), at(inputs, "timeout")];
      const every = typeof interval === "number" ? ` every ${String(interval)} s` : "";
      const limit = typeof timeout === "number" ? `, ${String(timeout)} s to answer` : "";
      const from = regions.length === 0 ? "" : `, from ${counted(regions.length, "place")} (${regions.join(", ")})`;
      return `  asked: ${path}${every}${limit}${from}`;
    });
}
