/** The two designs into which mistakes are planted, each with the settings under which it passes: `prod` of this repository, and a raw one. */
import { join } from "node:path";
import { plan } from "../../planner";
import type { Graph } from "../../resilience/graph";
import { graphOfPlan } from "../../resilience/sources/from-plan";
import { goodDesign, ref, resource, withChange, withMore, type DraftGraph } from "../support/designs";

/** A design with its settings as a settings file would hold them. */
export interface Subject {
  name: "prod" | "raw" | "quiet";
  graph: Graph;
  settings: Record<string, unknown>;
}

/** The plan of the stack `prod`, judged on the defaults. */
export async function prod(): Promise<Subject> {
  const graph = graphOfPlan(await plan({ directory: join(__dirname, "..", ".."), stack: "prod" }));
  return { name: "prod", graph, settings: {} };
}

/**
 * The raw design at a quarter of its load and with a way around the edge: what is too small there for another reason, or has no way around
 * anyway, tells little about the rules for lists of pools and for the edge's own failure.
 */
export function quiet(): Subject {
  const { settings } = raw();
  const capacity = { peakRequestsPerSecond: 1000, requestsPerSecondPerUnit: 200 };
  return { name: "quiet", graph: withEscape(rawGraph()), settings: { ...settings, design: { capacity } } };
}

/** The raw two-cloud design without components of ours, with a ledger, lists for some clients, a rule, and a placement group that spreads. */
export function raw(): Subject {
  const capacity = { peakRequestsPerSecond: 4000, requestsPerSecondPerUnit: 200 };
  return { name: "raw", graph: rawGraph(), settings: { design: { capacity } } };
}

function rawGraph(): DraftGraph {
  return withGroups(withLists(withLedger(goodDesign())));
}

function withLedger(graph: DraftGraph): DraftGraph {
  const tags = { "twodoor:data": "system-of-record" };
  const settings = (more: Record<string, string | boolean | { [key: string]: string | boolean }> = {}) => ({
    tier: "db-custom-4-16384",
    availabilityType: "REGIONAL",
    ipConfiguration: { ipv4Enabled: false, privateNetwork: ref("us-central1-network") },
    deletionProtectionEnabled: true,
    ...more,
  });
  const sql = { databaseVersion: "POSTGRES_16", deletionProtection: true };
  return withMore(
    graph,
    resource("aws:rds/instance:Instance", "ledger", {
      region: "us-east-2",
      engine: "postgres",
      instanceClass: "db.m7g.large",
      multiAz: true,
      backupRetentionPeriod: 14,
      storageEncrypted: true,
      kmsKeyId: ref("us-east-2-key", "arn"),
      publiclyAccessible: false,
      deletionProtection: true,
      skipFinalSnapshot: false,
      tags,
    }),
    resource("aws:rds/instance:Instance", "ledger-copy", {
      region: "us-west-2",
      replicateSourceDb: ref("ledger", "arn"),
      instanceClass: "db.m7g.large",
      storageEncrypted: true,
      kmsKeyId: ref("us-west-2-key", "arn"),
      publiclyAccessible: false,
      deletionProtection: true,
      skipFinalSnapshot: true,
    }),
    resource("aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication", "ledger-backups", {
      region: "us-west-2",
      sourceDbInstanceArn: ref("ledger", "arn"),
      kmsKeyId: ref("us-west-2-key", "arn"),
      retentionPeriod: 14,
    }),
    resource("gcp:sql/databaseInstance:DatabaseInstance", "positions", {
      ...sql,
      project: "example-us-central1",
      region: "us-central1",
      settings: {
        ...settings(),
        userLabels: { "twodoor-data": "system-of-record" },
        backupConfiguration: {
          enabled: true,
          pointInTimeRecoveryEnabled: true,
          transactionLogRetentionDays: 7,
          location: "us",
        },
      },
    }),
    resource("gcp:sql/databaseInstance:DatabaseInstance", "positions-copy", {
      ...sql,
      project: "example-us-central1",
      region: "us-east4",
      masterInstanceName: ref("positions", "name"),
      settings: settings(),
    }),
  );
}

function withLists(graph: DraftGraph): DraftGraph {
  const spread = ["us-west-2", "us-central1", "us-east-2", "us-east4"].map((region) => ref(`${region}-pool`));
  const changes: [string, Parameters<typeof withChange>[3]][] = [
    ["regionPools", { WNAM: spread }],
    [
      "rules",
      [
        {
          name: "trial",
          condition: 'http.request.uri.path eq "/trial"',
          disabled: false,
          overrides: { defaultPools: spread, fallbackPool: ref("us-central1-pool") },
        },
      ],
    ],
  ];
  return changes.reduce((before, [path, value]) => withChange(before, "load-balancer", path, value), graph);
}

function withGroups(graph: DraftGraph): DraftGraph {
  const grouped = withMore(
    graph,
    resource("aws:ec2/placementGroup:PlacementGroup", "journal-room", { region: "us-east-2", strategy: "spread" }),
    resource("aws:ec2/placementGroup:PlacementGroup", "other-room", { region: "us-west-2", strategy: "spread" }),
  );
  const first = withChange(grouped, "us-east-2-journal", "placementGroup", ref("journal-room", "name"));
  return withChange(first, "us-west-2-journal", "placementGroup", ref("other-room", "name"));
}

function withEscape(graph: DraftGraph): DraftGraph {
  return withMore(
    withChange(graph, "us-east-2-https", "mutualAuthentication", undefined),
    resource("aws:route53/zone:Zone", "other-zone", { name: "example.net" }),
    resource("aws:route53/record:Record", "escape", {
      zoneId: ref("other-zone"),
      name: "api.example.net",
      type: "CNAME",
      ttl: 60,
      records: [ref("us-east-2-lb", "dnsName")],
    }),
    resource("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", "us-east-2-lb-from-all", {
      region: "us-east-2",
      securityGroupId: ref("us-east-2-lb-group"),
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    }),
  );
}
