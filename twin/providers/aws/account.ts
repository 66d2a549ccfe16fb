import { text } from "../../values";
import { timeOf } from "../../world";
import type { Made, ResourceModel } from "../model";
import { uuid } from "./balancing";
import { arn, globalArn, named, nameOf } from "./names";

/** A setting of a bucket that is a resource of its own and is known by the bucket's name. */
const ofBucket: ResourceModel = {
  replaceOn: ["region", "bucket"],
  id: ({ inputs }) => text(inputs, "bucket") ?? "",
};

/** What belongs to the account rather than to the service: rights, keys, secrets, logs, buckets, alarms. */
export const account: Record<string, ResourceModel> = {
  "aws:iam/role:Role": {
    ...named(64),
    replaceOn: ["name", "namePrefix", "path"],
    id: (made) => nameOf(made),
    computed: {
      arn: (made) => globalArn(made, "iam", `role${text(made.inputs, "path") ?? "/"}${nameOf(made)}`),
      uniqueId: ({ hex }) => `AROA${hex(17, "unique").toUpperCase()}`,
      createDate: ({ sequence }) => timeOf(sequence),
    },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    ...named(128),
    replaceOn: ["name", "namePrefix", "role"],
    id: (made) => `${text(made.inputs, "role") ?? ""}:${nameOf(made)}`,
  },
  "aws:iam/policy:Policy": {
    ...named(128),
    replaceOn: ["name", "namePrefix", "path", "description"],
    id: (made) => globalArn(made, "iam", `policy${text(made.inputs, "path") ?? "/"}${nameOf(made)}`),
    computed: {
      arn: ({ id }) => id,
      policyId: ({ hex }) => `ANPA${hex(17, "unique").toUpperCase()}`,
      attachmentCount: () => 0,
    },
  },
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": {
    replaceOn: ["role", "policyArn"],
    id: ({ inputs }) => `${text(inputs, "role") ?? ""}/${text(inputs, "policyArn") ?? ""}`,
  },
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider": {
    replaceOn: ["url"],
    sets: ["clientIdLists", "thumbprintLists"],
    id: (made) =>
      globalArn(made, "iam", `oidc-provider/${(text(made.inputs, "url") ?? "").replace(/^https:\/\//, "")}`),
    computed: { arn: ({ id }) => id },
  },
  "aws:kms/key:Key": {
    replaceOn: ["region", "customerMasterKeySpec", "keyUsage", "multiRegion", "customKeyStoreId", "xksKeyId"],
    id: (made) => uuid(made),
    computed: { arn: (made) => arn(made, "kms", `key/${made.id}`), keyId: ({ id }) => id },
  },
  "aws:kms/alias:Alias": {
    autoName: { property: "name", maximum: 256, prefix: "alias/" },
    replaceOn: ["region", "name", "namePrefix"],
    id: (made) => nameOf(made),
    keyedBy: "arn",
    computed: {
      arn: (made) => arn(made, "kms", nameOf(made)),
      targetKeyArn: (made) => arn(made, "kms", `key/${text(made.inputs, "targetKeyId") ?? ""}`),
    },
  },
  "aws:secretsmanager/secret:Secret": {
    ...named(512),
    replaceOn: ["region", "name", "namePrefix"],
    id: (made) => arn(made, "secretsmanager", `secret:${nameOf(made)}-${made.hex(6, "suffix")}`),
    computed: { arn: ({ id }) => id },
  },
  "aws:secretsmanager/secretVersion:SecretVersion": {
    replaceOn: ["region", "secretId", "secretString", "secretBinary", "secretStringWoVersion"],
    sets: ["versionStages"],
    id: (made) => `${text(made.inputs, "secretId") ?? ""}|${uuid(made)}`,
    computed: {
      arn: ({ inputs }) => text(inputs, "secretId") ?? "",
      secretArn: ({ inputs }) => text(inputs, "secretId") ?? "",
      versionId: (made) => uuid(made),
      versionStages: () => ["AWSCURRENT"],
      hasSecretStringWo: () => false,
    },
  },
  "aws:cloudwatch/logGroup:LogGroup": {
    ...named(512),
    replaceOn: ["region", "name", "namePrefix", "logGroupClass"],
    id: (made) => nameOf(made),
    keyedBy: "arn",
    computed: { arn: (made) => arn(made, "logs", `log-group:${nameOf(made)}`) },
  },
  "aws:cloudwatch/logResourcePolicy:LogResourcePolicy": {
    replaceOn: ["region", "policyName"],
    id: ({ inputs }) => text(inputs, "policyName") ?? "",
  },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    ...named(255),
    replaceOn: ["region", "name"],
    sets: ["alarmActions", "okActions", "insufficientDataActions"],
    id: (made) => nameOf(made),
    computed: { arn: (made) => arn(made, "cloudwatch", `alarm:${nameOf(made)}`) },
  },
  "aws:sns/topic:Topic": {
    ...named(256),
    replaceOn: ["region", "name", "namePrefix", "fifoTopic"],
    id: (made) => arn(made, "sns", nameOf(made)),
    computed: { arn: ({ id }) => id, owner: ({ scope }) => scope.account ?? "", beginningArchiveTime: () => "" },
  },
  "aws:sns/topicPolicy:TopicPolicy": {
    replaceOn: ["region", "arn"],
    id: ({ inputs }) => text(inputs, "arn") ?? "",
    computed: { owner: ({ scope }) => scope.account ?? "" },
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    replaceOn: ["region", "topic", "protocol", "endpoint"],
    id: (made) => `${text(made.inputs, "topic") ?? ""}:${uuid(made)}`,
    computed: {
      arn: ({ id }) => id,
      ownerId: ({ scope }) => scope.account ?? "",
      pendingConfirmation: () => true,
      confirmationWasAuthenticated: () => false,
    },
  },
  ...buckets(),
};

function buckets(): Record<string, ResourceModel> {
  const objectModel: ResourceModel = {
    replaceOn: ["region", "bucket", "key"],
    id: ({ inputs }) => text(inputs, "key") ?? "",
    keyedBy: "arn",
    // New bytes make a new version of the object, in a bucket that keeps versions.
    changedByUpdate: ["versionId", "etag"],
    computed: {
      arn: ({ inputs }) => `arn:aws:s3:::${text(inputs, "bucket") ?? ""}/${text(inputs, "key") ?? ""}`,
      versionId: (made) =>
        made.hex(32, `version ${text(made.inputs, "content") ?? ""} ${JSON.stringify(made.inputs["source"] ?? "")}`),
      etag: (made) => made.hex(32, `etag ${text(made.inputs, "content") ?? ""}`),
    },
  };
  const host = ({ id }: Made): string => `${id}.s3.amazonaws.com`;
  return {
    "aws:s3/bucket:Bucket": {
      autoName: { property: "bucket", maximum: 63, lowerCase: true },
      replaceOn: ["region", "bucket", "bucketPrefix", "objectLockEnabled"],
      id: (made) => nameOf(made, "bucket"),
      computed: {
        arn: ({ id }) => `arn:aws:s3:::${id}`,
        bucketDomainName: host,
        bucketRegionalDomainName: ({ id, scope }) => `${id}.s3.${scope.region ?? ""}.amazonaws.com`,
        bucketRegion: ({ scope }) => scope.region ?? "",
        hostedZoneId: ({ hex }) => `Z${hex(13, "zone").toUpperCase()}`,
      },
    },
    "aws:s3/bucketPolicy:BucketPolicy": ofBucket,
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket,
    "aws:s3/bucketVersioning:BucketVersioning": ofBucket,
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": ofBucket,
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ofBucket,
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ofBucket,
    "aws:s3/bucketLogging:BucketLogging": ofBucket,
    "aws:s3/bucketObject:BucketObject": objectModel,
    "aws:s3/bucketObjectv2:BucketObjectv2": objectModel,
  };
}
