import * as aws from "@pulumi/aws";

// Also: DAT-06
const ledger = new aws.rds.Instance("ledger", {
  region: "us-east-2",
  engine: "postgres",
  instanceClass: "db.m7g.large",
  multiAz: true,
  storageEncrypted: true,
  publiclyAccessible: false,
  backupRetentionPeriod: 14,
  deletionProtection: true,
  tags: { "twodoor:data": "system-of-record" },
});
new aws.rds.Instance("ledger-replica", {
  region: "us-west-2",
  instanceClass: "db.m7g.large",
  replicateSourceDb: ledger.arn,
  storageEncrypted: true,
  deletionProtection: true,
});
new aws.rds.InstanceAutomatedBackupsReplication("ledger-copies", {
  region: "us-west-2",
  sourceDbInstanceArn: ledger.arn,
  retentionPeriod: 14,
});
