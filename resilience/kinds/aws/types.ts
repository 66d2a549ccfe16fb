/**
 * Type tokens of `@pulumi/aws` that are read here, as its 7.48.0 writes them (`__pulumiType` of each resource class). Load balancers exist
 * under two modules, `lb` and `alb`, and buckets under two names: programs use either.
 */

/** Load balancers of the second generation: application, network and gateway. */
export const BALANCERS = ["aws:lb/loadBalancer:LoadBalancer", "aws:alb/loadBalancer:LoadBalancer"] as const;
/** What a load balancer listens on. */
export const LISTENERS = ["aws:lb/listener:Listener", "aws:alb/listener:Listener"] as const;
/** Rules of listeners. */
export const LISTENER_RULES = ["aws:lb/listenerRule:ListenerRule", "aws:alb/listenerRule:ListenerRule"] as const;
/** Groups of targets. */
export const TARGET_GROUPS = ["aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup"] as const;
/** Single targets of a group. */
export const TARGET_ATTACHMENTS = [
  "aws:lb/targetGroupAttachment:TargetGroupAttachment",
  "aws:alb/targetGroupAttachment:TargetGroupAttachment",
] as const;
export const CLASSIC_BALANCER = "aws:elb/loadBalancer:LoadBalancer";
export const CLASSIC_ATTACHMENT = "aws:elb/attachment:Attachment";

export const ECS_SERVICE = "aws:ecs/service:Service";
export const ECS_TASK_SET = "aws:ecs/taskSet:TaskSet";
export const ECS_TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";
export const ECS_CLUSTER = "aws:ecs/cluster:Cluster";
export const ECS_CLUSTER_PROVIDERS = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";
export const ECS_CAPACITY_PROVIDER = "aws:ecs/capacityProvider:CapacityProvider";
export const ECS_EXPRESS = "aws:ecs/expressGatewayService:ExpressGatewayService";
export const SCALING_TARGET = "aws:appautoscaling/target:Target";
export const SCALING_SCHEDULE = "aws:appautoscaling/scheduledAction:ScheduledAction";

export const GROUP = "aws:autoscaling/group:Group";
export const GROUP_SCHEDULE = "aws:autoscaling/schedule:Schedule";
export const GROUP_ATTACHMENT = "aws:autoscaling/attachment:Attachment";
export const TRAFFIC_SOURCE_ATTACHMENT = "aws:autoscaling/trafficSourceAttachment:TrafficSourceAttachment";
export const LAUNCH_TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate";
export const LAUNCH_CONFIGURATION = "aws:ec2/launchConfiguration:LaunchConfiguration";
export const INSTANCE = "aws:ec2/instance:Instance";
export const SPOT_INSTANCE = "aws:ec2/spotInstanceRequest:SpotInstanceRequest";
export const EIP = "aws:ec2/eip:Eip";
export const EIP_ASSOCIATION = "aws:ec2/eipAssociation:EipAssociation";
export const INTERFACE = "aws:ec2/networkInterface:NetworkInterface";
export const SECURITY_GROUP = "aws:ec2/securityGroup:SecurityGroup";
/** Rules of security groups: one resource for each since provider 5, and the older kind with a direction. */
export const INGRESS_RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
export const SECURITY_GROUP_RULE = "aws:ec2/securityGroupRule:SecurityGroupRule";
/** Subnets: made by the program, or the default one of a zone that it adopts. */
export const SUBNETS = ["aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet"] as const;

export const FUNCTION = "aws:lambda/function:Function";
export const FUNCTION_ALIAS = "aws:lambda/alias:Alias";
export const FUNCTION_URL = "aws:lambda/functionUrl:FunctionUrl";
export const PROVISIONED_CONCURRENCY = "aws:lambda/provisionedConcurrencyConfig:ProvisionedConcurrencyConfig";
export const HTTP_API = "aws:apigatewayv2/api:Api";
export const HTTP_INTEGRATION = "aws:apigatewayv2/integration:Integration";
export const HTTP_DOMAIN = "aws:apigatewayv2/domainName:DomainName";
export const HTTP_MAPPING = "aws:apigatewayv2/apiMapping:ApiMapping";
export const HTTP_ROUTING_RULE = "aws:apigatewayv2/routingRule:RoutingRule";
export const REST_API = "aws:apigateway/restApi:RestApi";
export const REST_INTEGRATION = "aws:apigateway/integration:Integration";
export const REST_DOMAIN = "aws:apigateway/domainName:DomainName";
export const REST_MAPPING = "aws:apigateway/basePathMapping:BasePathMapping";
export const REST_VPC_LINK = "aws:apigateway/vpcLink:VpcLink";
export const GRAPHQL_API = "aws:appsync/graphQLApi:GraphQLApi";
export const GRAPHQL_SOURCE = "aws:appsync/dataSource:DataSource";
export const GRAPHQL_DOMAIN = "aws:appsync/domainName:DomainName";
export const GRAPHQL_MAPPING = "aws:appsync/domainNameApiAssociation:DomainNameApiAssociation";
export const APP_RUNNER = "aws:apprunner/service:Service";
export const APP_RUNNER_SCALING = "aws:apprunner/autoScalingConfigurationVersion:AutoScalingConfigurationVersion";

export const EKS_CLUSTER = "aws:eks/cluster:Cluster";
export const EKS_NODE_GROUP = "aws:eks/nodeGroup:NodeGroup";
export const EKS_FARGATE_PROFILE = "aws:eks/fargateProfile:FargateProfile";

export const REPOSITORY = "aws:ecr/repository:Repository";
export const REPLICATION_CONFIGURATION = "aws:ecr/replicationConfiguration:ReplicationConfiguration";
export const SECRET = "aws:secretsmanager/secret:Secret";
export const SECRET_VERSION = "aws:secretsmanager/secretVersion:SecretVersion";
export const PARAMETER = "aws:ssm/parameter:Parameter";
export const KEY = "aws:kms/key:Key";
export const REPLICA_KEY = "aws:kms/replicaKey:ReplicaKey";
export const EXTERNAL_KEY = "aws:kms/externalKey:ExternalKey";
export const REPLICA_EXTERNAL_KEY = "aws:kms/replicaExternalKey:ReplicaExternalKey";
export const KEY_ALIAS = "aws:kms/alias:Alias";

export const RDS_INSTANCE = "aws:rds/instance:Instance";
export const RDS_CLUSTER = "aws:rds/cluster:Cluster";
export const RDS_CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
export const RDS_CLUSTER_ENDPOINT = "aws:rds/clusterEndpoint:ClusterEndpoint";
export const RDS_GLOBAL_CLUSTER = "aws:rds/globalCluster:GlobalCluster";
export const RDS_SUBNET_GROUP = "aws:rds/subnetGroup:SubnetGroup";
export const RDS_BACKUP_REPLICATION = "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication";
export const RDS_PROXY = "aws:rds/proxy:Proxy";
export const RDS_PROXY_ENDPOINT = "aws:rds/proxyEndpoint:ProxyEndpoint";
export const RDS_PROXY_TARGET = "aws:rds/proxyTarget:ProxyTarget";
export const DOCDB_CLUSTER = "aws:docdb/cluster:Cluster";
export const DOCDB_CLUSTER_INSTANCE = "aws:docdb/clusterInstance:ClusterInstance";
export const DOCDB_GLOBAL_CLUSTER = "aws:docdb/globalCluster:GlobalCluster";
export const DOCDB_SUBNET_GROUP = "aws:docdb/subnetGroup:SubnetGroup";
export const NEPTUNE_CLUSTER = "aws:neptune/cluster:Cluster";
export const NEPTUNE_CLUSTER_INSTANCE = "aws:neptune/clusterInstance:ClusterInstance";
export const NEPTUNE_GLOBAL_CLUSTER = "aws:neptune/globalCluster:GlobalCluster";
export const NEPTUNE_SUBNET_GROUP = "aws:neptune/subnetGroup:SubnetGroup";
export const DSQL_CLUSTER = "aws:dsql/cluster:Cluster";
export const DSQL_PEERING = "aws:dsql/clusterPeering:ClusterPeering";
export const TABLE = "aws:dynamodb/table:Table";
export const TABLE_REPLICA = "aws:dynamodb/tableReplica:TableReplica";
export const GLOBAL_TABLE = "aws:dynamodb/globalTable:GlobalTable";
export const KEYSPACE = "aws:keyspaces/keyspace:Keyspace";
export const KEYSPACE_TABLE = "aws:keyspaces/table:Table";
export const BUCKETS = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"] as const;
export const DIRECTORY_BUCKET = "aws:s3/directoryBucket:DirectoryBucket";
export const BUCKET_REPLICATION = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
export const BUCKET_VERSIONINGS = [
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketVersioningV2:BucketVersioningV2",
] as const;
export const BUCKET_PUBLIC_ACCESS = "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock";
export const BUCKET_WEBSITES = [
  "aws:s3/bucketWebsiteConfiguration:BucketWebsiteConfiguration",
  "aws:s3/bucketWebsiteConfigurationV2:BucketWebsiteConfigurationV2",
] as const;
export const CACHE_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
export const CACHE_GLOBAL_GROUP = "aws:elasticache/globalReplicationGroup:GlobalReplicationGroup";
export const CACHE_CLUSTER = "aws:elasticache/cluster:Cluster";
export const CACHE_SERVERLESS = "aws:elasticache/serverlessCache:ServerlessCache";
export const MEMORYDB_CLUSTER = "aws:memorydb/cluster:Cluster";
export const MEMORYDB_MULTI_REGION = "aws:memorydb/multiRegionCluster:MultiRegionCluster";
export const MSK_CLUSTER = "aws:msk/cluster:Cluster";
export const MSK_SERVERLESS = "aws:msk/serverlessCluster:ServerlessCluster";
export const MSK_REPLICATOR = "aws:msk/replicator:Replicator";
export const FILE_SYSTEM = "aws:efs/fileSystem:FileSystem";
export const FILE_SYSTEM_REPLICATION = "aws:efs/replicationConfiguration:ReplicationConfiguration";
export const FILE_SYSTEM_ACCESS_POINT = "aws:efs/accessPoint:AccessPoint";
export const FILE_SYSTEM_BACKUP = "aws:efs/backupPolicy:BackupPolicy";
export const MOUNT_TARGET = "aws:efs/mountTarget:MountTarget";
export const OPENSEARCH_DOMAIN = "aws:opensearch/domain:Domain";
export const QUEUE = "aws:sqs/queue:Queue";
export const TOPIC = "aws:sns/topic:Topic";
export const STREAM = "aws:kinesis/stream:Stream";
export const MQ_BROKER = "aws:mq/broker:Broker";
export const VOLUME = "aws:ebs/volume:Volume";
export const LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup";
export const BACKUP_PLAN = "aws:backup/plan:Plan";
export const BACKUP_SELECTION = "aws:backup/selection:Selection";
export const BACKUP_VAULTS = [
  "aws:backup/vault:Vault",
  "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault",
] as const;
