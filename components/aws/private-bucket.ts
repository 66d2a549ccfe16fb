import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { protectedIf, type Child } from "../child";
import { boundedName } from "../sizing/names";
import type { Place } from "./names";
import { policyDocument, type Statement } from "./policy";

/** Bucket names have at most 63 characters, of which Pulumi's suffix takes 8. */
const NAME_MAX = 55;

/** What one bucket is for. */
export interface PrivateBucketPlan {
  /** What it holds, for its name: `entry-logs`. */
  role: string;
  /** Whether AWS and Pulumi refuse to delete it. Without protection it is deleted with all that is in it. */
  deletionProtected: boolean;
  /** Days after which an object is deleted. Never when left out. */
  expirationDays?: number;
  /** Days for which an overwritten or deleted object can be brought back. */
  noncurrentDays: number;
  /** What the bucket's policy allows besides refusing plain HTTP. */
  statements: (bucketArn: pulumi.Output<string>) => Statement[];
}

/** A bucket and what has to be in place before it is used. */
export interface PrivateBucket {
  bucket: aws.s3.Bucket;
  /** Everything that shapes the bucket: to be waited for by whoever writes to it. */
  ready: pulumi.Resource[];
}

/** A private, versioned bucket that answers HTTPS alone. It uses S3's own key, the only one that load balancers can log to. */
export function buildPrivateBucket(name: string, place: Place, plan: PrivateBucketPlan, child: Child): PrivateBucket {
  const { region, tags } = place;
  const role = `${name}-${plan.role}`;
  const bucket = new aws.s3.Bucket(
    boundedName(name, plan.role, NAME_MAX),
    { region, forceDestroy: !plan.deletionProtected, tags },
    { ...child, ...protectedIf(plan.deletionProtected) },
  );
  const of = { region, bucket: bucket.bucket };
  const closed = new aws.s3.BucketPublicAccessBlock(
    role,
    { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    child,
  );
  const owned = new aws.s3.BucketOwnershipControls(
    role,
    { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } },
    child,
  );
  const encrypted = new aws.s3.BucketServerSideEncryptionConfiguration(
    role,
    { ...of, rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
    child,
  );
  const versioned = new aws.s3.BucketVersioning(role, { ...of, versioningConfiguration: { status: "Enabled" } }, child);
  new aws.s3.BucketLifecycleConfiguration(
    role,
    { ...of, rules: [lifecycleRule(plan)] },
    // Rules about versions that are no longer current need versioning to be on.
    { ...child, dependsOn: [versioned] },
  );
  const policy = new aws.s3.BucketPolicy(
    role,
    { ...of, policy: policyDocument([httpsOnly(bucket.arn), ...plan.statements(bucket.arn)]) },
    // S3 refuses two changes to a bucket's access at the same time.
    { ...child, dependsOn: [closed, owned] },
  );
  return { bucket, ready: [policy, encrypted, versioned] };
}

function lifecycleRule(plan: PrivateBucketPlan): aws.types.input.s3.BucketLifecycleConfigurationRule {
  return {
    id: "keep",
    status: "Enabled",
    filter: { prefix: "" },
    abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    noncurrentVersionExpiration: { noncurrentDays: plan.noncurrentDays },
    ...(plan.expirationDays === undefined ? {} : { expiration: { days: plan.expirationDays } }),
  };
}

function httpsOnly(bucketArn: pulumi.Output<string>): Statement {
  return {
    Sid: "HttpsOnly",
    Effect: "Deny",
    Principal: "*",
    Action: "s3:*",
    Resource: [bucketArn, bucketArn.apply((arn) => `${arn}/*`)],
    Condition: { Bool: { "aws:SecureTransport": "false" } },
  };
}
