import type { Kind } from "../../model";
import { ecsKinds } from "./ecs";
import { balancerKinds } from "./balancers";

/** What the model understands of AWS. */
export const awsKinds: readonly Kind[] = [...balancerKinds, ...ecsKinds];

/** AWS types that are known and are no part of a serving path: they decide nothing about what survives. */
export const neutralAwsTypes: readonly RegExp[] = [
  /^aws:(?:iam|cloudwatch|acm|ec2|vpc|appautoscaling|sns|kms|s3|ecr|secretsmanager|ecs|lb)\//,
];
