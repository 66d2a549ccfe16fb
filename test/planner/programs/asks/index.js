"use strict";
const pulumi = require("@pulumi/pulumi");

/** A resource whose inputs the tests read. */
class Thing extends pulumi.CustomResource {
  constructor(name, inputs, opts) {
    super("test:index:Thing", name, inputs, opts);
  }
}

module.exports = async () => {
  const ask = (token, args = {}) => pulumi.runtime.invoke(token, args);
  const secret = await ask("aws:secretsmanager/getSecretVersion:getSecretVersion", { secretId: "db" });
  const login = JSON.parse(secret.secretString);
  const identity = await ask("aws:index/getCallerIdentity:getCallerIdentity");
  const zones = await ask("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
  // The same again, from elsewhere.
  await ask("aws:index/getAvailabilityZones:getAvailabilityZones", { state: "available" });
  const subnets = await ask("aws:ec2/getSubnets:getSubnets", { tags: { tier: "private" } });
  const subnet = await ask("aws:ec2/getSubnet:getSubnet", { id: subnets.ids[0] });
  const balancer = await ask("aws:lb/getLoadBalancer:getLoadBalancer", { name: "front" });
  const cluster = await ask("gcp:container/getCluster:getCluster", { name: "main", location: "us-west1" });
  const token = pulumi.runtime.invokeOutput("aws:ecr/getAuthorizationToken:getAuthorizationToken", {});
  const login2 = pulumi.runtime.invokeOutput("aws:ecr/getCredentials:getCredentials", {
    registryId: pulumi.secret("999988887777"),
  });

  const network = new pulumi.StackReference("network", { name: "organization/network/prod" });
  const vpc = Thing.get?.("vpc", "vpc-1");
  const read = new Thing("read", { arn: undefined }, { id: "thing-1" });
  new Thing("made", {
    bucket: `logs-${identity.accountId}`,
    zones: zones.names,
    user: login.username,
    subnet: subnet.cidrBlock,
    mapping: balancer.subnetMappings.map(({ subnetId }) => subnetId),
    version: cluster.nodePools[0].version,
    nodes: cluster.nodePools[0].nodeCount,
    port: `port-${cluster.nodePools[0].nodeCount}`,
    password: token.apply((answer) => answer.password),
    registry: login2.apply((answer) => answer.proxyEndpoint),
    vpcId: network.getOutput("vpcId"),
    key: network.getOutput("key"),
    none: network.getOutput("none"),
    arn: read.arn ?? "",
    vpc,
  });
};
