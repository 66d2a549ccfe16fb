import { capacityOf, type DeclaredCapacity } from "../resilience/declared";
import { computesBehind, keptUnits, requestsPerSecondPerUnit, type Load } from "../resilience/capacity";
import type { Design } from "../resilience/design";
import { domainsOf, type Domain } from "../resilience/domains";
import { keptFraction } from "../resilience/liveness";
import type { Compute } from "../resilience/model";
import { hostnameOf, type SurvivalRow } from "../resilience/survival";
import { servingParts } from "./queries";
import { undecided, violation, type Judged, type RuleFinding } from "./rule";
import { counted, listed } from "../components/sizing/words";

/** That nobody declared what hostnames must carry: one finding for all of them, none where all is declared. */
export function notDeclared(design: Design): RuleFinding[] {
  const open = design.doors.filter((door) => capacityOf(design.declared, hostnameOf(door)) === undefined);
  const hostnames = [...new Set(open.map(hostnameOf))].sort();
  if (hostnames.length === 0) return [];
  return [
    {
      verdict: "undecided",
      urn: null,
      message: `nobody declared how many requests in a second ${listed(hostnames)} must carry, so nobody can say whether what is left after a loss is enough`,
      fix: 'declare it in the settings: "design": { "capacity": { "peakRequestsPerSecond": N, "requestsPerSecondPerUnit": N } }',
    },
  ];
}

/** Whether anything of the design answers requests, so that there is something to ask how much it carries. */
export function hasServingComputes(design: Design): boolean {
  return design.doors.length > 0 && servingParts(design, "compute").length > 0;
}

/**
 * Pools that cannot carry what steering sends them after a loss of these kinds: one finding for each, with the worst of the losses; and what is
 * not known, each property once. Losses that the design does not survive are TOP-05's.
 *
 * @param kinds - `nothing`: while all is well too, which counts for pools that no loss finds too small.
 */
export function shortfalls(
  { design, survival }: Judged,
  kinds: readonly (Domain["kind"] | "nothing")[],
): RuleFinding[] {
  const domains = new Map(domainsOf(design).map((domain) => [domain.id, domain]));
  const rows = survival.rows.flatMap((row): Loss[] => {
    const domain = domains.get(row.domain);
    return row.survives && domain !== undefined && kinds.includes(domain.kind) ? [{ row, domain }] : [];
  });
  if (kinds.includes("nothing") && survival.whole.survives) rows.push({ row: survival.whole, domain: undefined });
  const worst = new Map<string, Short>();
  for (const { row, domain } of rows) {
    for (const load of row.loads) {
      const { percent } = load;
      if (percent === null || percent >= 100) continue;
      const key = `${load.pool} ${load.property}`;
      const found = worst.get(key);
      if (domain === undefined && found !== undefined) continue;
      const lost = [...(found?.lost ?? []), row.domain];
      worst.set(
        key,
        found !== undefined && found.percent <= percent ? { ...found, lost } : { row, domain, load, percent, lost },
      );
    }
  }
  return [...[...worst.values()].map((short) => findingOf(design, short)), ...unknowns(rows)];
}

/** A loss that the design survives, and what it loses. */
interface Loss {
  row: SurvivalRow;
  /** Undefined where nothing is lost. */
  domain: Domain | undefined;
}

/** What a pool cannot carry after its worst loss. */
interface Short extends Loss {
  load: Load;
  percent: number;
  /** All losses after which it is too small. */
  lost: string[];
}

function findingOf(design: Design, short: Short): RuleFinding {
  const { row, load, percent } = short;
  const pool = design.parts.get(load.pool);
  const gone = new Set(row.lost);
  const computes = computesBehind(design.parts, [load.pool], (id) => !gone.has(id));
  const [compute] = computes;
  const isOne = compute !== undefined && computes.length === 1;
  const label = pool?.label ?? load.pool;
  const others = short.lost.filter((domain) => domain !== row.domain);
  const carried = load.minimumPerSecond.known
    ? ` and its running minimum answers ${grouped(load.minimumPerSecond.value)}`
    : "";
  const also = others.length === 0 ? "" : `; it is too small after the loss of ${listed(others)} as well`;
  return violation(
    isOne ? compute.urn : (pool?.urn ?? null),
    `${whenOf(short)}, ${label} gets ${load.isMost ? "up to " : ""}${grouped(load.requestsPerSecond)} requests in a second${carried}: ${String(percent)} % of it${also}`,
    isOne
      ? fixFor(design, short, compute)
      : `raise what runs behind ${label} at all times by ${String(missingPercent(percent))} %`,
  );
}

function whenOf({ row, domain }: Loss): string {
  return domain === undefined ? "while all is well" : `when ${row.domain} is lost`;
}

function missingPercent(percent: number): number {
  return percent <= 0 ? 100 : Math.ceil((100 * (100 - percent)) / percent);
}

function fixFor(design: Design, { load, percent, domain }: Short, compute: Compute): string {
  const capacity = capacityFor(design, load.door);
  const carried = load.minimumPerSecond.known ? load.minimumPerSecond.value : 0;
  if (capacity === undefined) return `raise the minimum of ${compute.label}`;
  // Where others bring requests to the same computes, the percentage is smaller than this pool's own would be.
  const isAlone = Math.floor((carried / load.requestsPerSecond) * 100 + 1e-9) === percent;
  const called = isAlone || percent <= 0 ? load.requestsPerSecond : (carried * 100) / percent;
  const needed = Math.ceil(called / requestsPerSecondPerUnit(capacity, compute) - 1e-9);
  const units = unitsSoThat(needed, domain === undefined ? 1 : keptFraction(compute.place, domain.lost, "fearful"));
  return `let at least ${counted(units, compute.unit)} of ${compute.label} run at all times`;
}

/** The fewest whole units of which so many stay: those of a lost zone go. */
function unitsSoThat(needed: number, kept: number): number {
  if (kept <= 0) return needed;
  const units = Math.ceil(needed / kept - 1e-9);
  return keptUnits(units, kept) < needed ? units + 1 : units;
}

function capacityFor({ parts, declared }: Design, id: string): DeclaredCapacity | undefined {
  const door = parts.get(id);
  return door?.role === "door" ? capacityOf(declared, hostnameOf(door))?.capacity : undefined;
}

function unknowns(rows: readonly Loss[]): RuleFinding[] {
  const open = new Map<string, RuleFinding>();
  for (const loss of rows) {
    for (const fact of loss.row.unknowns) {
      if (fact.of !== "capacity") continue;
      const key = `${fact.urn} ${fact.property}`;
      if (!open.has(key))
        open.set(key, undecided(fact, `so nobody can say whether what is left is enough ${whenOf(loss)}`));
    }
  }
  return [...open.values()];
}

/** A whole number with commas: `4,000`. */
function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(?:\d{3})+$)/g, ",");
}
