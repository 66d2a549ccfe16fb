/**
 * Modules of `@pulumi/aws` of which nothing serves, keeps data that something serves from, or is read to start: rights, certificates,
 * accounting, build pipelines, scanners, alarms.
 */
export const NEUTRAL_MODULES: readonly string[] = words(`
  accessanalyzer account acm acmpca amp appautoscaling applicationinsights arczonalshift auditmanager
  autoscalingplans backup billing budgets cfg chatbot cloudtrail codebuild codecommit codeconnections codedeploy
  codepipeline codestarconnections codestarnotifications computeoptimizer costexplorer costoptimizationhub cur
  detective devopsguru dlm fis fms grafana guardduty iam identitystore imagebuilder inspector inspector2
  licensemanager macie2 networkmonitor notifications oam observabilityadmin organizations ram rbin resiliencehub
  resourceexplorer resourcegroups rolesanywhere route53recoveryreadiness rum savingsplans securityhub
  servicequotas shield signer ssmcontacts ssmincidents ssoadmin synthetics waf wafregional wafv2 xray
`);

/**
 * Types that decide nothing by themselves, by module: settings of something else, and what is read together with what it belongs to
 * (a listener with its load balancer, a subnet with what stands in it). Everything that is in neither list and is no kind is named to
 * whoever judges.
 */
export const NEUTRAL_TYPES: Readonly<Record<string, readonly string[]>> = {
  alb: words("listener listenerCertificate listenerRule targetGroup targetGroupAttachment"),
  apigateway: words(`
    account apiKey authorizer basePathMapping clientCertificate deployment documentationPart documentationVersion
    integration integrationResponse method methodResponse methodSettings model requestValidator resource response
    restApiPolicy stage usagePlan usagePlanKey vpcLink
  `),
  apigatewayv2: words(`
    apiMapping authorizer deployment integration integrationResponse model route routeResponse routingRule stage
    vpcLink
  `),
  apprunner: words(`
    autoScalingConfigurationVersion connection customDomainAssociation defaultAutoScalingConfigurationVersion
    deployment observabilityConfiguration vpcConnector
  `),
  appsync: words("apiCache apiKey dataSource domainNameApiAssociation function resolver type"),
  athena: words("database namedQuery preparedStatement workgroup"),
  autoscaling: words("attachment lifecycleHook notification policy schedule tag trafficSourceAttachment"),
  cloudwatch: words(`
    alarmMuteRule compositeAlarm contributorInsightRule dashboard eventPermission eventRule eventTarget
    internetMonitor logAccountPolicy logAnomalyDetector logDataProtectionPolicy logDelivery logDeliveryDestination
    logDeliveryDestinationPolicy logDeliverySource logDestination logDestinationPolicy logIndexPolicy
    logMetricFilter logResourcePolicy logStream logSubscriptionFilter logTransformer metricAlarm metricStream
    queryDefinition
  `),
  docdb: words(`
    clusterInstance clusterParameterGroup clusterSnapshot eventSubscription globalCluster subnetGroup
  `),
  cognito: words("identityPoolRoleAttachment resourceServer userGroup userInGroup userPoolClient"),
  dsql: words("clusterPeering"),
  dynamodb: words(`
    contributorInsights globalSecondaryIndex globalTable kinesisStreamingDestination resourcePolicy tableExport
    tableItem tableReplica tag
  `),
  ebs: words(`
    defaultKmsKey encryptionByDefault fastSnapshotRestore snapshot snapshotBlockPublicAccess snapshotCopy
    snapshotImport
  `),
  ec2: words(`
    ami amiCopy amiFromInstance amiLaunchPermission availabilityZoneGroup capacityReservation defaultNetworkAcl
    defaultRouteTable defaultSecurityGroup defaultSubnet defaultVpc defaultVpcDhcpOptions
    egressOnlyInternetGateway eip eipAssociation eipDomainName flowLog instanceMetadataDefaults internetGateway
    internetGatewayAttachment keyPair launchConfiguration launchTemplate mainRouteTableAssociation
    managedPrefixList managedPrefixListEntry natGateway natGatewayEipAssociation networkAcl networkAclAssociation
    networkAclRule networkInterface networkInterfaceAttachment networkInterfaceSecurityGroupAttachment
    peeringConnectionOptions placementGroup proxyProtocolPolicy route routeTable routeTableAssociation
    securityGroup securityGroupAssociation securityGroupRule serialConsoleAccess subnet subnetCidrReservation tag
    volumeAttachment vpc vpcBlockPublicAccessExclusion vpcBlockPublicAccessOptions vpcDhcpOptions
    vpcDhcpOptionsAssociation vpcEndpoint vpcEndpointPolicy vpcEndpointRouteTableAssociation
    vpcEndpointSubnetAssociation vpcIpam vpcIpamPool vpcIpamPoolCidr vpcIpamPoolCidrAllocation vpcIpamScope
    vpcIpv4CidrBlockAssociation vpcIpv6CidrBlockAssociation vpcPeeringConnection vpcPeeringConnectionAccepter
  `),
  ecr: words(`
    accountSetting lifecyclePolicy pullThroughCacheRule registryPolicy registryScanningConfiguration
    replicationConfiguration repositoryCreationTemplate repositoryPolicy
  `),
  ecs: words(`
    accountSettingDefault capacityProvider cluster clusterCapacityProviders tag taskDefinition taskSet
  `),
  efs: words("accessPoint backupPolicy fileSystemPolicy mountTarget replicationConfiguration"),
  eks: words("accessEntry accessPolicyAssociation addon identityProviderConfig podIdentityAssociation"),
  elasticache: words(`
    globalReplicationGroup parameterGroup reservedCacheNode subnetGroup user userGroup userGroupAssociation
  `),
  elb: words(`
    appCookieStickinessPolicy attachment listenerPolicy loadBalancerBackendServerPolicy
    loadBalancerCookieStickinessPolicy loadBalancerPolicy sslNegotiationPolicy
  `),
  glue: words(`
    catalogDatabase catalogTable classifier connection crawler dataCatalogEncryptionSettings job partition
    partitionIndex resourcePolicy securityConfiguration trigger userDefinedFunction workflow
  `),
  keyspaces: words("keyspace"),
  kinesis: words("resourcePolicy streamConsumer"),
  kms: words("alias ciphertext grant keyPolicy"),
  lambda: words(`
    alias codeSigningConfig eventSourceMapping functionEventInvokeConfig functionRecursionConfig layerVersion
    layerVersionPermission permission provisionedConcurrencyConfig resourcePolicy runtimeManagementConfig
  `),
  lb: words(`
    listener listenerCertificate listenerRule targetGroup targetGroupAttachment trustStore trustStoreRevocation
  `),
  memorydb: words("acl multiRegionCluster parameterGroup snapshot subnetGroup user"),
  mq: words("configuration"),
  msk: words(`
    clusterPolicy configuration replicator scramSecretAssociation singleScramSecretAssociation topic vpcConnection
  `),
  neptune: words(`
    clusterEndpoint clusterInstance clusterParameterGroup clusterSnapshot eventSubscription globalCluster
    parameterGroup subnetGroup
  `),
  opensearch: words(`
    authorizeVpcEndpointAccess domainPolicy domainSamlOptions package packageAssociation vpcEndpoint
  `),
  rds: words(`
    certificate clusterActivityStream clusterEndpoint clusterInstance clusterParameterGroup clusterRoleAssociation
    clusterSnapshot clusterSnapshotCopy eventSubscription globalCluster instanceAutomatedBackupsReplication
    optionGroup parameterGroup proxy proxyDefaultTargetGroup proxyEndpoint proxyTarget reservedInstance
    roleAssociation snapshot snapshotCopy subnetGroup
  `),
  redshift: words("eventSubscription parameterGroup snapshotSchedule snapshotScheduleAssociation subnetGroup"),
  s3: words(`
    accountPublicAccessBlock analyticsConfiguration bucketAccelerateConfiguration bucketAccelerateConfigurationV2
    bucketAcl bucketAclV2 bucketCorsConfiguration bucketCorsConfigurationV2 bucketIntelligentTieringConfiguration
    bucketLifecycleConfiguration bucketLifecycleConfigurationV2 bucketLogging bucketLoggingV2 bucketMetric
    bucketNotification bucketObject bucketObjectLockConfiguration bucketObjectLockConfigurationV2 bucketObjectv2
    bucketOwnershipControls bucketPolicy bucketPublicAccessBlock bucketReplicationConfig
    bucketRequestPaymentConfiguration bucketRequestPaymentConfigurationV2 bucketServerSideEncryptionConfiguration
    bucketServerSideEncryptionConfigurationV2 bucketVersioning bucketVersioningV2 bucketWebsiteConfiguration
    bucketWebsiteConfigurationV2 inventory objectCopy
  `),
  secretsmanager: words("secretPolicy secretRotation secretVersion tag"),
  servicediscovery: words("httpNamespace instance privateDnsNamespace publicDnsNamespace service"),
  sns: words("dataProtectionPolicy platformApplication smsPreferences topicPolicy topicSubscription"),
  sqs: words("queuePolicy redriveAllowPolicy redrivePolicy"),
  ssm: words(`
    activation association defaultPatchBaseline document maintenanceWindow maintenanceWindowTarget
    maintenanceWindowTask patchBaseline patchGroup resourceDataSync serviceSetting
  `),
  vpc: words(`
    endpointPrivateDns endpointServicePrivateDnsVerification securityGroupEgressRule securityGroupIngressRule
    securityGroupVpcAssociation
  `),
};

/** AWS types that are known and are no part of a serving path by themselves. */
export const neutralAwsTypes: readonly RegExp[] = [
  new RegExp(`^aws:(?:${NEUTRAL_MODULES.join("|")})/`),
  ...Object.entries(NEUTRAL_TYPES).map(([module_, names]) => new RegExp(`^aws:${module_}/(?:${names.join("|")}):`)),
];

function words(text: string): string[] {
  return text.split(/\s+/).filter((word) => word !== "");
}
