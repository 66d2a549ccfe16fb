import type { Plan } from "../planner";
import { dataSourceSentences } from "./plan-data-sources";
import { edgeLines } from "./plan-edge";
import { byGroup } from "./plan-groups";
import { manifestsOf, type Manifest, type ManifestRegion } from "./plan-manifest";
import { byPlace, cloudName, geographyOf, isReal, type PlacedResources } from "./plan-places";
import { box, paintFor, spread, wrap, type Paint, type Terminal } from "./terminal";
import { counted } from "../components/sizing/words";

/** A plan as a person reads it: the edge, then a box for each region, what the design promises, and what to do next. */
export function planView(plan: Plan, next: string[], terminal: Terminal): string {
  const paint = paintFor(terminal);
  const manifests = manifestsOf(plan.outputs).map(([, manifest]) => manifest);
  const places = byPlace(plan);
  const edge = places.filter(({ cloud }) => cloud === "cloudflare");
  const others = places.filter(({ cloud }) => cloud !== "cloudflare");
  const blocks = [
    heading(plan, places, terminal, paint),
    ...edge.map((place) => placeBox(place, edgeLines(plan, manifests), manifests, terminal, paint)),
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

/** @param first - lines in place of the groups, without colours. */
function placeBox(
  place: PlacedResources,
  first: string[],
  manifests: Manifest[],
  { width }: Terminal,
  paint: Paint,
): string[] {
  const inner = width - 4;
  const above = [...first, ...(first.length > 0 ? summary(place) : [])].flatMap((line) => wrap(line, inner, 6));
  const groups = first.length > 0 ? [] : byGroup(place.resources);
  const lines = groups.map(({ group, resources }) => {
    const facts = group.facts(resources).join(", ") || kinds(resources.map(({ type }) => type));
    const line = spread(`${group.title.padEnd(titleColumns)}${facts}`, String(resources.length), inner);
    return `${paint.cyan(line.slice(0, titleColumns))}${line.slice(titleColumns)}`;
  });
  return box(
    titleOf(place, manifests),
    counted(place.resources.length, "resource"),
    [...above, ...lines],
    width,
    paint,
  );
}

/** What the edge has beside the load balancer. */
function summary({ resources }: PlacedResources): string[] {
  const shown = /:(LoadBalancer|LoadBalancerPool|LoadBalancerMonitor)$/;
  const rest = resources.filter(({ type }) => !shown.test(type));
  return rest.length === 0 ? [] : [`  also: ${kinds(rest.map(({ type }) => type))}`];
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
  const sentences = sentencesOf(manifest);
  const column = Math.max(...sentences.map(([title]) => title.length), 0) + 2;
  const lines = sentences.flatMap(([title, text]) =>
    wrap(text, width - column - 2).map((line, at) => `  ${paint.cyan((at === 0 ? title : "").padEnd(column))}${line}`),
  );
  const table = shares(manifest.regions).map((line) => `  ${line}`);
  return [paint.bold("What it promises"), ...lines, ...(table.length > 0 ? ["", ...table] : [])];
}

function sentencesOf(manifest: Manifest): [string, string][] {
  const { peakRequestsPerSecond, requestsPerSecondPerReplica, detectionSeconds, journal } = manifest;
  const [best, worst] = detectionSeconds ?? [];
  const sentences: [string, string][] = [];
  if (peakRequestsPerSecond !== undefined) {
    const each =
      requestsPerSecondPerReplica === undefined ? "" : `; one replica carries ${String(requestsPerSecondPerReplica)}`;
    sentences.push(["peak", `${String(peakRequestsPerSecond)} requests a second${each}`]);
  }
  if (best !== undefined && worst !== undefined) {
    const window = `${String(best)} to ${String(worst)} s from a region's death until the edge sends no new request there`;
    sentences.push(["detection", window]);
  }
  if (journal?.kind !== undefined) sentences.push(["journal", journalText(journal.kind, journal.voters?.length ?? 0)]);
  return sentences;
}

/** A table of what each region carries. */
function shares(regions: ManifestRegion[]): string[] {
  if (regions.length === 0) return [];
  const rows = regions.map((region) => [
    region.region ?? "",
    region.serving === false ? "no traffic" : percent(region.sharePercent),
    percent(region.worstSharePercent),
    amount(region.minimumReplicas),
    amount(region.maximumReplicas),
  ]);
  const table = [["region", "of the peak", "after the worst single loss", "replicas", "at most"], ...rows];
  const widths = (table[0] ?? []).map((_, at) => Math.max(...table.map((row) => (row[at] ?? "").length)));
  return table.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join("   ")
      .trimEnd(),
  );
}

function percent(value: number | undefined): string {
  return value === undefined ? "" : `${String(Math.round(value * 10) / 10)} %`;
}

function amount(value: number | undefined): string {
  return value === undefined ? "" : String(value);
}

function journalText(kind: string, voters: number): string {
  if (kind === "sandbox") return "none named: each region keeps a sandbox book of its own, which is lost with it";
  return voters === 0 ? kind : `${kind}, ${counted(voters, "voter")}`;
}

/** What is made up in this plan, and who answered its data sources. */
function remarks(plan: Plan, { width }: Terminal, paint: Paint): string[] {
  const { placeholders, environments } = plan;
  const sentences = packagedSentences(plan);
  if (placeholders.length > 0) {
    sentences.push(`Encrypted settings are not opened; placeholders stand for ${placeholders.join(", ")}.`);
  }
  if (environments.length > 0) {
    const names = environments.join(", ");
    sentences.push(`Settings of Pulumi ESC (${names}) are not here: give what matters with --config KEY=VALUE.`);
  }
  sentences.push(...dataSourceSentences(plan));
  return sentences.flatMap((sentence) => wrap(sentence, width)).map((line) => paint.yellow(line));
}

/** Components that a plugin would make, which is not there. */
function packagedSentences({ resources }: Plan): string[] {
  const packaged = resources.filter(({ options }) => options.remote === true);
  if (packaged.length === 0) return [];
  const names = packaged.map(({ type, name }) => `${type} ${name}`).join(", ");
  const parts = packaged.length === 1 ? "its parts" : "their parts";
  return [`${counted(packaged.length, "packaged component")}: ${parts} cannot be known here: ${names}.`];
}
