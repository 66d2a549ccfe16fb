import { ACCOUNT, containerDefinitions } from "./aws-baseline";
import { asText, type Made, type Plant } from "./planted";
import { networkPlants, second } from "./aws-plants-network";

const secretArn = (made: Made): string => asText(made("secret.arn"));
const task = (change: Record<string, unknown>) => (made: Made) => ({
  containerDefinitions: containerDefinitions(secretArn(made), change),
});
const otherVpc = second("other-vpc", "aws:ec2/vpc:Vpc", () => ({ cidrBlock: "10.17.0.0/16" }));

const balancing: Plant[] = [
  {
    row: "aws R4",
    at: "again",
    extra: [
      second("again", "aws:lb/loadBalancer:LoadBalancer", (made) => ({ name: made("balancer.name"), subnets: [] })),
    ],
    message: "ELBv2 Load Balancer ({balancer.name}) already exists",
  },
  {
    row: "aws R4 group",
    at: "again",
    extra: [second("again", "aws:lb/targetGroup:TargetGroup", (made) => ({ name: made("targets.name") }))],
    message: "ELBv2 Target Group ({targets.name}) already exists",
  },
  {
    row: "aws R6",
    at: "balancer",
    change: (made) => ({ subnets: [made("subnet-a.id")] }),
    message: "ValidationError: At least two subnets in two different Availability Zones must be specified",
  },
  {
    row: "aws R7",
    at: "balancer",
    before: { "subnet-c": { availabilityZone: "us-east-2b" } },
    message:
      "InvalidConfigurationRequest: A load balancer cannot be attached to multiple subnets in the same Availability Zone",
  },
  {
    row: "aws R12",
    at: "balancer",
    without: ["log-grant"],
    message:
      "modifying ELBv2 Load Balancer attributes: InvalidConfigurationRequest: Access Denied for bucket: {log-bucket.id}. Please check S3bucket permission",
  },
  {
    row: "aws R12",
    at: "balancer",
    before: { "log-bucket": { region: "us-west-2" } },
    message:
      "modifying ELBv2 Load Balancer attributes: InvalidConfigurationRequest: Access Denied for bucket: {log-bucket.id}. Please check S3bucket permission",
  },
  {
    row: "aws R17",
    at: "targets",
    change: () => ({ healthCheck: { interval: 10, timeout: 10 } }),
    message: "ValidationError: Health check timeout '10' must be smaller than the interval '10'",
  },
  {
    row: "aws R24",
    at: "listener",
    change: () => ({ certificateArn: null }),
    message: "ValidationError: A certificate must be specified for HTTPS listeners",
  },
  {
    row: "aws R26",
    at: "listener",
    change: () => ({ certificateArn: `arn:aws:acm:us-west-2:${ACCOUNT}:certificate/1` }),
    message: `CertificateNotFound: Certificate 'arn:aws:acm:us-west-2:${ACCOUNT}:certificate/1' not found`,
  },
  {
    row: "aws R26 issued",
    at: "listener",
    without: ["validation"],
    message:
      "UnsupportedCertificate: The certificate '{certificate.arn}' must have a fully-qualified domain name, a supported signature, and a supported key size.",
  },
  {
    row: "aws R28",
    at: "listener",
    change: () => ({ mutualAuthentication: { mode: "verify" } }),
    message: "ValidationError: A trust store must be specified when mutual authentication mode is verify",
  },
  {
    row: "aws R28 store",
    at: "listener",
    change: () => ({
      mutualAuthentication: {
        mode: "verify",
        trustStoreArn: "arn:aws:elasticloadbalancing:us-east-2:1:truststore/a/b",
      },
    }),
    message: "TrustStoreNotFound: Trust store 'arn:aws:elasticloadbalancing:us-east-2:1:truststore/a/b' not found",
  },
  {
    row: "aws R28 off",
    at: "listener",
    change: (made) => ({ mutualAuthentication: { mode: "passthrough", trustStoreArn: made("trust.arn") } }),
    message: "ValidationError: A trust store cannot be specified when mutual authentication mode is off or passthrough",
  },
  {
    row: "aws R31",
    at: "again",
    extra: [
      second("again", "aws:lb/listener:Listener", (made) => ({
        loadBalancerArn: made("balancer.arn"),
        port: 443,
        protocol: "HTTP",
      })),
    ],
    message: "DuplicateListener: A listener already exists on this port for this load balancer",
  },
  {
    row: "aws R32",
    at: "trust",
    change: () => ({ caCertificatesBundleS3Key: "elsewhere.pem" }),
    message: "CaCertificatesBundleNotFound: The specified CA certificates bundle was not found",
  },
  {
    row: "aws R80",
    at: "certificate",
    change: () => ({ domainName: "api.example.com." }),
    message: "invalid value for domain_name (cannot end with a period)",
  },
  {
    row: "aws R83",
    at: "validation",
    change: () => ({ validationRecordFqdns: ["_other.api.example.com"] }),
    message: "missing api.example.com DNS validation record: {record.name}",
  },
  {
    row: "aws R83 record",
    at: "validation",
    before: { record: { proxied: true, ttl: 1 } },
    message:
      "waiting for ACM Certificate ({certificate.arn}) to be issued: timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s)",
  },
  {
    row: "aws R83 record",
    at: "validation",
    without: ["record"],
    message:
      "waiting for ACM Certificate ({certificate.arn}) to be issued: timeout while waiting for state to become 'ISSUED' (last state: 'PENDING_VALIDATION', timeout: 1h15m0s)",
  },
];

const compute: Plant[] = [
  {
    row: "aws R37",
    at: "task",
    change: () => ({ memory: null }),
    message: "ClientException: Fargate requires that 'memory' be defined at the task level.",
  },
  {
    row: "aws R38",
    at: "task",
    change: () => ({ memory: "1024" }),
    message: "ClientException: No Fargate configuration exists for given values.",
  },
  {
    row: "aws R39",
    at: "task",
    change: () => ({ networkMode: "bridge" }),
    message: "ClientException: Fargate only supports network mode ‘awsvpc’.",
  },
  {
    row: "aws R40",
    at: "task",
    change: task({ portMappings: [{ containerPort: 8080, hostPort: 80 }] }),
    message:
      "ClientException: When networkMode=awsvpc, the host ports and container ports in port mappings must match.",
  },
  {
    row: "aws R43",
    at: "task",
    change: task({
      logConfiguration: {
        logDriver: "awslogs",
        options: { "awslogs-group": "exchange", "awslogs-region": "us-east-2" },
      },
    }),
    message:
      "ClientException: Log driver awslogs requires options: awslogs-group, awslogs-region, awslogs-stream-prefix",
  },
  {
    row: "aws R44",
    at: "task",
    change: () => ({ executionRoleArn: null }),
    message:
      "ClientException: Fargate requires task definition to have execution role ARN to support log driver awslogs.",
  },
  {
    row: "aws R47",
    at: "task",
    change: task({ stopTimeout: 121 }),
    message: "ClientException: Fargate tasks support a maximum stopTimeout of 120 seconds.",
  },
  {
    row: "aws R48",
    at: "task",
    change: task({ environment: [{ name: "JOURNAL_TOKEN", value: "" }] }),
    message:
      "ClientException: The secret name must be unique and not shared with any new or existing environment variables set on the container.",
  },
  {
    row: "aws R50",
    at: "service",
    settings: { missingImages: [`${ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/exchange@sha256:${"0".repeat(64)}`] },
    message: `waiting for ECS Service to reach a steady state: tasks failed to start: CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref ${ACCOUNT}.dkr.ecr.us-east-2.amazonaws.com/exchange@sha256:${"0".repeat(64)}`,
  },
  {
    row: "aws R50 secret",
    at: "service",
    without: ["secret-version"],
    message:
      "waiting for ECS Service to reach a steady state: tasks failed to start: ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret {secret.arn}",
  },
  {
    row: "aws R52",
    at: "service",
    without: ["listener"],
    message:
      "InvalidParameterException: The target group with targetGroupArn {targets.arn} does not have an associated load balancer.",
  },
  {
    row: "aws R53",
    at: "service",
    before: { targets: { targetType: "instance" } },
    message:
      "InvalidParameterException: The provided target group {targets.arn} has target type instance, which is incompatible with the awsvpc network mode specified in the task definition.",
  },
  {
    row: "aws R54",
    at: "service",
    change: (made) => ({
      loadBalancers: [{ targetGroupArn: made("targets.arn"), containerName: "api", containerPort: 8080 }],
    }),
    message: "InvalidParameterException: The container api does not exist in the task definition.",
  },
  {
    row: "aws R54",
    at: "service",
    change: (made) => ({
      loadBalancers: [{ targetGroupArn: made("targets.arn"), containerName: "exchange", containerPort: 80 }],
    }),
    message: "InvalidParameterException: The container exchange did not have a container port 80 defined.",
  },
  {
    row: "aws R55",
    at: "service",
    change: () => ({ networkConfiguration: null }),
    message:
      "InvalidParameterException: Network Configuration must be provided when networkMode 'awsvpc' is specified.",
  },
  {
    row: "aws R56",
    at: "service",
    change: () => ({ deploymentMaximumPercent: 100 }),
    message: "InvalidParameterException: The maximumPercent must be above the minimumHealthyPercent",
  },
  {
    row: "aws R63",
    at: "scaling",
    change: () => ({ resourceId: "service/other/exchange" }),
    message: "ValidationException: ECS service doesn't exist: service/other/exchange",
  },
  {
    row: "aws R64",
    at: "scaling",
    change: () => ({ maxCapacity: 2 }),
    message: "ValidationException: Maximum capacity cannot be less than minimum capacity",
  },
  {
    row: "aws R65",
    at: "scaling-policy",
    change: () => ({ resourceId: "service/other/exchange" }),
    message:
      "ObjectNotFoundException: No scalable target registered for service namespace: ecs, resource ID: service/other/exchange",
  },
];

const account: Plant[] = [
  {
    row: "aws R88",
    at: "secret",
    change: () => ({ recoveryWindowInDays: 3 }),
    message: "expected recovery_window_in_days to be in the range (7 - 30), got 3",
  },
  {
    row: "aws R92",
    at: "logs",
    before: { key: { policy: "{}" } },
    message: `InvalidParameterException: The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:us-east-2:${ACCOUNT}:log-group:exchange'`,
  },
  {
    row: "aws R93",
    at: "key",
    change: () => ({ deletionWindowInDays: 5 }),
    message: "expected deletion_window_in_days to be in the range (7 - 30), got 5",
  },
  {
    row: "aws R95",
    at: "again",
    extra: [second("again", "aws:iam/role:Role", () => ({ name: "EXECUTION-us-east-2" }))],
    message: "EntityAlreadyExists: Role with name EXECUTION-us-east-2 already exists.",
  },
  {
    row: "aws R96",
    at: "execution-policy",
    change: () => ({ policy: "x".repeat(10_241) }),
    message: "LimitExceeded: Maximum policy size of 10240 bytes exceeded for role execution-us-east-2",
  },
  {
    row: "aws R96 managed",
    at: "deploy-policy",
    change: () => ({ policy: "x".repeat(6145) }),
    message: "LimitExceeded: Cannot exceed quota for PolicySize: 6144",
  },
  {
    row: "aws R97 missing",
    at: "log-grant",
    change: () => ({ bucket: "elsewhere" }),
    message: "NoSuchBucket: The specified bucket does not exist: elsewhere",
  },
  {
    row: "aws R97 acl",
    at: "log-bucket",
    change: () => ({ bucket: "Exchange" }),
    message: "invalid value for bucket (only lowercase alphanumeric characters and hyphens allowed): Exchange",
  },
];

const deletes: Plant[] = [
  {
    row: "aws R13",
    at: "balancer",
    before: { balancer: { enableDeletionProtection: true } },
    deleted: true,
    message:
      "OperationNotPermitted: Load balancer '{balancer.arn}' cannot be deleted because deletion protection is enabled",
  },
  {
    row: "aws R34",
    at: "targets",
    deleted: true,
    message: "ResourceInUse: Target group '{targets.arn}' is currently in use by a listener or a rule",
  },
  {
    row: "aws R34 store",
    at: "trust",
    deleted: true,
    message: "TrustStoreInUse: Trust store '{trust.arn}' is currently in use by a listener",
  },
  {
    row: "aws R62",
    at: "cluster",
    deleted: true,
    message: "ClusterContainsServicesException: The Cluster cannot be deleted while Services are active.",
  },
  {
    row: "aws R75",
    at: "task-group",
    deleted: true,
    message: "DependencyViolation: resource {task-group.id} has a dependent object",
  },
  {
    row: "aws R84",
    at: "certificate",
    deleted: true,
    message: "ResourceInUseException: Certificate {certificate.arn} in account is in use.",
  },
  {
    row: "aws R87",
    at: "repository",
    deleted: true,
    message: "ECR Repository (exchange) not empty, consider using force_delete: RepositoryNotEmptyException",
  },
  {
    row: "aws R97",
    at: "log-bucket",
    deleted: true,
    message: "BucketNotEmpty: The bucket you tried to delete is not empty: {log-bucket.id}",
  },
  {
    row: "aws delete vpc",
    at: "vpc",
    deleted: true,
    message: "DependencyViolation: The vpc '{vpc.id}' has dependencies and cannot be deleted.",
  },
  {
    row: "aws delete subnet",
    at: "subnet-a",
    deleted: true,
    message: "DependencyViolation: The subnet '{subnet-a.id}' has dependencies and cannot be deleted.",
  },
  {
    row: "aws delete gateway",
    at: "gateway",
    deleted: true,
    message:
      "DependencyViolation: Network {vpc.id} has some mapped public address(es). Please unmap those public address(es) before detaching the gateway.",
  },
  {
    row: "aws delete address",
    at: "address",
    deleted: true,
    message: "InvalidIPAddress.InUse: Address {address.id} is in use.",
  },
  {
    row: "aws delete list",
    at: "edge-ranges",
    deleted: true,
    message: "DependencyViolation: The prefix list '{edge-ranges.id}' is referenced by other resources.",
  },
  {
    row: "aws delete role",
    at: "execution-role",
    deleted: true,
    message: "DeleteConflict: Cannot delete entity, must delete policies first.",
  },
  {
    row: "aws R96 attached",
    at: "deploy-policy",
    deleted: true,
    message: "DeleteConflict: Cannot delete a policy attached to entities.",
  },
];

const order: Plant[] = [
  {
    row: "aws R8",
    at: "balancer",
    without: ["gateway", "default-route", "nat"],
    message: "InvalidSubnet: VPC {vpc.id} has no internet gateway",
  },
  {
    row: "aws R71",
    at: "nat",
    without: ["gateway", "default-route"],
    message:
      "waiting for EC2 NAT Gateway create: unexpected state 'failed', wanted target 'available'. last error: Gateway.NotAttached: Network {vpc.id} has no Internet gateway attached",
  },
  {
    row: "aws R11",
    at: "balancer",
    extra: [
      otherVpc,
      second("other-group", "aws:ec2/securityGroup:SecurityGroup", (made) => ({ vpcId: made("other-vpc.id") })),
    ],
    change: (made) => ({ securityGroups: [made("other-group.id")] }),
    message: "InvalidConfigurationRequest: One or more security groups are invalid: {other-group.id}",
  },
  {
    row: "aws R23",
    at: "listener",
    extra: [
      otherVpc,
      second("other-targets", "aws:lb/targetGroup:TargetGroup", (made) => ({
        vpcId: made("other-vpc.id"),
        targetType: "ip",
      })),
    ],
    change: (made) => ({ defaultActions: [{ type: "forward", targetGroupArn: made("other-targets.arn") }] }),
    message:
      "InvalidConfigurationRequest: The target group '{other-targets.arn}' is not in the VPC of the load balancer",
  },
  {
    row: "aws R23 twice",
    at: "again",
    extra: [
      second("other-balancer", "aws:lb/loadBalancer:LoadBalancer", (made) => ({
        subnets: [made("subnet-a.id"), made("subnet-b.id")],
      })),
      second("again", "aws:lb/listener:Listener", (made) => ({
        loadBalancerArn: made("other-balancer.arn"),
        port: 80,
        protocol: "HTTP",
        defaultActions: [{ type: "forward", targetGroupArn: made("targets.arn") }],
      })),
    ],
    message:
      "TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load balancer: {targets.arn}",
  },
];

/** One mistake for each row of the AWS table, some rows with two. */
export const plants: Plant[] = [...networkPlants, ...balancing, ...compute, ...account, ...deletes, ...order];
