import { known, valueOr, withDefault } from "../../fact";
import type { Resource } from "../../graph";
import type { Door, Kind, Need, Part, Pool, Surroundings } from "../../model";
import { text } from "../../reader";
import { doorBehind, doorPointedTo, isDoor, originsAt } from "../origins";
import { acceleratorParts } from "./accelerators";
import { cloudflareDoorParts } from "./cloudflare-balancers";
import { CLOUDFLARE_RECORDS, CUSTOM_HOSTNAME, SPECTRUM } from "./cloudflare-names";
import { distributionParts } from "./cloudfront";
import { answerPool, lists } from "./door-parts";
import { GOOGLE_RECORDS } from "./google-names";
import type { Answer, NameSet } from "./name-set";
import { setOf } from "./name-sets";
import { ROUTE53_RECORD } from "./route53-names";
import { ACCELERATOR, CLOUDFLARE_BALANCER, DISTRIBUTION } from "./types";
import { withoutAffinity } from "../defaults";

/**
 * Hostnames that lead into the design by DNS alone. All records of a name are one door.
 *
 * A name with one answer lives as long as what it leads to. Of several answers each is a pool: nothing watches the answers of a plain name,
 * so every client that got the dead one stays with it; a routing policy with health checks takes it out, after which clients keep the old
 * answer for the TTL. A name that leads to a load balancer, distribution or accelerator of the same provider is only another word for it.
 */
export const nameKinds: readonly Kind[] = [
  {
    types: [...CLOUDFLARE_RECORDS, CUSTOM_HOSTNAME, SPECTRUM, ROUTE53_RECORD, GOOGLE_RECORDS],
    parts: (record, around) => partsOf(record, around, 0),
  },
];

/** A name at one provider may lead to a name at another; more steps than this, no resolver follows. */
const STEPS_MAX = 8;

function partsOf(record: Resource, around: Surroundings, steps: number): Part[] {
  const set = setOf(around.index, record);
  // One record speaks for all of a name.
  if (set?.id !== record.urn || !isDoor(set, around) || doorBehind(set, around) !== undefined) return [];
  const behind = doorPointedTo(set, around);
  if (behind !== undefined) return relayed(set, record, behind, around, steps);
  const [answer, ...others] = set.answers;
  if (answer === undefined) return [];
  return others.length === 0 && !set.isSteered
    ? [{ ...doorOf(set, record, around), needs: straightNeeds(answer, around) }]
    : chosen(set, record, around);
}

/** A name at one provider for the door of another: the same choice among the same pools, which needs both providers. */
function relayed(set: NameSet, record: Resource, target: Resource, around: Surroundings, steps: number): Part[] {
  const door = doorParts(target, around, steps + 1).find((part) => part.role === "door");
  const need: Need = { what: "what it points to", atLeast: 1, of: [target.urn] };
  const own = doorOf(set, record, around);
  if (door?.role !== "door") return [{ ...own, needs: [need] }];
  const { id, urn, label, place, hostname, kind, ttlSeconds } = own;
  return [{ ...door, id, urn, label, place, hostname, kind, ttlSeconds, needs: [need] }];
}

function doorParts(target: Resource, around: Surroundings, steps: number): Part[] {
  if (target.type === CLOUDFLARE_BALANCER) return cloudflareDoorParts(target, around);
  if (target.type === DISTRIBUTION) return distributionParts(target, around);
  if (target.type === ACCELERATOR) return acceleratorParts(target, around);
  return steps > STEPS_MAX ? [] : partsOf(target, around, steps);
}

function straightNeeds({ record, addresses }: Answer, around: Surroundings): Need[] {
  const ids = new Set(originsAt(record, addresses, around, [record.name]).flat());
  return [...ids].map((id) => ({ what: "what it points to", atLeast: 1, of: [id] }));
}

function chosen(set: NameSet, record: Resource, around: Surroundings): Part[] {
  const pools = set.answers.map((answer) => poolOf(answer, around));
  const byId = new Map(pools.map((pool) => [pool.id, pool]));
  const main = valueOr(set.pools, []).flatMap((id) => byId.get(id) ?? []);
  const door = doorOf(set, record, around);
  const overridden = set.overrides.flatMap(({ pools: list }) => {
    const members = valueOr(list, []).flatMap((id) => byId.get(id) ?? []);
    return members.length === 0 ? [] : lists(members, "off");
  });
  const needs = [...lists(main, valueOr(set.steering, ""), valueOr(set.weights, {})), ...overridden];
  const [first, ...rest] = needs;
  const unsure = set.pools.known ? {} : { unknown: set.pools };
  return [{ ...door, needs: first === undefined ? [] : [{ ...first, ...unsure }, ...rest] }, ...pools];
}

function poolOf(answer: Answer, around: Surroundings): Pool {
  const { id, record, label, addresses, monitor, checkRegions, isAnnounced } = answer;
  const entries = originsAt(record, addresses, around, [label, record.name]);
  return answerPool(
    { id, urn: record.urn, label, place: around.placeOf(record) },
    addresses.map((path, place) => ({
      property: path,
      address: withDefault(text(record, path), ""),
      entries: entries[place] ?? [],
    })),
    { monitor, checkRegions, isAnnounced },
  );
}

function doorOf(set: NameSet, record: Resource, around: Surroundings): Door {
  const isPlain = set.answers.length === 1 && !set.isSteered;
  return {
    role: "door",
    kind: set.kind,
    id: set.id,
    urn: record.urn,
    label: valueOr(set.hostname, record.name),
    place: around.placeOf(record),
    needs: [],
    hostname: set.hostname,
    isProxied: set.isProxied,
    ttlSeconds: set.ttlSeconds,
    steering: set.steering,
    pools: isPlain ? known([]) : set.pools,
    isOrdered: set.isOrdered,
    fallback: known(undefined),
    weights: set.weights,
    overrides: [...set.overrides],
    triesOtherPools: known(false),
    ...withoutAffinity,
  };
}
