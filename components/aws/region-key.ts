import * as aws from "@pulumi/aws";
import { protectedIf, type Child } from "../child";
import { accountPrincipal, arnOf, logGroupPrefix, partitionOf, type Place } from "./names";
import { policyDocument } from "./policy";

/** Longest and shortest time that KMS waits before it destroys a key, in days. */
const WINDOW_DAYS = { longest: 30, shortest: 7 };

/** One key for what the region keeps: logs, secrets and alarm messages. It is rotated each year by KMS and never leaves the region. */
export function buildRegionKey(name: string, place: Place, deletionProtected: boolean, child: Child): aws.kms.Key {
  const { region, accountId, tags } = place;
  const suffix = partitionOf(region) === "aws-cn" ? "amazonaws.com.cn" : "amazonaws.com";
  return new aws.kms.Key(
    `${name}-key`,
    {
      region,
      description: `Logs, secrets and alarm messages of ${name}`,
      enableKeyRotation: true,
      deletionWindowInDays: deletionProtected ? WINDOW_DAYS.longest : WINDOW_DAYS.shortest,
      policy: policyDocument([
        {
          // Without it nobody could change the policy again, and rights given by IAM would count for nothing.
          Sid: "Account",
          Effect: "Allow",
          Principal: { AWS: accountPrincipal(place) },
          Action: "kms:*",
          Resource: "*",
        },
        {
          Sid: "Logs",
          Effect: "Allow",
          Principal: { Service: `logs.${region}.${suffix}` },
          Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
          Resource: "*",
          Condition: {
            ArnLike: {
              "kms:EncryptionContext:aws:logs:arn": arnOf(place, "logs", `log-group:${logGroupPrefix(name)}*`),
            },
          },
        },
        {
          Sid: "Alarms",
          Effect: "Allow",
          Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
          Resource: "*",
          Condition: { StringEquals: { "aws:SourceAccount": accountId } },
        },
      ]),
      tags: { ...tags, Name: `${name}-key` },
    },
    { ...child, ...protectedIf(deletionProtected) },
  );
}
