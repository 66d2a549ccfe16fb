/**
 * Proves: what buckets, caches and stores that several regions write to are to the model. Leaves out: databases (data.test.ts), and who uses them.
 */
import { describe, expect, it } from "vitest";
import { awsKinds } from "../../../../resilience/kinds/aws";
import { asState, designFrom, ref, resource, urnOf, type DraftGraph, type Literal } from "../../../support/designs";
import { partsOf } from "../../../support/kinds";
import { BUCKET, dataOf, known, later_, one, partsOfRole, region } from "./store-parts";

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
