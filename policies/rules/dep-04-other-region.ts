import type { Design } from "../../resilience/design";
import { Reason, unknown, valueOr, type Unknown } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import { GLOBAL, type Compute } from "../../resilience/model";
import { cloudOf, placeOf } from "../../resilience/places";
import { dependenciesAt } from "../../resilience/references";
import { farFindings } from "../far-findings";
import { outages } from "../outages";
import { isOneValue, placeName, servingParts } from "../queries";
import { regionNamed, regionsNamedIn } from "../region-names";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { listed } from "../../components/sizing/words";

/**
 * DEP-04. The catch-all for what a cell of the design should not need: ARNs, hosts and self links of another region in what a compute is
 * given, its data in another region, and any property of its own resources that leads to a resource there.
 *
 * A text, or a property, that names the own region beside others is a list of peers or voters, and passes. In a plan `containerDefinitions`
 * is often unknown as a whole; then its dependencies are judged, and a region that is written out in it is seen in the state or by the pack
 * during an update. Images, secrets and keys are DEP-01 to DEP-03's; hosts without a region (`sts.amazonaws.com`) are DEP-05's.
 */
export const dep04: Rule = {
  id: "DEP-04",
  title: "Nothing that serves in one region names another",
  level: Level.Mandatory,
  severity: "high",
  why: "Every name of another region in a serving path is a wire between two failure domains that were to be independent. One forgotten queue or endpoint makes two regions one, and nobody sees it until the other region fails.",
  outages: [outages.dynamoDb, outages.kinesis],
  fix: "Give each region its own of what it uses, and let every address in its configuration be made from the region that it is for.",
  references: [
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/aws-service-types.html",
    "https://docs.aws.amazon.com/general/latest/gr/rande.html",
    "https://cloud.google.com/architecture/infra-reliability-guide/building-blocks",
  ],
  otherTools: [
    "Amazon ARC readiness checks audited cross-Region DNS targets of running stacks, and are closed to new customers; no scanner of programs looks for them",
  ],
  subsumedBy: [
    {
      id: "TOP-05",
      stays: "the survival table sees data that an answer needs, and not a queue or an endpoint in a text",
    },
  ],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const computes = servingParts(design, "compute").filter(({ place }) => valueOr(place.region, "") !== GLOBAL);
  if (computes.length === 0) return undefined;
  const data = farFindings(design, "data", {
    what: "its data",
    consequence: ({ compute }) => `${compute.label} cannot answer`,
    fix: ({ compute }) =>
      `keep a copy of the data in ${placeName(compute.place)} and let ${compute.label} use that one`,
  });
  return [
    ...(data ?? []),
    ...computes.flatMap((compute) => judgeTexts(design, compute)),
    ...judgeEdges(design, computes),
  ];
}

function judgeTexts(design: Design, compute: Compute): RuleFinding[] {
  const { texts, label } = compute;
  if (!texts.known) return judgeUnknown(design, texts, label);
  return texts.value.flatMap(({ property, text }) =>
    text.known ? judgeText(compute, property, text.value) : judgeUnknown(design, text, label),
  );
}

/** Where a text is not known, what it depends on is judged with the other edges; a text that depends on nothing tells nothing. */
function judgeUnknown({ index }: Design, fact: Unknown, label: string): RuleFinding[] {
  const resource = index.byUrn.get(fact.urn);
  const isTold = resource !== undefined && dependenciesAt(resource, fact.property).urns.length > 0;
  return isTold
    ? []
    : [undecided(fact, `so nobody can say whether ${label} is told the address of something in another region`)];
}

function judgeText({ urn, label, place }: Compute, property: string, text: string): RuleFinding[] {
  const home = placeName(place);
  const named = namesIn(place.cloud, property, text);
  if (!place.region.known || named.length === 0 || named.includes(home)) return [];
  return [
    violation(
      urn,
      `${label} runs in ${home} and is told ${listed(named)} in ${property}: while that is down, it waits for it`,
      `let ${property} of ${label} name ${home}, or nothing that belongs to one region`,
    ),
  ];
}

/** Names of the variables by which SDKs and programs are told their own region. */
const OWN_REGION =
  /(?:^|[[.])(?:AWS_REGION|AWS_DEFAULT_REGION|GOOGLE_CLOUD_REGION|GCP_REGION|CLOUD_RUN_REGION|REGION)\b/;

function namesIn(cloud: string, property: string, text: string): string[] {
  const own = OWN_REGION.test(property) ? regionNamed(cloud, text) : undefined;
  return [...regionsNamedIn(text), ...(own === undefined ? [] : [own])].map(
    (named) => `${named.cloud}:${named.region}`,
  );
}

/**
 * Walks the properties of what serves, from its computes on, as long as it stays in the region (or in no cloud). Each resource is visited
 * once for each region, whatever number of computes leads to it.
 */
function judgeEdges(design: Design, computes: readonly Compute[]): RuleFinding[] {
  const starts = new Map<string, string[]>();
  for (const { urn, place } of computes) {
    if (urn !== null && place.region.known)
      starts.set(placeName(place), [...(starts.get(placeName(place)) ?? []), urn]);
  }
  return [...starts].flatMap(([home, urns]) => walk(design, home, urns));
}

function walk(design: Design, home: string, starts: readonly string[]): RuleFinding[] {
  const seen = new Set<string>();
  const open = [...starts];
  const findings: RuleFinding[] = [];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    const resource = design.index.byUrn.get(urn);
    if (resource === undefined || seen.has(urn)) continue;
    seen.add(urn);
    for (const [path, urns] of targetsOf(resource)) {
      const targets = urns.flatMap((target) => design.index.byUrn.get(target) ?? []);
      open.push(...targets.filter((target) => isOnTheWay(design, target, home)).map((target) => target.urn));
      findings.push(...judgeTargets(design, home, resource, path, targets));
    }
  }
  return findings;
}

/** What each input depends on: by the part of it where the recorder can tell parts apart, otherwise as a whole. */
function targetsOf({ propertyDependencies, references }: Resource): [path: string, urns: string[]][] {
  const parts = Object.entries(references);
  const told = new Set(parts.flatMap(([path, urns]) => urns.map((urn) => `${topOf(path)} ${urn}`)));
  const wholes = Object.entries(propertyDependencies).map(([property, urns]): [string, string[]] => [
    property,
    urns.filter((urn) => !told.has(`${property} ${urn}`)),
  ]);
  return [...parts, ...wholes];
}

function topOf(path: string): string {
  return path.split(/[.[]/)[0] ?? path;
}

function isOnTheWay({ index }: Design, target: Resource, home: string): boolean {
  return cloudOf(target.type) === undefined || placeName(placeOf(index, target)) === home;
}

function judgeTargets(
  design: Design,
  home: string,
  resource: Resource,
  path: string,
  targets: readonly Resource[],
): RuleFinding[] {
  // What stands in no cloud (an image that is built, a random text) leads further and has no region that could be another.
  if (cloudOf(resource.type) === undefined) return [];
  const placed = targets.map((target) => ({ target, place: placeName(placeOf(design.index, target)) }));
  const far = placed.filter(
    ({ target, place }) => place.includes(":") && place !== home && !isJudgedElsewhere(design, target),
  );
  const here = new Set(placed.filter(({ place }) => place === home).map(({ target }) => target.type));
  const alone = far.filter(({ target }) => !here.has(target.type));
  // The own one beside others of its kind: in one value a list of peers; in an input that is unknown as a whole perhaps two values.
  if (alone.length < far.length && !isOneValue(path)) {
    return [
      undecided(
        unknown(resource.urn, path, Reason.Later),
        `so nobody can say whether ${resource.name} only lists what stands in other regions`,
      ),
    ];
  }
  if (alone.length === 0) return [];
  const names = [...new Set(alone.map(({ target, place }) => `${target.name} in ${place}`))].sort();
  return [
    violation(
      resource.urn,
      `${resource.name} serves in ${home} and uses ${listed(names)} (${path}): while that is down, it waits for it`,
      `give ${resource.name} its own of that in ${home}`,
    ),
  ];
}

/** Images, secrets, keys and data: DEP-01 to DEP-03 and the data rules say where they may stand. */
function isJudgedElsewhere({ parts }: Design, { urn }: Resource): boolean {
  const role = parts.get(urn)?.role;
  return role === "image" || role === "secret" || role === "key" || role === "data";
}
