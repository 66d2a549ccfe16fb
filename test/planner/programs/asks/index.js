"use strict";
const pulumi = require("@pulumi/pulumi");

/** A resource whose inputs the tests read. */
class Thing extends pulumi.CustomResource {
  constructor(name, inputs, opts) {
    super("test:index:Thing", name, inputs, opts);
  }
}

/** Another stack's outputs, by every function that reads them. */
async function readsOutputs() {
  const network = new pulumi.StackReference("network", { name: "organization/network/prod" });
  const details = await network.getOutputDetails("vpcId");
  const secretDetails = await network.getOutputDetails("password");
  const absent = await network.getOutputDetails("absent");
  return {
    required: network.requireOutput("vpcId"),
    details,
    secretDetails: pulumi.secret(secretDetails.secretValue ?? "none"),
    kinds: [Object.keys(details)[0], Object.keys(secretDetails)[0], typeof absent.value].join(", "),
  };
}

/** Asks data sources in every form, and puts what they say into resources. */
async function asks() {
  const ask = (token, args = {}, opts = {}) => pulumi.runtime.invoke(token, args, opts);
  const stored = await ask("aws:secretsmanager/getSecretVersion:getSecretVersion", { secretId: "db" });
  const login = JSON.parse(stored.secretString);
  const identity = await ask("aws:index/getCallerIdentity:getCallerIdentity");
  const zones = await ask("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
  // The same again: a plan tells it once.
  await ask("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
  const subnets = await ask("aws:ec2/getSubnets:getSubnets", { tags: { tier: "private" } });
  const subnet = await ask("aws:ec2/getSubnet:getSubnet", { id: subnets.ids[0] });
  const balancer = await ask("aws:lb/getLoadBalancer:getLoadBalancer", { name: "front" });
  const cluster = await ask("gcp:container/getCluster:getCluster", { name: "main", location: "us-west1" });
  const token = pulumi.runtime.invokeOutput("aws:ecr/getAuthorizationToken:getAuthorizationToken", {});
  const west = new pulumi.ProviderResource("aws", "west", { region: "us-west-2" });
  const there = await ask("aws:index/getRegion:getRegion", {}, { provider: west });
  // The SDK asks nobody when an argument is not known yet.
  const later = pulumi.runtime.invokeOutput("aws:ec2/getVpc:getVpc", { id: west.id });

  const network = new pulumi.StackReference("network", { name: "organization/network/prod" });
  const read = new Thing("read", { arn: undefined, tag: "ours" }, { id: "thing-1" });
  new Thing("made", {
    bucket: `logs-${identity.accountId}`,
    zones: zones.names,
    user: login.username,
    subnet: subnet.cidrBlock,
    mapping: balancer.subnetMappings.map(({ subnetId }) => subnetId),
    version: cluster.nodePools[0].version,
    port: `port-${cluster.nodePools[0].nodeCount}`,
    nodes: cluster.nodePools[0].nodeCount,
    password: token.apply((answer) => answer.password),
    there: there.name,
    later: later.apply((answer) => answer.cidrBlock),
    vpcId: network.getOutput("vpcId"),
    key: network.getOutput("key"),
    none: network.getOutput("none"),
    arn: read.arn,
  });
}

module.exports = () => (new pulumi.Config().get("mode") === "requires" ? readsOutputs() : asks());
