import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as pulumi from "@pulumi/pulumi";

const platform = new pulumi.StackReference("organization/platform/dev");
const named = new pulumi.StackReference("shared", { name: pulumi.interpolate`organization/${"shared"}/dev` });
const zone = cloudflare.Zone.get("zone", "023e105f4ecef8ad9ca31a8372d0c353");
const vpc = aws.ec2.Vpc.get("vpc", platform.requireOutput("vpcId").apply(String), { cidrBlock: "10.0.0.0/16" });
const group = aws.ec2.SecurityGroup.get("group", "sg-1", undefined, {
  dependsOn: [vpc],
  provider: new aws.Provider("reader", { region: "eu-west-2" }),
});
const made = new aws.sqs.Queue("made", {});
const later = aws.iam.Role.get(
  "later",
  made.name,
  { path: "/as-given/" },
  { parent: group, additionalSecretOutputs: ["arn"] },
);

// The same queue, by its URN alone.
made.urn.apply((urn) => {
  const same = new aws.sqs.Queue("same", undefined, { urn });
  return new aws.sns.Topic("topic", { displayName: same.name, tags: { urn: same.urn } });
});

new aws.ec2.Subnet("subnet", {
  vpcId: vpc.id,
  cidrBlock: vpc.cidrBlock,
  tags: { group: group.id, dns: vpc.mainRouteTableId },
});
new aws.s3.Bucket("logs", { bucket: "logs-of-old" }, { import: "logs-of-old" });
new aws.iam.Role("role", { assumeRolePolicy: "{}", name: later.name, description: later.arn, path: later.path });
new cloudflare.DnsRecord("record", {
  zoneId: zone.id,
  name: zone.name,
  type: "TXT",
  ttl: 60,
  content: pulumi.interpolate`${named.getOutput("word")} ${named.getOutput("missing")}`,
});
new aws.ssm.Parameter("token", { type: "SecureString", value: platform.requireOutput("token").apply(String) });

export const vpcId = vpc.id;
export const token = platform.getOutput("token");
export const details = pulumi.output(platform.getOutputDetails("vpcId"));
export const zoneName = zone.name;
