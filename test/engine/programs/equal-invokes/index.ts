import * as aws from "@pulumi/aws";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

class Network extends pulumi.ComponentResource {
  readonly subnets: pulumi.Output<string[]>;

  constructor(name: string, vpcId: pulumi.Input<string>, opts?: pulumi.ComponentResourceOptions) {
    super("demo:index:Network", name, { vpcId }, opts);
    this.subnets = aws.ec2.getSubnetsOutput({ filters: [{ name: "vpc-id", values: [vpcId] }] }, { parent: this }).ids;
    this.registerOutputs({ subnets: this.subnets });
  }
}

const ohio = new aws.Provider("ohio", { region: "us-east-2" });
const known = aws.ec2.getVpcOutput({ tags: { name: "main", secret: pulumi.secret("hush-hush") } });
const made = new aws.ec2.Vpc("made", { cidrBlock: "10.1.0.0/16" });
const network = new Network("network", known.id, { providers: [ohio] });
const unknown = new Network("unknown", made.id);
for (const [index, id] of ["subnet-1", "subnet-2"].entries()) {
  new aws.ec2.Route(`route-${String(index)}`, { routeTableId: id, destinationCidrBlock: known.cidrBlock });
}
network.subnets.apply((ids) =>
  ids.map((id) => new aws.ec2.RouteTableAssociation(`in-${id}`, { routeTableId: "rtb-1", subnetId: id })),
);
unknown.subnets.apply((ids) =>
  ids.map((id) => new aws.ec2.RouteTableAssociation(`never-${id}`, { routeTableId: "rtb-1", subnetId: id })),
);

const after = aws.ec2.getVpcsOutput({ tags: { name: "all" } }, { dependsOn: [made] });
const afterComponent = aws.ec2.getVpcsOutput({ tags: { name: "all" } }, { dependsOn: [network] });
const afterUnknown = gcp.compute.getZonesOutput({ region: made.region });
const early = pulumi.output(gcp.compute.getZones({ region: "europe-west1", project: "p" }));
new aws.ssm.Parameter("ids", {
  type: "StringList",
  value: pulumi.all([after.ids, afterComponent.ids]).apply(([a, b]) => [...a, ...b].join(",")),
});
new aws.ssm.Parameter("zones", {
  type: "StringList",
  value: early.names.apply((names) => names.join(",")),
  description: afterUnknown.id,
});
new aws.ssm.Parameter("vpc", { type: "String", value: known.cidrBlock, description: known.id });

export const policy = aws.iam.getPolicyDocumentOutput({
  statements: [
    { actions: ["sqs:*"], resources: [pulumi.interpolate`${made.arn}`] },
    { actions: ["s3:*"], resources: ["*"] },
  ],
}).json;
export const openPolicy = aws.iam.getPolicyDocumentOutput({
  statements: [{ actions: ["s3:*"], resources: ["*"] }],
}).json;
