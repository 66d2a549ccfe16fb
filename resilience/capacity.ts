import type { Design } from "./design";
import type { Domain } from "./domains";
import { known, unknown, type Fact } from "./fact";
import { keptFraction } from "./liveness";
import type { Compute, Pool } from "./model";
import { closureOf } from "./design";

/** The computes that a pool leads to. */
export function computesOf(design: Design, pool: Pool): Compute[] {
  return [...closureOf(design.parts, [pool.id])].flatMap((id) => {
    const part = design.parts.get(id);
    return part?.role === "compute" ? [part] : [];
  });
}

/** Requests in a second that one unit of a compute answers, as declared; undefined where no load was declared. */
export function requestsPerSecondPerUnit(design: Design, compute: Compute): number | undefined {
  const { capacity } = design.declared;
  if (capacity === undefined) return undefined;
  for (const key of [compute.urn ?? "", compute.label]) {
    if (Object.hasOwn(capacity.perUnit, key)) return capacity.perUnit[key];
  }
  return capacity.requestsPerSecondPerUnit;
}

/**
 * Requests in a second that the running minimum of a pool's computes answers when a domain is gone: what stood there counts no more, and of
 * what stood in several zones the share of the lost one.
 *
 * @param alive - ids of the parts that still work.
 */
export function runningCapacity(
  design: Design,
  pool: Pool,
  alive: ReadonlySet<string>,
  domain: Domain | undefined,
): Fact<number> {
  let sum = 0;
  for (const compute of computesOf(design, pool)) {
    if (!alive.has(compute.id)) continue;
    const perUnit = requestsPerSecondPerUnit(design, compute);
    if (perUnit === undefined) return unknown(compute.urn ?? compute.id, "capacity", "was not declared");
    if (!compute.minimum.known) return compute.minimum;
    const kept = domain === undefined ? 1 : keptFraction(compute.place, domain.lost);
    // Units are whole: of 4 in 3 zones the fullest zone holds 2.
    sum += keptUnits(compute.minimum.value, kept) * perUnit;
  }
  return known(sum);
}

/** Whole units that stay when their fullest of `1 / (1 - kept)` equal places is lost. */
export function keptUnits(units: number, kept: number): number {
  return Math.max(0, Math.floor(units - Math.ceil(units * (1 - kept) - 1e-9) + 1e-9));
}
