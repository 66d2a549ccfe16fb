import * as pulumi from "@pulumi/pulumi";

/** One statement of an IAM policy document. */
export interface Statement {
  /** What it is for, in letters and digits. */
  Sid: string;
  Effect: "Allow" | "Deny";
  /** Who it speaks of; only where the policy belongs to a resource. */
  Principal?: "*" | Record<string, string | string[]>;
  Action: string | string[];
  /** Left out in trust policies alone. */
  Resource?: pulumi.Input<string> | pulumi.Input<string>[] | pulumi.Input<string[]>;
  Condition?: Record<string, Record<string, pulumi.Input<string> | string[] | pulumi.Input<string[]>>>;
}

/** A policy document as text. It is known while planning if everything in it is. */
export function policyDocument(statements: Statement[]): pulumi.Output<string> {
  return pulumi.jsonStringify({ Version: "2012-10-17", Statement: statements });
}

/** Lets one AWS service take on a role, for resources of one account and region alone (the confused deputy's way in). */
export function serviceTrust(
  service: string,
  { accountId, sourceArn }: { accountId: string; sourceArn: string },
): pulumi.Output<string> {
  return policyDocument([
    {
      Sid: "Service",
      Effect: "Allow",
      Principal: { Service: service },
      Action: "sts:AssumeRole",
      Condition: { StringEquals: { "aws:SourceAccount": accountId }, ArnLike: { "aws:SourceArn": sourceArn } },
    },
  ]);
}
