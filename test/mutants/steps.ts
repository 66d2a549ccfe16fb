/** Mistakes that change several things at once, or the settings. */
import type { Graph, Resource } from "../../resilience/graph";
import type { Json } from "../../resilience/values";
import { dropped, edited, valueAt, written } from "./change";
import type { Subject } from "./designs";
import { mutant, type Mutant, type Operator } from "./mutant";

const POOL = "cloudflare:index/loadBalancerPool:LoadBalancerPool";
const BALANCER = "cloudflare:index/loadBalancer:LoadBalancer";
const MACHINE = "aws:ec2/instance:Instance";

/** See above; for one design. */
export function severalSteps(subject: Subject): Mutant[] {
  const { graph } = subject;
  const ofType = (type: string): Resource[] => graph.resources.filter((resource) => resource.type === type);
  const [balancer] = ofType(BALANCER);
  const pools = ofType(POOL);
  if (balancer === undefined) return [];
  const make = (operator: Operator, what: string, change: (graph: Graph) => Graph): Mutant =>
    mutant(subject, operator, what, undefined, change);
  const without = (what: string, pattern: RegExp): Mutant =>
    make("remove", what, (before) => dropped(before, urnsOf(pools, pattern)));
  const kept = (pattern: RegExp): number[] =>
    orderOf(balancer, pools).flatMap((pool, place) => (pattern.test(pool?.name ?? "") ? [place] : []));
  return [
    without("every pool of AWS", /us-east-2|us-west-2/),
    without("every pool of Google", /us-central1|us-east4/),
    without("every pool but that of us-east-2", /us-west-2|us-central1|us-east4/),
    make("disable", "every monitor", (before) =>
      pools.reduce((all, { urn }) => written(all, urn, "monitor", undefined), before),
    ),
    make("disable", "every pool", (before) =>
      pools.reduce((all, { urn }) => written(all, urn, "enabled", false), before),
    ),
    make("share", "clients of WNAM with pools of AWS alone, by geo steering", (before) =>
      listed(
        written(before, balancer.urn, "steeringPolicy", "geo"),
        balancer,
        "regionPools",
        "WNAM",
        kept(/us-(ea|we)st-2/),
      ),
    ),
    make("share", "clients of DE with pools of Google alone, by geo steering", (before) =>
      listed(
        written(before, balancer.urn, "steeringPolicy", "geo"),
        balancer,
        "countryPools",
        "DE",
        kept(/central1|east4/),
      ),
    ),
    make("weaken", "the name to DNS only, kept for an hour", (before) =>
      written(written(before, balancer.urn, "proxied", false), balancer.urn, "ttl", 3600),
    ),
    make("share", "one origin twice, both of which a pool needs", (before) =>
      pools.slice(0, 1).reduce((all, pool) => twice(all, pool), before),
    ),
    ...orderOf(balancer, pools)
      .filter((pool) => pool?.name.includes("us-west-2") === true)
      .map((pool) =>
        make("share", `the fallback by ${pool?.name ?? ""}, in order`, (before) =>
          fallenBackOn(before, balancer, pool),
        ),
      ),
    make("share", "Google's global load balancing by both of its regions", globally),
    make("share", "one ground by the only two regions", (before) =>
      relocated(dropped(before, urnsOf(pools, /us-west-2|us-central1/))),
    ),
    ...aroundTheEdge(subject),
    ...raw(subject, ofType(MACHINE)),
    ...waivers(subject),
  ];
}

/** The pools of the balancer in its order, as far as the recorder tells. */
function orderOf({ references, inputs }: Resource, pools: readonly Resource[]): (Resource | undefined)[] {
  const list = inputs.defaultPools;
  return (Array.isArray(list) ? list : []).map((_, place) => {
    const urns = references[`defaultPools[${String(place)}]`] ?? [];
    return pools.find(({ urn }) => urns.includes(urn));
  });
}

/** A list of pools for some clients: elements of the default list. */
function listed(graph: Graph, { urn }: Resource, property: string, key: string, places: readonly number[]): Graph {
  return edited(graph, urn, (resource) => {
    const at = (place: number): string => `defaultPools[${String(place)}]`;
    const told = places.flatMap((place, to) => {
      const urns = resource.references[at(place)];
      return urns === undefined ? [] : [[`${property}.${key}[${String(to)}]`, urns] as const];
    });
    const values = places.map((place): Json => valueAt(resource, at(place)) ?? null);
    return {
      ...resource,
      inputs: { ...resource.inputs, [property]: { [key]: values } },
      references: {
        ...Object.fromEntries(Object.entries(resource.references).filter(([path]) => !path.startsWith(property))),
        ...Object.fromEntries(told),
      },
      propertyDependencies: {
        ...resource.propertyDependencies,
        [property]: [...new Set(told.flatMap(([, urns]) => urns))].sort(),
      },
    };
  });
}

function urnsOf(resources: readonly Resource[], pattern: RegExp): Set<string> {
  return new Set(resources.flatMap(({ urn, name }) => (pattern.test(name) ? [urn] : [])));
}

/** The origins of a pool twice over, all of which have to be healthy. */
function twice(graph: Graph, { urn, inputs, references }: Resource): Graph {
  const origins = Array.isArray(inputs.origins) ? inputs.origins : [];
  const second = Object.entries(references).flatMap(([path, urns]) =>
    path.startsWith("origins[0]") ? [[path.replace("origins[0]", "origins[1]"), urns] as const] : [],
  );
  return edited(graph, urn, (resource) => ({
    ...resource,
    inputs: { ...resource.inputs, origins: [...origins, ...origins], minimumOrigins: 2 },
    references: { ...resource.references, ...Object.fromEntries(second) },
  }));
}

function fallenBackOn(graph: Graph, { urn }: Resource, pool: Resource | undefined): Graph {
  const named = pool === undefined ? [] : [pool.urn];
  return edited(written(graph, urn, "steeringPolicy", "off"), urn, (resource) => ({
    ...resource,
    references: Object.fromEntries(Object.entries(resource.references).filter(([path]) => path !== "fallbackPool")),
    propertyDependencies: { ...resource.propertyDependencies, fallbackPool: named },
  }));
}

/** Every regional balancer of Google made global: the same names in other types. */
function globally(graph: Graph): Graph {
  const types: readonly (readonly [string, string])[] = [
    ["compute/regionBackendService:RegionBackendService", "compute/backendService:BackendService"],
    ["compute/regionUrlMap:RegionUrlMap", "compute/uRLMap:URLMap"],
    ["compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", "compute/targetHttpsProxy:TargetHttpsProxy"],
    ["compute/forwardingRule:ForwardingRule", "compute/globalForwardingRule:GlobalForwardingRule"],
    ["compute/address:Address", "compute/globalAddress:GlobalAddress"],
    ["compute/regionSslPolicy:RegionSslPolicy", "compute/sSLPolicy:SSLPolicy"],
    ["compute/regionSecurityPolicy:RegionSecurityPolicy", "compute/securityPolicy:SecurityPolicy"],
  ];
  const isGlobal = new Set(types.map(([, to]) => `gcp:${to}`));
  const changed = replaced(graph, types);
  return {
    ...changed,
    resources: changed.resources.map((resource) =>
      isGlobal.has(resource.type)
        ? {
            ...resource,
            inputs: Object.fromEntries(Object.entries(resource.inputs).filter(([key]) => key !== "region")),
          }
        : resource,
    ),
  };
}

/** Ohio moved next to Google's us-east4. */
function relocated(graph: Graph): Graph {
  return replaced(graph, [["us-east-2", "us-east-1"]]);
}

function replaced(graph: Graph, texts: readonly (readonly [string, string])[]): Graph {
  const before = JSON.stringify(graph.resources);
  const after = texts.reduce((text, [from, to]) => text.replaceAll(from, to), before);
  return { ...graph, resources: JSON.parse(after) as Resource[] };
}

/** What only a design with a way around the edge can lose. */
function aroundTheEdge(subject: Subject): Mutant[] {
  const named = (name: string): Set<string> =>
    new Set(subject.graph.resources.flatMap((resource) => (resource.name === name ? [resource.urn] : [])));
  return ["escape", "us-east-2-lb-from-all"].flatMap((name) =>
    named(name).size === 0
      ? []
      : [
          mutant(subject, "remove", `${name}, by which clients go around the edge`, undefined, (graph) =>
            dropped(graph, named(name)),
          ),
        ],
  );
}

/** What the raw design alone has: voters on machines of its own. */
function raw(subject: Subject, machines: readonly Resource[]): Mutant[] {
  const [first, second] = machines;
  if (first === undefined || second === undefined) return [];
  const group = subject.graph.resources.find(({ name }) => name === "journal-room");
  const witness = subject.graph.resources.find(({ name }) => name === "witness-journal");
  const together = (graph: Graph): Graph =>
    edited(graph, second.urn, (resource) => ({
      ...resource,
      inputs: { ...resource.inputs, region: first.inputs.region ?? null },
      references: { ...resource.references, ...first.references },
      propertyDependencies: { ...resource.propertyDependencies, ...first.propertyDependencies },
    }));
  return [
    mutant(subject, "share", "one room by both voters of AWS", undefined, (graph) =>
      group === undefined ? graph : written(together(graph), group.urn, "strategy", "cluster"),
    ),
    mutant(subject, "move", "the witness of the quorum into AWS", undefined, (graph) =>
      witness === undefined
        ? graph
        : edited(graph, witness.urn, (before) => ({ ...first, urn: before.urn, name: before.name })),
    ),
    mutant(subject, "remove", "the witness and one more voter", undefined, (graph) =>
      dropped(graph, new Set([second.urn, witness?.urn ?? ""])),
    ),
  ];
}

/** Slips in the settings: waivers that have ended, that mean nothing, that never end. */
function waivers({ name }: Subject): Mutant[] {
  const waiver = { rule: "EDG-14", urn: "*", reason: "clients cannot be told of a second name", owner: "edge team" };
  const cases: [string, Record<string, string>][] = [
    ["a waiver that has ended", { expires: "2026-01-31" }],
    ["a waiver that means nothing", { rule: "DAT-04", expires: "2026-12-31" }],
    ["a waiver that ends in ten years", { expires: "2036-12-31" }],
  ];
  return cases.map(([what, more]): Mutant => ({
    name: `${name}: weaken the settings by ${what}`,
    operator: "weaken",
    subject: name,
    change: (before) => ({
      ...before,
      settings: { ...before.settings, "GOV-01": { waivers: [{ ...waiver, ...more }] } },
    }),
  }));
}
