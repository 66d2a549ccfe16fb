import { valueOr } from "../../resilience/fact";
import { GLOBAL, type Part } from "../../resilience/model";
import { outages } from "../outages";
import { servingParts } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { listed } from "../../components/sizing/words";

/**
 * DEP-06. Google's global external load balancer is one front for all of its regions. Behind an edge of one's own it adds a failure domain and
 * no region; where it is the only way to what runs at Google, all Google regions are lost with it. One regional way in is enough to pass.
 */
export const dep06: Rule = {
  id: "DEP-06",
  title: "What runs at Google is reached by more than the global load balancer",
  level: Level.Advisory,
  severity: "medium",
  why: "A change to Google's global load balancing reaches every region of it. Regional balancers run apart from one another and from the global one, and Google names them as its backup.",
  outages: [outages.googleBalancing, outages.googleFrontEnds],
  fix: "Put a regional external load balancer before each Google region and name these as origins, instead of the global one or beside it.",
  references: [
    "https://cloud.google.com/load-balancing/docs/https/applb-failover-overview",
    "https://cloud.google.com/load-balancing/docs/https/reg-applb-ha-overview",
  ],
  otherTools: ["Nothing found"],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const entries = servingParts(design, "entry").filter(({ isPublic }) => valueOr(isPublic, true));
  const ways = [...entries, ...design.of("door")].filter(isAtGoogle);
  const hasComputes = servingParts(design, "compute").some(({ place }) => place.cloud === "gcp");
  if (ways.length === 0 || !hasComputes) return undefined;
  const unknown = ways.flatMap(({ place }) => (place.region.known ? [] : [place.region]));
  if (ways.some(({ place }) => place.region.known && place.region.value !== GLOBAL)) return [];
  const [missing] = unknown;
  if (missing !== undefined) {
    return [undecided(missing, "so nobody can say whether Google is reached by a regional load balancer")];
  }
  const fronts = ways.filter(({ urn }) => urn !== null);
  const names = [...new Set(fronts.map(({ label }) => label))].sort();
  const regions = googleRegions(servingParts(design, "compute"));
  return [
    violation(
      fronts[0]?.urn ?? null,
      `${listed(names)} is the only way to what runs in ${listed(regions)}: one change to Google's global load balancing closes ${regions.length > 1 ? "them all" : "it"}`,
      "add a regional external load balancer in each of these regions and name it as an origin of its own",
    ),
  ];
}

function isAtGoogle({ place }: Part): boolean {
  return place.cloud === "gcp";
}

function googleRegions(computes: readonly Part[]): string[] {
  const names = computes.filter(isAtGoogle).map(({ place }) => `gcp:${valueOr(place.region, "unknown")}`);
  return [...new Set(names)].sort();
}
