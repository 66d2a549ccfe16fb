/** Amazon resource names: `arn:PARTITION:SERVICE:REGION:ACCOUNT:REST` (docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html). */

/** The region that an ARN names; undefined for what is no ARN or names none. */
export function regionOfArn(arn: string): string | undefined {
  return partOf(arn, 3);
}

/** The account that an ARN names; undefined for what is no ARN, names none, or belongs to AWS itself. */
export function accountOfArn(arn: string): string | undefined {
  const account = partOf(arn, 4);
  return account !== undefined && /^\d{12}$/.test(account) ? account : undefined;
}

function partOf(arn: string, place: number): string | undefined {
  const parts = arn.split(":", place + 2);
  return parts[0] === "arn" && parts[place] !== "" ? parts[place] : undefined;
}
