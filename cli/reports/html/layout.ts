import { layOut, newGraph, type Edge, type LayeredGraph, type Node } from "./layered-graph";
import type { Line, Picture, Thing } from "./picture";

/** A picture with coordinates, in pixels from its upper left corner. */
export interface Layout {
  width: number;
  height: number;
  /** One for each thing, region and cloud of the picture, in their order. */
  things: Box[];
  regions: Box[];
  clouds: Box[];
  /** One for each line: the points that it goes through, from the right of one thing to the left of another. */
  lines: Point[][];
}

/** A rectangle by its upper left corner. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A place in the picture. */
export interface Point {
  x: number;
  y: number;
}

/** Height of a part with its caption, and of what new units start from, whose caption stands beside its name. */
const TALL = 42;
const LOW = 26;
const WIDTH_MIN = 118;
/** Generous for 12.5 px: fonts differ between machines, and nothing measures them here. */
const PIXELS_PER_SIGN = 7.3;
/** Room for a box's title, and between a box and what is in it. */
const TITLE = 24;
const PAD = 12;
/** Room above and below a region, and what stands alone, for the boxes of clouds and their titles. */
const REGION_MARGIN = 12;
const THING_MARGIN = 5;

/**
 * Lays a picture out from left to right: first what stands in each region, then regions, edge and all else. Two passes keep the inside of a
 * region together, and let thirty regions cost no more than thirty small graphs and one with a thing for each region.
 */
export function layoutOf(picture: Picture): Layout {
  const inner = picture.regions.map((_, region) => insideOf(picture, region));
  const outer = aroundOf(picture, inner);
  const boxOf = (id: string): Box => cornerOf(outer.node(id));
  const regions = picture.regions.map((_, region) => inset(boxOf(regionId(region)), REGION_MARGIN));
  const things = picture.things.map(({ region }, thing): Box => {
    if (region === undefined) return inset(boxOf(thingId(thing)), THING_MARGIN);
    const box = regions[region];
    const own = inner[region]?.boxes.get(thing);
    if (box === undefined || own === undefined) throw new Error(`thing ${String(thing)} was not laid out`);
    return { ...own, x: box.x + own.x, y: box.y + own.y };
  });
  const clouds = picture.clouds.map((_, cloud) =>
    around([
      ...picture.regions.flatMap((region, place) => (region.cloud === cloud ? (regions[place] ?? []) : [])),
      ...picture.things.flatMap((thing, place) => (thing.cloud === cloud ? (things[place] ?? []) : [])),
    ]),
  );
  const lines = picture.lines.map((line) => pointsOf(line, picture, { things, regions, outer }));
  return { ...sizeOf([...things, ...regions, ...clouds]), things, regions, clouds, lines };
}

interface Inside {
  boxes: Map<number, Box>;
  width: number;
  height: number;
}

/** What stands in one region, by its upper left corner. */
function insideOf({ things, lines, regions }: Picture, region: number): Inside {
  const graph = newGraph(false);
  const own = new Set(things.flatMap((thing, place) => (thing.region === region ? [place] : [])));
  // What comes first is drawn lowest.
  for (const place of [...own].reverse()) graph.setNode(thingId(place), sizeOfThing(things[place]));
  for (const line of lines) {
    if (!own.has(line.from) || !own.has(line.to)) continue;
    const [first, second] = inReading(line, things);
    graph.setEdge(thingId(first), thingId(second), {});
  }
  for (const [from, to] of companions(things, own)) graph.setEdge(thingId(from), thingId(to), { weight: 0 });
  layOut(graph);
  const titleWidth = (regions[region]?.title.length ?? 0) * PIXELS_PER_SIGN + 90;
  const boxes = new Map([...own].map((place) => [place, cornerOf(graph.node(thingId(place)))]));
  const { width, height } = sizeOf([...boxes.values()]);
  for (const [place, box] of boxes) boxes.set(place, { ...box, x: box.x + PAD, y: box.y + TITLE });
  return { boxes, width: Math.max(width + 2 * PAD, titleWidth), height: height + TITLE + PAD };
}

/** A voter stands beside the computes of its region: behind what stands before them, without a line of its own. */
function companions(things: readonly Thing[], own: ReadonlySet<number>): [number, number][] {
  const of = (...roles: string[]): number[] =>
    [...own].filter((place) => roles.includes(things[place]?.part.role ?? ""));
  const before = of("image", "secret", "key").at(-1) ?? of("entry")[0];
  return before === undefined ? [] : of("voter").map((voter) => [before, voter]);
}

/** Everything else, each region as one thing. */
function aroundOf(picture: Picture, inner: readonly Inside[]): LayeredGraph {
  const graph = newGraph(true);
  for (const cloud of picture.clouds.keys()) graph.setNode(cloudId(cloud), { width: 0, height: 0 });
  for (const [region, { cloud }] of picture.regions.entries()) {
    const { width, height } = inner[region] ?? { width: 0, height: 0 };
    graph.setNode(regionId(region), { width, height: height + 2 * REGION_MARGIN });
    graph.setParent(regionId(region), cloudId(cloud));
  }
  for (const [place, thing] of picture.things.entries()) {
    if (thing.region !== undefined) continue;
    const { width, height } = sizeOfThing(thing);
    graph.setNode(thingId(place), { width, height: height + 2 * THING_MARGIN });
    if (thing.cloud !== undefined) graph.setParent(thingId(place), cloudId(thing.cloud));
  }
  for (const line of picture.lines) {
    const [from, to] = endsOf(line, picture);
    if (from !== to) graph.setEdge(from, to, {});
  }
  layOut(graph);
  return graph;
}

/** Where a line starts and ends among regions and loose things. */
function endsOf(line: Line, { things }: Picture): [string, string] {
  const [first, second] = inReading(line, things);
  const idOf = (place: number): string => {
    const region = things[place]?.region;
    return region === undefined ? thingId(place) : regionId(region);
  };
  return [idOf(first), idOf(second)];
}

/**
 * The ends of a line from left to right. A quorum stands behind its voters, although it needs them, and what a new unit reads stands before
 * it: its way to the journal stays free.
 */
function inReading({ from, to, kind }: Line, things: readonly Thing[]): [number, number] {
  return kind === "start" || things[from]?.part.role === "quorum" ? [to, from] : [from, to];
}

interface Laid {
  things: readonly Box[];
  regions: readonly Box[];
  outer: LayeredGraph;
}

function pointsOf(line: Line, picture: Picture, { things, regions, outer }: Laid): Point[] {
  const [first, second] = inReading(line, picture.things);
  const [a, b] = [things[first], things[second]];
  if (a === undefined || b === undefined) return [];
  const start = { x: rounded(a.x + a.width), y: rounded(a.y + a.height / 2) };
  const end = { x: b.x, y: rounded(b.y + b.height / 2) };
  const [from, to] = endsOf(line, picture);
  const isOther = (box: Box, id: string): boolean => id !== from && id !== to && isCrossed(box, start, end);
  const isBlocked =
    regions.some((box, place) => isOther(box, regionId(place))) ||
    things.some((box, place) => picture.things[place]?.region === undefined && isOther(box, thingId(place)));
  if (from === to || !isBlocked) return [start, end];
  // Around what stands between; the first and the last points are the edges of the boxes in which the line's ends stand.
  const edge: Edge = outer.edge(from, to);
  const way = (edge.points ?? []).slice(1, -1).filter(({ x }) => x > start.x + PAD && x < end.x - PAD);
  return [start, ...way.map(({ x, y }) => ({ x: rounded(x), y: rounded(y) })), end];
}

/** Whether the straight way between two points leads through a box. */
function isCrossed({ x, y, width, height }: Box, start: Point, end: Point): boolean {
  const [left, right] = [Math.max(x, start.x), Math.min(x + width, end.x)];
  if (left >= right) return false;
  const heightAt = (at: number): number => start.y + ((end.y - start.y) * (at - start.x)) / (end.x - start.x);
  const [first, last] = [heightAt(left), heightAt(right)];
  return Math.max(first, last) > y && Math.min(first, last) < y + height;
}

function sizeOfThing(thing: Thing | undefined): { width: number; height: number } {
  if (thing === undefined) return { width: WIDTH_MIN, height: TALL };
  const { label, caption, part } = thing;
  const isLow = part.role === "image" || part.role === "secret" || part.role === "key" || part.role === "log";
  const signs = isLow ? label.length + caption.length + 1 : Math.max(label.length, caption.length, 18);
  return { width: Math.max(WIDTH_MIN, Math.ceil(signs * PIXELS_PER_SIGN) + 22), height: isLow ? LOW : TALL };
}

function cornerOf({ x = 0, y = 0, width, height }: Node): Box {
  return { x: rounded(x - width / 2), y: rounded(y - height / 2), width: rounded(width), height: rounded(height) };
}

function inset({ x, y, width, height }: Box, margin: number): Box {
  return { x, y: rounded(y + margin), width, height: rounded(height - 2 * margin) };
}

/** The box of a cloud: around all that stands in it, its title above. */
function around(boxes: readonly Box[]): Box {
  const x = Math.min(...boxes.map((box) => box.x)) - PAD;
  const y = Math.min(...boxes.map((box) => box.y)) - TITLE;
  const { width, height } = sizeOf(boxes);
  return { x: rounded(x), y: rounded(y), width: rounded(width + PAD - x), height: rounded(height + PAD - y) };
}

function sizeOf(boxes: readonly Box[]): { width: number; height: number } {
  return {
    width: rounded(Math.max(0, ...boxes.map(({ x, width }) => x + width))),
    height: rounded(Math.max(0, ...boxes.map(({ y, height }) => y + height))),
  };
}

function rounded(length: number): number {
  return Math.round(length * 10) / 10;
}

function thingId(place: number): string {
  return `thing ${String(place)}`;
}

function regionId(place: number): string {
  return `region ${String(place)}`;
}

function cloudId(place: number): string {
  return `cloud ${String(place)}`;
}
