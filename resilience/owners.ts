import type { Declared } from "./declared";
import { known, valueOr } from "./fact";
import type { GraphIndex } from "./index-of";
import type { Need, Origin, Part, Pool } from "./model";
import { isOutOfService } from "./tags";

/**
 * Takes what its owner keeps out of the serving path (`twodoor:serving=false`) away from everything that would lead to it: doors and entries
 * go, other parts stay in the design and nobody needs them.
 */
export function withoutUnserving(parts: Map<string, Part>, index: GraphIndex): void {
  const out = new Set(index.graph.resources.flatMap((each) => (isOutOfService(each) ? [each.urn] : [])));
  if (out.size === 0) return;
  const gone = new Set([...parts.values()].flatMap(({ id, urn }) => (urn !== null && out.has(urn) ? [id] : [])));
  for (const part of [...parts.values()]) {
    if (!gone.has(part.id)) parts.set(part.id, withoutParts(part, gone));
    else if (part.role === "door" || part.role === "entry") parts.delete(part.id);
  }
}

/**
 * A need of nothing but what is gone is gone too; otherwise what is left has to be enough. A pool keeps its needs, since it is no pool
 * without an origin.
 */
function withoutParts(part: Part, gone: ReadonlySet<string>): Part {
  if (!part.needs.some(({ of }) => of.some((id) => gone.has(id)))) return part;
  const needs = part.needs.flatMap((need): Need[] => {
    const of = need.of.filter((id) => !gone.has(id));
    if (of.length === need.of.length) return [need];
    if (of.length === 0 && part.role !== "pool") return [];
    return [{ ...need, of, atLeast: Math.max(1, Math.min(need.atLeast, of.length)) }];
  });
  return part.role === "pool" ? { ...part, needs, origins: originsWithout(part, gone) } : { ...part, needs };
}

function originsWithout({ origins }: Pool, gone: ReadonlySet<string>): Pool["origins"] {
  if (!origins.known) return origins;
  const left = origins.value.flatMap((origin): Origin[] => {
    const entries = origin.entries.filter((id) => !gone.has(id));
    return entries.length === 0 && origin.entries.length > 0 ? [] : [{ ...origin, entries }];
  });
  return known(left);
}

/**
 * The accounts that an `ExchangeApi` tells of its own regions, for parts of it whose provider names none: a plan knows an AWS account only
 * where the program writes it down.
 */
export function withPromisedAccounts(parts: Map<string, Part>, { hostnames }: Declared): void {
  const accounts = new Map<string, string | undefined>();
  for (const { pools } of hostnames.values()) {
    for (const { place } of pools ?? []) {
      if (place?.account === undefined) continue;
      const key = `${place.cloud}:${place.region}`;
      accounts.set(key, accounts.has(key) && accounts.get(key) !== place.account ? undefined : place.account);
    }
  }
  for (const part of parts.values()) {
    const { cloud, account, region } = part.place;
    const told = accounts.get(`${cloud}:${valueOr(region, "")}`);
    const isOurs = part.urn?.includes("::twodoor:index:ExchangeApi$") ?? false;
    if (told !== undefined && isOurs && account.known && account.value === "") {
      parts.set(part.id, { ...part, place: { ...part.place, account: known(told) } });
    }
  }
}
