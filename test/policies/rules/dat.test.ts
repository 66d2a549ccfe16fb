/**
 * Proves what DAT-01 to DAT-07 say about stores and quorums: which are judged at all, and each rule's pass, violation and unknown.
 * Does not prove how copies, backups and voters are read off resources: the tests of the kinds and of the quorums do.
 */
import { describe, expect, it } from "vitest";
import { dat01 } from "../../../policies/rules/dat-01-replica";
import { dat02 } from "../../../policies/rules/dat-02-quorum";
import { dat03 } from "../../../policies/rules/dat-03-placement";
import { dat04 } from "../../../policies/rules/dat-04-zones";
import { dat05 } from "../../../policies/rules/dat-05-point-in-time";
import { dat06 } from "../../../policies/rules/dat-06-backup-elsewhere";
import { dat07 } from "../../../policies/rules/dat-07-deletion";
import {
  asState,
  designFrom,
  goodDesign,
  json,
  later,
  ref,
  resource,
  unknownAt,
  withChange,
  withMore,
  withOptions,
  without,
  type Draft,
  type Literal,
} from "../../support/designs";
import { findingsOf, toldBy } from "../../support/judged";

const good = goodDesign();
const RECORD = { tags: { "twodoor:data": "system-of-record" } };
const storeRules = [dat01, dat04, dat05, dat06, dat07];
const toRules = (rules: typeof storeRules) => rules.map((rule) => [rule.id, rule] as const);

/** A ledger that breaks nothing: standby in another zone, replica and backups in another region, protected. */
const ledger = resource("aws:rds/instance:Instance", "ledger", {
  region: "us-east-2",
  engine: "postgres",
  instanceClass: "db.m7g.large",
  multiAz: true,
  storageEncrypted: true,
  publiclyAccessible: false,
  backupRetentionPeriod: 14,
  deletionProtection: true,
  ...RECORD,
});
const replica = resource("aws:rds/instance:Instance", "ledger-replica", {
  region: "us-west-2",
  instanceClass: "db.m7g.large",
  replicateSourceDb: ref("ledger", "arn"),
  storageEncrypted: true,
  deletionProtection: true,
});
const copies = resource(
  "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
  "ledger-copies",
  {
    region: "us-west-2",
    sourceDbInstanceArn: ref("ledger", "arn"),
    retentionPeriod: 14,
  },
);
const withLedger = withMore(good, ledger, replica, copies);
const changed = (path: string, value: Draft | undefined) => withChange(withLedger, "ledger", path, value);

/** A design whose tasks in us-east-2 work with a store. */
function using(store: Literal, property: string) {
  const image = "123456789012.dkr.ecr.us-east-2.amazonaws.com/exchange@sha256:0";
  const environment = [{ name: "STORE", value: ref(store.name, property) }];
  return withChange(
    withMore(good, store),
    "us-east-2-task",
    "containerDefinitions",
    json([{ name: "api", image, environment }]),
  );
}

describe("which stores are judged", () => {
  it.each(toRules([dat01, dat04, dat05, dat06]))("%s has nothing to say where no data of record is", (_, rule) => {
    expect(toldBy(rule, good)).toBeUndefined();
  });

  it.each(toRules(storeRules))("%s passes a ledger that is kept well, planned and running", (_, rule) => {
    expect(findingsOf(rule, withLedger)?.filter(({ level }) => level === undefined)).toEqual([]);
    expect(findingsOf(rule, asState(withLedger))?.filter(({ level }) => level === undefined)).toEqual([]);
  });

  const bare = resource("aws:rds/instance:Instance", "ledger", { region: "us-east-2", engine: "postgres" });

  it("are those that something serving uses, tagged or not", () => {
    expect(toldBy(dat01, using(bare, "address"))).toHaveLength(1);
  });

  it("are not those that nothing serving uses and nobody tagged: reports, pipelines", () => {
    expect(toldBy(dat01, withMore(good, bare))).toBeUndefined();
  });

  it("are those whose address stands in a secret that something serving reads", () => {
    const version = resource("aws:secretsmanager/secretVersion:SecretVersion", "us-east-2-credentials-version", {
      region: "us-east-2",
      secretId: ref("us-east-2-credentials"),
      secretString: ref("ledger", "address"),
    });
    expect(toldBy(dat01, withMore(good, bare, version))).toHaveLength(1);
  });

  it("are not caches and buckets, unless somebody tags them", () => {
    const bucket = { region: "us-east-2" };
    expect(toldBy(dat01, using(resource("aws:s3/bucket:Bucket", "files", bucket), "bucket"))).toBeUndefined();
    expect(
      toldBy(dat01, withMore(good, resource("aws:s3/bucket:Bucket", "files", { ...bucket, ...RECORD }))),
    ).toHaveLength(1);
  });

  it("cannot be told where the tags are not known", () => {
    const tagged = resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2", tags: later });
    expect(toldBy(dat01, withMore(good, tagged))?.[0]).toMatch(
      /^undecided files: tags of files is known only after an update/,
    );
  });
});

describe("DAT-01", () => {
  it("refuses a record with one copy, and says how its kind gets another", () => {
    expect(toldBy(dat01, without(withLedger, "ledger-replica"))).toEqual([
      "violation ledger: ledger has its only copy in aws:us-east-2: when that region is lost, so is everything since the last backup, and nobody can go on from it elsewhere; fix: add a read replica (replicateSourceDb) in another region",
    ]);
  });

  it("refuses a copy in the same region", () => {
    expect(toldBy(dat01, withChange(withLedger, "ledger-replica", "region", "us-east-2"))).toHaveLength(1);
  });

  it("passes what Google keeps in several regions", () => {
    const bucket = resource("gcp:storage/bucket:Bucket", "files", {
      location: "US",
      labels: { "twodoor-data": "system-of-record" },
    });
    expect(toldBy(dat01, withMore(good, bucket))).toEqual([]);
    expect(toldBy(dat01, withChange(withMore(good, bucket), "files", "location", "us-east4"))).toHaveLength(1);
  });
});

describe("DAT-02", () => {
  it("passes 2 + 2 + 1 with the fifth at a third provider", () => {
    expect(toldBy(dat02, good)).toEqual([]);
  });

  it("refuses two clouds alone: one of them holds half", () => {
    expect(toldBy(dat02, without(good, "witness-journal"))).toEqual([
      "violation us-east-2-journal: aws holds 2 of the 4 voters of the quorum journal (us-east-2-journal and us-west-2-journal): when it is lost, 2 are left and 3 are needed, so nothing more is decided; fix: add one voter to journal at a third provider, so that no domain holds half of them",
    ]);
  });

  it("leaves the cloud of a store that its vendor runs over three regions to the survival table: no such table stands in two", () => {
    const table = resource("aws:dynamodb/table:Table", "orders", {
      region: "us-east-2",
      replicas: [{ regionName: "us-west-2", consistencyMode: "STRONG" }],
      globalTableWitness: { regionName: "us-east-1" },
    });
    expect(toldBy(dat02, designFrom([table]))).toEqual([]);
  });

  it("names the narrowest domain that holds too many", () => {
    const voters = ["a", "b", "c", "d", "e"].map((name, at) =>
      resource("aws:ec2/instance:Instance", name, {
        availabilityZone: at < 3 ? "us-east-1a" : "us-east-1b",
        region: "us-east-1",
        tags: { "twodoor:quorum": "engine" },
      }),
    );
    expect(toldBy(dat02, designFrom(voters))?.[0]).toContain(
      "aws:us-east-1a holds 3 of the 5 voters of the quorum engine (a, b and c): when it is lost, 2 are left and 3 are needed",
    );
  });

  it("counts what another provider runs as one domain, by the name that was declared", () => {
    const quorum = (...providers: string[]) => ({
      quorums: { votes: providers.map((provider, at) => ({ provider, region: `site-${String(at)}` })) },
    });
    const empty = designFrom([]);
    expect(toldBy(dat02, empty, { declared: quorum("aws", "gcp", "hetzner") })).toEqual([]);
    expect(toldBy(dat02, empty, { declared: quorum("aws", "hetzner", "hetzner") })?.[0]).toContain(
      "hetzner holds 2 of the 3 voters of the quorum votes",
    );
    expect(toldBy(dat02, empty, { declared: quorum("aws") })?.[0]).toContain("the quorum votes has a single voter");
  });

  it("counts grounds that two clouds share", () => {
    const quorums = {
      votes: [
        { provider: "aws", region: "us-east-1" },
        { provider: "gcp", region: "us-east4" },
        { provider: "hetzner", region: "fsn1" },
      ],
    };
    expect(toldBy(dat02, designFrom([]), { declared: { quorums } })?.[0]).toMatch(
      /geography:[a-z-]+ holds 2 of the 3 voters/,
    );
  });

  it("cannot tell where the region of a voter is not known, if that decides", () => {
    const graph = withChange(good, "us-west-2-journal", "region", later);
    expect(toldBy(dat02, graph)).toEqual([]);
    const three = ["us-east-2-journal", "us-central1-journal"].reduce(without, graph);
    expect(toldBy(dat02, three)?.[0]).toMatch(
      /^undecided us-west-2-journal: region of us-west-2-journal is known only after an update/,
    );
  });

  it("has nothing to say where nothing votes", () => {
    expect(toldBy(dat02, designFrom([]))).toBeUndefined();
  });
});

describe("DAT-03", () => {
  const group = (strategy: Draft) =>
    resource("aws:ec2/placementGroup:PlacementGroup", "engine", { region: "us-east-2", strategy });
  const packed = (strategy: Draft, ...names: string[]) =>
    names.reduce(
      (graph, name) => withChange(graph, name, "placementGroup", ref("engine", "name")),
      withMore(good, group(strategy)),
    );

  it("refuses two voters in one room, and says what is left of the quorum", () => {
    expect(toldBy(dat03, packed("cluster", "us-east-2-journal", "us-west-2-journal"))).toEqual([
      "violation us-east-2-journal: us-east-2-journal and us-west-2-journal stand in one room (engine): they fall together, for no gain to the quorum journal; fix: take them out of engine, or let it spread them instead of packing them",
    ]);
  });

  it.each([
    ["one voter among other machines", "cluster", ["us-east-2-journal"]],
    ["a group that spreads", "spread", ["us-east-2-journal", "us-west-2-journal"]],
    ["a group of partitions", "partition", ["us-east-2-journal", "us-west-2-journal"]],
  ])("passes %s", (_, strategy, names) => {
    expect(toldBy(dat03, packed(strategy, ...names))).toEqual([]);
  });

  it("cannot tell where the strategy is not known", () => {
    expect(toldBy(dat03, packed(later, "us-east-2-journal", "us-west-2-journal"))).toEqual([
      "undecided engine: strategy of engine is known only after an update, so nobody can say whether voters of journal stand in one room; fix: write strategy as a plain value, or judge the stack's state after an update",
    ]);
  });

  it("has nothing to say where nothing votes", () => {
    expect(toldBy(dat03, designFrom([]))).toBeUndefined();
  });
});

describe("DAT-04", () => {
  it("refuses a record in one zone", () => {
    expect(toldBy(dat04, changed("multiAz", false))).toEqual([
      "violation ledger: ledger stands in one zone of aws:us-east-2: when that zone is lost, it is gone for the whole region; fix: let ledger keep a standby in a second zone (multiAz)",
    ]);
  });

  it("advises a second zone for a cache that something serving uses", () => {
    const cache = resource("aws:elasticache/replicationGroup:ReplicationGroup", "cache", {
      region: "us-east-2",
      description: "quotes",
      multiAzEnabled: false,
      automaticFailoverEnabled: false,
      numCacheClusters: 1,
    });
    const found = findingsOf(dat04, using(cache, "primaryEndpointAddress"));
    expect(found?.map(({ level, message }) => [level, message])).toEqual([
      [
        "advisory",
        "cache stands in one zone of aws:us-east-2: when that zone is lost, it starts empty, and what uses it is slow or behind",
      ],
    ]);
  });

  it("cannot tell where it is not known", () => {
    expect(toldBy(dat04, unknownAt(withLedger, "ledger", "multiAz"))?.[0]).toContain(
      "so nobody can say whether ledger survives a zone",
    );
  });
});

describe("DAT-05", () => {
  it.each([
    [3, "ledger can be taken back 3 days, and 7 are asked for: a loss that is noticed later stays one"],
    [
      0,
      "ledger cannot be taken back to a point in time: what a bad change deletes is gone, and any replica loses it too",
    ],
  ])("refuses %d days", (days, message) => {
    expect(toldBy(dat05, changed("backupRetentionPeriod", days))).toEqual([
      `violation ledger: ${message}; fix: keep point-in-time recovery of ledger for at least 7 days`,
    ]);
  });

  it("asks for as many days as the settings do", () => {
    expect(toldBy(dat05, withLedger, { settings: { backupDaysMin: 14 } })).toEqual([]);
    expect(toldBy(dat05, withLedger, { settings: { backupDaysMin: 15 } })).toHaveLength(1);
  });

  it("asks nothing of what has no point in time to go back to", () => {
    const files = resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2", ...RECORD });
    expect(toldBy(dat05, withMore(good, files))).toEqual([]);
  });

  it("cannot tell where it is not known", () => {
    expect(toldBy(dat05, unknownAt(withLedger, "ledger", "backupRetentionPeriod"))?.[0]).toMatch(
      /^undecided ledger: backupRetentionPeriod of ledger is known only after an update, so nobody can say how far/,
    );
  });
});

describe("DAT-06", () => {
  it("refuses backups that lie beside the data", () => {
    const told = toldBy(dat06, without(withLedger, "ledger-copies"));
    expect(told).toEqual([
      "violation ledger: every backup of ledger lies in aws:us-east-2, where ledger itself stands: what takes the region takes both; fix: let backups of ledger be copied to a region other than aws:us-east-2",
    ]);
  });

  it("refuses a record that nothing backs up, however many replicas it has", () => {
    const graph = withChange(without(withLedger, "ledger-copies"), "ledger", "backupRetentionPeriod", 0);
    expect(toldBy(dat06, graph)?.[0]).toContain("nothing backs ledger up: any replica follows every deletion");
  });

  it("advises a copy in another account for what is tagged as the ledger, and stops nobody", () => {
    expect(findingsOf(dat06, withLedger)?.map(({ level, message }) => [level, message])).toEqual([
      [
        "advisory",
        "every backup of ledger lies in the aws account that holds ledger itself: if that account is closed or taken over, both are gone",
      ],
    ]);
  });

  it("cannot tell where backups are not known", () => {
    const graph = unknownAt(without(withLedger, "ledger-copies"), "ledger", "backupRetentionPeriod");
    expect(toldBy(dat06, graph)?.[0]).toContain("so nobody can say where backups of ledger lie");
  });
});

describe("DAT-07", () => {
  it("refuses a record that one update deletes", () => {
    expect(toldBy(dat07, changed("deletionProtection", false))).toEqual([
      "violation ledger: one update deletes ledger and what it holds: nothing has to be taken off first; fix: switch on deletion protection of ledger, or set protect: true in its options",
    ]);
  });

  it("takes the engine's protect for protection", () => {
    expect(toldBy(dat07, withOptions(changed("deletionProtection", false), "ledger", { isProtected: true }))).toEqual(
      [],
    );
  });

  it("advises a last snapshot", () => {
    expect(findingsOf(dat07, changed("skipFinalSnapshot", true))?.map(({ level }) => level)).toEqual(["advisory"]);
  });

  it("advises protection of a load balancer", () => {
    const graph = withChange(good, "us-east-2-lb", "enableDeletionProtection", undefined);
    expect(findingsOf(dat07, graph)?.map(({ level, message }) => [level, message])).toEqual([
      ["advisory", "one update deletes us-east-2-lb, the way into aws:us-east-2: a new one has another address"],
    ]);
  });

  it("cannot tell where it is not known", () => {
    expect(toldBy(dat07, unknownAt(withLedger, "ledger", "deletionProtection"))?.[0]).toContain(
      "so nobody can say what deleting ledger takes",
    );
  });

  it("has nothing to say about a design without data and balancers", () => {
    expect(toldBy(dat07, designFrom([]))).toBeUndefined();
  });
});
