/**
 * Proves: where Google's stores stand, what they survive, how far back they go and where their backups land; and which of them a compute needs, by every way
 * in which it can name one. Leaves out: what the rules make of it.
 */
import { describe, expect, it } from "vitest";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import type { Data } from "../../../../resilience/model";
import {
  asState,
  designFrom,
  later,
  ref,
  resource,
  urnOf,
  withOptions,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partOf, partsOf } from "../../../support/kinds";

const known = <T>(value: T) => ({ known: true, value });
const one = (type: string, inputs: Literal["inputs"]): DraftGraph =>
  designFrom([resource(type, "store", { project: "p", ...inputs })]);
const dataOf = (graph: DraftGraph, name = "store"): Data => partOf(gcpKinds, graph, name, "data");
const missing = (graph: DraftGraph, name: string, property: string, why = "is known only after an update") => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why,
});
const SQL = "gcp:sql/databaseInstance:DatabaseInstance";

describe("an instance of Cloud SQL", () => {
  it("is weak by its defaults", () => {
    const graph = one(SQL, { region: "us-central1", databaseVersion: "POSTGRES_17" });
    const urn = urnOf(graph, "store");
    expect(partsOf(gcpKinds, graph, "store")).toEqual([
      {
        role: "data",
        kind: "cloud-sql",
        id: urn,
        urn,
        label: "store",
        place: {
          cloud: "gcp",
          region: known("us-central1"),
          account: known("p"),
          zones: missing(graph, "store", "settings.locationPreference.zone", "is not set, so Google picks one zone"),
        },
        needs: [],
        regions: known(["us-central1"]),
        isSystemOfRecord: known(true),
        isMultiZone: known(false),
        pointInTimeDays: known(0),
        backups: known([]),
        isDeletionProtected: known(true),
        isEncrypted: known(true),
        isPublic: known(true),
      },
    ]);
  });

  it("is strong where it says so", () => {
    const graph = one(SQL, {
      region: "us-central1",
      databaseVersion: "POSTGRES_17",
      deletionProtection: false,
      settings: {
        availabilityType: "REGIONAL",
        deletionProtectionEnabled: true,
        ipConfiguration: { ipv4Enabled: false },
        backupConfiguration: {
          enabled: true,
          location: "us-east4",
          pointInTimeRecoveryEnabled: true,
          transactionLogRetentionDays: 5,
        },
      },
    });
    expect(dataOf(graph)).toMatchObject({
      place: { zones: known([]) },
      isMultiZone: known(true),
      pointInTimeDays: known(5),
      backups: known([{ cloud: "gcp", region: known("us-east4"), account: known("p") }]),
      isDeletionProtected: known(true),
      isPublic: known(false),
    });
  });

  it.each<[string, Literal["inputs"], number]>([
    ["POSTGRES_17", { backupConfiguration: { pointInTimeRecoveryEnabled: true } }, 7],
    ["POSTGRES_17", { edition: "ENTERPRISE_PLUS", backupConfiguration: { pointInTimeRecoveryEnabled: true } }, 14],
    [
      "SQLSERVER_2022_STANDARD",
      { backupConfiguration: { pointInTimeRecoveryEnabled: true, transactionLogRetentionDays: 3 } },
      3,
    ],
    ["MYSQL_8_4", { backupConfiguration: { binaryLogEnabled: true } }, 7],
    ["MYSQL_8_4", { backupConfiguration: { pointInTimeRecoveryEnabled: true } }, 0],
    ["POSTGRES_17", { backupConfiguration: { binaryLogEnabled: true } }, 0],
  ])("%s with %j goes back %s days", (databaseVersion, settings, days) => {
    expect(dataOf(one(SQL, { region: "us-central1", databaseVersion, settings })).pointInTimeDays).toEqual(known(days));
  });

  it("backs up to the nearest multi-region where it names no location", () => {
    const graph = one(SQL, { region: "us-central1", settings: { backupConfiguration: { enabled: true } } });
    expect(dataOf(graph).backups).toEqual(known([{ cloud: "gcp", region: known("global"), account: known("p") }]));
  });

  it.each(["settings.availabilityType", "settings.backupConfiguration.enabled"])(
    "does not know what hangs on %s where that is not known",
    (path) => {
      const settings = { availabilityType: "ZONAL", backupConfiguration: { enabled: true } };
      const graph =
        path === "settings.availabilityType"
          ? one(SQL, { region: "us-central1", settings: { ...settings, availabilityType: later } })
          : one(SQL, { region: "us-central1", settings: { ...settings, backupConfiguration: { enabled: later } } });
      const data = dataOf(graph);
      expect(path === "settings.availabilityType" ? data.isMultiZone : data.backups).toEqual(
        missing(graph, "store", path),
      );
    },
  );

  it("has the regions of its replicas, which are no parts", () => {
    const graph = designFrom([
      resource(SQL, "primary", { project: "p", region: "us-central1", name: "orders" }),
      resource(SQL, "replica", { project: "p", region: "us-east4", masterInstanceName: ref("primary", "name") }),
    ]);
    for (const each of [graph, asState(graph)]) {
      expect(dataOf(each, "primary").regions).toEqual(known(["us-central1", "us-east4"]));
      expect(partsOf(gcpKinds, each, "replica")).toEqual([]);
    }
  });
});

describe("other databases", () => {
  it.each([
    ["regional-us-central1", "us-central1", ["us-central1"]],
    ["projects/p/instanceConfigs/regional-us-east4", "us-east4", ["us-east4"]],
    ["nam3", "global", ["global"]],
    ["dual-region-japan1", "global", ["global"]],
  ])("Spanner in %s stands in %s", (config, region, regions) => {
    const data = dataOf(one("gcp:spanner/instance:Instance", { config }));
    expect([data.place.region, data.place.zones, data.regions]).toEqual([known(region), known([]), known(regions)]);
  });

  it("Spanner stands where a configuration of the owner's own puts it, and is guarded by its databases", () => {
    const graph = designFrom([
      resource("gcp:spanner/instanceConfig:InstanceConfig", "config", {
        project: "p",
        replicas: [{ location: "us-east4" }, { location: "us-central1" }, { location: "us-east4" }],
      }),
      resource("gcp:spanner/instance:Instance", "store", { project: "p", config: ref("config") }),
      resource("gcp:spanner/database:Database", "orders", {
        instance: ref("store", "name"),
        versionRetentionPeriod: "7d",
      }),
      resource("gcp:spanner/database:Database", "quotes", {
        instance: ref("store", "name"),
        versionRetentionPeriod: "72h",
        deletionProtection: false,
      }),
      resource("gcp:spanner/backupSchedule:BackupSchedule", "nightly", {
        instance: ref("store", "name"),
        database: ref("orders", "name"),
      }),
    ]);
    expect(dataOf(graph)).toMatchObject({
      regions: known(["us-central1", "us-east4"]),
      place: { region: known("global") },
      pointInTimeDays: known(3),
      isDeletionProtected: known(false),
      backups: known([{ cloud: "gcp", region: known("global") }]),
    });
  });

  it("Spanner without a database goes back nowhere and is not guarded", () => {
    expect(dataOf(one("gcp:spanner/instance:Instance", { config: "nam3" }))).toMatchObject({
      pointInTimeDays: known(0),
      isDeletionProtected: known(false),
      backups: known([]),
    });
  });

  it.each<[Literal["inputs"], object]>([
    [
      { locationId: "us-east4" },
      { place: { region: known("us-east4") }, pointInTimeDays: known(0), isDeletionProtected: known(false) },
    ],
    [
      {
        locationId: "nam5",
        pointInTimeRecoveryEnablement: "POINT_IN_TIME_RECOVERY_ENABLED",
        deleteProtectionState: "DELETE_PROTECTION_ENABLED",
      },
      { place: { region: known("global") }, pointInTimeDays: known(7), isDeletionProtected: known(true) },
    ],
  ])("Firestore with %j is what it says", (inputs, expected) => {
    expect(dataOf(one("gcp:firestore/database:Database", inputs))).toMatchObject({
      kind: "firestore",
      isMultiZone: known(true),
      ...expected,
    });
  });

  it.each<[string, string[], object]>([
    [
      "one zone",
      ["us-central1-a"],
      {
        place: { region: known("us-central1"), zones: known(["us-central1-a"]) },
        isMultiZone: known(false),
        regions: known(["us-central1"]),
      },
    ],
    [
      "two zones",
      ["us-central1-b", "us-central1-a"],
      {
        place: { region: known("us-central1"), zones: known(["us-central1-a", "us-central1-b"]) },
        isMultiZone: known(true),
      },
    ],
    [
      "two regions",
      ["us-central1-a", "us-east4-a"],
      {
        place: { region: known("global"), zones: known([]) },
        isMultiZone: known(true),
        regions: known(["us-central1", "us-east4"]),
      },
    ],
  ])("Bigtable with clusters in %s stands there", (_, zones, expected) => {
    const graph = one("gcp:bigtable/instance:Instance", {
      clusters: zones.map((zone, at) => ({ clusterId: `c${String(at)}`, zone })),
    });
    expect(dataOf(graph)).toMatchObject(expected);
  });

  it("Bigtable does not know where a cluster without a zone stands", () => {
    const graph = one("gcp:bigtable/instance:Instance", { clusters: [{ clusterId: "c" }] });
    expect(dataOf(graph).place.region).toEqual(missing(graph, "store", "clusters[0].zone", "is not set"));
  });

  it("AlloyDB is spread and goes back 14 days by default, and a secondary cluster is one of its regions", () => {
    const graph = designFrom([
      resource("gcp:alloydb/cluster:Cluster", "store", { project: "p", location: "us-central1", clusterId: "orders" }),
      resource("gcp:alloydb/cluster:Cluster", "second", {
        project: "p",
        location: "us-east4",
        clusterType: "SECONDARY",
        secondaryConfig: { primaryClusterName: ref("store", "name") },
      }),
    ]);
    expect(dataOf(graph)).toMatchObject({
      regions: known(["us-central1", "us-east4"]),
      isMultiZone: known(true),
      pointInTimeDays: known(14),
      backups: known([{ cloud: "gcp", region: known("us-central1"), account: known("p") }]),
      isDeletionProtected: known(true),
    });
    expect(partsOf(gcpKinds, graph, "second")).toEqual([]);
  });

  it("AlloyDB with a zonal instance stands in its zone", () => {
    const graph = designFrom([
      resource("gcp:alloydb/cluster:Cluster", "store", { project: "p", location: "us-central1", clusterId: "orders" }),
      resource("gcp:alloydb/instance:Instance", "primary", {
        cluster: ref("store", "name"),
        availabilityType: "ZONAL",
        gceZone: "us-central1-b",
      }),
    ]);
    expect(dataOf(graph)).toMatchObject({ isMultiZone: known(false), place: { zones: known(["us-central1-b"]) } });
  });
});

describe("caches, files and queues", () => {
  it.each<[string, Literal["inputs"], string, unknown, unknown]>([
    [
      "gcp:redis/instance:Instance",
      { region: "us-central1", locationId: "us-central1-c" },
      "redis",
      known(["us-central1-c"]),
      known(false),
    ],
    ["gcp:redis/instance:Instance", { region: "us-central1", tier: "STANDARD_HA" }, "redis", known([]), known(true)],
    [
      "gcp:redis/cluster:Cluster",
      { region: "us-central1", shardCount: 3, replicaCount: 1 },
      "redis-cluster",
      known([]),
      known(true),
    ],
    ["gcp:redis/cluster:Cluster", { region: "us-central1", shardCount: 3 }, "redis-cluster", known([]), known(false)],
    [
      "gcp:memorystore/instance:Instance",
      {
        location: "us-central1",
        replicaCount: 1,
        zoneDistributionConfig: { mode: "SINGLE_ZONE", zone: "us-central1-a" },
      },
      "valkey",
      known(["us-central1-a"]),
      known(false),
    ],
    [
      "gcp:memcache/instance:Instance",
      { region: "us-central1", zones: ["us-central1-b", "us-central1-a"] },
      "memcached",
      known(["us-central1-a", "us-central1-b"]),
      known(false),
    ],
    [
      "gcp:filestore/instance:Instance",
      { location: "us-central1-a", tier: "BASIC_SSD" },
      "filestore",
      known(["us-central1-a"]),
      known(false),
    ],
    [
      "gcp:filestore/instance:Instance",
      { location: "us-central1", tier: "REGIONAL" },
      "filestore",
      known([]),
      known(true),
    ],
    ["gcp:storage/bucket:Bucket", { location: "US-CENTRAL1" }, "gcs", known([]), known(true)],
    [
      "gcp:pubsub/topic:Topic",
      { messageStoragePolicy: { allowedPersistenceRegions: ["us-central1"] } },
      "pubsub",
      known([]),
      known(true),
    ],
  ])("%s %j is a store in one region that is no record", (type, inputs, kind, zones, isMultiZone) => {
    expect(dataOf(one(type, inputs))).toMatchObject({
      kind,
      place: { region: known("us-central1"), zones },
      isMultiZone,
      isSystemOfRecord: known(false),
      regions: known(["us-central1"]),
    });
  });

  it("a single cache without a zone stands in one that Google picks", () => {
    const graph = one("gcp:redis/instance:Instance", { region: "us-central1" });
    expect(dataOf(graph).place.zones).toEqual(
      missing(graph, "store", "locationId", "is not set, so Google picks one zone"),
    );
  });

  it.each<[string, Literal["inputs"], string[]]>([
    ["gcp:storage/bucket:Bucket", { location: "US" }, ["global"]],
    ["gcp:storage/bucket:Bucket", { location: "NAM4" }, ["global"]],
    [
      "gcp:storage/bucket:Bucket",
      { location: "US", customPlacementConfig: { dataLocations: ["US-EAST4", "US-CENTRAL1"] } },
      ["us-central1", "us-east4"],
    ],
    ["gcp:pubsub/topic:Topic", {}, ["global"]],
    [
      "gcp:pubsub/topic:Topic",
      { messageStoragePolicy: { allowedPersistenceRegions: ["us-east4", "us-central1"] } },
      ["us-central1", "us-east4"],
    ],
  ])("%s %j is lost with the cloud alone", (type, inputs, regions) => {
    expect(dataOf(one(type, inputs))).toMatchObject({ place: { region: known("global") }, regions: known(regions) });
  });

  it.each<[Literal["inputs"], boolean]>([
    [{ location: "US" }, true],
    [{ location: "US", forceDestroy: true }, false],
    [{ location: "US", forceDestroy: true, deletionPolicy: "PREVENT" }, true],
  ])("a bucket with %j is guarded: %s", (inputs, isGuarded) => {
    const graph = one("gcp:storage/bucket:Bucket", inputs);
    expect(dataOf(graph).isDeletionProtected).toEqual(known(isGuarded));
    expect(dataOf(withOptions(graph, "store", { isProtected: true })).isDeletionProtected).toEqual(known(true));
  });

  it.each([
    ["system-of-record", true],
    ["none", false],
  ])("a label says whether it is a record: %s", (label, isRecord) => {
    const bucket = one("gcp:storage/bucket:Bucket", { location: "US", labels: { "twodoor-data": label } });
    expect(dataOf(bucket).isSystemOfRecord).toEqual(known(isRecord));
  });
});

describe("a compute", () => {
  const service = (env: Literal["inputs"][string], more: Literal["inputs"] = {}): Literal =>
    resource("gcp:cloudrunv2/service:Service", "api", {
      project: "p",
      location: "us-central1",
      template: { containers: [{ image: "nginx", envs: [{ name: "STORE", value: env }] }], ...more },
    });
  const sql = resource(SQL, "orders", { project: "p", region: "us-central1", name: "orders" });
  const needsAndData = (graph: DraftGraph) => {
    const { needs, dependencies } = partOf(gcpKinds, graph, "api", "compute");
    return { needs, data: dependencies.filter(({ kind }) => kind === "data") };
  };

  it.each<[string, Literal[]]>([
    ["its address", [sql, service(ref("orders", "privateIpAddress"))]],
    [
      "a volume",
      [
        sql,
        service("x", {
          volumes: [{ name: "sql", cloudSqlInstance: { instances: [ref("orders", "connectionName")] } }],
        }),
      ],
    ],
    [
      "a database in it",
      [
        sql,
        resource("gcp:sql/database:Database", "books", { instance: ref("orders", "name") }),
        service(ref("books", "name")),
      ],
    ],
    [
      "a secret that was made from it",
      [
        sql,
        resource("gcp:secretmanager/secret:Secret", "address", {
          project: "p",
          secretId: "address",
          replication: { auto: {} },
        }),
        resource("gcp:secretmanager/secretVersion:SecretVersion", "version", {
          secret: ref("address"),
          secretData: ref("orders", "privateIpAddress"),
        }),
        service("x", { volumes: [{ name: "s", secret: { secret: ref("address", "id") } }] }),
      ],
    ],
  ])("needs the database that it names by %s", (_, literals) => {
    const graph = designFrom(literals);
    const id = urnOf(graph, "orders");
    for (const each of [graph, asState(graph)]) {
      expect(needsAndData(each)).toEqual({
        needs: [{ what: "the data in orders", atLeast: 1, of: [id] }],
        data: [
          {
            kind: "data",
            urn: urnOf(graph, "api"),
            property: "template",
            parts: [id],
            cloud: known("gcp"),
            regions: known(["us-central1"]),
          },
        ],
      });
    }
  });

  it("that reads a replica needs its source, and reads where the replica stands", () => {
    const graph = designFrom([
      sql,
      resource(SQL, "copy", { project: "p", region: "us-east4", masterInstanceName: ref("orders", "name") }),
      service(ref("copy", "privateIpAddress")),
    ]);
    expect(needsAndData(graph)).toMatchObject({
      needs: [{ of: [urnOf(graph, "orders")] }],
      data: [{ regions: known(["us-east4"]) }],
    });
  });

  it.each<[string, Literal["inputs"]]>([
    ["gcp:redis/instance:Instance", { region: "us-central1" }],
    ["gcp:storage/bucket:Bucket", { location: "us-central1" }],
    ["gcp:pubsub/topic:Topic", {}],
  ])("goes on without %s, but reads from it", (type, inputs) => {
    const graph = designFrom([resource(type, "cache", { project: "p", ...inputs }), service(ref("cache", "host"))]);
    expect(needsAndData(graph)).toMatchObject({ needs: [], data: [{ parts: [urnOf(graph, "cache")] }] });
  });

  it("needs a bucket that is called a system of record", () => {
    const bucket = resource("gcp:storage/bucket:Bucket", "ledger", {
      project: "p",
      location: "us-central1",
      labels: { "twodoor-data": "system-of-record" },
    });
    const graph = designFrom([bucket, service(ref("ledger", "url"))]);
    expect(needsAndData(graph).needs).toEqual([
      { what: "the data in ledger", atLeast: 1, of: [urnOf(graph, "ledger")] },
    ]);
  });
});
