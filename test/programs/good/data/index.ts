/** Style: data first. Every store of record has replicas, a way back in time, and a copy elsewhere. */
import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";
import { awsService } from "../house/aws-service";
import { network } from "../house/aws-network";
import { failover } from "../house/edge";
import { googleService } from "../house/google-front";
import { domain } from "../house/settings";

const hostname = `ledger.${domain}`;
const record = { "twodoor:data": "system-of-record" };

// Orders: strong consistency over two regions and a witness in a third.
const orders = new aws.dynamodb.Table("orders", {
  region: "us-east-2",
  name: "orders",
  billingMode: "PAY_PER_REQUEST",
  hashKey: "id",
  attributes: [{ name: "id", type: "S" }],
  streamEnabled: true,
  streamViewType: "NEW_AND_OLD_IMAGES",
  replicas: [{ regionName: "us-west-2", consistencyMode: "STRONG", pointInTimeRecovery: true }],
  globalTableWitness: { regionName: "us-east-1" },
  pointInTimeRecovery: { enabled: true, recoveryPeriodInDays: 35 },
  deletionProtectionEnabled: true,
  serverSideEncryption: { enabled: true },
  tags: record,
});
const near = new aws.backup.Vault("near", { region: "us-east-2" });
const far = new aws.backup.Vault("far", { region: "us-west-2" });
const plan = new aws.backup.Plan("daily", {
  region: "us-east-2",
  rules: [
    {
      ruleName: "daily",
      targetVaultName: near.name,
      schedule: "cron(0 5 * * ? *)",
      copyActions: [{ destinationVaultArn: far.arn, lifecycle: { deleteAfter: 90 } }],
    },
  ],
});
const backupRole = new aws.iam.Role("backup", {
  assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "backup.amazonaws.com" }),
});
new aws.backup.Selection("orders", {
  region: "us-east-2",
  planId: plan.id,
  iamRoleArn: backupRole.arn,
  resources: [orders.arn],
});

// Reports: Aurora, written in Ohio and read in Oregon.
const world = new aws.rds.GlobalCluster("reports", {
  region: "us-east-2",
  globalClusterIdentifier: "reports",
  engine: "aurora-postgresql",
  engineVersion: "16.6",
  storageEncrypted: true,
  deletionProtection: true,
});
const clusters: aws.rds.Cluster[] = [];
for (const region of ["us-east-2", "us-west-2"]) {
  const zones = [`${region}a`, `${region}b`, `${region}c`];
  const { privateSubnetIds } = network(`reports-${region}`, zones, { region });
  const key = new aws.kms.Key(`reports-${region}`, { region, enableKeyRotation: true });
  const subnets = new aws.rds.SubnetGroup(`reports-${region}`, { region, subnetIds: privateSubnetIds });
  const cluster = new aws.rds.Cluster(
    `reports-${region}`,
    {
      region,
      globalClusterIdentifier: world.id,
      engine: "aurora-postgresql",
      engineVersion: "16.6",
      dbSubnetGroupName: subnets.name,
      storageEncrypted: true,
      kmsKeyId: key.arn,
      backupRetentionPeriod: 14,
      deletionProtection: true,
      finalSnapshotIdentifier: `reports-${region}-last`,
      ...(region === "us-east-2"
        ? { databaseName: "reports", masterUsername: "reports", manageMasterUserPassword: true }
        : {}),
    },
    { dependsOn: [...clusters] },
  );
  for (const zone of zones.slice(0, 2))
    new aws.rds.ClusterInstance(`reports-${zone}`, {
      region,
      clusterIdentifier: cluster.id,
      engine: "aurora-postgresql",
      instanceClass: "db.r7g.large",
      availabilityZone: zone,
      publiclyAccessible: false,
    });
  clusters.push(cluster);
}
new aws.backup.Selection("reports", {
  region: "us-east-2",
  planId: plan.id,
  iamRoleArn: backupRole.arn,
  resources: clusters.slice(0, 1).map(({ arn }) => arn),
});

// Positions: Spanner, which keeps a majority without any one region.
const project = "house-ledger";
const spanner = new gcp.spanner.Instance("positions", {
  project,
  config: "nam3",
  displayName: "positions",
  edition: "ENTERPRISE_PLUS",
  numNodes: 3,
});
const positions = new gcp.spanner.Database("positions", {
  project,
  instance: spanner.name,
  versionRetentionPeriod: "7d",
  enableDropProtection: true,
});
new gcp.spanner.BackupSchedule("positions", {
  project,
  instance: spanner.name,
  database: positions.name,
  retentionDuration: "2592000s",
  spec: { cronSpec: { text: "0 4 * * *" } },
  fullBackupSpec: {},
});

const ohio = awsService("ledger", {
  region: "us-east-2",
  hostname,
  tasks: 16,
  environment: { ORDERS_TABLE: orders.name },
});
const iowa = googleService("ledger", { project, region: "us-central1" }, hostname, {
  instances: 16,
  after: [ohio.service],
});
failover(hostname, { ohio: ohio.balancer.dnsName, iowa: iowa.address });
