/**
 * Proves: every type token and every property that the AWS kinds name exists in the installed SDK, no token is read twice or called neutral
 * besides, and what carries requests, data or a dependency is not called neutral. Leaves out: what the properties mean.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { awsKinds, neutralAwsTypes } from "../../../../resilience/kinds/aws";
import { NEUTRAL_MODULES, NEUTRAL_TYPES } from "../../../../resilience/kinds/aws/neutral";
import * as types from "../../../../resilience/kinds/aws/types";

const SDK = join(__dirname, "../../../../node_modules/@pulumi/aws");

/** The type tokens of the installed SDK, each with the path of its class without the ending. */
const installed = new Map(
  readdirSync(SDK, { withFileTypes: true })
    .filter((each) => each.isDirectory() && !["node_modules", "types", "bin"].includes(each.name))
    .flatMap((module_) =>
      readdirSync(join(SDK, module_.name))
        .filter((name) => name.endsWith(".js"))
        .map((name) => join(SDK, module_.name, name)),
    )
    .flatMap((file): [string, string][] => {
      const token = /__pulumiType = '([^']+)'/.exec(readFileSync(file, "utf8"))?.[1];
      return token === undefined ? [] : [[token, file.replace(/\.js$/, "")]];
    }),
);

const isNeutral = (type: string): boolean => neutralAwsTypes.some((pattern) => pattern.test(type));

/** Properties that are read, by type; checked against the arguments of the class, which hold the first step of a path. */
const READ: Record<string, string> = {
  [types.BALANCERS[0]]: "internal loadBalancerType subnets subnetMappings accessLogs",
  [types.LISTENERS[0]]: "loadBalancerArn defaultActions",
  [types.LISTENER_RULES[0]]: "listenerArn actions",
  [types.TARGET_GROUPS[0]]: "protocol protocolVersion healthCheck",
  [types.TARGET_ATTACHMENTS[0]]: "targetGroupArn targetId",
  [types.CLASSIC_BALANCER]: "internal subnets availabilityZones instances healthCheck",
  [types.CLASSIC_ATTACHMENT]: "elb instance",
  [types.ECS_SERVICE]:
    "cluster name taskDefinition launchType capacityProviderStrategies desiredCount schedulingStrategy networkConfiguration loadBalancers deploymentController deploymentCircuitBreaker deploymentMinimumHealthyPercent alarms",
  [types.ECS_TASK_SET]: "service taskDefinition loadBalancers",
  [types.ECS_TASK_DEFINITION]: "containerDefinitions volumes",
  [types.ECS_CLUSTER]: "name",
  [types.ECS_CLUSTER_PROVIDERS]: "clusterName capacityProviders defaultCapacityProviderStrategies",
  [types.ECS_CAPACITY_PROVIDER]: "autoScalingGroupProvider managedInstancesProvider",
  [types.ECS_EXPRESS]: "networkConfigurations scalingTargets healthCheckPath primaryContainer",
  [types.SCALING_TARGET]: "resourceId minCapacity maxCapacity",
  [types.SCALING_SCHEDULE]: "resourceId scalableTargetAction",
  [types.GROUP]:
    "minSize maxSize vpcZoneIdentifiers availabilityZones launchTemplate launchConfiguration mixedInstancesPolicy instanceRefresh desiredCapacityType targetGroupArns trafficSources loadBalancers",
  [types.GROUP_SCHEDULE]: "autoscalingGroupName minSize",
  [types.GROUP_ATTACHMENT]: "autoscalingGroupName lbTargetGroupArn elb",
  [types.TRAFFIC_SOURCE_ATTACHMENT]: "autoscalingGroupName trafficSource",
  [types.LAUNCH_TEMPLATE]: "imageId userData instanceMarketOptions placement",
  [types.LAUNCH_CONFIGURATION]: "imageId userData spotPrice",
  [types.INSTANCE]:
    "ami availabilityZone subnetId associatePublicIpAddress vpcSecurityGroupIds securityGroups primaryNetworkInterface networkInterfaces userData userDataBase64 instanceMarketOptions launchTemplate",
  [types.EIP]: "instance networkInterface",
  [types.EIP_ASSOCIATION]: "allocationId instanceId",
  [types.INTERFACE]: "attachments",
  [types.SECURITY_GROUP]: "ingress",
  [types.INGRESS_RULE]: "securityGroupId ipProtocol fromPort toPort cidrIpv4 cidrIpv6 prefixListId",
  [types.SECURITY_GROUP_RULE]: "securityGroupId type protocol fromPort toPort cidrBlocks ipv6CidrBlocks prefixListIds",
  [types.SUBNETS[0]]: "availabilityZone availabilityZoneId mapPublicIpOnLaunch",
  [types.SUBNETS[1]]: "availabilityZone mapPublicIpOnLaunch",
  [types.FUNCTION]: "vpcConfig reservedConcurrentExecutions environment imageUri fileSystemConfig loggingConfig name",
  [types.FUNCTION_ALIAS]: "functionName",
  [types.FUNCTION_URL]: "functionName",
  [types.PROVISIONED_CONCURRENCY]: "functionName provisionedConcurrentExecutions",
  [types.HTTP_API]: "disableExecuteApiEndpoint target body",
  [types.HTTP_INTEGRATION]: "apiId integrationType integrationSubtype integrationUri connectionId",
  [types.HTTP_MAPPING]: "apiId domainName",
  [types.HTTP_ROUTING_RULE]: "domainName actions",
  [types.REST_API]: "disableExecuteApiEndpoint endpointConfiguration body",
  [types.REST_INTEGRATION]: "restApi type uri connectionId",
  [types.REST_DOMAIN]: "endpointConfiguration",
  [types.REST_MAPPING]: "restApi domainName",
  [types.REST_VPC_LINK]: "targetArn",
  [types.GRAPHQL_API]: "visibility",
  [types.GRAPHQL_SOURCE]:
    "apiId type dynamodbConfig elasticsearchConfig opensearchserviceConfig lambdaConfig httpConfig relationalDatabaseConfig",
  [types.GRAPHQL_MAPPING]: "apiId domainName",
  [types.APP_RUNNER]: "sourceConfiguration autoScalingConfigurationArn networkConfiguration healthCheckConfiguration",
  [types.APP_RUNNER_SCALING]: "minSize maxSize",
  [types.EKS_CLUSTER]: "computeConfig vpcConfig",
  [types.EKS_NODE_GROUP]: "capacityType scalingConfig subnetIds updateConfig",
  [types.EKS_FARGATE_PROFILE]: "subnetIds selectors",
  [types.REPOSITORY]: "name encryptionConfigurations",
  [types.REPLICATION_CONFIGURATION]: "replicationConfiguration",
  [types.SECRET]: "replicas kmsKeyId",
  [types.SECRET_VERSION]: "secretId secretString secretBinary",
  [types.PARAMETER]: "keyId value insecureValue",
  [types.REPLICA_KEY]: "primaryKeyArn",
  [types.REPLICA_EXTERNAL_KEY]: "primaryKeyArn",
  [types.KEY_ALIAS]: "targetKeyId",
  [types.RDS_INSTANCE]:
    "replicateSourceDb multiAz backupRetentionPeriod deletionProtection storageEncrypted publiclyAccessible availabilityZone dbSubnetGroupName",
  [types.RDS_CLUSTER]:
    "globalClusterIdentifier replicationSourceIdentifier backupRetentionPeriod deletionProtection storageEncrypted dbSubnetGroupName dbClusterInstanceClass enableGlobalWriteForwarding masterUsername masterPassword masterPasswordWo manageMasterUserPassword snapshotIdentifier",
  [types.RDS_CLUSTER_INSTANCE]: "clusterIdentifier availabilityZone publiclyAccessible",
  [types.RDS_CLUSTER_ENDPOINT]: "clusterIdentifier",
  [types.RDS_GLOBAL_CLUSTER]: "sourceDbClusterIdentifier",
  [types.RDS_SUBNET_GROUP]: "subnetIds",
  [types.RDS_BACKUP_REPLICATION]: "sourceDbInstanceArn",
  [types.RDS_PROXY_ENDPOINT]: "dbProxyName",
  [types.RDS_PROXY_TARGET]: "dbProxyName dbInstanceIdentifier dbClusterIdentifier",
  [types.DOCDB_CLUSTER]:
    "globalClusterIdentifier backupRetentionPeriod deletionProtection storageEncrypted dbSubnetGroupName",
  [types.DOCDB_CLUSTER_INSTANCE]: "clusterIdentifier availabilityZone",
  [types.DOCDB_GLOBAL_CLUSTER]: "sourceDbClusterIdentifier",
  [types.DOCDB_SUBNET_GROUP]: "subnetIds",
  [types.NEPTUNE_CLUSTER]:
    "globalClusterIdentifier replicationSourceIdentifier backupRetentionPeriod deletionProtection storageEncrypted neptuneSubnetGroupName",
  [types.NEPTUNE_CLUSTER_INSTANCE]: "clusterIdentifier availabilityZone publiclyAccessible",
  [types.NEPTUNE_GLOBAL_CLUSTER]: "sourceDbClusterIdentifier",
  [types.NEPTUNE_SUBNET_GROUP]: "subnetIds",
  [types.DSQL_CLUSTER]: "deletionProtectionEnabled",
  [types.DSQL_PEERING]: "identifier clusters witnessRegion",
  [types.TABLE]: "name replicas globalTableWitness pointInTimeRecovery deletionProtectionEnabled",
  [types.TABLE_REPLICA]: "globalTableArn",
  [types.GLOBAL_TABLE]: "name replicas",
  [types.KEYSPACE]: "replicationSpecification",
  [types.KEYSPACE_TABLE]: "keyspaceName pointInTimeRecovery",
  [types.BUCKETS[0]]: "acl forceDestroy replicationConfiguration",
  [types.DIRECTORY_BUCKET]: "location forceDestroy",
  [types.BUCKET_REPLICATION]: "bucket rules",
  [types.BUCKET_PUBLIC_ACCESS]: "bucket blockPublicPolicy restrictPublicBuckets",
  [types.CACHE_GROUP]:
    "multiAzEnabled automaticFailoverEnabled numCacheClusters replicasPerNodeGroup nodeGroupConfigurations preferredCacheClusterAzs engine atRestEncryptionEnabled snapshotRetentionLimit globalReplicationGroupId",
  [types.CACHE_GLOBAL_GROUP]: "primaryReplicationGroupId",
  [types.CACHE_CLUSTER]: "replicationGroupId numCacheNodes azMode availabilityZone preferredAvailabilityZones",
  [types.CACHE_SERVERLESS]: "subnetIds snapshotRetentionLimit",
  [types.MEMORYDB_CLUSTER]: "numReplicasPerShard multiRegionClusterName snapshotRetentionLimit",
  [types.MSK_CLUSTER]: "brokerNodeGroupInfo",
  [types.MSK_REPLICATOR]: "replicationInfoList",
  [types.FILE_SYSTEM]: "availabilityZoneName encrypted",
  [types.FILE_SYSTEM_REPLICATION]: "sourceFileSystemId destination",
  [types.FILE_SYSTEM_ACCESS_POINT]: "fileSystemId",
  [types.FILE_SYSTEM_BACKUP]: "fileSystemId backupPolicy",
  [types.MOUNT_TARGET]: "fileSystemId",
  [types.OPENSEARCH_DOMAIN]: "clusterConfig vpcOptions encryptAtRest",
  [types.QUEUE]: "kmsMasterKeyId sqsManagedSseEnabled",
  [types.STREAM]: "encryptionType",
  [types.MQ_BROKER]: "deploymentMode subnetIds publiclyAccessible",
  [types.VOLUME]: "availabilityZone encrypted",
  [types.LOG_GROUP]: "name",
  [types.BACKUP_PLAN]: "rules",
  [types.BACKUP_SELECTION]: "planId resources selectionTags",
};

describe("type tokens of AWS", () => {
  const named = Object.values(types).flat();

  it("exist in the installed SDK", () => {
    expect(installed.size).toBeGreaterThan(1000);
    expect(named.filter((token) => !installed.has(token))).toEqual([]);
  });

  it("are read by one kind each, and by none that is called neutral", () => {
    const read = awsKinds.flatMap((kind) => kind.types);
    expect(read.length).toBe(new Set(read).size);
    expect(read.filter(isNeutral)).toEqual([]);
  });

  it("are all read, or read together with another", () => {
    const read = new Set(awsKinds.flatMap((kind) => kind.types));
    expect(named.filter((token) => !read.has(token) && !isNeutral(token))).toEqual([]);
  });

  it("have the properties that are read", () => {
    const missing = Object.entries(READ).flatMap(([token, properties]) => {
      const declared = readFileSync(`${installed.get(token) ?? ""}.d.ts`, "utf8");
      const args = /export interface \w+Args \{[\s\S]*?\n\}/.exec(declared)?.[0] ?? "";
      return properties
        .split(" ")
        .filter((property) => !new RegExp(`^    ${property}\\??:`, "m").test(args))
        .map((property) => `${token} has no ${property}`);
    });
    expect(missing).toEqual([]);
  });

  it("name only modules and types of the SDK as neutral", () => {
    const tokens = [...installed.keys()];
    expect(NEUTRAL_MODULES.filter((name) => !tokens.some((token) => token.startsWith(`aws:${name}/`)))).toEqual([]);
    const unknown = Object.entries(NEUTRAL_TYPES).flatMap(([module_, names]) =>
      names
        .map((name) => `aws:${module_}/${name}:`)
        .filter((start) => !tokens.some((token) => token.startsWith(start))),
    );
    expect(unknown).toEqual([]);
  });

  it.each([
    "aws:apigateway/restApiPut:RestApiPut",
    "aws:cloudfront/distribution:Distribution",
    "aws:cloudwatch/eventBus:EventBus",
    "aws:cognito/userPool:UserPool",
    "aws:docdb/elasticCluster:ElasticCluster",
    "aws:ec2/fleet:Fleet",
    "aws:ec2/spotFleetRequest:SpotFleetRequest",
    "aws:ec2/vpnConnection:VpnConnection",
    "aws:ec2transitgateway/transitGateway:TransitGateway",
    "aws:ecs/daemon:Daemon",
    "aws:elasticbeanstalk/environment:Environment",
    "aws:fsx/ontapFileSystem:OntapFileSystem",
    "aws:globalaccelerator/accelerator:Accelerator",
    "aws:lightsail/instance:Instance",
    "aws:redshift/cluster:Cluster",
    "aws:route53/record:Record",
    "aws:vpclattice/service:Service",
  ])("leave %s to be named in the report, or to another kind", (type) => {
    expect(installed.has(type)).toBe(true);
    expect(isNeutral(type)).toBe(false);
  });
});
