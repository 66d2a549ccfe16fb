// Uses everything that decides where a resource stands in the graph and with which options. `test/planner/graph.test.ts` knows each line.
import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

const config = new pulumi.Config();
const password = config.requireSecret("password");

pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
  type === "aws:ec2/vpc:Vpc" ? { props: { ...props, tags: { owner: config.require("owner") } }, opts } : undefined,
);
pulumi.runtime.registerInvokeTransform(({ token, args, opts }) =>
  token === "aws:ec2/getVpc:getVpc" ? { args: { ...args, state: "available" }, opts } : undefined,
);

class Cell extends pulumi.ComponentResource {
  readonly endpoint: pulumi.Output<string>;

  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("test:index:Cell", name, {}, opts);
    const network = new aws.ec2.Vpc(`${name}-network`, { cidrBlock: "10.0.0.0/16" }, { parent: this });
    const subnet = new aws.ec2.Subnet(
      `${name}-subnet`,
      { vpcId: network.id, cidrBlock: "10.0.1.0/24" },
      { parent: this },
    );
    const balancer = new aws.lb.LoadBalancer(
      `${name}-balancer`,
      { subnets: [subnet.id], internal: false },
      { parent: this, protect: true, ignoreChanges: ["tags"], customTimeouts: { create: "20m" }, deletedWith: network },
    );
    new aws.ssm.Parameter(
      `${name}-password`,
      { type: "SecureString", value: password },
      { parent: this, dependsOn: [balancer], retainOnDelete: true },
    );
    this.endpoint = pulumi.interpolate`https://${balancer.dnsName}`;
    this.registerOutputs({ endpoint: this.endpoint });
  }
}

const ohio = new aws.Provider("ohio", { region: "us-east-2", defaultTags: { tags: { cell: "ohio" } } });
const cell = new Cell("cell", { providers: { aws: ohio }, aliases: [{ name: "old-cell" }] });

const tokyo = new gcp.Provider("tokyo", { project: "demo", region: "asia-northeast1" });
const address = new gcp.compute.Address("address", { region: "asia-northeast1" }, { provider: tokyo });
const hook = new pulumi.ResourceHook("announce", () => undefined);

const zone = cloudflare.Zone.get("zone", "zone-id-1");
const pools = Object.entries({ aws: cell.endpoint, gcp: address.address }).map(
  ([cloud, origin]) =>
    new cloudflare.LoadBalancerPool(
      `pool-${cloud}`,
      { accountId: "account", name: cloud, origins: [{ name: cloud, address: origin }] },
      {
        hooks: { afterCreate: [hook] },
        transforms: [({ props, opts }) => ({ props: { ...props, enabled: true }, opts })],
      },
    ),
);
new cloudflare.LoadBalancer(
  "balancer",
  {
    zoneId: zone.id,
    name: "api.example.com",
    defaultPools: pools.map(({ id }) => id),
    fallbackPool: "existing-pool",
  },
  { replaceOnChanges: ["name"], deleteBeforeReplace: true },
);

new aws.s3.Bucket("adopted", { bucket: "adopted-logs" }, { import: "adopted-logs" });

const account = aws.getCallerIdentityOutput({}, { provider: ohio });
const shared = aws.ec2.getVpcOutput({ tags: { shared: "yes" } }, { provider: ohio });
new aws.iam.Role("role", {
  assumeRolePolicy: pulumi.jsonStringify({ Principal: { AWS: account.accountId } }),
  tags: { vpc: shared.id, partition: aws.getPartitionOutput({}, { provider: ohio }).partition },
});

export const hostname = "api.example.com";
export const answer = config.requireNumber("answer");
export const secretHostname = pulumi.secret("plaintext-of-an-output");
export const zones = aws.getAvailabilityZonesOutput({ region: "us-west-2" }).names;
