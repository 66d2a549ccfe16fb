import { boolean, number, text } from "../../values";
import { others, refusal, thingWith, type Refusal } from "../model";
import { containers } from "./refusals-compute";

const ROLE = "aws:iam/role:Role";
const SECRET = "aws:secretsmanager/secret:Secret";
const GROUP = "aws:cloudwatch/logGroup:LogGroup";
const KEY = "aws:kms/key:Key";
const BUCKET = "aws:s3/bucket:Bucket";
const BUCKET_PARTS = [
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketObjectv2:BucketObjectv2",
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketVersioning:BucketVersioning",
];
const BALANCER = "aws:lb/loadBalancer:LoadBalancer";
const LOGS = ["accessLogs.bucket", "connectionLogs.bucket", "healthCheckLogs.bucket"];
const write = ["create", "update"] as const;

/** What IAM, KMS, CloudWatch Logs, Secrets Manager, ECR and S3 refuse. */
export const accountRefusals: readonly Refusal[] = [
  refusal(
    "aws R87",
    ["aws:ecr/repository:Repository"],
    ["delete"],
    "a repository with images, unless they may go with it",
    ({ inputs, scope }, around) => {
      const name = text(inputs, "name") ?? "";
      const url = `${scope.account ?? ""}.dkr.ecr.${scope.region ?? ""}.amazonaws.com/${name}`;
      const tasks = [
        ...around.world.ofType("aws:ecs/taskDefinition:TaskDefinition"),
        ...around.world.gone("aws:ecs/taskDefinition:TaskDefinition"),
      ];
      const filled = tasks.some((task) =>
        containers(task.inputs).some((container) => text(container, "image")?.startsWith(`${url}@`) === true),
      );
      return filled && boolean(inputs, "forceDelete") !== true
        ? `ECR Repository (${name}) not empty, consider using force_delete: RepositoryNotEmptyException`
        : undefined;
    },
  ),
  refusal("aws R88", [SECRET], ["check"], "a recovery window other than 0 or 7 to 30 days", ({ inputs }) => {
    const days = number(inputs, "recoveryWindowInDays");
    return days === undefined || days === 0 || (days >= 7 && days <= 30)
      ? undefined
      : `expected recovery_window_in_days to be in the range (7 - 30), got ${String(days)}`;
  }),
  refusal(
    "aws R89",
    [SECRET],
    ["create"],
    "the name of a secret in its recovery window",
    ({ inputs, scope }, around) => {
      const waiting = around.world
        .gone(SECRET)
        .some(
          (thing) =>
            thing.inputs["name"] === inputs["name"] &&
            thing.scope.region === scope.region &&
            number(thing.inputs, "recoveryWindowInDays") !== 0,
        );
      return waiting
        ? "InvalidRequestException: You can't create this secret because a secret with this name is already scheduled for deletion."
        : undefined;
    },
  ),
  refusal(
    "aws R92",
    [GROUP],
    write,
    "a key whose policy does not let CloudWatch Logs of the region use it",
    ({ inputs, scope }, around) => {
      const key = thingWith(around, KEY, "arn", inputs["kmsKeyId"]);
      if (key === undefined || (text(key.inputs, "policy") ?? "").includes(`logs.${scope.region ?? ""}.amazonaws.com`))
        return undefined;
      return `InvalidParameterException: The specified KMS key does not exist or is not allowed to be used with Arn 'arn:aws:logs:${scope.region ?? ""}:${scope.account ?? ""}:log-group:${text(inputs, "name") ?? ""}'`;
    },
  ),
  refusal("aws R93", [KEY], ["check"], "a deletion window outside 7 to 30 days", ({ inputs }) => {
    const days = number(inputs, "deletionWindowInDays");
    return days === undefined || (days >= 7 && days <= 30)
      ? undefined
      : `expected deletion_window_in_days to be in the range (7 - 30), got ${String(days)}`;
  }),
  refusal(
    "aws R95",
    [ROLE],
    ["create"],
    "the name of a role of the account in any letter case, whatever the region",
    (subject, around) => {
      const name = text(subject.inputs, "name")?.toLowerCase();
      return others(subject, around).some(({ inputs }) => text(inputs, "name")?.toLowerCase() === name)
        ? `EntityAlreadyExists: Role with name ${text(subject.inputs, "name") ?? ""} already exists.`
        : undefined;
    },
  ),
  refusal(
    "aws R96",
    ["aws:iam/rolePolicy:RolePolicy"],
    write,
    "inline policies of a role over 10,240 characters",
    (subject, around) => {
      const own = size(text(subject.inputs, "policy"));
      const rest = others(subject, around)
        .filter(({ inputs }) => inputs["role"] === subject.inputs["role"])
        .reduce((sum, { inputs }) => sum + size(text(inputs, "policy")), 0);
      return own + rest > 10_240
        ? `LimitExceeded: Maximum policy size of 10240 bytes exceeded for role ${text(subject.inputs, "role") ?? ""}`
        : undefined;
    },
  ),
  refusal(
    "aws R96 managed",
    ["aws:iam/policy:Policy"],
    write,
    "a managed policy over 6,144 characters",
    ({ inputs }) =>
      size(text(inputs, "policy")) > 6144 ? "LimitExceeded: Cannot exceed quota for PolicySize: 6144" : undefined,
  ),
  refusal(
    "aws R97",
    [BUCKET],
    ["delete"],
    "a bucket with objects or logs in it, unless they may go with it",
    ({ id, inputs }, around) => {
      const balancers = [...around.world.ofType(BALANCER), ...around.world.gone(BALANCER)];
      const logged = balancers.some((balancer) => LOGS.some((path) => text(balancer.inputs, path) === id));
      const objects = BUCKET_PARTS.slice(1, 3).some((type) =>
        around.world.ofType(type).some((thing) => thing.inputs["bucket"] === id),
      );
      return (logged || objects) && boolean(inputs, "forceDestroy") !== true
        ? `BucketNotEmpty: The bucket you tried to delete is not empty: ${id ?? ""}`
        : undefined;
    },
  ),
  refusal(
    "aws R97 missing",
    BUCKET_PARTS,
    ["create"],
    "something for a bucket that is not there",
    ({ inputs }, around) =>
      around.world.find(BUCKET, text(inputs, "bucket") ?? "") === undefined
        ? `NoSuchBucket: The specified bucket does not exist: ${text(inputs, "bucket") ?? ""}`
        : undefined,
  ),
  refusal("aws R97 acl", [BUCKET], ["check"], "a name that S3 does not take", ({ inputs }) => {
    const name = text(inputs, "bucket");
    return name === undefined || /^(?!xn--)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)
      ? undefined
      : `invalid value for bucket (only lowercase alphanumeric characters and hyphens allowed): ${name}`;
  }),
  refusal("aws delete role", [ROLE], ["delete"], "a role with policies", ({ id }, around) => {
    const attached = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"].some(
      (type) => around.world.ofType(type).some(({ inputs }) => inputs["role"] === id),
    );
    return attached ? "DeleteConflict: Cannot delete entity, must delete policies first." : undefined;
  }),
  refusal(
    "aws R96 attached",
    ["aws:iam/policy:Policy"],
    ["delete"],
    "a managed policy that a role has",
    ({ id }, around) =>
      around.world
        .ofType("aws:iam/rolePolicyAttachment:RolePolicyAttachment")
        .some(({ inputs }) => inputs["policyArn"] === id)
        ? "DeleteConflict: Cannot delete a policy attached to entities."
        : undefined,
  ),
];

/** White space does not count: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html. */
function size(policy: string | undefined): number {
  return (policy ?? "").replace(/\s/g, "").length;
}
