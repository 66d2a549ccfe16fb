import { regionFacts } from "../components/sizing/regions";
import { unknownValue, type Json, type Plan, type PlannedResource } from "../planner";
import { compareTexts } from "../components/sizing/words";

/** Where a resource of a plan stands. */
export interface Place {
  /** The package of its type: `aws`, `gcp`, `cloudflare`. */
  cloud: string;
  /** The vendor's name of the region; empty for what belongs to none. */
  region: string;
}

/** Resources that stand in the same place. */
export interface PlacedResources extends Place {
  /** Without components and providers. */
  resources: PlannedResource[];
}

/** Real resources by cloud and region: clouds in the order AWS, Google, Cloudflare, others; regions by name, what has none last. */
export function byPlace(plan: Plan): PlacedResources[] {
  const real = plan.resources.filter(isReal);
  const find = placeFinder(plan);
  const places = new Map<string, PlacedResources>();
  for (const resource of real) {
    const place = find(resource);
    const key = `${place.cloud}:${place.region}`;
    const placed = places.get(key) ?? { ...place, resources: [] };
    placed.resources.push(resource);
    places.set(key, placed);
  }
  return [...places.values()].sort(
    (a, b) =>
      rank(a.cloud) - rank(b.cloud) || compareTexts(a.cloud, b.cloud) || compareTexts(a.region || "~", b.region || "~"),
  );
}

/** Whether a resource is something in a cloud: no component, provider or stack. */
export function isReal({ provider, type }: PlannedResource): boolean {
  // A reference to another stack is read by Pulumi's own provider, from that stack's state.
  return provider !== null && !type.startsWith("pulumi:pulumi:");
}

/** The name by which people know a cloud. */
export function cloudName(cloud: string): string {
  return { aws: "AWS", gcp: "Google Cloud", cloudflare: "Cloudflare", tls: "Keys and certificates" }[cloud] ?? cloud;
}

/** The geography of a region, where it is known. */
export function geographyOf({ cloud, region }: Place): string | undefined {
  return cloud === "aws" || cloud === "gcp" ? regionFacts(cloud, region)?.geography : undefined;
}

/** A text that is known. */
export function text(value: Json | undefined): string | undefined {
  return typeof value === "string" && value !== "" && value !== unknownValue ? value : undefined;
}

/** The package of a resource's type. */
export function cloudOf({ type }: PlannedResource): string {
  return type.split(":", 1)[0] ?? type;
}

/**
 * Tells where a resource stands: in the region that it names, else that of its AWS provider, else that of the nearest component
 * whose resources all name the same one.
 */
export function placeFinder(plan: Plan): (resource: PlannedResource) => Place {
  const components = componentRegions(plan, plan.resources.filter(isReal));
  const byUrn = new Map(plan.resources.map((resource) => [resource.urn, resource]));
  return (resource) => {
    const cloud = cloudOf(resource);
    const provider = byUrn.get(resource.provider?.replace(/::[^:]*$/, "") ?? "");
    const region = ownRegion(resource) ?? awsProviderRegion(resource, provider);
    if (region !== undefined) return { cloud, region };
    for (let at = resource.parent; at !== null; at = byUrn.get(at)?.parent ?? null) {
      const common = components.get(`${cloud} ${at}`);
      if (common !== undefined) return { cloud, region: common };
    }
    return { cloud, region: "" };
  };
}

/** An AWS provider works in one region; a Google one's region is only a default for what is regional. */
function awsProviderRegion({ type }: PlannedResource, provider: PlannedResource | undefined): string | undefined {
  const global = /^aws:(iam|route53|cloudfront|globalaccelerator)\//;
  return type.startsWith("aws:") && !global.test(type) ? text(provider?.inputs["region"]) : undefined;
}

/** The region that a resource names: `region` (AWS, Google), `location` (Google), or that of its zone. */
function ownRegion({ inputs }: PlannedResource): string | undefined {
  const named = text(inputs["region"]) ?? text(inputs["location"]);
  if (named !== undefined) return named === "global" ? undefined : named.split("/").at(-1);
  return text(inputs["zone"])?.replace(/-[a-z]$/, "");
}

/** Components all of whose resources in one cloud that name a region name the same one, by `CLOUD URN`. */
function componentRegions(plan: Plan, real: PlannedResource[]): Map<string, string> {
  const parents = new Map(plan.resources.map(({ urn, parent }) => [urn, parent]));
  const found = new Map<string, Set<string>>();
  for (const resource of real) {
    const region = ownRegion(resource);
    if (region === undefined) continue;
    for (let at = resource.parent; at !== null; at = parents.get(at) ?? null) {
      const key = `${cloudOf(resource)} ${at}`;
      found.set(key, (found.get(key) ?? new Set()).add(region));
    }
  }
  const stack = plan.resources.find(({ type }) => type === "pulumi:pulumi:Stack")?.urn ?? "";
  const single = [...found].flatMap(([key, regions]): [string, string][] => {
    const [region, ...others] = regions;
    return region === undefined || others.length > 0 || key.endsWith(` ${stack}`) ? [] : [[key, region]];
  });
  return new Map(single);
}

function rank(cloud: string): number {
  const order = ["aws", "gcp", "cloudflare"].indexOf(cloud);
  return order < 0 ? 3 : order;
}
