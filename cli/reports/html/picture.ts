import type { DesignSummary, PartSummary } from "../../../policies/result";
import { shortened } from "./escape";

/** What is drawn of a design: things, the boxes that they stand in, and the lines between them. Without coordinates. */
export interface Picture {
  things: Thing[];
  regions: RegionBox[];
  clouds: CloudBox[];
  lines: Line[];
}

/** One part of the design. */
export interface Thing {
  part: PartSummary;
  /** `compute, 3 zones`. */
  caption: string;
  /** The part's name, cut where it is long. */
  label: string;
  /** Place of its region among `regions`; undefined where it stands in none. */
  region: number | undefined;
  /** Place of its cloud among `clouds`; undefined for what stands in several. */
  cloud: number | undefined;
}

/** One region. */
export interface RegionBox {
  /** `aws:us-east-2`, as a survival row's `servedBy` tells it. */
  id: string;
  title: string;
  cloud: number;
}

/** One cloud, or everything that stands at the edge. */
export interface CloudBox {
  id: string;
  title: string;
}

/** That one thing leads to, or needs, another; places among `things`. */
export interface Line {
  from: number;
  to: number;
  /** `path`: what answers a request. `start`: what a new unit has to reach. */
  kind: "path" | "start";
}

const TITLES: Readonly<Record<string, string>> = {
  aws: "AWS",
  gcp: "Google Cloud",
  cloudflare: "Cloudflare",
  other: "Elsewhere",
};

const ROLES: Readonly<Record<PartSummary["role"], string>> = {
  door: "hostname",
  pool: "pool",
  entry: "entry",
  compute: "compute",
  data: "data",
  quorum: "quorum",
  voter: "voter",
  image: "image",
  secret: "secret",
  key: "key",
  log: "logs",
};

/** Longest name in characters. */
const LABEL_MAX = 30;
/** More things or lines than these are not drawn: nobody could read the picture, and laying it out grows with the square (3 s for 300). */
const THINGS_MAX = 320;
const LINES_MAX = 640;
/** With more parts than this, what new units start from is left out of the picture. */
const WITH_STARTS_MAX = 200;

/** The picture of a design; undefined where it has nothing to draw, or more than anybody could read. */
export function pictureOf({ parts, regions }: DesignSummary): Picture | undefined {
  const serving = parts.filter(({ role }) => !isStart(role));
  const drawn = parts.length > WITH_STARTS_MAX ? serving : parts;
  if (drawn.length === 0 || drawn.length > THINGS_MAX) return undefined;
  const clouds = new Map<string, number>();
  const places = new Map<string, RegionBox & { place: number }>();
  const geographies = new Map(regions.map(({ cloud, region, geography }) => [`${cloud}:${region}`, geography]));
  const cloudAt = (cloud: string): number => {
    if (!clouds.has(cloud)) clouds.set(cloud, clouds.size);
    return clouds.get(cloud) ?? 0;
  };
  const ordered = [...drawn].sort((a, b) => rankOf(a) - rankOf(b));
  const lines = linesOf(ordered);
  if (lines.length > LINES_MAX) return undefined;
  const things = ordered.map((part): Thing => {
    const base = { part, caption: captionOf(part), label: shortened(part.label, LABEL_MAX) };
    const { cloud, region } = part;
    if (cloud === "other" && (region === null || region === "global"))
      return { ...base, cloud: undefined, region: undefined };
    if (region === null || region === "global") return { ...base, cloud: cloudAt(cloud), region: undefined };
    const id = `${cloud}:${region}`;
    const geography = geographies.get(id) ?? null;
    const title = geography === null ? region : `${region} · ${geography}`;
    const box = places.get(id) ?? { id, title, cloud: cloudAt(cloud), place: places.size };
    places.set(id, box);
    return { ...base, cloud: box.cloud, region: box.place };
  });
  return {
    things,
    regions: [...places.values()].map(({ id, title, cloud }) => ({ id, title, cloud })),
    clouds: [...clouds.keys()].map((id) => ({ id, title: TITLES[id] ?? id })),
    lines,
  };
}

function isStart(role: PartSummary["role"]): boolean {
  return role === "image" || role === "secret" || role === "key" || role === "log";
}

/** In the order in which a request comes by; what is equal keeps the order of its id. */
function rankOf({ role }: PartSummary): number {
  return Object.keys(ROLES).indexOf(role);
}

function captionOf({ role, region, zones, cloud }: PartSummary): string {
  const word = ROLES[role];
  if (region === null) return cloud === "other" && role === "quorum" ? word : `${word}, region not known`;
  if (!["entry", "compute", "data", "voter"].includes(role)) return word;
  if (zones === null) return role === "voter" ? word : `${word}, zones not known`;
  if (zones.length === 0) return word;
  return zones.length === 1 ? `${word}, ${zones[0] ?? ""}` : `${word}, ${String(zones.length)} zones`;
}

function linesOf(parts: readonly PartSummary[]): Line[] {
  const places = new Map(parts.map(({ id }, place) => [id, place]));
  const lines = new Map<string, Line>();
  const draw = (from: number, id: string, kind: Line["kind"]): void => {
    const to = places.get(id);
    if (to === undefined || to === from) return;
    const key = `${String(from)} ${String(to)}`;
    if (!lines.has(key)) lines.set(key, { from, to, kind });
  };
  for (const [from, { needs, dependencies }] of parts.entries()) {
    for (const { of } of needs) for (const id of of) draw(from, id, "path");
    for (const { of } of dependencies) for (const id of of) draw(from, id, "start");
  }
  return [...lines.values()];
}
