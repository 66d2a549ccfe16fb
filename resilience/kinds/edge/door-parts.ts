import { known, valueOr, type Fact } from "../../fact";
import type { Need, Origin, Pool } from "../../model";

/** Who a pool is. */
export type PoolIdentity = Pick<Pool, "id" | "urn" | "label" | "place">;

/** What decides about a pool's health. */
export type Watched = Pick<Pool, "monitor" | "checkRegions" | "isAnnounced">;

/** A pool of addresses that a client or the edge gets all together, so that each of them has to be there. */
export function answerPool(
  identity: PoolIdentity,
  addresses: readonly Pick<Origin, "property" | "address" | "entries">[],
  watched: Watched,
): Pool {
  const ids = [...new Set(addresses.flatMap(({ entries }) => entries))];
  return {
    role: "pool",
    ...identity,
    needs: ids.map((id) => ({ what: ids.length === 1 ? "an origin" : "each of its origins", atLeast: 1, of: [id] })),
    name: known(identity.label),
    isEnabled: known(true),
    origins: known(addresses.map((address) => ({ ...address, isEnabled: known(true), weight: known(1) }))),
    minimumOrigins: known(ids.length),
    ...watched,
  };
}

/**
 * What a door needs of the pools of one list: one of them; and besides each that goes on getting requests when it is gone, because nothing
 * watches it. In a failover order that is the first, otherwise any.
 *
 * @param weights - share of each pool by id; one with 0 gets no requests while others live.
 */
export function lists(
  pools: readonly Pool[],
  steering: string,
  weights: Readonly<Record<string, number>> = {},
): Need[] {
  const used = steering === "off" ? pools.slice(0, 1) : pools.filter(({ id }) => weights[id] !== 0);
  const trapping = used.filter(({ monitor }) => !monitor.known || monitor.value === undefined);
  const each = trapping.map(({ id, label, monitor }): Need => ({
    what: `${label}, whose health nothing watches`,
    atLeast: 1,
    of: [id],
    ...(monitor.known ? {} : { unknown: monitor }),
  }));
  return [{ what: "a pool", atLeast: 1, of: pools.map(({ id }) => id) }, ...each];
}

/** The need of a door that is switched off: nothing can meet it. */
export function neverAlive(isEnabled: Fact<boolean>, what: string): Need[] {
  if (valueOr(isEnabled, false)) return [];
  return [{ what, atLeast: 1, of: [], ...(isEnabled.known ? {} : { unknown: isEnabled }) }];
}
