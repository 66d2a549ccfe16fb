import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import { boundedName } from "../sizing/names";
import { arnOf, parseEcrImage, partitionOf, type Place } from "./names";
import { policyDocument, serviceTrust, type Statement } from "./policy";
import type { AwsRegionPlan } from "./region-plan";
import type { RegionSecret } from "./secrets";

/** Role names have at most 64 characters, of which Pulumi's suffix takes 8. */
const NAME_MAX = 56;

/** Who starts a task, and who it is while it runs. */
export interface TaskRoles {
  /** Fetches image and secrets and writes logs, on behalf of the task. */
  execution: aws.iam.Role;
  executionRights: aws.iam.RolePolicy;
  /** What the API itself may do in AWS: nothing. */
  task: aws.iam.Role;
}

/** What the execution role's rights are cut to. */
export interface ExecutionScope {
  /** The image that was checked, in whichever registry it is. */
  image: pulumi.Output<string>;
  logGroupArn: string;
  secrets: Record<string, RegionSecret>;
  key: aws.kms.Key;
}

/** Two roles that only tasks of this account and region can take on. */
export function buildTaskRoles(
  name: string,
  place: Place,
  plan: AwsRegionPlan,
  scope: ExecutionScope,
  child: Child,
): TaskRoles {
  const role = (purpose: string, description: string): aws.iam.Role =>
    new aws.iam.Role(
      boundedName(name, purpose, NAME_MAX),
      {
        description,
        assumeRolePolicy: serviceTrust("ecs-tasks.amazonaws.com", {
          accountId: place.accountId,
          sourceArn: arnOf(place, "ecs", "*"),
        }),
        ...(plan.permissionsBoundaryArn === undefined ? {} : { permissionsBoundary: plan.permissionsBoundaryArn }),
        tags: place.tags,
      },
      child,
    );
  const execution = role("execution", `Starts tasks of ${name}`);
  const executionRights = new aws.iam.RolePolicy(
    `${name}-execution`,
    { role: execution.id, policy: policyDocument(executionStatements(place, plan, scope)) },
    child,
  );
  return { execution, executionRights, task: role("task", `Tasks of ${name}`) };
}

function executionStatements(place: Place, plan: AwsRegionPlan, scope: ExecutionScope): Statement[] {
  return [
    ...(plan.externalImage ? [] : pullStatements(place, scope.image)),
    {
      Sid: "WriteLogs",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `${scope.logGroupArn}:*`,
    },
    ...secretStatements(place, scope),
  ];
}

function pullStatements(place: Place, image: pulumi.Output<string>): Statement[] {
  const repositoryArn = image.apply((text) => {
    const parsed = parseEcrImage(text);
    if (parsed === undefined) throw new Error("the image was checked and is one of ECR");
    const { region, accountId, repository } = parsed;
    return `arn:${partitionOf(region)}:ecr:${region}:${accountId}:repository/${repository}`;
  });
  return [
    // This action knows no resources, and is asked from Fargate's own network: a condition on ours would refuse it.
    { Sid: "SignInToRegistry", Effect: "Allow", Action: "ecr:GetAuthorizationToken", Resource: "*" },
    {
      Sid: "PullImage",
      Effect: "Allow",
      Action: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      Resource: repositoryArn,
    },
  ];
}

function secretStatements({ region }: Place, { secrets, key }: ExecutionScope): Statement[] {
  const arns = Object.values(secrets).map(({ secret }) => secret.arn);
  if (arns.length === 0) return [];
  return [
    { Sid: "ReadSecrets", Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: pulumi.all(arns) },
    {
      Sid: "OpenSecrets",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: key.arn,
      Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
    },
  ];
}
