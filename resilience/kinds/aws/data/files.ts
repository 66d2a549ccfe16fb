import { allFacts, chainFact, known, mapFact, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Surroundings } from "../../../model";
import { text } from "../../../reader";
import { oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import { FILE_SYSTEM, FILE_SYSTEM_BACKUP, FILE_SYSTEM_REPLICATION } from "../types";
import { flag, storePart } from "./store";

/**
 * File systems of EFS: in several zones, unless they are made in one (`availabilityZoneName`). A replica in another region is read-only until
 * somebody fails over to it (docs.aws.amazon.com/efs/latest/ug/efs-replication.html).
 */
export function fileSystem(resource: Resource, around: Surroundings): Data[] {
  const zone = text(resource, "availabilityZoneName");
  return [
    storePart(resource, around, {
      kind: "efs",
      isRecord: false,
      otherRegions: replicatedTo(resource, around),
      zones: mapFact(zone, (name) => (name === undefined ? [] : [name])),
      isMultiZone: mapFact(zone, (name) => name === undefined),
      backupRegions: backedUpIn(resource, around),
      isDeletionProtected: known(false),
      isEncrypted: flag(resource, "encrypted"),
      isPublic: known(false),
    }),
  ];
}

function bySource(type: string, path: string): (index: GraphIndex) => ReadonlyMap<string, Resource[]> {
  return oncePerGraph((index) => {
    const found = new Map<string, Resource[]>();
    for (const each of index.ofType(type)) {
      for (const { urn } of pointed(index, each, path, [FILE_SYSTEM]).resources) push(found, urn, each);
    }
    return found;
  });
}

const replications = bySource(FILE_SYSTEM_REPLICATION, "sourceFileSystemId");
const backupPolicies = bySource(FILE_SYSTEM_BACKUP, "fileSystemId");

function replicatedTo(resource: Resource, { index, placeOf }: Surroundings): Fact<string[]> {
  const regions = (replications(index).get(resource.urn) ?? []).map((replication) =>
    chainFact(text(replication, "destination.region"), (region): Fact<string[]> => {
      if (region !== undefined) return known([region]);
      const [target] = pointed(index, replication, "destination.fileSystemId", [FILE_SYSTEM]).resources;
      if (target !== undefined) return mapFact(placeOf(target).region, (own) => [own]);
      // A zone alone makes the copy in the same region.
      return known([]);
    }),
  );
  return mapFact(allFacts(regions), (all) => all.flat());
}

function backedUpIn(resource: Resource, { index, placeOf }: Surroundings): Fact<string[]> {
  const policies = backupPolicies(index).get(resource.urn) ?? [];
  const states = allFacts(policies.map((policy) => withDefault(text(policy, "backupPolicy.status"), "DISABLED")));
  return chainFact(states, (all) =>
    all.includes("ENABLED") ? mapFact(placeOf(resource).region, (region) => [region]) : known([]),
  );
}
