// A bit of everything that an SDK has to say to the engine, in words that SDKs of two years ago know as well.
"use strict";
const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");
const tls = require("@pulumi/tls");

const config = new pulumi.Config();
const token = config.requireSecret("token");
pulumi.runtime.registerStackTransform(({ type, props, opts }) =>
  type === "aws:sns/topic:Topic" ? { props: { ...props, tags: { ...props.tags, stack: "yes" } }, opts } : undefined,
);
const ohio = new aws.Provider("ohio", { region: "us-east-2", defaultTags: { tags: { team: "shop" } } });
class Site extends pulumi.ComponentResource {
  constructor(name, args, opts) {
    super("shop:index:Site", name, args, opts);
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      { tags: { token } },
      { parent: this, protect: true, aliases: [{ name: "old" }] },
    );
    new aws.s3.BucketObjectv2(
      `${name}-page`,
      { bucket: topic.id, key: "index.html", source: new pulumi.asset.StringAsset("<p>") },
      {
        parent: this,
        deletedWith: topic,
        ignoreChanges: ["tags"],
        customTimeouts: { create: "5m" },
        deleteBeforeReplace: true,
      },
    );
    this.arn = topic.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
const site = new Site(
  "site",
  { pages: 1 },
  {
    providers: { aws: ohio },
    transforms: [
      ({ props, opts, type }) =>
        type === "aws:s3/bucketObjectv2:BucketObjectv2"
          ? { props: { ...props, contentType: "text/html" }, opts }
          : undefined,
    ],
  },
);
const key = new tls.PrivateKey("key", { algorithm: "ED25519" }, { additionalSecretOutputs: ["publicKeyPem"] });
const zones = aws.getAvailabilityZonesOutput({ state: "available" }, { provider: ohio });
const subnets = zones.names.apply((names) => names.slice(0, 2));
new aws.ssm.Parameter(
  "parameter",
  {
    type: "SecureString",
    value: key.privateKeyPem,
    tags: { key: key.publicKeyOpenssh },
    name: pulumi.interpolate`/shop/${site.arn}`,
  },
  { dependsOn: [site], retainOnDelete: true },
);
new aws.ec2.Subnet(
  "imported",
  { vpcId: "vpc-1", cidrBlock: "10.0.0.0/24", availabilityZone: subnets[0] },
  { import: "subnet-1", replaceOnChanges: ["cidrBlock"] },
);
const vpc = aws.ec2.Vpc.get("theirs", "vpc-2");
const other = new pulumi.StackReference("acme/net/dev");
exports.arn = site.arn;
exports.vpc = vpc.cidrBlock;
exports.other = other.getOutput("zone");
exports.secret = token;
exports.organization = pulumi.getOrganization();
exports.stack = `${pulumi.getProject()}/${pulumi.getStack()}`;
