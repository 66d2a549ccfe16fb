import type { Step } from "./planted";

/** The account whose credentials the twin's provider is thought to hold. */
export const ACCOUNT = "123456789012";
const zones = ["a", "b", "c"];
const text = (value: unknown): string => String(value);

/** Containers of the baseline's task, as the JSON that ECS takes. */
export function containerDefinitions(secretArn: string, change: Record<string, unknown> = {}): string {
  const container = {
    name: "exchange",
    image: `${ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/exchange@sha256:${"0".repeat(64)}`,
    essential: true,
    portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: "tcp" }],
    environment: [{ name: "PORT", value: "8080" }],
    secrets: [{ name: "JOURNAL_TOKEN", valueFrom: secretArn }],
    stopTimeout: 120,
    logConfiguration: {
      logDriver: "awslogs",
      options: { "awslogs-group": "exchange", "awslogs-region": "us-east-2", "awslogs-stream-prefix": "exchange" },
    },
  };
  return JSON.stringify([{ ...container, ...change }]);
}

/** A region that AWS takes as a whole, in the order in which it must be made. */
export const baseline: Step[] = [
  {
    name: "vpc",
    type: "aws:ec2/vpc:Vpc",
    inputs: () => ({ cidrBlock: "10.16.0.0/16", enableDnsHostnames: true, enableDnsSupport: true }),
  },
  { name: "gateway", type: "aws:ec2/internetGateway:InternetGateway", inputs: (made) => ({ vpcId: made("vpc.id") }) },
  ...zones.map((zone, index): Step => ({
    name: `subnet-${zone}`,
    type: "aws:ec2/subnet:Subnet",
    inputs: (made) => ({
      vpcId: made("vpc.id"),
      cidrBlock: `10.16.${String(index)}.0/24`,
      availabilityZone: `us-east-2${zone}`,
    }),
  })),
  { name: "routes", type: "aws:ec2/routeTable:RouteTable", inputs: (made) => ({ vpcId: made("vpc.id") }) },
  {
    name: "default-route",
    type: "aws:ec2/route:Route",
    inputs: (made) => ({
      routeTableId: made("routes.id"),
      destinationCidrBlock: "0.0.0.0/0",
      gatewayId: made("gateway.id"),
    }),
  },
  { name: "address", type: "aws:ec2/eip:Eip", inputs: () => ({ domain: "vpc" }) },
  {
    name: "nat",
    type: "aws:ec2/natGateway:NatGateway",
    inputs: (made) => ({ subnetId: made("subnet-a.id"), allocationId: made("address.id") }),
  },
  {
    name: "edge-ranges",
    type: "aws:ec2/managedPrefixList:ManagedPrefixList",
    inputs: () => ({ addressFamily: "IPv4", maxEntries: 20, entries: [{ cidr: "173.245.48.0/20" }] }),
  },
  {
    name: "entry-group",
    type: "aws:ec2/securityGroup:SecurityGroup",
    inputs: (made) => ({ vpcId: made("vpc.id"), description: "entry" }),
  },
  {
    name: "task-group",
    type: "aws:ec2/securityGroup:SecurityGroup",
    inputs: (made) => ({ vpcId: made("vpc.id"), description: "tasks" }),
  },
  {
    name: "entry-rule",
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    inputs: (made) => ({
      securityGroupId: made("entry-group.id"),
      prefixListId: made("edge-ranges.id"),
      ipProtocol: "tcp",
      fromPort: 443,
      toPort: 443,
    }),
  },
  {
    name: "task-rule",
    type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    inputs: (made) => ({
      securityGroupId: made("task-group.id"),
      referencedSecurityGroupId: made("entry-group.id"),
      ipProtocol: "tcp",
      fromPort: 8080,
      toPort: 8080,
    }),
  },
  {
    name: "endpoint",
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    inputs: (made) => ({
      vpcId: made("vpc.id"),
      serviceName: "com.amazonaws.us-east-2.ecr.api",
      vpcEndpointType: "Interface",
      privateDnsEnabled: true,
      subnetIds: [made("subnet-a.id")],
    }),
  },
  {
    name: "key",
    type: "aws:kms/key:Key",
    inputs: () => ({
      deletionWindowInDays: 30,
      policy: JSON.stringify({ Statement: [{ Principal: { Service: "logs.us-east-2.amazonaws.com" } }] }),
    }),
  },
  {
    name: "logs",
    type: "aws:cloudwatch/logGroup:LogGroup",
    inputs: (made) => ({ name: "exchange", kmsKeyId: made("key.arn") }),
  },
  { name: "log-bucket", type: "aws:s3/bucket:Bucket", inputs: () => ({}) },
  {
    name: "log-grant",
    type: "aws:s3/bucketPolicy:BucketPolicy",
    inputs: (made) => ({
      bucket: made("log-bucket.id"),
      policy: JSON.stringify({
        Statement: [
          {
            Principal: { Service: "logdelivery.elasticloadbalancing.amazonaws.com" },
            Action: "s3:PutObject",
            Resource: `arn:aws:s3:::${text(made("log-bucket.id"))}/alb/AWSLogs/${ACCOUNT}/*`,
          },
        ],
      }),
    }),
  },
  {
    name: "balancer",
    type: "aws:lb/loadBalancer:LoadBalancer",
    inputs: (made) => ({
      subnets: zones.map((zone) => made(`subnet-${zone}.id`)),
      securityGroups: [made("entry-group.id")],
      enableDeletionProtection: false,
      accessLogs: { enabled: true, bucket: made("log-bucket.id"), prefix: "alb" },
    }),
  },
  {
    name: "targets",
    type: "aws:lb/targetGroup:TargetGroup",
    inputs: (made) => ({
      vpcId: made("vpc.id"),
      port: 8080,
      protocol: "HTTP",
      targetType: "ip",
      healthCheck: { interval: 10, timeout: 5 },
    }),
  },
  {
    name: "certificate",
    type: "aws:acm/certificate:Certificate",
    inputs: () => ({ domainName: "api.example.com", validationMethod: "DNS" }),
  },
  {
    name: "record",
    type: "cloudflare:index/dnsRecord:DnsRecord",
    inputs: (made) => ({
      zoneId: "z".repeat(32),
      name: text(made("certificate.domainValidationOptions[0].resourceRecordName")).replace(/\.$/, ""),
      content: text(made("certificate.domainValidationOptions[0].resourceRecordValue")).replace(/\.$/, ""),
      type: "CNAME",
      ttl: 60,
      proxied: false,
    }),
  },
  {
    name: "validation",
    type: "aws:acm/certificateValidation:CertificateValidation",
    inputs: (made) => ({
      certificateArn: made("certificate.arn"),
      validationRecordFqdns: [text(made("certificate.domainValidationOptions[0].resourceRecordName"))],
    }),
  },
  {
    name: "bundle",
    type: "aws:s3/bucketObjectv2:BucketObjectv2",
    inputs: (made) => ({ bucket: made("log-bucket.id"), key: "authorities.pem", content: "PEM" }),
  },
  {
    name: "trust",
    type: "aws:lb/trustStore:TrustStore",
    inputs: (made) => ({
      caCertificatesBundleS3Bucket: made("log-bucket.id"),
      caCertificatesBundleS3Key: "authorities.pem",
    }),
  },
  {
    name: "listener",
    type: "aws:lb/listener:Listener",
    inputs: (made) => ({
      loadBalancerArn: made("balancer.arn"),
      port: 443,
      protocol: "HTTPS",
      certificateArn: made("certificate.arn"),
      mutualAuthentication: { mode: "verify", trustStoreArn: made("trust.arn") },
      defaultActions: [{ type: "forward", targetGroupArn: made("targets.arn") }],
    }),
  },
  { name: "repository", type: "aws:ecr/repository:Repository", inputs: () => ({ name: "exchange" }) },
  {
    name: "secret",
    type: "aws:secretsmanager/secret:Secret",
    inputs: () => ({ name: "journal-token", recoveryWindowInDays: 30 }),
  },
  {
    name: "secret-version",
    type: "aws:secretsmanager/secretVersion:SecretVersion",
    inputs: (made) => ({ secretId: made("secret.id"), secretString: "hidden" }),
  },
  {
    name: "execution-role",
    type: "aws:iam/role:Role",
    inputs: () => ({ name: "execution-us-east-2", assumeRolePolicy: "{}" }),
  },
  {
    name: "execution-policy",
    type: "aws:iam/rolePolicy:RolePolicy",
    inputs: (made) => ({ role: made("execution-role.id"), policy: "{}" }),
  },
  { name: "deploy-policy", type: "aws:iam/policy:Policy", inputs: () => ({ policy: "{}" }) },
  {
    name: "deploy-attachment",
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    inputs: (made) => ({ role: made("execution-role.id"), policyArn: made("deploy-policy.arn") }),
  },
  { name: "cluster", type: "aws:ecs/cluster:Cluster", inputs: () => ({}) },
  {
    name: "task",
    type: "aws:ecs/taskDefinition:TaskDefinition",
    inputs: (made) => ({
      family: "exchange",
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      cpu: "1024",
      memory: "2048",
      executionRoleArn: made("execution-role.arn"),
      containerDefinitions: containerDefinitions(text(made("secret.arn"))),
    }),
  },
  {
    name: "service",
    type: "aws:ecs/service:Service",
    inputs: (made) => ({
      cluster: made("cluster.arn"),
      taskDefinition: made("task.arn"),
      launchType: "FARGATE",
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      networkConfiguration: { subnets: [made("subnet-a.id")], securityGroups: [made("task-group.id")] },
      loadBalancers: [{ targetGroupArn: made("targets.arn"), containerName: "exchange", containerPort: 8080 }],
    }),
  },
  {
    name: "scaling",
    type: "aws:appautoscaling/target:Target",
    inputs: (made) => ({
      resourceId: text(made("service.id")).replace(/^.*:service/, "service"),
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      minCapacity: 3,
      maxCapacity: 9,
    }),
  },
  {
    name: "scaling-policy",
    type: "aws:appautoscaling/policy:Policy",
    inputs: (made) => ({ resourceId: made("scaling.id"), policyType: "TargetTrackingScaling" }),
  },
];
