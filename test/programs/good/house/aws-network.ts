import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** A network as `awsx.ec2.Vpc` makes one: public and private subnets in each zone, a NAT gateway for each. */
export function network(
  name: string,
  zones: string[],
  options: pulumi.CustomResourceOptions & { region?: string } = {},
) {
  const { region, ...opts } = options;
  const here = region === undefined ? {} : { region };
  const vpc = new aws.ec2.Vpc(name, { ...here, cidrBlock: "10.0.0.0/16", enableDnsHostnames: true }, opts);
  const gateway = new aws.ec2.InternetGateway(name, { ...here, vpcId: vpc.id }, opts);
  const tier = (
    kind: string,
    zone: string,
    cidrBlock: string,
    route: { gatewayId?: pulumi.Output<string>; natGatewayId?: pulumi.Output<string> },
  ) => {
    const id = `${name}-${kind}-${zone}`;
    const subnet = new aws.ec2.Subnet(id, { ...here, vpcId: vpc.id, availabilityZone: zone, cidrBlock }, opts);
    const routes = new aws.ec2.RouteTable(
      id,
      { ...here, vpcId: vpc.id, routes: [{ cidrBlock: "0.0.0.0/0", ...route }] },
      opts,
    );
    new aws.ec2.RouteTableAssociation(id, { ...here, subnetId: subnet.id, routeTableId: routes.id }, opts);
    return subnet;
  };
  const subnets = zones.map((zone, place) => {
    const open = tier("public", zone, `10.0.${String(place)}.0/24`, { gatewayId: gateway.id });
    const address = new aws.ec2.Eip(`${name}-${zone}`, { ...here, domain: "vpc" }, opts);
    const nat = new aws.ec2.NatGateway(
      `${name}-${zone}`,
      { ...here, subnetId: open.id, allocationId: address.allocationId },
      opts,
    );
    return { open, inside: tier("private", zone, `10.0.${String(place + 100)}.0/24`, { natGatewayId: nat.id }) };
  });
  return {
    vpcId: vpc.id,
    publicSubnetIds: subnets.map(({ open }) => open.id),
    privateSubnetIds: subnets.map(({ inside }) => inside.id),
  };
}
