import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

const owner = new pulumi.Config().get("owner") ?? "platform";
const named = new aws.Provider("named", { region: "eu-central-1" });
const other = new aws.Provider("other", { region: "eu-north-1" });

/** Marks what has passed: transforms run from the resource's own to the stack's. */
const leaves =
  (mark: string): pulumi.ResourceTransform =>
  ({ props, opts }) => ({ props: { ...props, trail: `${String(props["trail"] ?? "")}${mark} ` }, opts });
pulumi.runtime.registerResourceTransform(leaves("stack"));

// Every bucket and queue of the stack is tagged, after a while; a component's inputs too.
pulumi.runtime.registerResourceTransform(async ({ type, props, opts }) => {
  await Promise.resolve();
  if (!/bucket|queue|Shelf/i.test(type)) return undefined;
  return { props: { ...props, tags: { ...props["tags"], owner } }, opts: { ...opts, protect: true } };
});
pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
  token.endsWith(":getBucket") ? { args: { ...args, bucket: `${String(args["bucket"])}-x` }, opts } : undefined,
);
pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
  token.endsWith(":getQueue") ? { args, opts: { ...opts, provider: other } } : undefined,
);

class Shelf extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;

  constructor(name: string, args: pulumi.Inputs, opts?: pulumi.ComponentResourceOptions) {
    super("demo:index:Shelf", name, args, opts);
    this.bucket = new aws.s3.Bucket(
      `${name}-bucket`,
      { forceDestroy: true },
      { parent: this, transforms: [leaves("own"), leaves("own too")] },
    );
    new aws.s3.BucketObject(`${name}-object`, { bucket: this.bucket.id, key: "a", content: "b" }, { parent: this });
    this.registerOutputs({ bucket: this.bucket.bucket });
  }
}

const role = new aws.iam.Role("role", { assumeRolePolicy: "{}" });
const shelf = new Shelf(
  "shelf",
  { size: 2, arn: role.arn },
  {
    providers: [named],
    transforms: [
      leaves("parent"),
      ({ name, props, opts }) => ({
        props: { ...props, note: `via ${name}` },
        opts: pulumi.mergeOptions(opts, { ignoreChanges: ["note"] }),
      }),
      ({ type, props, opts }) =>
        type === "aws:s3/bucketObject:BucketObject"
          ? { props: { ...props, content: pulumi.secret(props["content"]) }, opts: { ...opts, provider: other } }
          : undefined,
    ],
  },
);

new aws.sqs.Queue(
  "plain",
  { name: pulumi.interpolate`q-${shelf.bucket.id}`, tags: { a: "1" }, kmsMasterKeyId: role.arn },
  {
    dependsOn: [role],
    transforms: [({ props, opts }) => ({ props, opts: { ...opts, aliases: [{ name: "former" }] } })],
  },
);
new aws.sqs.Queue("kept", { kmsMasterKeyId: role.arn }, { transforms: [() => undefined] });
new aws.sqs.Queue(
  "optioned",
  { delaySeconds: 1 },
  {
    transforms: [
      ({ props, opts }) => ({
        props: { ...props, delaySeconds: undefined, name: role.name },
        opts: {
          ...opts,
          additionalSecretOutputs: ["arn"],
          customTimeouts: { create: "5m" },
          deleteBeforeReplace: true,
          deletedWith: role,
          dependsOn: [role],
          replaceOnChanges: ["name"],
          retainOnDelete: true,
          version: "7.48.0",
        },
      }),
    ],
  },
);
new Shelf(
  "legacy",
  {},
  {
    transformations: [
      ({ type, props, opts }) =>
        type === "aws:s3/bucket:Bucket"
          ? { props: { ...props, bucket: "legacy-bucket" }, opts: { ...opts, protect: false } }
          : undefined,
    ],
  },
);

export const found = aws.s3.getBucketOutput({ bucket: "known" }).arn;
export const queue = aws.sqs.getQueueOutput({ name: "known" }, { provider: named }).url;
