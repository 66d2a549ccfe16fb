// Proves each refusal of an AWS region by one break of a baseline that has none, and that nothing is registered before. It does not
// prove that AWS would refuse the same.
import { describe, expect, it } from "vitest";
import { AwsRegion, awsRegionIssues, type AwsRegionArgs } from "../../../components/aws";
import { imageIssues } from "../../../components/aws/aws-region-issues";
import { record, value } from "../../support/mocks";
import { ACCOUNT, AUTHORITY, DIGEST, IMAGE, regionArgs, SECRET_VALUE } from "./arguments";

const network = {
  vpcId: "vpc-1",
  publicSubnetIds: ["subnet-1", "subnet-2", "subnet-3"],
  privateSubnetIds: ["subnet-4", "subnet-5", "subnet-6"],
  s3PrefixListId: "pl-1",
};

const broken = (extra: Partial<AwsRegionArgs>): string[] =>
  awsRegionIssues({ ...regionArgs, ...extra }).map(
    ({ path, expected, got, fix }) => `${path}: ${expected} | ${got} | ${fix}`,
  );

describe("awsRegionIssues", () => {
  it("finds nothing in the baseline, in a brought network, or in values that are not known", () => {
    expect(awsRegionIssues(regionArgs)).toEqual([]);
    expect(awsRegionIssues({ ...regionArgs, network })).toEqual([]);
    expect(
      awsRegionIssues({
        ...regionArgs,
        image: Promise.resolve("anything"),
        hostname: Promise.resolve("anything"),
        certificateArn: Promise.resolve("anything"),
      }),
    ).toEqual([]);
  });

  it.each<[Partial<AwsRegionArgs>, string]>([
    [
      { accountId: "1234" },
      `accountId: an account id of 12 digits | "1234" | copy it from the console's account menu, as text, so that zeros in front are kept`,
    ],
    [
      { availabilityZones: ["us-east-2a", "us-east-2b"] },
      'availabilityZones: exactly three, one for each zone | 2 | name three, such as "us-east-2a"',
    ],
    [
      { availabilityZones: ["us-east-2a", "us-east-2b", "us-east-2a"] },
      'availabilityZones[2]: each zone once | "us-east-2a" again | name another zone',
    ],
    [
      { availabilityZones: ["us-east-2a", "us-east-2b", "us-west-2a"] },
      'availabilityZones[2]: a zone of us-east-2 | "us-west-2a" | write the region and a letter from a to g, such as "us-east-2a"',
    ],
    [
      { cidrBlock: "10.16.0.1/16" },
      'cidrBlock: an IPv4 range from /16 to /20 | "10.16.0.1/16" | write it with its first address, such as "10.16.0.0/16"',
    ],
    [
      { cidrBlock: "11.16.0.0/16" },
      'cidrBlock: a private range | "11.16.0.0/16" | take one out of 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16',
    ],
    [
      { cidrBlock: "10.16.0.0/20", maximumReplicas: 600 },
      "cidrBlock: 604 addresses in each private subnet, for twice the tasks in two zones during a deployment | 507 | take a larger range, or lower maximumReplicas",
    ],
    [
      { hostname: "API.example.com" },
      'hostname: a full hostname in lower case, without wildcard or dot at its end | "API.example.com" | write it as clients call it, such as "api.example.com"',
    ],
    [
      { hostname: `${"a".repeat(60)}.example.com` },
      "hostname: at most 64 characters, as ACM demands | 72 | choose a shorter hostname",
    ],
    [
      { certificateArn: `arn:aws:acm:us-west-2:${ACCOUNT}:certificate/1` },
      `certificateArn: the ARN of an ACM certificate in us-east-2 | "arn:aws:acm:us-west-2:${ACCOUNT}:certificate/1" | request one in this region: load balancers take no other region's`,
    ],
    [
      { image: "exchange:latest" },
      `image: an image by digest in an ECR registry of us-east-2 | "exchange:latest" | write ACCOUNT.dkr.ecr.us-east-2.amazonaws.com/NAME@sha256:DIGEST`,
    ],
    [
      { image: IMAGE.replace("us-east-2", "us-west-2") },
      "image: an image in us-east-2 | one in us-west-2 | copy the image to this region's registry by its digest, so that no other region is needed to start a task",
    ],
    [
      { externalImage: true, image: `ghcr.io/example/exchange@sha256:${DIGEST}` },
      "externalImage: a way to that registry | no `internetEgress` | take it from this region's registry, or turn `internetEgress` on",
    ],
    [
      { externalImage: true, internetEgress: true, image: "ghcr.io/example/exchange:1" },
      'image: an image by digest | "ghcr.io/example/exchange:1" | write NAME@sha256:DIGEST',
    ],
    [
      { minimumReplicas: 0 },
      "minimumReplicas: a whole number from 1 to 5000 | 0 | run at least one replica, and ask the cloud before going beyond",
    ],
    [{ maximumReplicas: 5 }, "maximumReplicas: at least minimumReplicas (6) | 5 | raise it"],
    [
      { requestsPerSecondPerReplica: 0 },
      "requestsPerSecondPerReplica: a number above 0 | 0 | measure it, or leave it out",
    ],
    [{ containerPort: 0 }, "containerPort: a whole number from 1 to 65535 | 0 | name the port that the API serves"],
    [{ userId: 0 }, "userId: a whole number from 1 to 65534 | 0 | run as a user that is not root"],
    [{ vcpus: 3 }, "vcpus: one of 1, 2, 4, 8 | 3 | take the next larger one"],
    [
      { vcpus: 8, memoryMib: 17408 },
      "memoryMib: from 16384 to 61440 in steps of 4096 for 8 virtual CPUs | 17408 | take a size that Fargate has",
    ],
    [
      { readinessPath: "healthz" },
      'readinessPath: a path that starts with / and has at most 1024 characters | "healthz" | write it as the API serves it, such as "/healthz/ready"',
    ],
    [
      { livenessPath: "" },
      'livenessPath: a path that starts with / and has at most 1024 characters | "" | write it as the API serves it, such as "/healthz/ready"',
    ],
    [
      { writablePath: "/" },
      'writablePath: an absolute path | "/" | write a directory other than the root, such as "/tmp"',
    ],
    [
      { healthCheckCommand: ["true"] },
      'healthCheckCommand: a list that begins with "CMD" or "CMD-SHELL" | "true" | put "CMD" in front of a program and its arguments',
    ],
    [
      { environment: { "a-b": "1" } },
      'environment.a-b: a name of letters, digits and _ that starts with no digit | "a-b" | rename it',
    ],
    [
      { environment: { PORT: "1" } },
      'environment.PORT: another name than CLOUD, PORT, REGION | "PORT" | leave it out: the region sets it',
    ],
    [
      { environment: { A: "1" }, secrets: { A: SECRET_VALUE } },
      'secrets.A: a name that `environment` does not have | "A" | keep it in one of the two',
    ],
    [
      { allowedRanges: [] },
      "allowedRanges: at least one address range | an empty list | leave it out to accept Cloudflare's ranges",
    ],
    [
      { allowedRanges: ["0.0.0.0/0"] },
      'allowedRanges[0]: less than the whole Internet | "0.0.0.0/0" | name the ranges of whoever stands in front of the API',
    ],
    [
      { allowedRanges: ["192.0.2.1/24"] },
      'allowedRanges[0]: an IPv4 or IPv6 range | "192.0.2.1/24" | write address/prefix without bits behind the prefix',
    ],
    [
      { allowedRanges: Array.from({ length: 61 }, (_, index) => `192.0.2.${String(index)}/32`) },
      "allowedRanges: at most 60 of one family, as many as a security group has rules | 61 | join ranges that lie next to each other",
    ],
    [{ secrets: { A: "" } }, "secrets.A: from 1 byte to 64 KiB | a secret of 0 characters | give it a value that fits"],
    [
      { secrets: { A: "é".repeat(40_000) } },
      "secrets.A: from 1 byte to 64 KiB | a secret of 40000 characters | give it a value that fits",
    ],
    [
      { internetEgressPorts: [] },
      "internetEgressPorts: from 1 to 20 ports | 0 | name the ports that are called, or turn `internetEgress` off",
    ],
    [{ internetEgressPorts: [443, 443] }, "internetEgressPorts[1]: each port once | 443 again | remove one of them"],
    [{ internetEgressPorts: [0] }, "internetEgressPorts[0]: a whole number from 1 to 65535 | 0 | name a TCP port"],
    [
      { originPullMode: "enforce" },
      'originPullAuthorities: from 1 to 25 PEM certificates while originPullMode is "enforce" | nothing | give it the authorities that sign the client certificates, or turn originPullMode off',
    ],
    [
      { originPullMode: "enforce", originPullAuthorities: AUTHORITY.repeat(26) },
      'originPullAuthorities: from 1 to 25 PEM certificates while originPullMode is "enforce" | 26 | give it the authorities that sign the client certificates, or turn originPullMode off',
    ],
    [
      { logRetentionDays: 10 },
      "logRetentionDays: one of 1, 3, 5, 7, 14, 30, 60, 90, 180, 365, 400 | 10 | take the next longer one",
    ],
    [{ alarmEmails: ["oncall"] }, 'alarmEmails[0]: an e-mail address | "oncall" | write name@domain'],
    [
      { tags: { Team: "a" } },
      'tags.Team: a tag of lower-case letters, digits, - and _, at most 63, the key starting with a letter | "a" | write key and value in lower case without spaces or dots',
    ],
    [
      { network: { ...network, publicSubnetIds: ["subnet-1"] } },
      "network.publicSubnetIds: exactly three, one for each zone | 1 | name one subnet in each zone",
    ],
    [
      {
        network: {
          vpcId: "vpc-1",
          publicSubnetIds: network.publicSubnetIds,
          privateSubnetIds: network.privateSubnetIds,
        },
      },
      "network.s3PrefixListId: a way to the image layers in S3 | nothing | name the prefix list of the VPC's S3 gateway endpoint, or turn `internetEgress` on",
    ],
  ])("rejects %#: $1", (extra, issue) => {
    expect(broken(extra)).toEqual([issue]);
  });
});

describe("imageIssues", () => {
  it("judge an image that becomes known later as they judge one that is known", () => {
    expect(imageIssues("exchange:latest", regionArgs)).toEqual(
      awsRegionIssues({ ...regionArgs, image: "exchange:latest" }),
    );
    expect(imageIssues(IMAGE, regionArgs)).toEqual([]);
  });
});

describe("AwsRegion", () => {
  it("refuses before the first child, with everything that is wrong", async () => {
    const build = record(
      () => new AwsRegion("exchange-us-east-2", { ...regionArgs, cidrBlock: "10.0.0.0/8", vcpus: 3 }),
    );
    await expect(build).rejects.toThrowErrorMatchingInlineSnapshot(`
      [Error: AwsRegion "exchange-us-east-2" cannot be built: 2 problems
        cidrBlock   expected an IPv4 range from /16 to /20, got "10.0.0.0/8"; write it with its first address, such as "10.16.0.0/16"
        vcpus   expected one of 1, 2, 4, 8, got 3; take the next larger one]
    `);
  });

  it("refuses a name that cannot begin a bucket's", async () => {
    await expect(record(() => new AwsRegion("Exchange--Ohio", regionArgs))).rejects.toThrowErrorMatchingInlineSnapshot(`
      [Error: AwsRegion "Exchange--Ohio" cannot be built: 1 problem
        name   expected lower-case letters, digits and single hyphens, starting with a letter, got "Exchange--Ohio"; rename the component, since names of buckets and load balancers are made from it]
    `);
  });

  it("registers nothing, not even itself, when it refuses", async () => {
    const run = await record(() => {
      expect(() => new AwsRegion("exchange-us-east-2", { ...regionArgs, vcpus: 3 })).toThrow("1 problem");
    });
    expect(run.resources).toEqual([]);
  });

  it("takes a network that is there, and makes none", async () => {
    const run = await record(async () =>
      value(new AwsRegion("exchange-us-east-2", { ...regionArgs, network }).egressAddresses),
    );
    expect(run.result).toEqual([]);
    expect(run.all("twodoor:index:AwsNetwork")).toEqual([]);
    expect(run.one("aws:lb/loadBalancer:LoadBalancer").inputs["subnets"]).toEqual(network.publicSubnetIds);
    expect(
      run.one("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "exchange-us-east-2-tasks-to-endpoints")
        .inputs["cidrIpv4"],
    ).toBe("10.16.0.0/16");
  });

  it("needs no right to pull where the image is another registry's", async () => {
    const image = `ghcr.io/example/exchange@sha256:${DIGEST}`;
    const run = await record(
      () => new AwsRegion("exchange-us-east-2", { ...regionArgs, image, externalImage: true, internetEgress: true }),
    );
    const policy = run.one("aws:iam/rolePolicy:RolePolicy", "exchange-us-east-2-execution").inputs["policy"] as string;
    expect(policy.includes("ecr:")).toBe(false);
  });
});
