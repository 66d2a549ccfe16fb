import { networkStatements } from "./deploy-network";
import { allow, arnBuilder, inRegions, named, type DeployScope } from "./deploy-scope";
import { partitionOf } from "./names";
import type { Statement } from "./policy";

export type { DeployScope } from "./deploy-scope";

/**
 * Rights of the deploy role, one managed policy a group: a managed policy has at most 6,144 characters, and a role at most ten of them.
 *
 * Where AWS lets a right be cut to names, it is cut to the prefix; else to the `Name` tag, which the components set on what they make;
 * else to account and regions. What could give the role more rights than it has (roles without the boundary, its own trust) is out.
 */
export function deployStatements(scope: DeployScope): Record<string, Statement[]> {
  return {
    read: [readStatement(scope)],
    network: networkStatements(scope),
    entry: entryStatements(scope),
    compute: computeStatements(scope),
    data: dataStatements(scope),
    identity: identityStatements(scope),
  };
}

/** The most that any role of the program may ever do: start tasks and write logs. */
export function boundaryStatements(scope: DeployScope): Statement[] {
  const arn = arnBuilder(scope);
  return [
    allow("SignInToRegistry", ["ecr:GetAuthorizationToken"], "*"),
    allow("PullImages", PULL_ACTIONS, arn("ecr", "repository/*")),
    allow(
      "WriteLogs",
      ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      arn("logs", `log-group:/*/${scope.namePrefix}-*`),
    ),
    allow("FindGroups", ["logs:DescribeLogGroups"], "*"),
    allow("ReadSecrets", ["secretsmanager:GetSecretValue"], arn("secretsmanager", `secret:${scope.namePrefix}-*`)),
    {
      ...allow("OpenSecrets", ["kms:Decrypt"], arn("kms", "key/*")),
      Condition: { StringLike: { "kms:ViaService": "secretsmanager.*.amazonaws.com" } },
    },
  ];
}

/** What the roles of `AwsRegion` and `AwsNetwork` are for: the ends of their names. */
const ROLE_PURPOSES = ["execution", "flow", "task"];
const PULL_ACTIONS = ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"];

const TOPIC_ACTIONS = [
  "CreateTopic",
  "DeleteTopic",
  "GetSubscriptionAttributes",
  "GetTopicAttributes",
  "ListSubscriptionsByTopic",
  "ListTagsForResource",
  "SetSubscriptionAttributes",
  "SetTopicAttributes",
  "Subscribe",
  "TagResource",
  "Unsubscribe",
  "UntagResource",
];
/** `PutResourcePolicy` is missing: it could give a secret to another account. */
const SECRET_ACTIONS = [
  "CreateSecret",
  "DeleteSecret",
  "DescribeSecret",
  "GetResourcePolicy",
  "GetSecretValue",
  "ListSecretVersionIds",
  "PutSecretValue",
  "TagResource",
  "UntagResource",
  "UpdateSecret",
  "UpdateSecretVersionStage",
];

const READ_ITSELF = [
  "GetOpenIDConnectProvider",
  "GetPolicy",
  "GetPolicyVersion",
  "GetRole",
  "ListAttachedRolePolicies",
  "ListPolicyVersions",
  "ListRolePolicies",
];

function readStatement(scope: DeployScope): Statement {
  const actions = [
    "acm:DescribeCertificate",
    "acm:ListTagsForCertificate",
    "application-autoscaling:Describe*",
    "application-autoscaling:ListTagsForResource",
    "cloudwatch:DescribeAlarms",
    "cloudwatch:ListTagsForResource",
    "ec2:Describe*",
    "ec2:GetManagedPrefixListEntries",
    "ecr:DescribeRepositories",
    "ecr:GetAuthorizationToken",
    "ecr:GetLifecyclePolicy",
    "ecr:ListTagsForResource",
    "ecs:Describe*",
    "ecs:List*",
    "elasticloadbalancing:Describe*",
    "kms:DescribeKey",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListResourceTags",
    "logs:DescribeLogGroups",
    "logs:ListTagsForResource",
  ];
  return inRegions(allow("Read", actions, "*"), scope);
}

function entryStatements(scope: DeployScope): Statement[] {
  const arn = arnBuilder(scope);
  const { namePrefix } = scope;
  const kinds = [`loadbalancer/app/${namePrefix}-*`, `targetgroup/${namePrefix}-*`, `listener/app/${namePrefix}-*`];
  const balancers = [...kinds, `truststore/${namePrefix}-*`].map((kind) => arn("elasticloadbalancing", kind));
  const elb = ["AddTags", "Create*", "Delete*", "GetTrustStoreCaCertificatesBundle", "Modify*", "RemoveTags", "Set*"];
  const buckets = `arn:${partitionOf(scope.regions[0] ?? "")}:s3:::${namePrefix}-*`;
  const bucketActions = ["s3:CreateBucket", "s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:Get*", "s3:ListBucket*"];
  const objectActions = ["s3:DeleteObject", "s3:DeleteObjectVersion", "s3:ListTagsForResource", "s3:PutObject"];
  const settings = ["BucketOwnershipControls", "BucketPolicy", "BucketPublicAccessBlock", "BucketTagging"];
  const more = ["BucketVersioning", "EncryptionConfiguration", "LifecycleConfiguration", "ObjectTagging"];
  const put = [...settings, ...more].map((setting) => `s3:Put${setting}`);
  return [
    inRegions(
      allow(
        "Entry",
        elb.map((action) => `elasticloadbalancing:${action}`),
        balancers,
      ),
      scope,
    ),
    inRegions(allow("RequestCertificate", ["acm:RequestCertificate"], "*"), scope),
    inRegions(
      allow(
        "Certificates",
        ["acm:AddTagsToCertificate", "acm:DeleteCertificate", "acm:RemoveTagsFromCertificate"],
        arn("acm", "certificate/*"),
      ),
      scope,
    ),
    inRegions(allow("Buckets", [...bucketActions, ...objectActions, ...put], [buckets, `${buckets}/*`]), scope),
  ];
}

function computeStatements(scope: DeployScope): Statement[] {
  const arn = arnBuilder(scope);
  const { namePrefix } = scope;
  const services = [`cluster/${namePrefix}-*`, `service/${namePrefix}-*`, `task-definition/${namePrefix}-*`];
  const ecs = ["Create*", "DeleteCluster", "DeleteService", "TagResource", "UntagResource", "Update*"];
  const scaling = ["DeleteScalingPolicy", "DeregisterScalableTarget", "PutScalingPolicy", "RegisterScalableTarget"];
  const scalingTags = ["TagResource", "UntagResource"];
  const alarms = [`alarm:${namePrefix}-*`, `alarm:TargetTracking-service/${namePrefix}-*`];
  const alarmActions = ["DeleteAlarms", "PutMetricAlarm", "TagResource", "UntagResource"];
  const push = ["CompleteLayerUpload", "InitiateLayerUpload", "PutImage", "UploadLayerPart"];
  const registry = ["CreateRepository", "PutImageScanningConfiguration", "PutImageTagMutability", "PutLifecyclePolicy"];
  const repositories = scope.repositoryNames.map((name) => arn("ecr", `repository/${name}`));
  const ecr = [...push, ...registry, "TagResource", "UntagResource"].map((action) => `ecr:${action}`);
  return [
    inRegions(
      allow(
        "Service",
        ecs.map((action) => `ecs:${action}`),
        services.map((kind) => arn("ecs", kind)),
      ),
      scope,
    ),
    inRegions(allow("TaskDefinition", ["ecs:RegisterTaskDefinition"], "*"), scope),
    inRegions(
      {
        ...allow(
          "Scaling",
          [...scaling, ...scalingTags].map((action) => `application-autoscaling:${action}`),
          "*",
        ),
        Condition: { StringEqualsIfExists: { "application-autoscaling:service-namespace": "ecs" } },
      },
      scope,
    ),
    inRegions(
      allow(
        "Alarms",
        alarmActions.map((action) => `cloudwatch:${action}`),
        alarms.map((kind) => arn("cloudwatch", kind)),
      ),
      scope,
    ),
    inRegions(
      allow(
        "AlarmTopics",
        TOPIC_ACTIONS.map((action) => `sns:${action}`),
        arn("sns", `${namePrefix}-*`),
      ),
      scope,
    ),
    inRegions(allow("Images", [...ecr, ...PULL_ACTIONS], repositories), scope),
  ];
}

function dataStatements(scope: DeployScope): Statement[] {
  const arn = arnBuilder(scope);
  const { namePrefix } = scope;
  const keys = arn("kms", "key/*");
  const keyActions = [
    "kms:EnableKeyRotation",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateKeyDescription",
  ];
  const ofNewKey = { StringLike: { "aws:RequestTag/Name": `${namePrefix}-*` } };
  const logs = ["AssociateKmsKey", "CreateLogGroup", "DeleteLogGroup", "PutLogGroupDeletionProtection"];
  const logSettings = ["PutRetentionPolicy", "TagResource", "UntagResource"];
  const useKey = named(allow("UseKeys", ["kms:Decrypt", "kms:GenerateDataKey"], keys), scope);
  return [
    inRegions(
      allow(
        "Secrets",
        SECRET_ACTIONS.map((action) => `secretsmanager:${action}`),
        arn("secretsmanager", `secret:${namePrefix}-*`),
      ),
      scope,
    ),
    inRegions(
      allow(
        "Logs",
        [...logs, ...logSettings].map((action) => `logs:${action}`),
        arn("logs", `log-group:/*/${namePrefix}-*`),
      ),
      scope,
    ),
    inRegions({ ...allow("NewKey", ["kms:CreateKey", "kms:TagResource"], "*"), Condition: ofNewKey }, scope),
    inRegions(named(allow("Keys", keyActions, keys), scope), scope),
    inRegions(
      {
        ...useKey,
        Condition: {
          StringLike: { ...useKey.Condition?.["StringLike"], "kms:ViaService": "secretsmanager.*.amazonaws.com" },
        },
      },
      scope,
    ),
  ];
}

/** IAM answers in one region for all, so these statements name none. */
function identityStatements({ accountId, regions, namePrefix, boundaryArn }: DeployScope): Statement[] {
  const partition = partitionOf(regions[0] ?? "");
  // Of the purposes that the components give to roles, with Pulumi's suffix of seven digits, so that no other role of that name is meant.
  const roles = ROLE_PURPOSES.map(
    (purpose) => `arn:${partition}:iam::${accountId}:role/${namePrefix}-*-${purpose}-???????`,
  );
  const bounded = { StringEquals: { "iam:PermissionsBoundary": boundaryArn } };
  const shape = [
    "CreateRole",
    "DeleteRolePolicy",
    "PutRolePermissionsBoundary",
    "PutRolePolicy",
    "UpdateAssumeRolePolicy",
  ];
  const keep = ["DeleteRole", "GetRole", "GetRolePolicy", "ListAttachedRolePolicies", "ListInstanceProfilesForRole"];
  const describe = ["ListRolePolicies", "ListRoleTags", "TagRole", "UntagRole", "UpdateRole"];
  const passedTo = ["ecs-tasks.amazonaws.com", "vpc-flow-logs.amazonaws.com"];
  const linked = [
    "ecs.amazonaws.com",
    "ecs.application-autoscaling.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
  ];
  const iam = (actions: string[]): string[] => actions.map((action) => `iam:${action}`);
  return [
    { ...allow("ShapeRoles", iam(shape), roles), Condition: bounded },
    allow("KeepRoles", iam([...keep, ...describe]), roles),
    // A refresh of the stack that made the role reads it, as it reads everything else.
    allow("ReadItself", iam(READ_ITSELF), [
      `arn:${partition}:iam::${accountId}:role/deploy-${namePrefix}`,
      `arn:${partition}:iam::${accountId}:policy/deploy-${namePrefix}-*`,
      `arn:${partition}:iam::${accountId}:oidc-provider/token.actions.githubusercontent.com`,
    ]),
    {
      ...allow("PassRoles", ["iam:PassRole"], roles),
      Condition: { StringEquals: { "iam:PassedToService": passedTo } },
    },
    {
      ...allow(
        "ServiceLinkedRoles",
        ["iam:CreateServiceLinkedRole"],
        `arn:${partition}:iam::${accountId}:role/aws-service-role/*`,
      ),
      Condition: { StringEquals: { "iam:AWSServiceName": linked } },
    },
  ];
}
