/**
 * Proves: what queues, streams, files and volumes are to the model; where backup plans put copies; images, secrets, keys and log groups; and that
 * malformed stores are unknown and break nothing. Leaves out: databases (data.test.ts), and who uses them.
 */
import { describe, expect, it } from "vitest";
import { awsKinds } from "../../../../resilience/kinds/aws";
import type { Asset, LogSink } from "../../../../resilience/model";
import {
  asState,
  designFrom,
  goodDesign,
  join,
  later,
  ref,
  resource,
  unknownAt,
  urnOf,
  withChange,
  withMore,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partOf, partsOf } from "../../../support/kinds";
import { BUCKET, CLUSTER, dataOf, known, later_, one, RDS, region, subnet, TABLE } from "./store-parts";

describe("queues, streams, brokers, files, search and volumes", () => {
  const zones = ["us-east-2a", "us-east-2b", "us-east-2c"];
  const brokers = (count: number, inputs: Literal["inputs"] = {}): DraftGraph =>
    designFrom([
      ...zones.map(subnet),
      one("aws:msk/cluster:Cluster", {
        brokerNodeGroupInfo: { clientSubnets: zones.slice(0, count).map((zone) => ref(zone)), ...inputs },
      }),
    ]);

  it("of Kafka survive a zone in three, and are where a replicator copies to", () => {
    expect([dataOf(brokers(3), "store").isMultiZone, dataOf(brokers(2), "store").isMultiZone]).toEqual([
      known(true),
      known(false),
    ]);
    expect(dataOf(brokers(2), "store").place.zones).toEqual(known(["us-east-2a", "us-east-2b"]));
    const open = brokers(3, { connectivityInfo: { publicAccess: { type: "SERVICE_PROVIDED_EIPS" } } });
    expect([dataOf(open, "store").isPublic, dataOf(brokers(3), "store").isPublic]).toEqual([known(true), known(false)]);
    const copied = withMore(
      brokers(3),
      resource("aws:msk/serverlessCluster:ServerlessCluster", "target", { region: "us-west-2" }),
      resource("aws:msk/replicator:Replicator", "replicator", {
        region: "us-west-2",
        replicationInfoList: {
          sourceKafkaClusterArn: ref("store", "arn"),
          targetKafkaClusterArn: ref("target", "arn"),
        },
      }),
    );
    expect(dataOf(copied, "store").regions).toEqual(known([region, "us-west-2"]));
    expect(dataOf(asState(copied), "store").regions).toEqual(known([region, "us-west-2"]));
    expect(dataOf(copied, "target").isMultiZone).toEqual(known(true));
  });

  it.each([
    ["aws:sqs/queue:Queue", {}, "sqs", true, true],
    ["aws:sqs/queue:Queue", { sqsManagedSseEnabled: false }, "sqs", true, false],
    ["aws:sqs/queue:Queue", { sqsManagedSseEnabled: false, kmsMasterKeyId: "alias/x" }, "sqs", true, true],
    ["aws:sns/topic:Topic", {}, "sns", true, true],
    ["aws:sns/topic:Topic", { kmsMasterKeyId: "alias/x" }, "sns", true, true],
    ["aws:kinesis/stream:Stream", {}, "kinesis", true, false],
    ["aws:kinesis/stream:Stream", { encryptionType: "KMS" }, "kinesis", true, true],
    ["aws:mq/broker:Broker", {}, "mq", false, true],
    ["aws:mq/broker:Broker", { deploymentMode: "CLUSTER_MULTI_AZ" }, "mq", true, true],
    ["aws:opensearch/domain:Domain", {}, "opensearch", false, false],
    [
      "aws:opensearch/domain:Domain",
      { clusterConfig: { zoneAwarenessEnabled: true }, encryptAtRest: { enabled: true } },
      "opensearch",
      true,
      true,
    ],
    ["aws:efs/fileSystem:FileSystem", {}, "efs", true, false],
    ["aws:efs/fileSystem:FileSystem", { availabilityZoneName: "us-east-2a", encrypted: true }, "efs", false, true],
    ["aws:ebs/volume:Volume", { availabilityZone: "us-east-2a" }, "ebs", false, false],
  ])("%s with %j", (type, inputs, kind, isMultiZone, isEncrypted) => {
    const store = dataOf(designFrom([one(type, inputs)]), "store");
    expect([store.kind, store.isMultiZone, store.isEncrypted, store.isSystemOfRecord]).toEqual([
      kind,
      known(isMultiZone),
      known(isEncrypted),
      known(false),
    ]);
  });

  it("of brokers and search stand in their subnets", () => {
    const mq = designFrom([
      subnet("us-east-2a"),
      one("aws:mq/broker:Broker", { subnetIds: [ref("us-east-2a")], publiclyAccessible: true }),
    ]);
    expect([dataOf(mq, "store").place.zones, dataOf(mq, "store").isPublic]).toEqual([
      known(["us-east-2a"]),
      known(true),
    ]);
    const search = designFrom([
      subnet("us-east-2b"),
      one("aws:opensearch/domain:Domain", { vpcOptions: { subnetIds: [ref("us-east-2b")] } }),
    ]);
    expect([dataOf(search, "store").place.zones, dataOf(search, "store").isPublic]).toEqual([
      known(["us-east-2b"]),
      known(false),
    ]);
    expect(dataOf(designFrom([one("aws:opensearch/domain:Domain")]), "store").isPublic).toEqual(known(true));
  });

  it("of files are where they are replicated and backed up", () => {
    const graph = designFrom([
      one("aws:efs/fileSystem:FileSystem"),
      resource("aws:efs/replicationConfiguration:ReplicationConfiguration", "copy", {
        region,
        sourceFileSystemId: ref("store"),
        destination: { region: "us-west-2" },
      }),
      resource("aws:efs/backupPolicy:BackupPolicy", "backup", {
        region,
        fileSystemId: ref("store"),
        backupPolicy: { status: "ENABLED" },
      }),
    ]);
    const { regions, backups } = dataOf(graph, "store");
    expect(regions).toEqual(known([region, "us-west-2"]));
    expect(backups.known && backups.value.map((copy) => copy.region)).toEqual([known(region)]);
  });
});

describe("backup plans", () => {
  const plan: Literal[] = [
    resource("aws:backup/vault:Vault", "near", { region, name: "near" }),
    resource("aws:backup/vault:Vault", "far", { region: "us-west-2", name: "far" }),
    resource("aws:backup/plan:Plan", "plan", {
      region,
      rules: [
        {
          ruleName: "daily",
          targetVaultName: ref("near", "name"),
          copyActions: [
            { destinationVaultArn: ref("far", "arn") },
            { destinationVaultArn: "arn:aws:backup:eu-west-1:999999999999:backup-vault:ledger" },
          ],
        },
      ],
    }),
  ];
  const selected = (selection: Literal["inputs"], tags: Literal["inputs"] = {}): DraftGraph =>
    designFrom([
      one(TABLE, { tags }),
      ...plan,
      resource("aws:backup/selection:Selection", "selection", { region, planId: ref("plan"), ...selection }),
    ]);
  const copiesOf = (graph: DraftGraph) => {
    const { backups } = dataOf(graph, "store");
    return backups.known ? backups.value.map((copy) => [copy.region, copy.account]) : backups;
  };
  const all = [
    [known(region), known("")],
    [known("us-west-2"), known("")],
    [known("eu-west-1"), known("999999999999")],
  ];

  it.each([
    ["by name", { resources: [ref("store", "arn")] }, {}],
    ["by everything", { resources: ["*"] }, {}],
    ["by a service", { resources: ["arn:aws:dynamodb:*:*:table/*"] }, {}],
    ["by a tag", { selectionTags: [{ type: "STRINGEQUALS", key: "backup", value: "daily" }] }, { backup: "daily" }],
  ])("reach a store %s, and tell where its copies land", (_, selection, tags) => {
    expect(copiesOf(selected(selection, tags))).toEqual(all);
  });

  it.each([
    ["another service", { resources: ["arn:aws:rds:*:*:db:*"] }, {}],
    ["another tag", { selectionTags: [{ type: "STRINGEQUALS", key: "backup", value: "daily" }] }, { backup: "weekly" }],
  ])("leave out %s", (_, selection, tags) => {
    expect(copiesOf(selected(selection, tags))).toEqual([]);
  });

  it("are not known where what they select is not, and no matter for another region", () => {
    const unclear = selected({ selectionTags: later });
    expect(copiesOf(unclear)).toEqual(later_(unclear, "selection", "selectionTags"));
    const elsewhere = withChange(unclear, "selection", "region", "us-west-2");
    expect(copiesOf(elsewhere)).toEqual([]);
    const whole = withChange(selected({ resources: ["*"] }), "plan", "rules[0].targetVaultName", "near");
    const untold = unknownAt(whole, "plan", "rules[0].copyActions[0].destinationVaultArn");
    const why = later_(untold, "plan", "rules[0].copyActions[0].destinationVaultArn");
    expect(copiesOf(untold)).toEqual([[known(region), known("")], [why, why], all[2]]);
  });

  it("are not known to land anywhere where a recorder cannot tell vaults apart", () => {
    const graph = selected({ resources: ["*"] });
    const blurred = { ...graph, resources: graph.resources.map((each) => ({ ...each, references: {} })) };
    const { backups } = dataOf(blurred, "store");
    expect(
      backups.known && backups.value.map((copy) => (copy.region.known ? copy.region.value : copy.region.why)),
    ).toEqual([region, "may be any of several vaults", "eu-west-1"]);
  });
});

describe("images, secrets, keys and logs", () => {
  const assetOf = (graph: DraftGraph, name: string, role: Asset["role"]): Asset => partOf(awsKinds, graph, name, role);

  it("can be read where their replicas are", () => {
    const graph = designFrom([
      resource("aws:ecr/repository:Repository", "images", { region, name: "exchange" }),
      resource("aws:ecr/repository:Repository", "west", { region: "us-west-2", name: "exchange" }),
      resource("aws:ecr/replicationConfiguration:ReplicationConfiguration", "replication", {
        region,
        replicationConfiguration: { rules: [{ destinations: [{ region: "us-west-1", registryId: later }] }] },
      }),
      resource("aws:secretsmanager/secret:Secret", "secret", { region, replicas: [{ region: "eu-west-1" }] }),
      resource("aws:ssm/parameter:Parameter", "parameter", { region, type: "String" }),
      resource("aws:kms/key:Key", "key", { region, multiRegion: true }),
      resource("aws:kms/replicaKey:ReplicaKey", "replica", { region: "us-west-2", primaryKeyArn: ref("key", "arn") }),
      resource("aws:kms/key:Key", "plain", { region }),
    ]);
    for (const seen of [graph, asState(graph)]) {
      expect(assetOf(seen, "images", "image").regions).toEqual(known([region, "us-west-1"]));
      expect(assetOf(seen, "west", "image").regions).toEqual(known(["us-west-2"]));
      expect(assetOf(seen, "secret", "secret").regions).toEqual(known(["eu-west-1", region]));
      expect(assetOf(seen, "parameter", "secret").regions).toEqual(known([region]));
      expect(assetOf(seen, "key", "key").regions).toEqual(known([region, "us-west-2"]));
      expect(assetOf(seen, "replica", "key").regions).toEqual(known([region, "us-west-2"]));
      expect(assetOf(seen, "plain", "key").regions).toEqual(known([region]));
    }
  });

  it("are not known where replicas are not", () => {
    const graph = unknownAt(goodDesign(), "us-east-2-credentials", "replicas");
    expect(assetOf(graph, "us-east-2-credentials", "secret").regions).toEqual(
      later_(graph, "us-east-2-credentials", "replicas"),
    );
  });

  it("take the logs of services, functions and load balancers", () => {
    const logOf = (graph: DraftGraph, name: string): LogSink => partOf(awsKinds, graph, name, "log");
    const graph = withMore(
      goodDesign(),
      resource("aws:lambda/function:Function", "fn", { region, name: "orders" }),
      resource("aws:cloudwatch/logGroup:LogGroup", "fn-logs", { region, name: "/aws/lambda/orders" }),
      resource("aws:cloudwatch/logGroup:LogGroup", "told", { region, name: "told" }),
      resource("aws:lambda/function:Function", "teller", { region, loggingConfig: { logGroup: ref("told", "name") } }),
    );
    for (const seen of [graph, asState(graph)]) {
      expect(logOf(seen, "us-east-2-logs").watches).toEqual([urnOf(graph, "us-east-2-service")]);
      expect(logOf(seen, "fn-logs").watches).toEqual([urnOf(graph, "fn")]);
      expect(logOf(seen, "told").watches).toEqual([urnOf(graph, "teller")]);
      const bucket = logOf(seen, "us-east-2-access-logs");
      expect([bucket.id, bucket.watches]).toEqual([
        `${urnOf(graph, "us-east-2-access-logs")}#log`,
        [urnOf(graph, "us-east-2-lb")],
      ]);
    }
  });
});

describe("malformed stores", () => {
  it.each([
    RDS,
    CLUSTER,
    TABLE,
    BUCKET,
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:msk/cluster:Cluster",
    "aws:efs/fileSystem:FileSystem",
    "aws:keyspaces/table:Table",
    "aws:secretsmanager/secret:Secret",
  ])("of %s never throw", (type) => {
    const odd = [
      "tags",
      "replicas",
      "multiAz",
      "backupRetentionPeriod",
      "brokerNodeGroupInfo",
      "keyspaceName",
      "engine",
      "region",
      "encrypted",
    ];
    for (const value of [
      null,
      7,
      "text",
      [],
      [null, 7],
      { a: [{}] },
      { __proto__: null, constructor: 1 },
      join("a", "b"),
    ]) {
      const graph = designFrom([one(type, Object.fromEntries(odd.map((path) => [path, value])))]);
      expect(partsOf(awsKinds, graph, "store").length).toBeGreaterThan(0);
    }
  });
});
