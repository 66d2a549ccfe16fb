import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Child } from "../child";
import type { Place } from "./names";

/** Longest time for which a deleted secret can be brought back, in days. Meanwhile its name is taken, which auto-naming avoids. */
const RECOVERY_DAYS = 30;

/** One secret variable of the container. */
export interface RegionSecret {
  secret: aws.secretsmanager.Secret;
  version: aws.secretsmanager.SecretVersion;
  /** What a task definition reads: the full ARN with the version, so that a new value makes new tasks. */
  valueFrom: pulumi.Output<string>;
}

/** Secrets of this region alone, keyed by the variable's name. */
export function buildSecrets(
  name: string,
  { region, tags }: Place,
  { secrets, deletionProtected, key }: Settings,
  child: Child,
): Record<string, RegionSecret> {
  return Object.fromEntries(
    Object.keys(secrets)
      .sort()
      .map((variable) => {
        const role = `${name}-secret-${variable}`;
        const secret = new aws.secretsmanager.Secret(
          role,
          {
            region,
            description: `${variable} of ${name}`,
            kmsKeyId: key.arn,
            recoveryWindowInDays: deletionProtected ? RECOVERY_DAYS : 0,
            tags,
          },
          child,
        );
        const version = new aws.secretsmanager.SecretVersion(
          role,
          { region, secretId: secret.id, secretString: pulumi.secret(secrets[variable] ?? "") },
          // The value before stays readable until AWS drops it, so that a rolled back task can still start. It goes with its secret.
          { ...child, retainOnDelete: true },
        );
        // ECS's form is ARN:json-key:version-stage:version-id (developer guide, "Pass Secrets Manager secrets").
        const valueFrom = pulumi.interpolate`${secret.arn}:::${version.versionId}`;
        return [variable, { secret, version, valueFrom }];
      }),
  );
}

interface Settings {
  secrets: Record<string, pulumi.Input<string>>;
  deletionProtected: boolean;
  key: aws.kms.Key;
}
