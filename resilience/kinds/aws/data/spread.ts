import { regionOfArn } from "../../../arns";
import { allFacts, chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Part, Surroundings } from "../../../model";
import { text, texts } from "../../../reader";
import { oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import { DSQL_CLUSTER, DSQL_PEERING, KEYSPACE } from "../types";
import { majorityOf } from "./majority";
import { copyIn, flag, storePart } from "./store";

/**
 * Clusters of Aurora DSQL: in three zones, and with a peer in two regions and a witness in a third, of which a majority decides
 * (docs.aws.amazon.com/aurora-dsql/latest/userguide/configuring-multi-region-clusters.html). Each region's cluster is a resource of its own.
 */
export function dsqlCluster(resource: Resource, around: Surroundings): Data[] {
  const isPeered = peeringsOf(resource, around.index).length > 0;
  return [
    storePart(resource, around, {
      kind: "dsql",
      isRecord: true,
      otherRegions: peerRegions(resource, around),
      isMultiZone: known(true),
      isDeletionProtected: flag(resource, "deletionProtectionEnabled"),
      isEncrypted: known(true),
      isPublic: known(false),
      needs: isPeered ? [{ what: "a majority of its regions", atLeast: 1, of: [`${resource.urn}#quorum`] }] : [],
    }),
  ];
}

/** The quorum of a peered cluster, its witness among the voters. */
export function dsqlQuorum(resource: Resource, around: Surroundings): Part[] {
  const peerings = peeringsOf(resource, around.index);
  if (peerings.length === 0) return [];
  const witnesses = allFacts(peerings.map((peering) => withDefault(text(peering, "witnessRegion"), "")));
  const others = chainFact(peerRegions(resource, around), (peers) => mapFact(witnesses, (more) => [...peers, ...more]));
  return majorityOf(
    resource,
    around,
    mapFact(others, (regions) => regions.filter((region) => region !== "")),
  );
}

const peeringsByCluster = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  for (const peering of index.ofType(DSQL_PEERING)) {
    for (const { urn } of pointed(index, peering, "identifier", [DSQL_CLUSTER]).resources) push(found, urn, peering);
  }
  return found;
});

function peeringsOf(resource: Resource, index: GraphIndex): Resource[] {
  return peeringsByCluster(index).get(resource.urn) ?? [];
}

function peerRegions(resource: Resource, { index, placeOf }: Surroundings): Fact<string[]> {
  const peers = peeringsOf(resource, index).flatMap((peering): Fact<string>[] => {
    const { resources, outside, missing } = pointed(index, peering, "clusters", [DSQL_CLUSTER]);
    const named = outside.map((arn) => {
      const region = regionOfArn(arn);
      return region === undefined ? unknown(peering.urn, "clusters", "holds no ARN of a cluster") : known(region);
    });
    const found = resources.filter((peer) => peer !== resource).map((peer) => placeOf(peer).region);
    return [...found, ...named, ...(missing === undefined ? [] : [missing])];
  });
  return allFacts(peers);
}

/** Days back to which a table of Keyspaces can be restored (docs.aws.amazon.com/keyspaces/latest/devguide/PointInTimeRecovery.html). */
const KEYSPACES_DAYS = 35;

/** Tables of Keyspaces, written to in each region of their keyspace: each region is a part of its own (`URN#us-west-2`). */
export function keyspaceTable(resource: Resource, around: Surroundings): Data[] {
  const { index, placeOf } = around;
  const own = placeOf(resource).region;
  const keyspaces = pointed(index, resource, "keyspaceName", [KEYSPACE]).resources;
  const listed = allFacts(
    keyspaces.map((keyspace) =>
      chainFact(texts(keyspace, "replicationSpecification.regionLists"), (all) => allFacts(all)),
    ),
  );
  const regions = chainFact(own, (region) =>
    mapFact(listed, (all) => [...new Set(all.flat())].filter((other) => other !== region).sort()),
  );
  const isRestorable = mapFact(text(resource, "pointInTimeRecovery.status"), (status) => status === "ENABLED");
  const store = storePart(resource, around, {
    kind: "keyspaces",
    isRecord: true,
    otherRegions: regions,
    isMultiZone: known(true),
    pointInTimeDays: mapFact(isRestorable, (enabled) => (enabled ? KEYSPACES_DAYS : 0)),
    backupRegions: chainFact(isRestorable, (enabled) => (enabled ? mapFact(own, (region) => [region]) : known([]))),
    isDeletionProtected: known(false),
    isEncrypted: known(true),
    isPublic: known(false),
  });
  return [store, ...(regions.known ? regions.value : []).map((region) => copyIn(store, region))];
}
