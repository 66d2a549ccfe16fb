import { Cloud, regionFacts } from "../../components/sizing/regions";
import { known, valueOr, type Fact } from "../../resilience/fact";
import { GLOBAL, type Place } from "../../resilience/model";
import { outages } from "../outages";
import { isMachine, placeName, replicaSets, servingParts, type ReplicaSet } from "../queries";
import { advice, Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { counted, listed } from "../../components/sizing/words";

/**
 * CAP-01. Both what lets requests into a region and what answers them there have to stand in several zones. Computes behind one target
 * group or backend service are judged together, since one zonal group a zone is a usual way to spread. Two zones pass by default and
 * three are advised: with two, a lost zone takes half.
 */
export const cap01: Rule = {
  id: "CAP-01",
  title: "Each origin stands in several zones",
  level: Level.Mandatory,
  severity: "high",
  why: "A zone is the smallest thing that fails as a whole: its power, its cooling, its network. An origin in a single zone makes a zone's outage a region's.",
  outages: [outages.coinbase, outages.londonCooling, outages.tokyoCooling],
  fix: "Give the load balancer and what runs behind it subnets in at least two zones, better three; at Google use regional groups instead of zonal ones.",
  references: [
    "https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_fault_isolation_multiaz_region_system.html",
    "https://cloud.google.com/compute/docs/instance-groups/distributing-instances-with-regional-instance-groups",
  ],
  otherTools: [
    "AWS Config ELBV2_MULTIPLE_AZ, cdk-nag AwsSolutions-ELB4 and Regula FG_R00014 ask for two zones of one live or written resource; none follows subnets to their zones and on to what runs there",
  ],
  subsumedBy: [
    {
      id: "TOP-05",
      stays:
        "other regions survive a zone, so its row of the survival table does not flip; this origin is lost all the same",
    },
  ],
  judge,
};

function judge({ design, settings }: Judged): RuleFinding[] | undefined {
  // What stands outside this design is judged where it is made.
  const sets = replicaSets(design);
  // A machine's way in stands where the machine does, which is judged among what runs.
  const machines = new Set(sets.flatMap(({ computes }) => computes.map(({ urn }) => urn)));
  const own = servingParts(design, "entry").filter(({ urn }) => urn !== null && !machines.has(urn));
  const entries = own.map((entry): Spread => ({ ...entry, zones: entry.place.zones, kind: "entry" }));
  const { zonesMin } = settings;
  const spreads = sets.map((set): Spread => ({
    ...set,
    zones: zonesOfSet(set, zonesMin),
    kind: set.computes.length === 1 && set.computes.every(isMachine) ? "machine" : "computes",
  }));
  const judged = [...entries, ...spreads].filter(({ place }) => isInRegion(place));
  if (judged.length === 0) return undefined;
  return judged.flatMap((spread) => judgeSpread(spread, zonesMin));
}

/** Something that stands in zones. */
interface Spread {
  urn: string | null;
  label: string;
  place: Place;
  /** Empty: the vendor spreads it. */
  zones: Fact<string[]>;
  /** `machine`: one alone, which stands in one zone whatever the zone is. */
  kind: "entry" | "computes" | "machine";
}

function isInRegion({ cloud, region }: Place): boolean {
  return (cloud === "aws" || cloud === "gcp") && valueOr(region, "") !== GLOBAL;
}

/**
 * The zones of all of them; none where the vendor spreads one of them over the region. Where those that are known are enough already, the
 * others are not asked.
 */
function zonesOfSet({ computes }: ReplicaSet, zonesMin: number): Fact<string[]> {
  const facts = computes.map(({ place }) => place.zones);
  if (facts.some((zones) => zones.known && zones.value.length === 0)) return known([]);
  const sure = [...new Set(facts.flatMap((zones) => valueOr(zones, [])))].sort();
  return facts.find((zones) => !zones.known && sure.length < zonesMin) ?? known(sure);
}

function judgeSpread({ urn, label, place, zones, kind }: Spread, zonesMin: number): RuleFinding[] {
  const there = valueOr(place.region, "the region");
  if (!zones.known) {
    if (zonesMin < 2) return [];
    if (kind !== "machine")
      return [undecided(zones, `so nobody can say whether ${label} outlives one zone of ${placeName(place)}`)];
    const message = `${label} is one machine and so stands in one zone, whichever it is: when that zone fails, the whole origin in ${there} is gone`;
    return [violation(urn, message, another(label, there))];
  }
  const names = zones.value;
  if (names.length === 0) return [];
  if (names.length < zonesMin) {
    return [
      violation(
        urn,
        names.length === 1
          ? `${label} stands in ${listed(names)} alone: when that zone fails, the whole origin in ${there} is gone`
          : `${label} stands in ${counted(names.length, "zone")} (${listed(names)}), and ${String(zonesMin)} are asked for`,
        fixOf(label, kind, zonesWanted(zonesMin, names), there),
      ),
    ];
  }
  if (kind !== "computes" || names.length !== 2 || zonesOffered(place) < 3) return [];
  return [
    advice(
      urn,
      `${label} stands in 2 of ${String(zonesOffered(place))} zones of ${there}: a lost zone takes half of what runs there, with three it takes a third`,
      `spread ${label} over a third zone of ${there}`,
    ),
  ];
}

function fixOf(label: string, kind: Spread["kind"], wanted: string, there: string): string {
  if (kind === "machine") return another(label, there);
  return kind === "computes"
    ? `spread ${label} over subnets or zones ${wanted} of ${there}`
    : `give ${label} a subnet ${wanted} of ${there}`;
}

/** A machine cannot be spread: there has to be a second one. */
function another(label: string, there: string): string {
  return `run a second machine like ${label} in another zone of ${there}, both behind a load balancer that asks for their health`;
}

function zonesWanted(zonesMin: number, have: readonly string[]): string {
  const more = Math.max(zonesMin, 2) - have.length;
  return `in ${more === 1 ? "another zone" : `${String(more)} other zones`}`;
}

function zonesOffered({ cloud, region }: Place): number {
  return regionFacts(cloud === "aws" ? Cloud.Aws : Cloud.Gcp, valueOr(region, ""))?.zones ?? 0;
}
