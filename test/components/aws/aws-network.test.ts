// Proves the network of an AWS region: subnets that follow from the zone alone, ways out that fail with their zone, endpoints that allow
// no more than a task needs. It does not prove routing itself.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AwsNetwork, type AwsNetworkArgs } from "../../../components/aws";
import { planSubnets } from "../../../components/aws/network-plan";
import { cidrContains, cidrsOverlap } from "../../../components/sizing/cidr";
import { record, UNKNOWN, value, type Recording } from "../../support/mocks";
import { ACCOUNT, networkArgs } from "./arguments";

const NAME = "exchange-us-east-2-network";

const recorded = (extra: Partial<AwsNetworkArgs> = {}): Promise<Recording<AwsNetwork>> =>
  record(() => new AwsNetwork(NAME, { ...networkArgs, ...extra }));

const cidrs = (run: Recording<unknown>): Record<string, string> =>
  Object.fromEntries(
    run
      .all("aws:ec2/subnet:Subnet")
      .map(({ name, inputs }) => [name.slice(NAME.length + 1), inputs["cidrBlock"] as string]),
  );

describe("AwsNetwork", () => {
  it("lays a public and a private subnet into each zone", async () => {
    expect(cidrs(await recorded())).toEqual({
      "private-us-east-2a": "10.16.0.0/19",
      "private-us-east-2b": "10.16.32.0/19",
      "private-us-east-2c": "10.16.64.0/19",
      "public-us-east-2a": "10.16.224.0/22",
      "public-us-east-2b": "10.16.228.0/22",
      "public-us-east-2c": "10.16.232.0/22",
    });
  });

  it("resolves names, which the endpoints' private DNS needs", async () => {
    expect((await recorded()).one("aws:ec2/vpc:Vpc").inputs).toEqual({
      region: "us-east-2",
      cidrBlock: "10.16.0.0/16",
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: NAME },
    });
  });

  it("lets an endpoint go before its successor takes the private DNS name", async () => {
    const run = await recorded();
    expect(
      run
        .all("aws:ec2/vpcEndpoint:VpcEndpoint")
        .map(({ name, deleteBeforeReplace }) => [name.slice(NAME.length + 1), deleteBeforeReplace]),
    ).toEqual([
      ["ecr-api", true],
      ["ecr-dkr", true],
      ["logs", true],
      ["s3", false],
      ["secretsmanager", true],
    ]);
  });

  it("keeps a zone's subnets when another zone is exchanged or the order changes", async () => {
    const before = cidrs(await recorded());
    const after = cidrs(await recorded({ availabilityZones: ["us-east-2d", "us-east-2c", "us-east-2a"] }));
    const kept = Object.entries(before).filter(([role]) => !role.endsWith("b"));
    expect(Object.fromEntries(kept.map(([role]) => [role, after[role]]))).toEqual(Object.fromEntries(kept));
    expect(after["private-us-east-2d"]).toBe("10.16.96.0/19");
  });

  it("gives no address to anything, and no rule to the default group", async () => {
    const run = await recorded();
    expect(run.all("aws:ec2/subnet:Subnet").filter((subnet) => subnet.inputs["mapPublicIpOnLaunch"] !== false)).toEqual(
      [],
    );
    const { ingress, egress } = run.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup").inputs;
    expect([ingress, egress]).toEqual([[], []]);
  });

  it("has no way to the Internet for private subnets unless asked", async () => {
    const run = await recorded();
    expect(run.all("aws:ec2/route:Route").map((route) => route.name)).toEqual([`${NAME}-public-internet`]);
    expect(run.one("twodoor:index:AwsNetwork").outputs["egressAddresses"]).toEqual([]);
  });

  it("gives each zone a NAT gateway of its own", async () => {
    const run = await record(
      async () => value(new AwsNetwork(NAME, { ...networkArgs, internetEgress: true }).egressAddresses),
      {
        computed: (type, name) => {
          if (type === "aws:ec2/eip:Eip") return { publicIp: `ip of ${name.slice(-1)}`, allocationId: name };
          return ["aws:ec2/natGateway:NatGateway", "aws:ec2/subnet:Subnet", "aws:ec2/routeTable:RouteTable"].includes(
            type,
          )
            ? { id: name }
            : {};
        },
      },
    );
    expect(run.result).toEqual(["ip of a", "ip of b", "ip of c"]);
    const gateways = run.all("aws:ec2/natGateway:NatGateway").map(({ inputs }) => inputs["subnetId"] as string);
    const routes = run
      .all("aws:ec2/route:Route")
      .filter(({ inputs }) => "natGatewayId" in inputs)
      .map(({ inputs }) => [inputs["routeTableId"], inputs["natGatewayId"]] as string[]);
    const gateway = run.one("aws:ec2/internetGateway:InternetGateway").urn;
    const waiting = [...run.all("aws:ec2/eip:Eip"), ...run.all("aws:ec2/natGateway:NatGateway")];
    expect([waiting.length, waiting.filter(({ dependencies }) => !dependencies.includes(gateway))]).toEqual([6, []]);
    expect(gateways).toEqual(["a", "b", "c"].map((zone) => `${NAME}-public-us-east-2${zone}`));
    expect(routes).toEqual(
      ["a", "b", "c"].map((zone) => [`${NAME}-private-us-east-2${zone}`, `${NAME}-nat-us-east-2${zone}`]),
    );
  });

  it("lets nothing but a task's needs through its endpoints", async () => {
    const run = await recorded();
    const rows = run.all("aws:ec2/vpcEndpoint:VpcEndpoint").map(({ name, inputs }) => {
      const { Statement } = JSON.parse(inputs["policy"] as string) as { Statement: Record<string, unknown>[] };
      const { vpcEndpointType, privateDnsEnabled, serviceName } = inputs as Record<string, unknown>;
      return [name.slice(NAME.length + 1), serviceName, vpcEndpointType, privateDnsEnabled ?? null, Statement.length];
    });
    expect(rows).toEqual([
      ["ecr-api", "com.amazonaws.us-east-2.ecr.api", "Interface", true, 1],
      ["ecr-dkr", "com.amazonaws.us-east-2.ecr.dkr", "Interface", true, 1],
      ["logs", "com.amazonaws.us-east-2.logs", "Interface", true, 1],
      ["s3", "com.amazonaws.us-east-2.s3", "Gateway", null, 1],
      ["secretsmanager", "com.amazonaws.us-east-2.secretsmanager", "Interface", true, 1],
    ]);
    const policy = (role: string): unknown =>
      (
        JSON.parse(run.one("aws:ec2/vpcEndpoint:VpcEndpoint", `${NAME}-${role}`).inputs["policy"] as string) as {
          Statement: unknown[];
        }
      ).Statement[0];
    expect(policy("s3")).toEqual({
      Sid: "ImageLayers",
      Effect: "Allow",
      Principal: "*",
      Action: "s3:GetObject",
      Resource: "arn:aws:s3:::prod-us-east-2-starport-layer-bucket/*",
    });
    expect(policy("logs")).toEqual({
      Sid: "WriteLogs",
      Effect: "Allow",
      Principal: { AWS: "*" },
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: `arn:aws:logs:us-east-2:${ACCOUNT}:log-group:/twodoor/test/*`,
      Condition: { StringEquals: { "aws:PrincipalAccount": ACCOUNT } },
    });
  });

  it("opens its endpoints to private subnets on 443 alone", async () => {
    const run = await recorded();
    expect(
      run
        .all("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
        .map(
          ({ inputs }) => [inputs["cidrIpv4"], inputs["ipProtocol"], inputs["fromPort"], inputs["toPort"]] as unknown,
        ),
    ).toEqual([
      ["10.16.0.0/19", "tcp", 443, 443],
      ["10.16.32.0/19", "tcp", 443, 443],
      ["10.16.64.0/19", "tcp", 443, 443],
    ]);
    expect(run.all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")).toEqual([]);
  });

  it("keeps flow logs for a stated time", async () => {
    const run = await recorded({ logRetentionDays: 30, logKeyArn: "arn:key" });
    expect(run.one("aws:cloudwatch/logGroup:LogGroup").inputs).toEqual({
      region: "us-east-2",
      name: `/twodoor/test/${NAME}/flow`,
      retentionInDays: 30,
      deletionProtectionEnabled: true,
      kmsKeyId: "arn:key",
      tags: {},
    });
    expect(run.one("aws:ec2/flowLog:FlowLog").inputs["logDestination"]).toBe(UNKNOWN);
  });

  it("refuses what it cannot lay out, all at once", async () => {
    const broken = { ...networkArgs, region: "us-middle-1", accountId: "12", cidrBlock: "10.16.0.0/24" };
    await expect(recorded(broken)).rejects.toThrowErrorMatchingInlineSnapshot(`
      [Error: AwsNetwork "exchange-us-east-2-network" cannot be built: 6 problems
        accountId   expected an account id of 12 digits, got "12"; copy it from the console's account menu, as text, so that zeros in front are kept
        availabilityZones[0]   expected a zone of us-middle-1, got "us-east-2a"; write the region and a letter from a to g, such as "us-middle-1a"
        availabilityZones[1]   expected a zone of us-middle-1, got "us-east-2b"; write the region and a letter from a to g, such as "us-middle-1a"
        availabilityZones[2]   expected a zone of us-middle-1, got "us-east-2c"; write the region and a letter from a to g, such as "us-middle-1a"
        cidrBlock   expected an IPv4 range from /16 to /20, got "10.16.0.0/24"; write it with its first address, such as "10.16.0.0/16"
        region   expected an AWS region, got "us-middle-1"; write it as AWS does, such as "us-east-2"]
    `);
  });
});

describe("planSubnets", () => {
  it("gives subnets that are inside, apart, and large enough for a load balancer", () => {
    const zones = ["a", "b", "c", "d", "e", "f", "g"].map((letter) => `us-east-1${letter}`);
    fc.assert(
      fc.property(fc.integer({ min: 16, max: 20 }), fc.integer({ min: 0, max: 15 }), (prefixLength, block) => {
        const cidrBlock = `10.${String(block)}.0.0/${String(prefixLength)}`;
        const all = planSubnets(cidrBlock, zones).flatMap((zone) => [zone.publicCidrBlock, zone.privateCidrBlock]);
        expect(all.every((cidr) => cidrContains(cidrBlock, cidr))).toBe(true);
        expect(all.some((a, i) => all.some((b, j) => i < j && cidrsOverlap(a, b)))).toBe(false);
        expect(all.every((cidr) => Number(cidr.split("/")[1]) <= 27)).toBe(true);
      }),
    );
  });
});
