import { allFacts, chainFact, known, mapFact, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Part, Surroundings } from "../../../model";
import { count, number, text } from "../../../reader";
import { oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import { GLOBAL_TABLE, TABLE, TABLE_REPLICA } from "../types";
import { majorityOf } from "./majority";
import { copyIn, flag, storePart } from "./store";

/** Days back to which a table can be restored to any second, unless fewer are set (`recoveryPeriodInDays` of `aws.dynamodb.Table`). */
const POINT_IN_TIME_DAYS = 35;

/**
 * Tables of DynamoDB. A global table takes reads and writes in each of its regions, so each replica is a part of its own
 * (`URN#us-west-2`): a compute talks to the one of its region. With strong consistency a replica answers while a majority of the three
 * regions, a witness among them, is there (docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html).
 */
export function table(resource: Resource, around: Surroundings): Data[] {
  const { index } = around;
  const replicas = replicasOf(resource, index, around);
  const isStrong = strongOf(resource);
  const isRestorable = flag(resource, "pointInTimeRecovery.enabled");
  const store = storePart(resource, around, {
    kind: "dynamodb",
    isRecord: true,
    otherRegions: replicas,
    isMultiZone: known(true),
    pointInTimeDays: chainFact(isRestorable, (enabled): Fact<number | undefined> =>
      enabled
        ? withDefault(number(resource, "pointInTimeRecovery.recoveryPeriodInDays"), POINT_IN_TIME_DAYS)
        : known(0),
    ),
    backupRegions: chainFact(isRestorable, (enabled) =>
      enabled ? mapFact(around.placeOf(resource).region, (region) => [region]) : known([]),
    ),
    isDeletionProtected: flag(resource, "deletionProtectionEnabled"),
    // Every table is encrypted; only the key can be chosen (docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html).
    isEncrypted: known(true),
    isPublic: known(false),
    needs: isStrong.known && !isStrong.value ? [] : [needOfQuorum(resource, isStrong)],
  });
  const copies = replicas.known ? replicas.value : [];
  return [store, ...copies.map((region) => copyIn(store, region))];
}

function needOfQuorum(resource: Resource, isStrong: Fact<boolean>): Data["needs"][number] {
  const need = { what: "a majority of its regions", atLeast: 1, of: [`${resource.urn}#quorum`] };
  return isStrong.known ? need : { ...need, unknown: isStrong };
}

/** The quorum of a table with strong consistency, and its voters. */
export function tableQuorum(resource: Resource, around: Surroundings): Part[] {
  const isStrong = strongOf(resource);
  if (isStrong.known && !isStrong.value) return [];
  const witness = mapFact(text(resource, "globalTableWitness.regionName"), (region) =>
    region === undefined ? [] : [region],
  );
  const others = chainFact(replicasOf(resource, around.index, around), (regions) =>
    mapFact(witness, (more) => [...regions, ...more]),
  );
  return majorityOf(resource, around, others);
}

function strongOf(resource: Resource): Fact<boolean> {
  return chainFact(count(resource, "replicas"), (length) =>
    mapFact(
      allFacts(Array.from({ length }, (_, place) => text(resource, `replicas[${String(place)}].consistencyMode`))),
      (modes) => modes.includes("STRONG"),
    ),
  );
}

const replicasByTable = oncePerGraph((index) => {
  const replicas = new Map<string, Resource[]>();
  for (const replica of index.ofType(TABLE_REPLICA)) {
    for (const { urn } of pointed(index, replica, "globalTableArn", [TABLE]).resources) push(replicas, urn, replica);
  }
  return replicas;
});

/** The other regions of a global table, sorted: written in the table, or as resources of their own, or by the version of 2017. */
function replicasOf(resource: Resource, index: GraphIndex, { placeOf }: Surroundings): Fact<string[]> {
  const written = chainFact(count(resource, "replicas"), (length) =>
    allFacts(
      Array.from({ length }, (_, place) => withDefault(text(resource, `replicas[${String(place)}].regionName`), "")),
    ),
  );
  const apart = allFacts((replicasByTable(index).get(resource.urn) ?? []).map((replica) => placeOf(replica).region));
  const all = allFacts([written, apart, ofVersion2017(resource, index)]);
  return chainFact(placeOf(resource).region, (own) =>
    mapFact(all, (lists) => [...new Set(lists.flat())].filter((region) => region !== "" && region !== own).sort()),
  );
}

/** `aws.dynamodb.GlobalTable` joins tables of the same name, which are resources of their own in each region. */
function ofVersion2017(resource: Resource, index: GraphIndex): Fact<string[]> {
  const name = text(resource, "name");
  const joined = index.ofType(GLOBAL_TABLE).filter((global) => {
    const joins = text(global, "name");
    return name.known && joins.known && joins.value !== undefined && joins.value === name.value;
  });
  const lists = joined.map((global) =>
    chainFact(count(global, "replicas"), (length) =>
      allFacts(
        Array.from({ length }, (_, place) => withDefault(text(global, `replicas[${String(place)}].regionName`), "")),
      ),
    ),
  );
  return mapFact(allFacts(lists), (all) => all.flat());
}
