import { allFacts, chainFact, known, mapFact, valueOr, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Asset, Kind, Part, Surroundings } from "../../model";
import { count, text } from "../../reader";
import { oncePerGraph, push } from "../once";
import { roleOf } from "./homes";
import { pointed } from "./pointers";
import {
  EXTERNAL_KEY,
  KEY,
  PARAMETER,
  REPLICA_EXTERNAL_KEY,
  REPLICA_KEY,
  REPLICATION_CONFIGURATION,
  REPOSITORY,
  SECRET,
} from "./types";

/** Images, secrets and keys. What a running compute has read already, it keeps: a new unit needs them. */
export const assetKinds: readonly Kind[] = [
  { types: [REPOSITORY, SECRET, PARAMETER, KEY, REPLICA_KEY, EXTERNAL_KEY, REPLICA_EXTERNAL_KEY], parts: assetOf },
];

function assetOf(resource: Resource, around: Surroundings): Part[] {
  const role = roleOf(resource);
  if (role === undefined || role === "data") return [];
  const asset: Asset = {
    role,
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: around.placeOf(resource),
    needs: [],
    regions: regionsOfAsset(resource, around),
  };
  return [asset];
}

/** The regions in which an image, secret or key can be read without the one it was made in; sorted. */
export function regionsOfAsset(resource: Resource, around: Surroundings): Fact<string[]> {
  const others =
    resource.type === REPOSITORY
      ? replicationOf(resource, around)
      : resource.type === SECRET
        ? eachText(resource, "replicas", "region")
        : siblingKeys(resource, around);
  return chainFact(around.placeOf(resource).region, (own) =>
    mapFact(others, (regions) => [...new Set([own, ...regions])].sort()),
  );
}

/** A text of each element of a list. */
function eachText(resource: Resource, list: string, inner: string): Fact<string[]> {
  return chainFact(count(resource, list), (length) =>
    mapFact(
      allFacts(Array.from({ length }, (_, place) => text(resource, `${list}[${String(place)}].${inner}`))),
      (values) => values.flatMap((value) => value ?? []),
    ),
  );
}

/**
 * Where the registry of a repository's region copies its images to. One configuration is valid for all repositories of the account in that
 * region (docs.aws.amazon.com/AmazonECR/latest/userguide/replication.html); filters match the beginning of a repository's name.
 */
function replicationOf(repository: Resource, around: Surroundings): Fact<string[]> {
  const { index, placeOf } = around;
  const here = valueOr(placeOf(repository).region, undefined);
  const rules = "replicationConfiguration.rules";
  const all = index.ofType(REPLICATION_CONFIGURATION).flatMap((configuration): Fact<string[]>[] => {
    if (here === undefined || valueOr(placeOf(configuration).region, undefined) !== here) return [];
    const length = count(configuration, rules);
    if (!length.known) return [length];
    return Array.from({ length: length.value }, (_, place) => {
      const rule = `${rules}[${String(place)}]`;
      return chainFact(matches(configuration, rule, text(repository, "name")), (isMeant) =>
        isMeant ? eachText(configuration, `${rule}.destinations`, "region") : known([]),
      );
    });
  });
  return mapFact(allFacts(all), (regions) => regions.flat());
}

function matches(configuration: Resource, rule: string, name: Fact<string | undefined>): Fact<boolean> {
  return chainFact(eachText(configuration, `${rule}.repositoryFilters`, "filter"), (prefixes) =>
    prefixes.length === 0
      ? known(true)
      : mapFact(name, (value) => value !== undefined && prefixes.some((prefix) => value.startsWith(prefix))),
  );
}

/** Multi-Region keys share their material, and each of them works without the others (docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-overview.html). */
const replicasByKey = oncePerGraph((index) => {
  const replicas = new Map<string, Resource[]>();
  const pairs = [
    [REPLICA_KEY, KEY],
    [REPLICA_EXTERNAL_KEY, EXTERNAL_KEY],
  ] as const;
  for (const [replicaType, keyType] of pairs) {
    for (const replica of index.ofType(replicaType)) {
      for (const { urn } of primaryOf(replica, keyType, index)) push(replicas, urn, replica);
    }
  }
  return replicas;
});

function primaryOf(replica: Resource, keyType: string, index: GraphIndex): Resource[] {
  return pointed(index, replica, "primaryKeyArn", [keyType]).resources;
}

/** The regions of the other keys of a multi-Region key; none for what is no key, and for a key without replicas. */
function siblingKeys(resource: Resource, { index, placeOf }: Surroundings): Fact<string[]> {
  const primaries =
    resource.type === REPLICA_KEY
      ? primaryOf(resource, KEY, index)
      : resource.type === REPLICA_EXTERNAL_KEY
        ? primaryOf(resource, EXTERNAL_KEY, index)
        : [resource];
  const family = primaries.flatMap((key) => [key, ...(replicasByKey(index).get(key.urn) ?? [])]);
  return allFacts(family.map((key) => placeOf(key).region));
}
