/** Mistakes inside of a region: the way in, what answers, what that reads, the voters, the stores. */
import type { Json } from "../../resilience/values";
import type { Row } from "./mutant";
import { inSibling } from "./siblings";

const AWS_BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const TARGETS = "aws:lb/targetGroup:TargetGroup";
const LISTENER = "aws:lb/listener:Listener";
const OPENING = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const SERVICE = "aws:ecs/service:Service";
const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const SCALING = "aws:appautoscaling/target:Target";
const RUN = "gcp:cloudrunv2/service:Service";
const BACKEND = "gcp:compute/regionBackendService:RegionBackendService";
const ARMOR = "gcp:compute/regionSecurityPolicy:RegionSecurityPolicy";
const RULE = "gcp:compute/forwardingRule:ForwardingRule";
const TLS = "gcp:compute/regionSslPolicy:RegionSslPolicy";
const CLIENTS = "gcp:networksecurity/serverTlsPolicy:ServerTlsPolicy";
const PROXY = "gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy";
const NEG = "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup";
const MACHINE = "aws:ec2/instance:Instance";
const GROUP = "aws:ec2/placementGroup:PlacementGroup";
const RDS = "aws:rds/instance:Instance";
const SQL = "gcp:sql/databaseInstance:DatabaseInstance";
const SECRET = "gcp:secretmanager/secret:Secret";

const sibling = (before: Json | undefined): Json | undefined =>
  typeof before === "string" ? (inSibling(before) ?? before) : before;
const firstOnly = (before: Json | undefined): Json | undefined => (Array.isArray(before) ? before.slice(0, 1) : before);

/** See above. */
export const regionRows: readonly Row[] = [
  { operator: "remove", type: AWS_BALANCER, of: /us-west-2/, path: "region", to: undefined },
  { operator: "remove", type: SERVICE, of: /us-west-2/, path: "region", to: undefined },
  { operator: "mis-name", type: RUN, of: /us-east4/, path: "location", to: "us-esat4" },
  { operator: "disable", type: AWS_BALANCER, path: "internal", to: true, every: true },
  { operator: "weaken", type: AWS_BALANCER, path: "enableDeletionProtection", to: false, every: true, on: "raw" },
  {
    operator: "weaken",
    type: AWS_BALANCER,
    path: "enableDeletionProtection",
    to: false,
    on: "prod",
    harmless: "the engine's own protection (protect) still asks for a second step",
  },
  { operator: "disable", type: AWS_BALANCER, path: "accessLogs.enabled", to: false, every: true },
  { operator: "remove", type: AWS_BALANCER, path: "accessLogs", to: undefined },
  { operator: "mis-size", type: AWS_BALANCER, path: "subnets", to: firstOnly, every: true, on: "raw" },
  {
    operator: "weaken",
    type: AWS_BALANCER,
    path: "dropInvalidHeaderFields",
    to: false,
    harmless: "requests are read more loosely; no failure domain takes more for it",
  },
  {
    operator: "mis-size",
    type: AWS_BALANCER,
    path: "idleTimeout",
    to: 1,
    on: "prod",
    harmless: "slow answers are cut off, in every region at all times: a load test finds it, no outage does",
  },
  {
    operator: "remove",
    type: AWS_BALANCER,
    path: "securityGroups",
    to: undefined,
    harmless: "AWS gives it the default group of its network, which lets in nobody: it is seen with the first request",
  },

  { operator: "weaken", type: TARGETS, path: "healthCheck.path", to: "/healthz/region", every: true },
  { operator: "weaken", type: TARGETS, path: "healthCheck.path", to: "/" },
  { operator: "weaken", type: TARGETS, path: "healthCheck.matcher", to: "200-499", every: true },
  {
    operator: "disable",
    type: TARGETS,
    path: "healthCheck.enabled",
    to: false,
    harmless: "AWS refuses it: nothing is made",
  },
  { operator: "remove", type: TARGETS, path: "healthCheck", to: undefined },
  {
    operator: "weaken",
    type: TARGETS,
    path: "healthCheck.protocol",
    to: "TCP",
    harmless: "AWS refuses it: nothing is made",
  },

  { operator: "weaken", type: LISTENER, path: "protocol", to: "HTTP" },
  { operator: "weaken", type: LISTENER, path: "sslPolicy", to: "ELBSecurityPolicy-2016-08", every: true },
  { operator: "disable", type: LISTENER, path: "mutualAuthentication.mode", to: "off", every: true },
  { operator: "weaken", type: LISTENER, path: "mutualAuthentication.mode", to: "passthrough" },
  { operator: "remove", type: LISTENER, path: "mutualAuthentication", to: undefined },
  { operator: "remove", type: LISTENER, path: "defaultActions", to: [] },
  {
    operator: "disable",
    type: LISTENER,
    path: "defaultActions",
    to: [{ type: "fixed-response", fixedResponse: { statusCode: "503", contentType: "text/plain" } }],
    every: true,
  },
  {
    operator: "mis-name",
    type: LISTENER,
    path: "defaultActions[0].targetGroupArn",
    to: "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/other/0123456789abcdef",
  },
  {
    operator: "mis-name",
    type: LISTENER,
    path: "loadBalancerArn",
    to: "arn:aws:elasticloadbalancing:us-east-2:123456789012:loadbalancer/app/other/0123456789abcdef",
    every: true,
  },

  {
    operator: "weaken",
    type: OPENING,
    of: /lb-from-edge|-lb-/,
    path: "prefixListId",
    to: undefined,
    harmless: "a rule without a source is refused by AWS; nothing is open for it",
  },

  {
    operator: "mis-size",
    type: SERVICE,
    path: "desiredCount",
    to: 0,
    on: "raw",
    harmless: "the scaling target's minimum of 12 overrides it, at once and for good",
  },
  {
    operator: "mis-size",
    type: SERVICE,
    path: "desiredCount",
    to: 1,
    on: "raw",
    harmless: "the scaling target's minimum of 12 overrides it, at once and for good",
  },
  { operator: "weaken", type: SERVICE, path: "deploymentMinimumHealthyPercent", to: 0, every: true },
  { operator: "weaken", type: SERVICE, path: "deploymentMinimumHealthyPercent", to: 50 },
  { operator: "disable", type: SERVICE, path: "deploymentCircuitBreaker.enable", to: false, every: true, on: "raw" },
  {
    operator: "disable",
    type: SERVICE,
    path: "deploymentCircuitBreaker.enable",
    to: false,
    on: "prod",
    harmless: "deployment alarms take a failing rollout back as well",
  },
  {
    operator: "weaken",
    type: SERVICE,
    path: "deploymentCircuitBreaker.rollback",
    to: false,
    harmless: "a rollout that fails still stops, and what ran before runs on beside it",
  },
  { operator: "remove", type: SERVICE, path: "deploymentCircuitBreaker", to: undefined, on: "raw" },
  {
    operator: "remove",
    type: SERVICE,
    path: "deploymentCircuitBreaker",
    to: undefined,
    on: "prod",
    harmless: "deployment alarms take a failing rollout back as well",
  },
  { operator: "weaken", type: SERVICE, path: "waitForSteadyState", to: false },
  { operator: "remove", type: SERVICE, path: "waitForSteadyState", to: undefined },
  { operator: "mis-size", type: SERVICE, path: "networkConfiguration.subnets", to: firstOnly, every: true, on: "raw" },
  { operator: "remove", type: SERVICE, path: "loadBalancers", to: [], every: true },
  { operator: "weaken", type: SERVICE, path: "launchType", to: "EC2" },
  { operator: "mis-name", type: SERVICE, path: "taskDefinition", to: "other:1" },
  {
    operator: "mis-name",
    type: SERVICE,
    path: "loadBalancers[0].targetGroupArn",
    to: "arn:aws:elasticloadbalancing:us-east-2:123456789012:targetgroup/other/0123456789abcdef",
  },
  { operator: "mis-name", type: TASK, path: "containerDefinitions", to: "[]" },
  {
    operator: "mis-name",
    type: TASK,
    path: "containerDefinitions",
    to: '[{"name":"api","image":"docker.io/example/exchange:1"}]',
  },
  {
    operator: "move",
    type: TASK,
    path: "containerDefinitions",
    to: '[{"name":"api","image":"123456789012.dkr.ecr.us-west-2.amazonaws.com/exchange:1"}]',
    of: /us-east-2/,
  },
  {
    operator: "share",
    type: TASK,
    path: "containerDefinitions",
    to: '[{"name":"api","image":"123456789012.dkr.ecr.us-east-2.amazonaws.com/exchange:1","environment":[{"name":"QUEUE_URL","value":"https://sqs.us-west-2.amazonaws.com/123456789012/orders"}]}]',
    of: /us-east-2/,
  },
  {
    operator: "share",
    type: TASK,
    path: "containerDefinitions",
    to: '[{"name":"api","image":"123456789012.dkr.ecr.us-east-2.amazonaws.com/exchange:1","secrets":[{"name":"KEY","valueFrom":"arn:aws:secretsmanager:us-west-2:123456789012:secret:shared"}]}]',
    of: /us-east-2/,
  },
  {
    operator: "weaken",
    type: TASK,
    path: "containerDefinitions",
    to: '[{"name":"api","image":"123456789012.dkr.ecr.us-east-2.amazonaws.com/exchange:1","environment":[{"name":"ROLE_HOST","value":"https://iam.amazonaws.com/"}]}]',
    of: /us-east-2/,
  },
  { operator: "mis-size", type: SCALING, path: "minCapacity", to: 0, every: true },
  { operator: "mis-size", type: SCALING, path: "minCapacity", to: 1, every: true },
  { operator: "mis-size", type: SCALING, path: "minCapacity", to: 2 },
  { operator: "mis-size", type: SCALING, path: "minCapacity", to: 9 },
  { operator: "mis-size", type: SCALING, path: "maxCapacity", to: 4, every: true },
  { operator: "remove", type: SCALING, path: "minCapacity", to: undefined },

  { operator: "mis-size", type: RUN, path: "scaling.minInstanceCount", to: 0, every: true },
  { operator: "mis-size", type: RUN, path: "scaling.minInstanceCount", to: 1, every: true },
  { operator: "mis-size", type: RUN, path: "scaling.minInstanceCount", to: 9 },
  { operator: "remove", type: RUN, path: "scaling", to: undefined },
  { operator: "mis-size", type: RUN, path: "scaling.maxInstanceCount", to: 4, every: true },
  { operator: "mis-size", type: RUN, path: "template.scaling.maxInstanceCount", to: 4, on: "raw" },
  { operator: "weaken", type: RUN, path: "ingress", to: "INGRESS_TRAFFIC_ALL", every: true, on: "raw" },
  {
    operator: "weaken",
    type: RUN,
    path: "ingress",
    to: "INGRESS_TRAFFIC_ALL",
    on: "prod",
    harmless: "its own address is switched off (defaultUriDisabled): there is no way around the balancer",
  },
  { operator: "disable", type: RUN, path: "ingress", to: "INGRESS_TRAFFIC_INTERNAL_ONLY", every: true },
  {
    operator: "disable",
    type: RUN,
    path: "invokerIamDisabled",
    to: false,
    every: true,
    harmless:
      "who may call it is often granted outside of the program; where nobody is, each answer is 403 from the first minute",
  },
  {
    operator: "weaken",
    type: RUN,
    path: "deletionProtection",
    to: false,
    harmless: "a service that is deleted by mistake is made again by the next update; what it holds is nothing",
  },
  { operator: "move", type: RUN, path: "template.containers[0].image", to: sibling, every: true },
  {
    operator: "mis-name",
    type: RUN,
    path: "template.containers[0].image",
    to: "docker.io/example/exchange:1",
    every: true,
  },
  {
    operator: "share",
    type: RUN,
    path: "template.containers[0].envs[0].value",
    to: "https://us-east4-pubsub.googleapis.com/",
    of: /us-central1/,
  },
  {
    operator: "share",
    type: RUN,
    path: "template.containers[0].envs[0].value",
    to: "https://sqs.us-east-2.amazonaws.com/123456789012/orders",
    of: /us-central1/,
  },
  {
    operator: "weaken",
    type: RUN,
    path: "template.containers[0].envs[0].value",
    to: "https://route53.amazonaws.com/",
    of: /us-central1/,
  },
  { operator: "move", type: SECRET, path: "replication.userManaged.replicas[0].location", to: sibling, every: true },
  {
    operator: "remove",
    type: SECRET,
    path: "replication",
    to: { auto: {} },
    harmless: "Google keeps a secret with automatic replication in several regions: it outlives each",
  },

  { operator: "remove", type: BACKEND, path: "backends", to: [], every: true },
  { operator: "mis-size", type: BACKEND, path: "backends[0].capacityScaler", to: 0, every: true },
  { operator: "remove", type: BACKEND, path: "securityPolicy", to: undefined, every: true },
  { operator: "disable", type: BACKEND, path: "logConfig.enable", to: false, every: true },
  { operator: "remove", type: BACKEND, path: "logConfig", to: undefined },
  {
    operator: "mis-name",
    type: BACKEND,
    path: "backends[0].group",
    to: "projects/other/regions/us-central1/networkEndpointGroups/other",
  },
  { operator: "disable", type: RULE, path: "loadBalancingScheme", to: "INTERNAL_MANAGED", every: true },
  {
    operator: "mis-name",
    type: RULE,
    path: "target",
    to: "projects/other/regions/us-central1/targetHttpsProxies/other",
  },
  { operator: "remove", type: RULE, path: "target", to: undefined },
  { operator: "mis-name", type: RULE, path: "ipAddress", to: "203.0.113.77", every: true, on: "raw" },
  {
    operator: "mis-name",
    type: RULE,
    path: "ipAddress",
    to: "203.0.113.77",
    on: "prod",
    harmless:
      "in a plan the pool's address depends on the rule as well as on the reserved address: which of them it is, is known after an update",
  },
  {
    operator: "weaken",
    type: RULE,
    path: "allPorts",
    to: true,
    harmless: "a balancer of HTTP listens on its own port alone, whatever this says",
  },
  {
    operator: "weaken",
    type: TLS,
    path: "minTlsVersion",
    to: "TLS_1_0",
    every: true,
    harmless: "the profile RESTRICTED has no cipher older than TLS 1.2, whatever the lowest version says",
  },
  {
    operator: "weaken",
    type: TLS,
    path: "profile",
    to: "COMPATIBLE",
    harmless: "the lowest version is TLS 1.2 all the same",
  },
  { operator: "remove", type: PROXY, path: "sslPolicy", to: undefined },
  { operator: "remove", type: PROXY, path: "serverTlsPolicy", to: undefined, every: true },
  { operator: "weaken", type: TLS, path: "", to: { minTlsVersion: "TLS_1_0", profile: "COMPATIBLE" }, every: true },
  {
    operator: "weaken",
    type: CLIENTS,
    path: "mtlsPolicy.clientValidationMode",
    to: "ALLOW_INVALID_OR_MISSING_CLIENT_CERT",
    every: true,
  },
  { operator: "mis-name", type: NEG, path: "cloudRun.service", to: "other" },
  {
    operator: "disable",
    type: ARMOR,
    path: "rules",
    to: [
      { action: "allow", priority: 2147483647, match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ["*"] } } },
    ],
    every: true,
  },
  { operator: "remove", type: ARMOR, path: "rules", to: [] },

  {
    operator: "share",
    type: GROUP,
    path: "strategy",
    to: "cluster",
    harmless: "each of the two groups holds a single voter: nothing is packed together",
  },
  { operator: "remove", type: MACHINE, of: /us-west-2-journal/, path: "tags", to: {} },
  {
    operator: "weaken",
    type: MACHINE,
    of: /journal/,
    path: "rootBlockDevice.encrypted",
    to: false,
    harmless: "whether a voter's disk is encrypted decides nothing about its vote; other tools ask it of every disk",
  },
  {
    operator: "weaken",
    type: MACHINE,
    of: /journal/,
    path: "disableApiTermination",
    to: false,
    harmless: "a voter that is deleted is one voter, which the quorum outlives",
  },

  { operator: "disable", type: RDS, of: /^ledger$/, path: "multiAz", to: false },
  { operator: "mis-size", type: RDS, of: /^ledger$/, path: "backupRetentionPeriod", to: 0 },
  { operator: "mis-size", type: RDS, of: /^ledger$/, path: "backupRetentionPeriod", to: 3 },
  { operator: "disable", type: RDS, of: /^ledger$/, path: "storageEncrypted", to: false },
  { operator: "weaken", type: RDS, of: /^ledger$/, path: "publiclyAccessible", to: true },
  { operator: "disable", type: RDS, of: /^ledger$/, path: "deletionProtection", to: false },
  { operator: "weaken", type: RDS, of: /^ledger$/, path: "skipFinalSnapshot", to: true },
  { operator: "move", type: RDS, of: /^ledger-copy$/, path: "region", to: "us-east-2" },
  { operator: "remove", type: RDS, of: /^ledger-copy$/, path: "replicateSourceDb", to: undefined },
  {
    operator: "mis-name",
    type: RDS,
    of: /^ledger-copy$/,
    path: "replicateSourceDb",
    to: "arn:aws:rds:us-east-2:123456789012:db:other",
  },
  {
    operator: "move",
    type: "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
    path: "region",
    to: "us-east-2",
  },
  { operator: "disable", type: SQL, of: /^positions$/, path: "settings.availabilityType", to: "ZONAL" },
  { operator: "disable", type: SQL, of: /^positions$/, path: "settings.backupConfiguration.enabled", to: false },
  {
    operator: "disable",
    type: SQL,
    of: /^positions$/,
    path: "settings.backupConfiguration.pointInTimeRecoveryEnabled",
    to: false,
  },
  {
    operator: "mis-size",
    type: SQL,
    of: /^positions$/,
    path: "settings.backupConfiguration.transactionLogRetentionDays",
    to: 2,
  },
  { operator: "move", type: SQL, of: /^positions$/, path: "settings.backupConfiguration.location", to: "us-central1" },
  { operator: "weaken", type: SQL, of: /^positions$/, path: "settings.ipConfiguration.ipv4Enabled", to: true },
  {
    operator: "disable",
    type: SQL,
    of: /^positions$/,
    path: "deletionProtection",
    to: false,
    harmless: "settings.deletionProtectionEnabled guards it in the cloud: deleting it still takes two steps",
  },
  { operator: "move", type: SQL, of: /^positions-copy$/, path: "region", to: "us-central1" },
  { operator: "mis-name", type: SQL, of: /^positions-copy$/, path: "masterInstanceName", to: "other" },
];
