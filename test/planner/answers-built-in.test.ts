/**
 * Proves what the built-in answers say, what of it they mark as made up, which of them are guesses, and that each names a function and
 * fields that the installed SDKs have. Does not prove that a cloud says the same: tables are held to their published sources by hand.
 */
import { describe, expect, it } from "vitest";
import { CLOUDFLARE_RANGES } from "../../components/sizing/cloudflare-ranges";
import { builtInAnswer, builtInTokens, formerTokens } from "../../planner/answers/built-in";
import { Declarations } from "../../planner/answers/declarations";
import type { JsonObject } from "../../resilience/values";
import { secretSignature, signatureKey } from "../../resilience/values";

interface Answered {
  result: JsonObject | undefined;
  isGuess: boolean | undefined;
  madeUp: (string | number)[];
}

function ask(token: string, args: JsonObject = {}, providerInputs: JsonObject = {}): Answered {
  const madeUp = new Set<string | number>();
  const answer = builtInAnswer({ token, args, providerInputs }, madeUp);
  return { result: answer?.result, isGuess: answer?.isGuess, madeUp: [...madeUp].sort() };
}

const ohio = { region: "us-east-2" };
const secret = (value: string): JsonObject => ({ [signatureKey]: secretSignature, value });

describe("an account of AWS", () => {
  const identity = "aws:index/getCallerIdentity:getCallerIdentity";

  it("is made up, and says so", () => {
    expect(ask(identity, {}, ohio)).toEqual({
      result: {
        accountId: "111122223333",
        arn: "arn:aws:iam::111122223333:root",
        id: "111122223333",
        userId: "111122223333",
      },
      isGuess: false,
      madeUp: ["111122223333"],
    });
  });

  it("is known where the provider may use no other", () => {
    const allowed = { ...ohio, allowedAccountIds: '["444455556666"]' };
    expect(ask(identity, {}, allowed)).toMatchObject({ result: { accountId: "444455556666" }, madeUp: [] });
    expect(ask(identity, {}, { allowedAccountIds: ["1", "2"] }).madeUp).toEqual(["111122223333"]);
  });

  it("has the region of the call, else of the provider, and none without either", () => {
    const token = "aws:index/getRegion:getRegion";
    expect(ask(token, { region: "us-west-2" }, ohio).result).toMatchObject({ name: "us-west-2", id: "us-west-2" });
    expect(ask(token, {}, ohio)).toEqual({
      result: {
        id: "us-east-2",
        name: "us-east-2",
        region: "us-east-2",
        description: "US East (Ohio)",
        endpoint: "ec2.us-east-2.amazonaws.com",
      },
      isGuess: false,
      madeUp: [],
    });
    expect(ask(token).result).toBeUndefined();
  });

  it("is in the partition of its region", () => {
    const partition = (region: string): unknown => ask("aws:index/getPartition:getPartition", {}, { region }).result;
    expect(partition("us-east-2")).toEqual({
      id: "aws",
      partition: "aws",
      dnsSuffix: "amazonaws.com",
      reverseDnsPrefix: "com.amazonaws",
    });
    expect(partition("cn-north-1")).toMatchObject({ partition: "aws-cn", reverseDnsPrefix: "cn.com.amazonaws" });
    expect(partition("us-gov-west-1")).toMatchObject({ partition: "aws-us-gov" });
  });

  it("takes ARNs apart", () => {
    const parse = (arn: string): JsonObject | undefined => ask("aws:index/getArn:getArn", { arn }).result;
    expect(parse("arn:aws:rds:eu-west-1:123456789012:db:mysql-db")).toEqual({
      id: "arn:aws:rds:eu-west-1:123456789012:db:mysql-db",
      arn: "arn:aws:rds:eu-west-1:123456789012:db:mysql-db",
      partition: "aws",
      service: "rds",
      region: "eu-west-1",
      account: "123456789012",
      resource: "db:mysql-db",
    });
    expect(parse("twodoor-unanswered-x")).toBeUndefined();
  });

  it("composes names of services", () => {
    const name = (args: JsonObject): JsonObject | undefined =>
      ask("aws:index/getService:getService", args, ohio).result;
    const s3 = { dnsName: "s3.us-east-2.amazonaws.com", reverseDnsName: "com.amazonaws.us-east-2.s3", serviceId: "s3" };
    expect(name({ serviceId: "s3" })).toMatchObject(s3);
    expect(name({ reverseDnsName: "com.amazonaws.us-east-2.s3" })).toMatchObject(s3);
    expect(name({ dnsName: "s3.us-east-2.amazonaws.com" })).toMatchObject(s3);
    expect(name({})).toBeUndefined();
  });

  it("has the provider's default tags", () => {
    const token = "aws:index/getDefaultTags:getDefaultTags";
    expect(ask(token, {}, { defaultTags: '{"tags":{"team":"a"}}' }).result?.["tags"]).toEqual({ team: "a" });
    expect(ask(token, {}, { defaultTags: { tags: { team: "a" } } }).result?.["tags"]).toEqual({ team: "a" });
    expect(ask(token, {}, { defaultTags: "twodoor" }).result?.["tags"]).toEqual({});
  });

  it("names the role behind a session", () => {
    const token = "aws:iam/getSessionContext:getSessionContext";
    const arn = "arn:aws:sts::123456789012:assumed-role/deployer/ci";
    expect(ask(token, { arn }).result).toMatchObject({
      issuerArn: "arn:aws:iam::123456789012:role/deployer",
      issuerName: "deployer",
      sessionName: "ci",
    });
    const user = "arn:aws:iam::123456789012:user/somebody";
    expect(ask(token, { arn: user }).result).toMatchObject({ issuerArn: user, sessionName: "" });
  });

  it("gives a token for its registry: user and password in base64, both secret, all made up", () => {
    const { result = {}, madeUp } = ask("aws:ecr/getAuthorizationToken:getAuthorizationToken", {}, ohio);
    const { value: token } = result["authorizationToken"] as { value: string };
    const [user, password] = Buffer.from(token, "base64").toString().split(":");
    expect(user).toBe("AWS");
    expect(result).toMatchObject({
      password: secret(password ?? ""),
      authorizationToken: secret(token),
      userName: "AWS",
      proxyEndpoint: "https://111122223333.dkr.ecr.us-east-2.amazonaws.com",
    });
    expect(madeUp).toContain(token);
    expect(madeUp).toContain(password);
  });
});

describe("zones of AWS", () => {
  const token = "aws:index/getAvailabilityZones:getAvailabilityZones";
  const names = (args: JsonObject, region = "us-east-2"): unknown => ask(token, args, { region }).result?.["names"];
  const letters = (region: string): string =>
    (names({}, region) as string[]).map((name) => name.slice(region.length)).join("");

  it("are as many as the region has, under the letters that accounts see", () => {
    expect(
      ["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ap-northeast-1", "ca-central-1", "eu-west-1"].map(letters),
    ).toEqual(["abcdef", "abc", "ac", "abcd", "acd", "abd", "abc"]);
    expect(letters("xx-new-1")).toBe("abc");
  });

  it("have ids that are made up, since the account decides which zone has which", () => {
    const ids = (region: string): unknown => ask(token, {}, { region }).result?.["zoneIds"];
    expect(
      ["us-east-2", "ap-southeast-1", "eu-central-1", "us-gov-west-1"].map((region) => (ids(region) as string[])[0]),
    ).toEqual(["use2-az1", "apse1-az1", "euc1-az1", "usgw1-az1"]);
    expect(ask(token, {}, ohio)).toMatchObject({
      result: { id: "us-east-2", groupNames: ["us-east-2"] },
      isGuess: false,
      madeUp: ["use2-az1", "use2-az2", "use2-az3"],
    });
  });

  it.each<[string, JsonObject, string[]]>([
    ["state", { state: "available" }, ["a", "b", "c"]],
    ["another state", { state: "impaired" }, []],
    ["excluded names", { excludeNames: ["us-east-2b"] }, ["a", "c"]],
    ["excluded ids", { excludeZoneIds: ["use2-az1"] }, ["b", "c"]],
    [
      "a filter that all pass",
      { filters: [{ name: "opt-in-status", values: ["opt-in-not-required"] }] },
      ["a", "b", "c"],
    ],
    ["a filter by name", { filters: [{ name: "zone-name", values: ["us-east-2c", "us-east-2a"] }] }, ["a", "c"]],
    ["a filter for local zones", { filters: [{ name: "zone-type", values: ["local-zone"] }] }, []],
    ["a filter that nobody knows", { filters: [{ name: "message", values: ["x"] }] }, ["a", "b", "c"]],
  ])("are chosen by %s", (_what, args, expected) => {
    expect(names(args)).toEqual(expected.map((letter) => `us-east-2${letter}`));
  });

  it("of a region that an account must enable say that it did", () => {
    const optedIn = { filters: [{ name: "opt-in-status", values: ["opted-in"] }] };
    expect(names(optedIn, "af-south-1")).toHaveLength(3);
    expect(names(optedIn, "us-east-2")).toHaveLength(0);
  });

  it("are described one by one", () => {
    const one = "aws:index/getAvailabilityZone:getAvailabilityZone";
    const described = {
      name: "us-east-2b",
      nameSuffix: "b",
      zoneId: "use2-az2",
      region: "us-east-2",
      state: "available",
    };
    expect(ask(one, { name: "us-east-2b" }, ohio).result).toMatchObject(described);
    expect(ask(one, { zoneId: "use2-az2" }, ohio).result).toMatchObject(described);
    expect(ask(one, { name: "us-east-2b" }).result).toMatchObject(described);
    expect(ask(one, { name: "us-east-2z" }, ohio).result).toBeUndefined();
  });

  it("lie in regions, of which some have to be enabled", () => {
    const regions = (args: JsonObject): string[] =>
      ask("aws:index/getRegions:getRegions", args).result?.["names"] as string[];
    expect(regions({})).toContain("us-east-2");
    expect(regions({})).not.toContain("af-south-1");
    expect(regions({ allRegions: true })).toContain("af-south-1");
    expect(regions({ allRegions: true }).filter((name) => /^(cn|us-gov)-/.test(name))).toEqual([]);
  });
});

describe("images of AWS", () => {
  it("are as the filters want them, with a made-up id that is the same each time", () => {
    const filters = [
      { name: "name", values: ["al2023-ami-*-arm64"] },
      { name: "virtualization-type", values: ["hvm"] },
    ];
    const args = { filters, owners: ["137112412989"], mostRecent: true };
    const { result, madeUp, isGuess } = ask("aws:ec2/getAmi:getAmi", args, ohio);
    expect(result).toMatchObject({ architecture: "arm64", ownerId: "137112412989", virtualizationType: "hvm" });
    expect(result?.["id"]).toMatch(/^ami-0[0-9a-f]{16}$/);
    expect(result?.["name"]).toMatch(/^al2023-ami-twodoor-[0-9a-f]{8}-arm64$/);
    expect(madeUp).toContain(result?.["id"]);
    expect(madeUp).toContain(result?.["name"]);
    expect(isGuess).toBe(false);
    expect(ask("aws:ec2/getAmi:getAmi", args, ohio).result).toEqual(result);
    expect(ask("aws:ec2/getAmi:getAmi", args, { region: "us-west-2" }).result?.["id"]).not.toBe(result?.["id"]);
  });

  it.each([
    ["/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", /^ami-0[0-9a-f]{16}$/],
    ["/aws/service/eks/optimized-ami/1.31/amazon-linux-2023/x86_64/standard/recommended/image_id", /^ami-0/],
    ["/aws/service/canonical/ubuntu/server/24.04/stable/current/amd64/hvm/ebs-gp3/ami-id", /^ami-0/],
    ["/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id", /^ami-0/],
    ["/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended", /^\{.*"image_id":"ami-0/],
  ])("are named by %s", (name, value) => {
    const { result } = ask("aws:ssm/getParameter:getParameter", { name }, ohio);
    expect(result?.["value"]).toMatch(value);
    expect(result?.["insecureValue"]).toBe(result?.["value"]);
  });

  it("are not named by an account's own parameters", () => {
    expect(ask("aws:ssm/getParameter:getParameter", { name: "/app/ami" }, ohio).result).toBeUndefined();
    expect(
      ask("aws:ssm/getParameter:getParameter", { name: "/aws/service/global-infrastructure/regions" }).result,
    ).toBeUndefined();
  });
});

describe("networks of AWS", () => {
  it("are guesses, but for the default one, whose range AWS documents", () => {
    expect(ask("aws:ec2/getVpc:getVpc", { default: true }, ohio)).toMatchObject({
      isGuess: false,
      result: { cidrBlock: "172.31.0.0/16", default: true },
    });
    expect(ask("aws:ec2/getVpc:getVpc", { id: "vpc-1" }, ohio)).toMatchObject({
      isGuess: true,
      result: { id: "vpc-1" },
    });
    const subnets = ask("aws:ec2/getSubnets:getSubnets", {}, ohio);
    expect(subnets.isGuess).toBe(true);
    expect((subnets.result?.["ids"] as string[]).slice().sort()).toEqual(subnets.madeUp);
    expect(subnets.madeUp).toHaveLength(3);
  });

  it("know Amazon's prefix lists as Amazon's, without their ranges", () => {
    const token = "aws:ec2/getManagedPrefixList:getManagedPrefixList";
    const list = ask(token, { name: "com.amazonaws.global.cloudfront.origin-facing" }, ohio);
    expect(list).toMatchObject({ isGuess: false, result: { ownerId: "aws", addressFamily: "IPv4" } });
    expect(list.madeUp).toEqual(expect.arrayContaining(["192.0.2.0/24", list.result?.["id"]]));
    expect(ask(token, { name: "ours" }, ohio).isGuess).toBe(true);
    expect(ask("aws:index/getIpRanges:getIpRanges", { services: ["cloudfront"] }).madeUp).toContain("192.0.2.0/24");
  });
});

describe("names of AWS", () => {
  it.each<[string, JsonObject, string, string | undefined]>([
    ["aws:lb/getHostedZoneId:getHostedZoneId", {}, "us-east-1", "Z35SXDOTRQ7X7K"],
    ["aws:lb/getHostedZoneId:getHostedZoneId", { loadBalancerType: "network" }, "us-east-1", "Z26RNL4JYFTOTI"],
    ["aws:elb/getHostedZoneId:getHostedZoneId", {}, "eu-west-1", "Z32O12XQLNTSW2"],
    ["aws:elb/getServiceAccount:getServiceAccount", {}, "us-east-1", "127311923021"],
    ["aws:elb/getServiceAccount:getServiceAccount", {}, "ap-southeast-5", undefined],
    [
      "aws:cloudfront/getCachePolicy:getCachePolicy",
      { name: "Managed-CachingDisabled" },
      "",
      "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    ],
    ["aws:cloudfront/getCachePolicy:getCachePolicy", { name: "ours" }, "", undefined],
    [
      "aws:cloudfront/getOriginRequestPolicy:getOriginRequestPolicy",
      { name: "Managed-AllViewer" },
      "",
      "216adef6-5c7f-47e4-b989-5492eafa07d3",
    ],
    [
      "aws:cloudfront/getResponseHeadersPolicy:getResponseHeadersPolicy",
      { id: "67f7725c-6f97-4210-82d7-5512b31e9d03" },
      "",
      "67f7725c-6f97-4210-82d7-5512b31e9d03",
    ],
  ])("%s %o in %j is %j", (token, args, region, id) => {
    expect(ask(token, args, { region })).toEqual({
      result: id === undefined ? undefined : (expect.objectContaining({ id }) as unknown),
      isGuess: id === undefined ? undefined : false,
      madeUp: [],
    });
  });

  it("of an account are guesses of the right form", () => {
    const zone = ask("aws:route53/getZone:getZone", { name: "example.com." });
    expect(zone).toMatchObject({ isGuess: true, result: { name: "example.com", privateZone: false } });
    expect(zone.result?.["zoneId"]).toMatch(/^Z0[0-9A-F]{19}$/);
    expect(zone.result?.["nameServers"]).toHaveLength(4);
    expect(
      ask("aws:route53/getZone:getZone", { name: "a.internal", privateZone: true }).result?.["nameServers"],
    ).toEqual([]);
    const certificate = ask("aws:acm/getCertificate:getCertificate", { domain: "example.com" }, ohio);
    expect(certificate.isGuess).toBe(true);
    expect(certificate.result?.["arn"]).toMatch(/^arn:aws:acm:us-east-2:111122223333:certificate\/[0-9a-f-]{36}$/);
  });
});

describe("Google Cloud", () => {
  it("knows the project that the provider names, and makes one up where none is named", () => {
    const token = "gcp:organizations/getProject:getProject";
    expect(ask(token, {}, { project: "shop" })).toMatchObject({
      result: { projectId: "shop", number: "100000000007" },
      madeUp: ["100000000007"],
    });
    expect(ask(token, { projectId: "other" }, { project: "shop" }).result?.["projectId"]).toBe("other");
    expect(ask(token).madeUp).toEqual(["100000000007", "twodoor-unnamed-project"]);
  });

  it("tells the provider's own settings, with a token that is secret and made up", () => {
    const settings = { project: "shop", region: "us-west1", zone: "us-west1-a" };
    expect(ask("gcp:organizations/getClientConfig:getClientConfig", {}, settings)).toMatchObject({
      result: { ...settings, accessToken: secret("twodoor-unnamed-token") },
      madeUp: ["twodoor-unnamed-token"],
    });
  });

  it.each([
    [
      "gcp:compute/getDefaultServiceAccount:getDefaultServiceAccount",
      "email",
      "100000000007-compute@developer.gserviceaccount.com",
    ],
    ["gcp:appengine/getDefaultServiceAccount:getDefaultServiceAccount", "email", "shop@appspot.gserviceaccount.com"],
    [
      "gcp:storage/getProjectServiceAccount:getProjectServiceAccount",
      "emailAddress",
      "service-100000000007@gs-project-accounts.iam.gserviceaccount.com",
    ],
    [
      "gcp:bigquery/getDefaultServiceAccount:getDefaultServiceAccount",
      "email",
      "bq-100000000007@bigquery-encryption.iam.gserviceaccount.com",
    ],
    [
      "gcp:storage/getTransferProjectServiceAccount:getTransferProjectServiceAccount",
      "email",
      "project-100000000007@storage-transfer-service.iam.gserviceaccount.com",
    ],
  ])("%s names its account", (token, field, email) => {
    const { result } = ask(token, {}, { project: "shop" });
    expect(result).toMatchObject({ [field]: email, member: `serviceAccount:${email}`, project: "shop" });
  });

  it("has the zones of its regions", () => {
    const zones = (args: JsonObject, settings: JsonObject): unknown =>
      ask("gcp:compute/getZones:getZones", args, settings).result?.["names"];
    expect(zones({ region: "us-west1" }, {})).toEqual(["us-west1-a", "us-west1-b", "us-west1-c"]);
    expect(zones({}, { region: "us-central1" })).toEqual([
      "us-central1-a",
      "us-central1-b",
      "us-central1-c",
      "us-central1-f",
    ]);
    expect(zones({ region: "nowhere1" }, {})).toBeUndefined();
    expect(zones({ region: "us-west1", status: "DOWN" }, {})).toEqual([]);
    expect(ask("gcp:compute/getRegions:getRegions", {}, { project: "shop" }).result?.["names"]).toContain("us-west1");
  });

  it("composes policies", () => {
    const bindings = [
      { role: "roles/viewer", members: ["user:b", "user:a"] },
      { role: "roles/admin", members: ["user:c"], condition: { title: "t", expression: "e" } },
    ];
    const { result, madeUp } = ask("gcp:organizations/getIAMPolicy:getIAMPolicy", { bindings });
    expect(result?.["policyData"]).toBe(
      '{"bindings":[{"condition":{"title":"t","expression":"e"},"members":["user:c"],"role":"roles/admin"},{"members":["user:a","user:b"],"role":"roles/viewer"}]}',
    );
    expect(madeUp).toEqual([]);
  });

  it("knows the default network and images of families; another network is a guess", () => {
    const network = (name: string): Answered => ask("gcp:compute/getNetwork:getNetwork", { name }, { project: "shop" });
    expect(network("default")).toMatchObject({
      isGuess: false,
      result: { selfLink: "https://www.googleapis.com/compute/v1/projects/shop/global/networks/default" },
    });
    expect(network("ours").isGuess).toBe(true);
    const image = ask("gcp:compute/getImage:getImage", { family: "debian-12", project: "debian-cloud" });
    expect(image.result?.["selfLink"]).toContain("/projects/debian-cloud/global/images/debian-12-v20000101-twodoor");
    expect(image.madeUp).toEqual(["debian-12-v20000101-twodoor"]);
  });

  it("offers versions of Kubernetes, which are made up in its form", () => {
    const token = "gcp:container/getEngineVersions:getEngineVersions";
    const { result, madeUp } = ask(token, { location: "us-west1", versionPrefix: "1.31." });
    expect(madeUp).toEqual(["1.31.0-gke.1907426538"]);
    expect(result).toMatchObject({ latestMasterVersion: madeUp[0], validNodeVersions: madeUp });
    expect(ask(token).result?.["defaultClusterVersion"]).toBe("1.30.0-gke.1907426538");
  });

  it("publishes ranges, of which the documented ones are known", () => {
    const ranges = (rangeType: string): Answered =>
      ask("gcp:compute/getNetblockIPRanges:getNetblockIPRanges", { rangeType });
    expect(ranges("health-checkers")).toMatchObject({
      result: { cidrBlocksIpv4s: ["35.191.0.0/16", "130.211.0.0/22"], cidrBlocksIpv6s: [] },
      madeUp: [],
    });
    expect(ranges("cloud-netblocks").madeUp).toEqual(["192.0.2.0/24", "2001:db8::/32"]);
  });
});

describe("Cloudflare", () => {
  it("has the ranges that the project pins", () => {
    const { result } = ask("cloudflare:index/getIpRanges:getIpRanges");
    expect([...(result?.["ipv4Cidrs"] as string[]), ...(result?.["ipv6Cidrs"] as string[])]).toEqual(CLOUDFLARE_RANGES);
    expect(result?.["ipv4CidrBlocks"]).toEqual(result?.["ipv4Cidrs"]);
  });

  it("has zones and accounts that are guesses, by whichever version's arguments", () => {
    const zone = (args: JsonObject): Answered => ask("cloudflare:index/getZone:getZone", args);
    expect(zone({ filter: { name: "example.com" } })).toMatchObject({ isGuess: true, result: { name: "example.com" } });
    expect(zone({ name: "example.com" }).result).toMatchObject({ name: "example.com" });
    expect(zone({ zoneId: "z" }).result).toMatchObject({ id: "z", zoneId: "z" });
    expect(zone({ name: "example.com" }).result?.["id"]).toMatch(/^[0-9a-f]{32}$/);
    expect(ask("cloudflare:index/getZones:getZones", { name: "example.com" }).result?.["results"]).toHaveLength(1);
    expect(ask("cloudflare:index/getAccounts:getAccounts", {}, { accountId: "a" })).toMatchObject({
      isGuess: true,
      result: { results: [{ id: "a" }] },
    });
  });
});

describe("every built-in answer", () => {
  it("names a function that the installed SDKs have", () => {
    const declarations = new Declarations(__dirname);
    expect(builtInTokens.filter((token) => declarations.resultFields(token).length === 0)).toEqual([]);
    expect(builtInTokens).toHaveLength(52);
  });

  it("is there under the function's former names too", () => {
    expect(Object.values(formerTokens).filter((token) => !builtInTokens.includes(token))).toEqual([]);
    expect(ask("aws:index/getAmi:getAmi", {}, ohio).result?.["id"]).toMatch(/^ami-0[0-9a-f]{16}$/);
    expect(ask("aws:ec2/getSubnetIds:getSubnetIds", {}, ohio).isGuess).toBe(true);
  });

  it("has each field in the form that the SDK declares", () => {
    const declarations = new Declarations(__dirname);
    const args: JsonObject = { name: "default", arn: "arn:aws:iam::1:role/x", serviceId: "s3", family: "debian-12" };
    const wrong = builtInTokens.flatMap((token) => {
      const result = ask(token, args, {
        region: token.startsWith("gcp") ? "us-west1" : "us-east-2",
        project: "shop",
      }).result;
      return declarations.resultFields(token).flatMap(({ name, type }) => {
        const value = result?.[name];
        if (value === undefined || type.kind === "named" || type.kind === "any") return [];
        const found = Array.isArray(value)
          ? "list"
          : typeof value === "object" && value !== null && !(signatureKey in value)
            ? "map"
            : typeof value === "object"
              ? "string"
              : typeof value;
        return found === type.kind ? [] : [`${token} ${name}: ${found}, declared ${type.kind}`];
      });
    });
    expect(wrong).toEqual([]);
  });
});
