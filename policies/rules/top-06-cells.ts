import type { Design } from "../../resilience/design";
import { GLOBAL, type Compute } from "../../resilience/model";
import { servingParts } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { cloudName } from "../serving";
import { counted, listed } from "../../components/sizing/words";

/**
 * TOP-06. A cell is one region of one cloud with what its computes use. Cells of the same cloud are compared by the number of entries,
 * images, secrets, keys and stores of data, and by whether something takes their logs; not by capacity, which is CAP-02's, nor across
 * clouds, where the same job is done by other things. Where something stands does not matter here (that is DEP-01 to DEP-04): a region
 * that reads its secret elsewhere has one, a region that was never given it has none.
 */
export const top06: Rule = {
  id: "TOP-06",
  title: "Regions of one cloud have the same parts",
  level: Level.Advisory,
  severity: "medium",
  why: "A region that lacks a secret, a store or a log of the others may pass its health check and fail the first request that needs it. Nobody sees that until the others are gone and all requests come here.",
  outages: [],
  fix: "Make every region from the same code, in a loop over the regions.",
  references: [
    "https://docs.aws.amazon.com/wellarchitected/latest/reducing-scope-of-impact-with-cell-based-architecture/what-is-a-cell-based-architecture.html",
  ],
  otherTools: [
    "Amazon ARC readiness checks compared cells at run time, on AWS alone; they are closed to new customers",
  ],
  subsumedBy: [],
  judge,
};

/** One region of one cloud: how many of each thing its computes use, by the noun for it, and a resource to point to. */
interface Cell {
  urn: string | null;
  counts: Map<string, number>;
}

function judge({ design }: Judged): RuleFinding[] | undefined {
  const clouds = cellsOf(design);
  const placeless = servingParts(design, "compute").flatMap(({ label, place }) =>
    clouds.has(place.cloud) && !place.region.known
      ? [undecided(place.region, `so nobody can say which region of ${cloudName(place.cloud)} has ${label}`)]
      : [],
  );
  const compared = [...clouds].filter(([, cells]) => cells.size > 1);
  if (compared.length === 0 && placeless.length === 0) return undefined;
  return [...compared.flatMap(([cloud, cells]) => compare(cloud, cells)), ...placeless];
}

/** The cells of each cloud, by region. */
function cellsOf(design: Design): Map<string, Map<string, Cell>> {
  const clouds = new Map<string, Map<string, Cell>>();
  const watched = new Set(design.of("log").flatMap(({ watches }) => watches));
  for (const compute of servingParts(design, "compute")) {
    const { cloud, region } = compute.place;
    if (!region.known || region.value === GLOBAL) continue;
    const regions = clouds.get(cloud) ?? new Map<string, Cell>();
    clouds.set(cloud, regions);
    const cell = regions.get(region.value) ?? { urn: compute.urn, counts: new Map<string, number>() };
    regions.set(region.value, cell);
    addUses(cell, compute);
    if (watched.has(compute.id)) add(cell, "place for logs", 1);
  }
  for (const { place } of servingParts(design, "entry")) {
    const cell = place.region.known ? clouds.get(place.cloud)?.get(place.region.value) : undefined;
    // One is enough: a second entry of a region is there for other clients.
    cell?.counts.set("entry", 1);
  }
  return clouds;
}

const NOUNS = { image: "image", secret: "secret", key: "key", data: "store" } as const;

function addUses(cell: Cell, { dependencies }: Compute): void {
  for (const kind of ["image", "secret", "key", "data"] as const) {
    const uses = dependencies.filter((dependency) => dependency.kind === kind);
    add(cell, NOUNS[kind], new Set(uses.map(({ property }) => property)).size);
  }
}

function add({ counts }: Cell, noun: string, count: number): void {
  counts.set(noun, (counts.get(noun) ?? 0) + count);
}

function compare(cloud: string, cells: ReadonlyMap<string, Cell>): RuleFinding[] {
  const nouns = [...new Set([...cells.values()].flatMap(({ counts }) => [...counts.keys()]))].sort();
  const richest = nouns.map((noun) => richestIn(cells, noun));
  return [...cells]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([region, { urn, counts }]) => {
      const lacks = richest.filter(({ noun, most }) => (counts.get(noun) ?? 0) < most);
      if (lacks.length === 0) return [];
      const texts = lacks.map(({ noun, most, where }) => {
        return `${numbered(counts.get(noun) ?? 0, noun)} (${cloud}:${where} has ${String(most)})`;
      });
      return [
        violation(
          urn,
          `${cloud}:${region} has less than another region of ${cloudName(cloud)}: ${listed(texts, 6)}; what needs it works there and fails here`,
          `make ${cloud}:${region} by the same code as ${cloud}:${lacks[0]?.where ?? ""}`,
        ),
      ];
    });
}

function richestIn(cells: ReadonlyMap<string, Cell>, noun: string): { noun: string; most: number; where: string } {
  const counts = [...cells].map(([region, cell]) => ({ region, count: cell.counts.get(noun) ?? 0 }));
  const [first] = counts.sort((a, b) => b.count - a.count || (a.region < b.region ? -1 : 1));
  return { noun, most: first?.count ?? 0, where: first?.region ?? "" };
}

function numbered(count: number, noun: string): string {
  return count === 0 ? `no ${noun}` : counted(count, noun);
}
