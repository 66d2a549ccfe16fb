/**
 * Proves: what databases of AWS are to the model: where they and their copies are, what they survive, how they are backed up and protected.
 * Leaves out: other stores (data-stores.test.ts, data-flows.test.ts), and who uses them (ecs.test.ts, machines.test.ts).
 */
import { describe, expect, it } from "vitest";
import { awsKinds } from "../../../../resilience/kinds/aws";
import {
  asState,
  designFrom,
  ref,
  resource,
  unknownAt,
  urnOf,
  withChange,
  withOptions,
  type Literal,
} from "../../../support/designs";
import { partsOf } from "../../../support/kinds";
import { CLUSTER, dataOf, known, later_, one, partsOfRole, RDS, region, subnet, TABLE } from "./store-parts";

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
