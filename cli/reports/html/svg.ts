import { escaped } from "./escape";
import type { Box, Layout, Point } from "./layout";
import type { Line, Picture, Thing } from "./picture";

const MARGIN = 8;
/** A picture wider than this is scrolled on a small screen, where it would be too small to read. */
const WIDE = 736;

/** The picture as inline SVG. Classes carry the looks; the page's script adds `gone` and `serves`. */
export function svgOf(picture: Picture, layout: Layout): string {
  const [left, top] = originOf(layout);
  const width = Math.ceil(layout.width - left + MARGIN);
  const height = Math.ceil(layout.height - top + MARGIN);
  return [
    `<svg id="picture"${width > WIDE ? ' class="wide"' : ""} width="${String(width)}" height="${String(height)}" viewBox="${[left, top, width, height].join(" ")}" role="img" aria-labelledby="picture-title picture-words">`,
    `<title id="picture-title">The design from its hostnames to what its computes need</title>`,
    `<desc id="picture-words">${escaped(wordsOf(picture))}</desc>`,
    ...picture.clouds.map(({ id, title }, place) => cloudSvg(id, title, boxAt(layout.clouds, place))),
    ...picture.regions.map(({ title }, place) => regionSvg(title, place, boxAt(layout.regions, place))),
    ...picture.lines.map((line, place) => lineSvg(line, layout.lines[place] ?? [])),
    ...picture.things.map((thing, place) => thingSvg(thing, place, boxAt(layout.things, place))),
    "</svg>",
  ].join("\n");
}

/** Boxes grow to the left and up by their titles. */
function originOf({ things, regions, clouds }: Layout): [number, number] {
  const all = [...things, ...regions, ...clouds];
  return [
    Math.floor(Math.min(...all.map(({ x }) => x)) - MARGIN),
    Math.floor(Math.min(...all.map(({ y }) => y)) - MARGIN),
  ];
}

/** For who cannot see it: what stands where, in a sentence for each cloud. The parts and lines are listed below the picture. */
function wordsOf({ things, clouds, regions }: Picture): string {
  const sentences = clouds.map(({ title }, cloud) => {
    const names = regions.flatMap((region) => (region.cloud === cloud ? [region.title] : []));
    const count = things.filter((thing) => thing.cloud === cloud).length;
    return `${title}: ${String(count)} parts${names.length === 0 ? "" : ` in ${names.join(", ")}`}.`;
  });
  return sentences.join(" ");
}

function cloudSvg(id: string, title: string, { x, y, width, height }: Box): string {
  return `<g class="cloud ${cloudClass(id)}"><rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="12"/><text x="${n(x + 12)}" y="${n(y + 18)}">${escaped(title)}</text></g>`;
}

function cloudClass(id: string): string {
  return ["aws", "gcp", "cloudflare"].includes(id) ? id : "other";
}

function regionSvg(title: string, place: number, { x, y, width, height }: Box): string {
  return `<g class="region" id="r${String(place)}"><rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="8"/><text x="${n(x + 12)}" y="${n(y + 16)}">${escaped(title)}</text><text class="badge" x="${n(x + width - 10)}" y="${n(y + 16)}" text-anchor="end">✓ serves</text></g>`;
}

function lineSvg({ from, to, kind }: Line, points: readonly Point[]): string {
  return `<path class="line ${kind}" data-ends="${String(from)} ${String(to)}" d="${pathOf(points)}"/>`;
}

/** A curve that leaves and reaches each point along the direction of reading. */
function pathOf([start, ...rest]: readonly Point[]): string {
  if (start === undefined) return "";
  let before = start;
  const curves = rest.map((point) => {
    const reach = Math.max(18, Math.abs(point.x - before.x) / 2);
    const curve = `C${n(before.x + reach)} ${n(before.y)} ${n(point.x - reach)} ${n(point.y)} ${n(point.x)} ${n(point.y)}`;
    before = point;
    return curve;
  });
  return `M${n(start.x)} ${n(start.y)}${curves.join("")}`;
}

function thingSvg({ part, caption, label }: Thing, place: number, { x, y, width, height }: Box): string {
  const isLow = height < 30;
  const [right, bottom] = [x + width, y + height];
  const caught = escaped(caption);
  const texts = isLow
    ? `<text class="name" x="${n(x + 10)}" y="${n(y + 17)}"><tspan class="caption" data-caption="${caught}">${caught}</tspan> ${escaped(label)}</text>`
    : `<text class="caption" data-caption="${caught}" x="${n(x + 10)}" y="${n(y + 16)}">${caught}</text><text class="name" x="${n(x + 10)}" y="${n(y + 32)}">${escaped(label)}</text>`;
  return [
    `<g class="thing ${part.role}" id="t${String(place)}"><title>${escaped(`${caption}: ${part.label}`)}</title>`,
    `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${part.role === "door" ? n(height / 2) : "6"}"/>`,
    texts,
    `<path class="cross" d="M${n(x)} ${n(y)}L${n(right)} ${n(bottom)}M${n(x)} ${n(bottom)}L${n(right)} ${n(y)}"/></g>`,
  ].join("");
}

function boxAt(boxes: readonly Box[], place: number): Box {
  const box = boxes[place];
  if (box === undefined) throw new Error(`nothing was laid out at ${String(place)}`);
  return box;
}

function n(length: number): string {
  return String(Math.round(length * 10) / 10);
}
