import { chainFact, known, mapFact, unknown, withDefault, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { GraphIndex } from "../../../index-of";
import type { Data, Surroundings } from "../../../model";
import { boolean, count, text } from "../../../reader";
import { oncePerGraph, push } from "../../once";
import { pointed } from "../pointers";
import { zonesOfSubnets } from "../subnets";
import { MSK_CLUSTER, MSK_REPLICATOR, MSK_SERVERLESS } from "../types";
import { regionsOf } from "./rds";
import { flag, storePart } from "./store";

/** Zones over which a cluster of MSK keeps three copies of everything. */
const KAFKA_ZONES = 3;

/**
 * Kafka. In two zones MSK keeps two copies and acknowledges with one (`min.insync.replicas` 1,
 * docs.aws.amazon.com/msk/latest/developerguide/msk-default-configuration.html), so that the loss of a zone can lose what was
 * acknowledged: only three survive it.
 */
export function kafka(resource: Resource, around: Surroundings): Data[] {
  const zones = zonesOfSubnets(resource, "brokerNodeGroupInfo.clientSubnets", around.index);
  const access = text(resource, "brokerNodeGroupInfo.connectivityInfo.publicAccess.type");
  return [
    storePart(resource, around, {
      kind: "msk",
      isRecord: false,
      otherRegions: regionsOf(replicatedTo(resource, around.index), around),
      zones,
      isMultiZone: mapFact(zones, ({ length }) => length >= KAFKA_ZONES),
      isDeletionProtected: known(false),
      // Storage is always encrypted; only the key can be chosen (docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html).
      isEncrypted: known(true),
      isPublic: mapFact(access, (type) => type === "SERVICE_PROVIDED_EIPS"),
    }),
  ];
}

/** Kafka without brokers to choose: AWS spreads it over the zones of the region. */
export function serverlessKafka(resource: Resource, around: Surroundings): Data[] {
  return [
    storePart(resource, around, {
      kind: "msk",
      isRecord: false,
      otherRegions: regionsOf(replicatedTo(resource, around.index), around),
      zones: known([]),
      isMultiZone: known(true),
      isDeletionProtected: known(false),
      isEncrypted: known(true),
      isPublic: known(false),
    }),
  ];
}

const replicas = oncePerGraph((index) => {
  const found = new Map<string, Resource[]>();
  const clusters = [MSK_CLUSTER, MSK_SERVERLESS];
  for (const replicator of index.ofType(MSK_REPLICATOR)) {
    const sources = pointed(index, replicator, "replicationInfoList.sourceKafkaClusterArn", clusters).resources;
    const targets = pointed(index, replicator, "replicationInfoList.targetKafkaClusterArn", clusters).resources;
    for (const { urn } of sources) for (const target of targets) push(found, urn, target);
  }
  return found;
});

function replicatedTo(resource: Resource, index: GraphIndex): Resource[] {
  return replicas(index).get(resource.urn) ?? [];
}

/** Queues and topics lie in several zones of their region, and in no other. */
export function queue(resource: Resource, around: Surroundings): Data[] {
  const key = text(resource, "kmsMasterKeyId");
  return [
    storePart(resource, around, {
      kind: "sqs",
      isRecord: false,
      isMultiZone: known(true),
      isDeletionProtected: known(false),
      // New queues are encrypted by SQS's own key unless that is taken back (docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-sqs-sse-queue.html).
      isEncrypted: chainFact(key, (own) =>
        own === undefined ? flag(resource, "sqsManagedSseEnabled", true) : known(true),
      ),
      isPublic: known(false),
    }),
  ];
}

export function topic(resource: Resource, around: Surroundings): Data[] {
  return [
    storePart(resource, around, {
      kind: "sns",
      isRecord: false,
      isMultiZone: known(true),
      isDeletionProtected: known(false),
      // Disks are encrypted whether a key is named or not (docs.aws.amazon.com/sns/latest/dg/sns-data-encryption.html).
      isEncrypted: known(true),
      isPublic: known(false),
    }),
  ];
}

export function stream(resource: Resource, around: Surroundings): Data[] {
  return [
    storePart(resource, around, {
      kind: "kinesis",
      isRecord: false,
      isMultiZone: known(true),
      isDeletionProtected: known(false),
      isEncrypted: mapFact(text(resource, "encryptionType"), (type) => type === "KMS"),
      isPublic: known(false),
    }),
  ];
}

/** A broker stands in one zone unless its deployment mode says otherwise (`aws.mq.Broker`, `deploymentMode`). */
export function broker(resource: Resource, around: Surroundings): Data[] {
  const isMultiZone = mapFact(withDefault(text(resource, "deploymentMode"), "SINGLE_INSTANCE"), (mode) =>
    mode.endsWith("MULTI_AZ"),
  );
  const subnets = count(resource, "subnetIds");
  const zones: Fact<string[]> =
    subnets.known && subnets.value === 0
      ? chainFact(isMultiZone, (is): Fact<string[]> =>
          is ? known([]) : unknown(resource.urn, "subnetIds", "is not set, so that AWS picks the one zone"),
        )
      : zonesOfSubnets(resource, "subnetIds", around.index);
  return [
    storePart(resource, around, {
      kind: "mq",
      isRecord: false,
      zones,
      isMultiZone,
      isDeletionProtected: known(false),
      isEncrypted: known(true),
      isPublic: flag(resource, "publiclyAccessible"),
    }),
  ];
}

/** Search domains (OpenSearch): in one zone unless zone awareness is on. */
export function searchDomain(resource: Resource, around: Surroundings): Data[] {
  const isMultiZone = flag(resource, "clusterConfig.zoneAwarenessEnabled");
  const inNetwork = count(resource, "vpcOptions.subnetIds");
  const zones: Fact<string[]> =
    inNetwork.known && inNetwork.value === 0
      ? chainFact(isMultiZone, (is): Fact<string[]> =>
          is
            ? known([])
            : unknown(resource.urn, "clusterConfig.zoneAwarenessEnabled", "is off, so that AWS picks the one zone"),
        )
      : zonesOfSubnets(resource, "vpcOptions.subnetIds", around.index);
  return [
    storePart(resource, around, {
      kind: "opensearch",
      isRecord: false,
      zones,
      isMultiZone,
      isDeletionProtected: known(false),
      isEncrypted: mapFact(boolean(resource, "encryptAtRest.enabled"), (enabled) => enabled === true),
      isPublic: mapFact(inNetwork, (subnetsOf) => subnetsOf === 0),
    }),
  ];
}
