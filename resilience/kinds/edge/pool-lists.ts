import { allFacts, chainFact, known, mapFact, Reason, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Pool, PoolOverride, Surroundings } from "../../model";
import { boolean, list, object, text } from "../../reader";
import { referenced, references } from "../../references";
import type { JsonObject } from "../../values";
import { CLOUDFLARE_POOL } from "./types";

/** A list of pools. */
export interface PoolList {
  ids: string[];
  /** Whether `ids` is in the program's order. */
  isOrdered: boolean;
}

/**
 * The pools that a property lists. One of which only is known that it is a pool, since it is made elsewhere, has an id of this resource's:
 * see `foreignPools`.
 *
 * Where only the dependencies of the whole property tell, and they are more than the list is long, it is not known which are meant: a list
 * for one continent must not be taken for all lists together.
 */
export function poolsAt(resource: Resource, path: string, { index }: Surroundings): Fact<PoolList> {
  const written = list(resource, path);
  if (!written.known) {
    const found = referenced(index, resource, path, [CLOUDFLARE_POOL]);
    return chainFact(found, (pools) =>
      pools.length === 0 ? written : known({ ids: pools.map(({ urn }) => urn), isOrdered: false }),
    );
  }
  const elements = written.value.map((_, place) => elementAt(index, resource, `${path}[${String(place)}]`));
  const exact = new Set(elements.flatMap(({ id }) => id ?? []));
  const open = elements.filter(({ id }) => id === undefined);
  const candidates = [...new Set(open.flatMap((element) => element.candidates))].filter((id) => !exact.has(id));
  if (candidates.length > open.length) return unknown(resource.urn, path, Reason.Later);
  const [...left] = candidates;
  const ids = elements.map(({ id, property }) => id ?? left.shift() ?? `${resource.urn}#${property}`);
  return known({ ids: [...new Set(ids)], isOrdered: candidates.length === 0 });
}

/** The only pool that a property names; undefined where it names none. */
export function poolAt(resource: Resource, path: string, { index }: Surroundings): Fact<string | undefined> {
  const written = text(resource, path);
  if (written.known && (written.value ?? "") === "") return known(undefined);
  const { id, candidates, property } = elementAt(index, resource, path);
  if (id !== undefined) return known(id);
  return candidates.length > 1 ? unknown(resource.urn, path, Reason.Later) : known(`${resource.urn}#${property}`);
}

interface Element {
  property: string;
  /** The pool that is meant, where that is known. */
  id: string | undefined;
  /** Pools of which it may be any. */
  candidates: string[];
}

function elementAt(index: GraphIndex, resource: Resource, property: string): Element {
  const found = references(index, resource, property, [CLOUDFLARE_POOL]);
  const pools = found.known ? found.value.items.flatMap(({ resources }) => resources.map(({ urn }) => urn)) : [];
  const isExact = found.known && found.value.isOrdered && pools.length === 1;
  return { property, id: isExact ? pools[0] : undefined, candidates: isExact ? [] : pools };
}

/**
 * Pools that a balancer names and that are made elsewhere: nothing is known about them but that they are there. They are parts all the
 * same, so that what is known about the others is judged.
 *
 * @param ids - ids that the balancer's lists hold.
 */
export function foreignPools(resource: Resource, ids: readonly string[], around: Surroundings): Pool[] {
  const prefix = `${resource.urn}#`;
  return [...new Set(ids)]
    .filter((id) => id.startsWith(prefix))
    .map((id): Pool => {
      const property = id.slice(prefix.length);
      const missing = unknown(resource.urn, property, Reason.Elsewhere);
      return {
        role: "pool",
        id,
        urn: resource.urn,
        label: `${property} of ${resource.name}`,
        place: around.placeOf(resource),
        needs: [{ what: "an origin", atLeast: 1, of: [], unknown: missing }],
        name: missing,
        isEnabled: missing,
        origins: missing,
        minimumOrigins: missing,
        monitor: missing,
        checkRegions: missing,
        isAnnounced: missing,
      };
    });
}

const MAPS = [
  ["region", "regionPools"],
  ["country", "countryPools"],
  ["data-centre", "popPools"],
] as const;

/** Lists for clients of some places, and lists that rules set. */
export function overridesOf(resource: Resource, around: Surroundings): PoolOverride[] {
  return [...mapsAt(resource, "", undefined, around), ...ruleOverrides(resource, around)];
}

/** Whether anything is steered by place: that decides what an empty steering policy means. */
export function hasPlaces(resource: Resource): Fact<boolean> {
  const maps = MAPS.map(([, property]) => mapFact(object(resource, property), (map) => Object.keys(map).length > 0));
  if (maps.some((fact) => fact.known && fact.value)) return known(true);
  return mapFact(allFacts(maps), () => false);
}

function mapsAt(resource: Resource, prefix: string, rule: string | undefined, around: Surroundings): PoolOverride[] {
  return MAPS.flatMap(([kind, name]) => {
    const property = `${prefix}${name}`;
    const map: Fact<JsonObject> = object(resource, property);
    if (!map.known)
      return [{ kind: rule === undefined ? kind : "rule", key: rule ?? "?", property, pools: map, isOrdered: false }];
    return Object.keys(map.value)
      .sort()
      .map((key) => override(resource, rule === undefined ? kind : "rule", rule ?? key, `${property}.${key}`, around));
  });
}

/**
 * A rule that is not switched off (developers.cloudflare.com/load-balancing/additional-options/load-balancing-rules). One that answers by
 * itself takes its requests to no pool.
 */
function ruleOverrides(resource: Resource, around: Surroundings): PoolOverride[] {
  const rules = list(resource, "rules");
  if (!rules.known) return [{ kind: "rule", key: "?", property: "rules", pools: rules, isOrdered: false }];
  return rules.value.flatMap((_, place) => {
    const path = `rules[${String(place)}]`;
    const isOff = withDefault(boolean(resource, `${path}.disabled`), false);
    if (isOff.known && isOff.value) return [];
    const name = text(resource, `${path}.name`);
    const key = name.known && name.value !== undefined ? name.value : path;
    const whole = object(resource, `${path}.overrides`);
    if (!whole.known) return [{ kind: "rule", key, property: `${path}.overrides`, pools: whole, isOrdered: false }];
    const pools = list(resource, `${path}.overrides.defaultPools`);
    const own =
      pools.known && pools.value.length === 0
        ? []
        : [override(resource, "rule", key, `${path}.overrides.defaultPools`, around)];
    return [...own, ...mapsAt(resource, `${path}.overrides.`, key, around)];
  });
}

function override(
  resource: Resource,
  kind: PoolOverride["kind"],
  key: string,
  property: string,
  around: Surroundings,
): PoolOverride {
  const pools = poolsAt(resource, property, around);
  return {
    kind,
    key,
    property,
    pools: mapFact(pools, ({ ids }) => ids),
    isOrdered: pools.known && pools.value.isOrdered,
  };
}
