/**
 * Proves: what stores of AWS are to the model: where they and their copies are, what they survive, how they are backed up and protected;
 * and the images, secrets, keys and log groups beside them. Leaves out: who uses them (ecs.test.ts, machines.test.ts).
 */
import { describe, expect, it } from "vitest";
import { awsKinds } from "../../../../resilience/kinds/aws";
import type { Asset, Data, LogSink } from "../../../../resilience/model";
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
  withOptions,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partOf, partsOf } from "../../../support/kinds";

const region = "us-east-2";
const known = <T>(value: T) => ({ known: true, value });
const partsOfRole = (graph: DraftGraph, name: string): Data[] =>
  partsOf(awsKinds, graph, name).filter((part): part is Data => part.role === "data");
const dataOf = (graph: DraftGraph, name: string): Data => {
  const [first] = partsOfRole(graph, name);
  if (first === undefined) throw new Error(`${name} is no data`);
  return first;
};
const later_ = (graph: DraftGraph, name: string, property: string, why = "is known only after an update") => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why,
});
const one = (type: string, inputs: Literal["inputs"] = {}, options: Partial<Literal> = {}): Literal =>
  resource(type, "store", { region, ...inputs }, options);
const RDS = "aws:rds/instance:Instance";
const CLUSTER = "aws:rds/cluster:Cluster";
const TABLE = "aws:dynamodb/table:Table";
const BUCKET = "aws:s3/bucket:Bucket";
const subnet = (zone: string): Literal =>
  resource("aws:ec2/subnet:Subnet", zone, { region: zone.slice(0, -1), availabilityZone: zone });

describe("an instance of RDS", () => {
  it("has the provider's defaults: one zone, no backups, no protection", () => {
    const graph = designFrom([one(RDS)]);
    const urn = urnOf(graph, "store");
    expect(partsOf(awsKinds, graph, "store")).toEqual([
      {
        role: "data",
        id: urn,
        urn,
        label: "store",
        place: {
          cloud: "aws",
          region: known(region),
          account: known(""),
          zones: later_(graph, "store", "availabilityZone", "is not set, so that AWS picks the one zone"),
        },
        needs: [],
        kind: "rds",
        regions: known([region]),
        isSystemOfRecord: known(true),
        isMultiZone: known(false),
        pointInTimeDays: known(0),
        backups: known([]),
        isDeletionProtected: known(false),
        isEncrypted: known(false),
        isPublic: known(false),
      },
    ]);
  });

  it("tells what it is told", () => {
    const graph = designFrom([
      subnet("us-east-2a"),
      subnet("us-east-2b"),
      resource("aws:rds/subnetGroup:SubnetGroup", "subnets", {
        region,
        subnetIds: [ref("us-east-2a"), ref("us-east-2b")],
      }),
      one(RDS, {
        multiAz: true,
        dbSubnetGroupName: ref("subnets", "name"),
        backupRetentionPeriod: 14,
        deletionProtection: true,
        storageEncrypted: true,
        publiclyAccessible: true,
      }),
      resource("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", "far", {
        region: "us-west-2",
        sourceDbInstanceArn: ref("store", "arn"),
      }),
    ]);
    for (const seen of [graph, asState(graph)]) {
      const { place, isMultiZone, pointInTimeDays, backups, isDeletionProtected, isEncrypted, isPublic } = dataOf(
        seen,
        "store",
      );
      expect([place.zones, isMultiZone, pointInTimeDays]).toEqual([
        known(["us-east-2a", "us-east-2b"]),
        known(true),
        known(14),
      ]);
      expect([isDeletionProtected, isEncrypted, isPublic]).toEqual([known(true), known(true), known(true)]);
      expect(backups.known && backups.value.map((copy) => [copy.cloud, copy.region])).toEqual([
        ["aws", known(region)],
        ["aws", known("us-west-2")],
      ]);
    }
  });

  it("holds its replicas' regions, and a replica is no record of its own", () => {
    const graph = designFrom([
      one(RDS),
      resource(RDS, "reader", { region: "us-west-2", replicateSourceDb: ref("store", "arn") }),
      resource(RDS, "copy", { region, replicateSourceDb: "arn:aws:rds:us-east-1:1:db:elsewhere" }),
    ]);
    expect(dataOf(graph, "store").regions).toEqual(known([region, "us-west-2"]));
    expect(["store", "reader", "copy"].map((name) => dataOf(graph, name).isSystemOfRecord)).toEqual([
      known(true),
      known(false),
      known(false),
    ]);
  });

  it("is protected by Pulumi too, and is a record by its tag alone where that is set", () => {
    const graph = designFrom([one(RDS, { tags: { "twodoor:data": "none" } })]);
    expect(dataOf(withOptions(graph, "store", { isProtected: true }), "store").isDeletionProtected).toEqual(
      known(true),
    );
    expect(dataOf(graph, "store").isSystemOfRecord).toEqual(known(false));
    const tagged = withChange(graph, "store", "tags", { "twodoor:data": "system-of-record" });
    expect(dataOf(tagged, "store").isSystemOfRecord).toEqual(known(true));
    const unclear = unknownAt(graph, "store", "tags");
    expect(dataOf(unclear, "store").isSystemOfRecord).toEqual(later_(unclear, "store", "tags"));
  });

  it("is not known where it is not", () => {
    const graph = unknownAt(unknownAt(designFrom([one(RDS)]), "store", "multiAz"), "store", "backupRetentionPeriod");
    const { isMultiZone, pointInTimeDays, backups, place } = dataOf(graph, "store");
    expect([isMultiZone, place.zones]).toEqual([later_(graph, "store", "multiAz"), later_(graph, "store", "multiAz")]);
    expect([pointInTimeDays, backups]).toEqual([
      later_(graph, "store", "backupRetentionPeriod"),
      later_(graph, "store", "backupRetentionPeriod"),
    ]);
  });
});

describe("a cluster with instances before it", () => {
  const cluster = (name: string, inputs: Literal["inputs"] = {}): Literal =>
    resource(CLUSTER, name, { region, engine: "aurora-postgresql", ...inputs });
  const instance = (name: string, of: string, inputs: Literal["inputs"] = {}): Literal =>
    resource("aws:rds/clusterInstance:ClusterInstance", name, { region, clusterIdentifier: ref(of), ...inputs });

  it.each([
    ["none", [], undefined],
    ["one", [instance("a", "store")], known(false)],
    ["two", [instance("a", "store"), instance("b", "store")], known(true)],
    [
      "two in one zone",
      [
        instance("a", "store", { availabilityZone: "us-east-2a" }),
        instance("b", "store", { availabilityZone: "us-east-2a" }),
      ],
      known(false),
    ],
  ])("survives a zone with instances in two: %s", (_, instances, expected) => {
    const graph = designFrom([cluster("store"), ...instances]);
    const { isMultiZone } = dataOf(graph, "store");
    expect(isMultiZone).toEqual(expected ?? later_(graph, "store", "instances", "are not in this design"));
  });

  it("has backups of a day, and is public where an instance is", () => {
    const graph = designFrom([
      cluster("store"),
      instance("a", "store", { publiclyAccessible: true, availabilityZone: "us-east-2c" }),
    ]);
    const { kind, pointInTimeDays, backups, isPublic, place, isEncrypted } = dataOf(graph, "store");
    expect([kind, pointInTimeDays, isPublic, isEncrypted]).toEqual(["aurora", known(1), known(true), known(false)]);
    expect(place.zones).toEqual(known(["us-east-2c"]));
    expect(backups.known && backups.value.map((copy) => copy.region)).toEqual([known(region)]);
  });

  it("of the Multi-AZ kind is RDS, in several zones by itself", () => {
    const graph = designFrom([cluster("store", { engine: "postgres", dbClusterInstanceClass: "db.m6gd.large" })]);
    expect([dataOf(graph, "store").kind, dataOf(graph, "store").isMultiZone]).toEqual(["rds", known(true)]);
  });

  it("is a member of a global cluster: the primary is the record, a secondary serves reads", () => {
    const graph = designFrom([
      resource("aws:rds/globalCluster:GlobalCluster", "global", {
        globalClusterIdentifier: "orders",
        engine: "aurora-postgresql",
      }),
      cluster("first", { globalClusterIdentifier: ref("global"), masterUsername: "admin" }),
      cluster("second", { region: "us-west-2", globalClusterIdentifier: ref("global") }),
      instance("a", "first"),
      instance("b", "second", { region: "us-west-2" }),
    ]);
    for (const seen of [graph, asState(graph)]) {
      expect(["first", "second"].map((name) => dataOf(seen, name).isSystemOfRecord)).toEqual([
        known(true),
        known(false),
      ]);
      expect(["first", "second"].map((name) => dataOf(seen, name).regions)).toEqual([
        known([region, "us-west-2"]),
        known([region, "us-west-2"]),
      ]);
      expect(dataOf(seen, "second").needs).toEqual([]);
    }
    const forwarding = withChange(graph, "second", "enableGlobalWriteForwarding", true);
    expect(dataOf(forwarding, "second").needs).toEqual([
      { what: "the cluster that takes its writes", atLeast: 1, of: [urnOf(graph, "first")] },
    ]);
    expect(dataOf(forwarding, "first").needs).toEqual([]);
  });

  it("is a member by the global cluster that was made from it", () => {
    const graph = designFrom([
      cluster("first", { masterUsername: "admin" }),
      resource("aws:rds/globalCluster:GlobalCluster", "global", {
        globalClusterIdentifier: "orders",
        sourceDbClusterIdentifier: ref("first", "arn"),
      }),
      cluster("second", { region: "us-west-2", globalClusterIdentifier: ref("global") }),
    ]);
    expect(dataOf(graph, "second").regions).toEqual(known([region, "us-west-2"]));
  });

  it.each([
    ["aws:docdb/cluster:Cluster", "aws:docdb/clusterInstance:ClusterInstance", "docdb"],
    ["aws:neptune/cluster:Cluster", "aws:neptune/clusterInstance:ClusterInstance", "neptune"],
  ])("is the same for %s", (clusterType, instanceType, kind) => {
    const graph = designFrom([
      one(clusterType, { backupRetentionPeriod: 7, deletionProtection: true, storageEncrypted: true }),
      resource(instanceType, "a", { region, clusterIdentifier: ref("store") }),
      resource(instanceType, "b", { region, clusterIdentifier: ref("store") }),
    ]);
    const store = dataOf(graph, "store");
    expect([
      store.kind,
      store.isMultiZone,
      store.pointInTimeDays,
      store.isDeletionProtected,
      store.isEncrypted,
    ]).toEqual([kind, known(true), known(7), known(true), known(true)]);
  });
});

describe("a table of DynamoDB", () => {
  it("is a part in each region of a global table, and each is used by its own", () => {
    const graph = designFrom([
      one(TABLE, {
        replicas: [{ regionName: "us-west-2" }],
        pointInTimeRecovery: { enabled: true },
        deletionProtectionEnabled: true,
      }),
      resource("aws:dynamodb/tableReplica:TableReplica", "third", {
        region: "eu-west-1",
        globalTableArn: ref("store", "arn"),
      }),
    ]);
    const urn = urnOf(graph, "store");
    for (const seen of [graph, asState(graph)]) {
      const parts = partsOf(awsKinds, seen, "store");
      expect(parts.map(({ id, place }) => [id, place.region])).toEqual([
        [urn, known(region)],
        [`${urn}#eu-west-1`, known("eu-west-1")],
        [`${urn}#us-west-2`, known("us-west-2")],
      ]);
      expect(parts.map((part) => part.role === "data" && part.isSystemOfRecord)).toEqual([
        known(true),
        known(false),
        known(false),
      ]);
      expect(dataOf(seen, "store").regions).toEqual(known(["eu-west-1", region, "us-west-2"]));
    }
    const store = dataOf(graph, "store");
    expect([
      store.pointInTimeDays,
      store.isDeletionProtected,
      store.isEncrypted,
      store.isMultiZone,
      store.needs,
    ]).toEqual([known(35), known(true), known(true), known(true), []]);
    const shorter = withChange(graph, "store", "pointInTimeRecovery.recoveryPeriodInDays", 3);
    expect(dataOf(shorter, "store").pointInTimeDays).toEqual(known(3));
  });

  it("has no point in time and no protection unless it is told", () => {
    const store = dataOf(designFrom([one(TABLE)]), "store");
    expect([store.pointInTimeDays, store.isDeletionProtected, store.backups, store.regions]).toEqual([
      known(0),
      known(false),
      known([]),
      known([region]),
    ]);
  });

  it("is joined with tables of the same name by the version of 2017", () => {
    const graph = designFrom([
      one(TABLE, { name: "book" }),
      resource("aws:dynamodb/globalTable:GlobalTable", "global", {
        region,
        name: "book",
        replicas: [{ regionName: region }, { regionName: "us-west-2" }],
      }),
    ]);
    expect(dataOf(graph, "store").regions).toEqual(known([region, "us-west-2"]));
  });

  it("with strong consistency needs a majority of its regions, the witness among them", () => {
    const graph = designFrom([
      one(TABLE, {
        replicas: [{ regionName: "us-west-2", consistencyMode: "STRONG" }],
        globalTableWitness: { regionName: "us-east-1" },
      }),
    ]);
    const urn = urnOf(graph, "store");
    const parts = partsOf(awsKinds, graph, "store");
    const voters = ["us-east-1", region, "us-west-2"].map((name) => `${urn}#voter-${name}`);
    expect(parts.map(({ id }) => id)).toEqual([urn, `${urn}#us-west-2`, `${urn}#quorum`, ...voters]);
    expect(parts.find(({ role }) => role === "quorum")?.needs).toEqual([
      { what: "a majority of its regions", atLeast: 2, of: voters },
    ]);
    const need = { what: "a majority of its regions", atLeast: 1, of: [`${urn}#quorum`] };
    expect(partsOfRole(graph, "store").map(({ needs }) => needs)).toEqual([[need], [need]]);
  });

  it("keeps what is known of it where its replicas are not", () => {
    const graph = unknownAt(designFrom([one(TABLE)]), "store", "replicas");
    const why = later_(graph, "store", "replicas");
    expect([dataOf(graph, "store").regions, dataOf(graph, "store").pointInTimeDays]).toEqual([why, known(0)]);
    expect(dataOf(graph, "store").needs[0]?.unknown).toEqual(why);
  });
});

describe("other stores that several regions write to", () => {
  it("of Keyspaces are a part in each region", () => {
    const graph = designFrom([
      resource("aws:keyspaces/keyspace:Keyspace", "space", {
        region,
        name: "space",
        replicationSpecification: { replicationStrategy: "MULTI_REGION", regionLists: [region, "us-west-2"] },
      }),
      one("aws:keyspaces/table:Table", {
        keyspaceName: ref("space", "name"),
        pointInTimeRecovery: { status: "ENABLED" },
      }),
    ]);
    const urn = urnOf(graph, "store");
    expect(partsOfRole(graph, "store").map(({ id, pointInTimeDays }) => [id, pointInTimeDays])).toEqual([
      [urn, known(35)],
      [`${urn}#us-west-2`, known(35)],
    ]);
  });

  it("of DSQL need a majority of two regions and a witness", () => {
    const peering = (name: string, of: string, peer: string, at: string): Literal =>
      resource("aws:dsql/clusterPeering:ClusterPeering", name, {
        region: at,
        identifier: ref(of, "identifier"),
        clusters: [ref(peer, "arn")],
        witnessRegion: "us-east-1",
      });
    const graph = designFrom([
      one("aws:dsql/cluster:Cluster", { deletionProtectionEnabled: true }),
      resource("aws:dsql/cluster:Cluster", "peer", { region: "us-west-2" }),
      peering("p1", "store", "peer", region),
      peering("p2", "peer", "store", "us-west-2"),
    ]);
    for (const seen of [graph, asState(graph)]) {
      const voters = ["us-east-1", region, "us-west-2"].map((name) => `${urnOf(graph, "store")}#voter-${name}`);
      const quorum = partsOf(awsKinds, seen, "store").find(({ role }) => role === "quorum");
      expect(quorum?.needs).toEqual([{ what: "a majority of its regions", atLeast: 2, of: voters }]);
      expect(dataOf(seen, "store").regions).toEqual(known([region, "us-west-2"]));
    }
    const alone = designFrom([one("aws:dsql/cluster:Cluster")]);
    expect(partsOf(awsKinds, alone, "store").map(({ needs }) => needs)).toEqual([[]]);
  });
});

describe("a bucket", () => {
  const replicated = (rule: Literal["inputs"], destinationRegion = "us-west-2"): DraftGraph =>
    designFrom([
      one(BUCKET, { bucket: "here" }),
      resource("aws:s3/bucketV2:BucketV2", "there", { region: destinationRegion, bucket: "there" }),
      resource("aws:s3/bucketReplicationConfig:BucketReplicationConfig", "replication", {
        region,
        bucket: ref("store", "bucket"),
        role: "arn:aws:iam::1:role/r",
        rules: [{ status: "Enabled", destination: { bucket: ref("there", "arn") }, ...rule }],
      }),
    ]);

  it.each([
    ["everything", {}, known([region, "us-west-2"])],
    ["everything by an empty filter", { filter: { prefix: "" } }, known([region, "us-west-2"])],
    ["nothing while it is off", { status: "Disabled" }, known([region])],
  ])("is where a rule replicates %s", (_, rule, expected) => {
    const graph = replicated(rule);
    for (const seen of [graph, asState(graph)]) expect(dataOf(seen, "store").regions).toEqual(expected);
  });

  it("is in no other region by a replication within its own, and not known by a part or to outside", () => {
    expect(dataOf(replicated({}, region), "store").regions).toEqual(known([region]));
    const part = replicated({ filter: { prefix: "orders/" } });
    expect(dataOf(part, "store").regions).toEqual(
      later_(part, "replication", "rules[0].filter", "replicates a part of the bucket only"),
    );
    const outside = replicated({ destination: { bucket: "arn:aws:s3:::elsewhere" } });
    expect(dataOf(outside, "store").regions).toEqual(
      later_(
        outside,
        "replication",
        "rules[0].destination.bucket",
        "names a bucket outside this design, whose region is not known",
      ),
    );
  });

  it("is replicated by what is written in itself", () => {
    const graph = designFrom([
      resource(BUCKET, "there", { region: "us-west-2" }),
      one(BUCKET, {
        replicationConfiguration: {
          role: "r",
          rules: [{ status: "Enabled", destination: { bucket: ref("there", "arn") } }],
        },
      }),
    ]);
    expect(dataOf(graph, "store").regions).toEqual(known([region, "us-west-2"]));
  });

  it("is private, encrypted, hard to delete and no record unless it is told", () => {
    const { isPublic, isEncrypted, isDeletionProtected, isSystemOfRecord, pointInTimeDays } = dataOf(
      designFrom([one(BUCKET)]),
      "store",
    );
    expect([isPublic, isEncrypted, isDeletionProtected, isSystemOfRecord, pointInTimeDays]).toEqual([
      known(false),
      known(true),
      known(true),
      known(false),
      known(undefined),
    ]);
    expect(dataOf(designFrom([one(BUCKET, { forceDestroy: true })]), "store").isDeletionProtected).toEqual(
      known(false),
    );
    expect(dataOf(designFrom([one(BUCKET, { acl: "public-read" })]), "store").isPublic).toEqual(known(true));
    const lifted = designFrom([
      one(BUCKET),
      resource("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "block", {
        region,
        bucket: ref("store", "bucket"),
        blockPublicPolicy: false,
      }),
    ]);
    expect(dataOf(lifted, "store").isPublic).toEqual(
      later_(lifted, "block", "blockPublicPolicy", "lets the bucket's policy decide who reads it"),
    );
  });

  it("of one zone is in that zone", () => {
    const graph = designFrom([one("aws:s3/directoryBucket:DirectoryBucket", { location: { name: "use2-az1" } })]);
    expect([dataOf(graph, "store").place.zones, dataOf(graph, "store").isMultiZone]).toEqual([
      known(["use2-az1"]),
      known(false),
    ]);
  });
});

describe("caches", () => {
  const GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
  it.each([
    [{ multiAzEnabled: true, automaticFailoverEnabled: true, numCacheClusters: 3 }, true],
    [{ multiAzEnabled: true, automaticFailoverEnabled: true, replicasPerNodeGroup: 1 }, true],
    [{ multiAzEnabled: true, automaticFailoverEnabled: true, nodeGroupConfigurations: [{ replicaCount: 1 }] }, true],
    [{ multiAzEnabled: true, automaticFailoverEnabled: true }, false],
    [{ multiAzEnabled: false, automaticFailoverEnabled: true, numCacheClusters: 3 }, false],
    [{ multiAzEnabled: true, numCacheClusters: 3 }, false],
  ])("survive a zone with a copy that takes over: %j", (inputs, expected) => {
    expect(dataOf(designFrom([one(GROUP, inputs)]), "store").isMultiZone).toEqual(known(expected));
  });

  it("are encrypted by the default of their engine, and joined by a global datastore", () => {
    expect(dataOf(designFrom([one(GROUP, { engine: "valkey" })]), "store").isEncrypted).toEqual(known(true));
    expect(dataOf(designFrom([one(GROUP, { engine: "redis" })]), "store").isEncrypted).toEqual(known(false));
    const graph = designFrom([
      one(GROUP, { snapshotRetentionLimit: 5 }),
      resource("aws:elasticache/globalReplicationGroup:GlobalReplicationGroup", "global", {
        region,
        primaryReplicationGroupId: ref("store"),
      }),
      resource(GROUP, "second", {
        region: "us-west-2",
        globalReplicationGroupId: ref("global", "globalReplicationGroupId"),
      }),
    ]);
    expect(dataOf(graph, "store").regions).toEqual(known([region, "us-west-2"]));
    expect(dataOf(graph, "second").regions).toEqual(known([region, "us-west-2"]));
    const { backups } = dataOf(graph, "store");
    expect(backups.known && backups.value.length).toBe(1);
  });

  it("of single nodes stand in one zone unless they are spread, and belong to their group", () => {
    const NODE = "aws:elasticache/cluster:Cluster";
    const single = designFrom([one(NODE, { availabilityZone: "us-east-2b" })]);
    expect([dataOf(single, "store").isMultiZone, dataOf(single, "store").place.zones]).toEqual([
      known(false),
      known(["us-east-2b"]),
    ]);
    const spread = designFrom([one(NODE, { numCacheNodes: 3, azMode: "cross-az" })]);
    expect([dataOf(spread, "store").isMultiZone, dataOf(spread, "store").place.zones]).toEqual([
      known(true),
      known([]),
    ]);
    expect(partsOf(awsKinds, designFrom([one(NODE, { replicationGroupId: "group" })]), "store")).toEqual([]);
  });

  it("without servers, and MemoryDB, are in several zones", () => {
    const serverless = dataOf(
      designFrom([one("aws:elasticache/serverlessCache:ServerlessCache", { engine: "valkey" })]),
      "store",
    );
    expect([serverless.isMultiZone, serverless.isEncrypted]).toEqual([known(true), known(true)]);
    const memory = (inputs: Literal["inputs"]) =>
      dataOf(designFrom([one("aws:memorydb/cluster:Cluster", inputs)]), "store");
    expect([
      memory({}).isMultiZone,
      memory({ numReplicasPerShard: 0 }).isMultiZone,
      memory({}).isSystemOfRecord,
    ]).toEqual([known(true), known(false), known(true)]);
    const joined = designFrom([
      resource("aws:memorydb/multiRegionCluster:MultiRegionCluster", "joint", {
        region,
        multiRegionClusterNameSuffix: "x",
        nodeType: "t",
      }),
      one("aws:memorydb/cluster:Cluster", { multiRegionClusterName: ref("joint", "multiRegionClusterName") }),
      resource("aws:memorydb/cluster:Cluster", "other", {
        region: "us-west-2",
        multiRegionClusterName: ref("joint", "multiRegionClusterName"),
      }),
    ]);
    expect(dataOf(joined, "store").regions).toEqual(known([region, "us-west-2"]));
  });
});

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
    ["aws:sns/topic:Topic", {}, "sns", true, false],
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
