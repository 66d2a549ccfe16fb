import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** As a generated SDK declares a packaged component. */
class Cluster extends pulumi.ComponentResource {
  declare readonly endpoint: pulumi.Output<string>;
  declare readonly nodes: pulumi.Output<string[]>;

  constructor(name: string, args: pulumi.Inputs, opts?: pulumi.ComponentResourceOptions) {
    super(
      "demo:index:Cluster",
      name,
      { ...args, endpoint: undefined, nodes: undefined },
      pulumi.mergeOptions({ version: "3.1.0" }, opts),
      true,
    );
  }

  kubeconfig(profile: pulumi.Input<string>): pulumi.Output<{ text: string }> {
    return pulumi.runtime.call("demo:index:Cluster/kubeconfig", { __self__: this, profile }, this);
  }
}

const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.0.0.0/16" });
const subnets = ["a", "b"].map(
  (zone) => new aws.ec2.Subnet(`subnet-${zone}`, { vpcId: vpc.id, availabilityZone: `eu-west-1${zone}` }),
);
class Demo extends pulumi.ProviderResource {
  constructor(name: string) {
    super("demo", name, { endpoint: "https://demo" }, { version: "3.1.0" });
  }
}
const demo = new Demo("kept");
const cluster = new Cluster("cluster", {
  vpcId: vpc.id,
  vpc,
  subnetIds: subnets.map((subnet) => subnet.id),
  tags: { name: "cluster", owner: pulumi.secret("team"), arn: pulumi.secret(vpc.arn) },
  version: "1.33",
});
const second = new Cluster(
  "second",
  { peer: cluster, peers: [cluster.endpoint] },
  {
    aliases: [{ name: "former" }],
    customTimeouts: { create: "40m" },
    deletedWith: vpc,
    dependsOn: [cluster, subnets[0] ?? vpc],
    ignoreChanges: ["peers"],
    protect: true,
    providers: [demo],
    transforms: [
      ({ name, props, opts }) => ({
        props: { ...props, label: `of ${name}` },
        opts: { ...opts, retainOnDelete: true },
      }),
    ],
  },
);
new Cluster("inner", { size: 1 }, { parent: second });

class Team extends pulumi.ComponentResource {
  constructor(name: string, args: { vpc: aws.ec2.Vpc }, opts?: pulumi.ComponentResourceOptions) {
    super("demo:index:Team", name, args, opts);
    new aws.iam.Role(
      `${name}-role`,
      { assumeRolePolicy: "{}", description: second.endpoint },
      { parent: this, dependsOn: [second] },
    );
    this.registerOutputs({ vpc: args.vpc, cluster });
  }
}
const team = new Team("team", { vpc });

new aws.ssm.Parameter(
  "endpoint",
  { type: "String", value: pulumi.interpolate`https://${cluster.endpoint}` },
  { dependsOn: [team, cluster] },
);
new aws.ssm.Parameter("nodes", { type: "String", value: cluster.nodes.apply((nodes) => nodes.join(",")) });
new aws.ssm.Parameter("config", { type: "String", value: cluster.kubeconfig("admin").apply(({ text }) => text) });

export { cluster, team, vpc };
