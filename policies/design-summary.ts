import type { Design } from "../resilience/design";
import { valueOr } from "../resilience/fact";
import { GLOBAL, type Part } from "../resilience/model";
import { geographyOf } from "../resilience/places";
import type { DesignSummary, PartSummary } from "./result";

/** A design in short: which clouds and regions serve, everything in a serving path, and what its computes start from. */
export function summaryOf(design: Design): DesignSummary {
  const serving = partsOf(design, design.serving);
  const told = new Set(serving.flatMap((part) => [part.id, ...dependenciesOf(part).flatMap(({ of }) => of)]));
  // What answers requests; an edge in front of it and data behind it serve nobody by themselves.
  const answering = serving.filter(({ role }) => role === "compute" || role === "entry");
  return {
    project: design.graph.project,
    stack: design.graph.stack,
    clouds: [...new Set(answering.filter(isSomewhere).map(({ place }) => place.cloud))].sort(),
    regions: regionsOf(answering),
    parts: partsOf(design, told).map(partSummary),
  };
}

/** Whether it is known who runs it: an address outside of which nobody says where it stands counts as no cloud. */
function isSomewhere({ place }: Part): boolean {
  return place.cloud !== "other" || place.region.known;
}

function partsOf(design: Design, ids: ReadonlySet<string>): Part[] {
  return [...ids].sort().flatMap((id) => design.parts.get(id) ?? []);
}

function dependenciesOf(part: Part): PartSummary["dependencies"] {
  if (part.role !== "compute") return [];
  return part.dependencies.flatMap(({ kind, parts }) => (parts.length === 0 ? [] : [{ what: kind, of: parts }]));
}

function regionsOf(parts: readonly Part[]): DesignSummary["regions"] {
  const rows = new Map<string, DesignSummary["regions"][number]>();
  for (const { place } of parts) {
    const { cloud } = place;
    const region = valueOr(place.region, GLOBAL);
    if (region === GLOBAL) continue;
    rows.set(`${cloud}:${region}`, { cloud, region, geography: geographyOf(cloud, region) ?? null });
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function partSummary(part: Part): PartSummary {
  const { id, role, label, place, needs } = part;
  return {
    id,
    role,
    label,
    cloud: place.cloud,
    region: valueOr(place.region, null),
    zones: valueOr(place.zones, null),
    needs: needs.map(({ what, atLeast, of }) => ({ what, atLeast, of })),
    dependencies: dependenciesOf(part),
  };
}
