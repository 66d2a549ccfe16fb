import type { Plan } from "../planner";
import { edgeLines } from "./plan-edge";
import { byGroup, counted } from "./plan-groups";
import { manifestsOf, type Manifest, type ManifestRegion } from "./plan-manifest";
import { byPlace, cloudName, geographyOf, isReal, type PlacedResources } from "./plan-places";
import { box, paintFor, spread, wrap, type Paint, type Terminal } from "./terminal";

/** A plan as a person reads it: the edge, then a box for each region, what the design promises, and what to do next. */
export function planView(plan: Plan, next: string[], terminal: Terminal): string {
  const paint = paintFor(terminal);
  const manifests = manifestsOf(plan.outputs).map(([, manifest]) => manifest);
  const places = byPlace(plan);
  const edge = places.filter(({ cloud }) => cloud === "cloudflare");
  const others = places.filter(({ cloud }) => cloud !== "cloudflare");
  const blocks = [
    heading(plan, places, terminal, paint),
    ...edge.map((place) => placeBox(place, edgeLines(plan, manifests, paint), manifests, terminal, paint)),
    ...others.map((place) => placeBox(place, [], manifests, terminal, paint)),
    ...manifests.map((manifest) => promises(manifest, terminal, paint)),
    remarks(plan, terminal, paint),
    next.length === 0 ? [] : [paint.bold("Next"), ...next.map((line) => `  ${line}`)],
  ];
  const text = blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n");
  return `${text}\n`;
}

function heading(plan: Plan, places: PlacedResources[], { width }: Terminal, paint: Paint): string[] {
  const resources = plan.resources.filter(isReal).length;
  const clouds = new Set(places.map(({ cloud }) => cloud).filter((cloud) => cloud === "aws" || cloud === "gcp")).size;
  const regions = places.filter(({ region }) => region !== "" && region !== "auto").length;
  const counts = [
    counted(resources, "resource"),
    ...(clouds === 0 ? [] : [counted(clouds, "cloud")]),
    ...(regions === 0 ? [] : [counted(regions, "region")]),
  ];
  const title = `${plan.project}  ${plan.stack}`;
  return [
    paint.bold(spread(title, counts.join(", "), width)),
    paint.dim("Planned on this machine alone: nothing was created, and no cloud was asked."),
  ];
}

const titleColumns = 10;

function placeBox(
  place: PlacedResources,
  first: string[],
  manifests: Manifest[],
  { width }: Terminal,
  paint: Paint,
): string[] {
  const inner = width - 4;
  const lines = byGroup(place.resources).map(({ group, resources }) => {
    const facts = group.facts(resources).join(", ") || kinds(resources.map(({ type }) => type));
    const left = `${group.title.padEnd(titleColumns)}${facts}`;
    return spread(left, String(resources.length), inner);
  });
  const separator = first.length > 0 && lines.length > 0 ? [""] : [];
  const body =
    place.cloud === "cloudflare" && first.length > 0 ? summary(place) : lines.map((line) => dressed(line, paint));
  const count = counted(place.resources.length, "resource");
  return box(titleOf(place, manifests), count, [...first, ...separator, ...body], width, paint);
}

function dressed(line: string, paint: Paint): string {
  return `${paint.cyan(line.slice(0, titleColumns))}${line.slice(titleColumns)}`;
}

function summary({ resources }: PlacedResources): string[] {
  const shown = /:(LoadBalancer|LoadBalancerPool|LoadBalancerMonitor)$/;
  const rest = resources.filter(({ type }) => !shown.test(type));
  return rest.length === 0 ? [] : [`also: ${kinds(rest.map(({ type }) => type))}`];
}

/** `2 dns records, 1 ruleset`, the most frequent first. */
function kinds(types: string[]): string {
  const counts = new Map<string, number>();
  for (const type of types) {
    const noun = (type.split(":").at(-1) ?? type).replace(/(?<=[a-z0-9])(?=[A-Z])/g, " ").toLowerCase();
    counts.set(noun, (counts.get(noun) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([noun, count]) => counted(count, noun))
    .join(", ");
}

function titleOf(place: PlacedResources, manifests: Manifest[]): string {
  const declared = manifests.flatMap(({ regions }) => regions).find(({ region }) => region === place.region);
  const geography = declared?.geography ?? geographyOf(place);
  const draining = declared?.serving === false ? "no traffic" : undefined;
  const ungrouped = place.cloud === "aws" || place.cloud === "gcp" ? "above the regions" : undefined;
  const edge = place.cloud === "cloudflare" ? "the edge" : undefined;
  const where = place.region === "" ? (edge ?? ungrouped) : place.region;
  return [cloudName(place.cloud), where, geography, draining].filter((part) => part !== undefined).join(" · ");
}

function promises(manifest: Manifest, { width }: Terminal, paint: Paint): string[] {
  const { peakRequestsPerSecond, requestsPerSecondPerReplica, detectionSeconds, journal, regions } = manifest;
  const [best, worst] = detectionSeconds ?? [];
  const rows: [string, string][] = [];
  if (peakRequestsPerSecond !== undefined) {
    const each =
      requestsPerSecondPerReplica === undefined ? "" : `; one replica carries ${String(requestsPerSecondPerReplica)}`;
    rows.push(["peak", `${String(peakRequestsPerSecond)} requests a second${each}`]);
  }
  for (const region of regions) rows.push([region.region ?? "region", regionPromise(region)]);
  if (best !== undefined && worst !== undefined) {
    const window = `${String(best)} to ${String(worst)} s from a region's death until the edge sends no new request there`;
    rows.push(["detection", window]);
  }
  if (journal?.kind !== undefined) rows.push(["journal", journalText(journal.kind, journal.voters?.length ?? 0)]);
  const column = Math.max(...rows.map(([title]) => title.length), 0) + 2;
  const lines = rows.flatMap(([title, text]) =>
    wrap(text, width - column - 2).map((line, at) => `  ${paint.cyan((at === 0 ? title : "").padEnd(column))}${line}`),
  );
  return [paint.bold("What it promises"), ...lines];
}

function regionPromise(region: ManifestRegion): string {
  const { minimumReplicas, maximumReplicas, sharePercent, worstSharePercent, serving } = region;
  const parts: string[] = [];
  if (serving === false) parts.push("takes no traffic");
  if (sharePercent !== undefined) parts.push(`${round(sharePercent)} % of the peak`);
  if (worstSharePercent !== undefined)
    parts.push(`${round(worstSharePercent)} % after the worst single loss elsewhere`);
  if (minimumReplicas !== undefined) parts.push(`${counted(minimumReplicas, "replica")} always running`);
  if (maximumReplicas !== undefined) parts.push(`at most ${String(maximumReplicas)}`);
  return parts.join(", ");
}

function journalText(kind: string, voters: number): string {
  if (kind === "sandbox") return "none named: each region keeps a sandbox book of its own, which is lost with it";
  return voters === 0 ? kind : `${kind}, ${counted(voters, "voter")}`;
}

function round(percent: number): string {
  return String(Math.round(percent * 10) / 10);
}

/** What is made up in this plan. */
function remarks({ unanswered, placeholders }: Plan, { width }: Terminal, paint: Paint): string[] {
  const sentences: string[] = [];
  if (placeholders.length > 0) {
    sentences.push(`Encrypted settings are not opened; placeholders stand for ${placeholders.join(", ")}.`);
  }
  if (unanswered.length > 0) {
    const tokens = [...new Set(unanswered.map(({ token }) => token))].join(", ");
    sentences.push(
      `No answer for ${tokens}: placeholders stand for what comes from there. Give answers with --answers FILE.`,
    );
  }
  return sentences.flatMap((sentence) => wrap(sentence, width)).map((line) => paint.yellow(line));
}
