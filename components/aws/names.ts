import * as pulumi from "@pulumi/pulumi";

/** The place that every regional resource and every ARN names. */
export interface Place {
  /** The vendor's name of the region: `us-east-2`. */
  region: string;
  /** Account id, 12 digits. */
  accountId: string;
  /** Tags of everything that can carry them. */
  tags: Record<string, string>;
}

/** The ECR image of a digest, taken apart. */
export interface EcrImage {
  /** Account of the registry, 12 digits. */
  accountId: string;
  /** Region of the registry. */
  region: string;
  /** Name of the repository: `exchange`. */
  repository: string;
}

const ECR_IMAGE =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9][a-z0-9._/-]*)@sha256:[0-9a-f]{64}$/;

/** The partition of a region, as ARNs name it: China and GovCloud have their own. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The ARN of something in a region: `arnOf(place, "logs", "log-group:/a")`. */
export function arnOf({ region, accountId }: Place, service: string, resource: string): string {
  return `arn:${partitionOf(region)}:${service}:${region}:${accountId}:${resource}`;
}

/** The account itself as a principal: whoever it gives rights to by IAM. */
export function accountPrincipal({ region, accountId }: Place): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:root`;
}

/** An image of an ECR registry by digest, or nothing where the text is not one. */
export function parseEcrImage(image: string): EcrImage | undefined {
  const match = ECR_IMAGE.exec(image);
  const [, accountId, region, repository] = match ?? [];
  if (accountId === undefined || region === undefined || repository === undefined) return undefined;
  return { accountId, region, repository };
}

/**
 * The name of a log group. It is fixed, since people type it, and since a name known while planning lets policies name the
 * group; project and stack keep two stacks of one account apart.
 */
export function logGroupName(name: string, role: string): string {
  return `${logGroupPrefix(name)}/${role}`;
}

/** What the names of a component's log groups begin with. */
export function logGroupPrefix(name: string): string {
  return `/${pulumi.getProject()}/${pulumi.getStack()}/${name}`;
}
