// Proves: what ExchangeApi hands to each region and to the edge, in which order, what it declares, and that it refuses with every part's
// problems at once before anything is registered. Does not prove what the parts make of it (their own tests) nor what clouds say.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { describe, expect, it, vi } from "vitest";
import {
  ArgumentsError,
  ExchangeApi,
  JournalKind,
  OriginPullMode,
  SteeringPolicy,
  type ExchangeApiArgs,
} from "../../components";
import { exchangeArgs, gcpRegion } from "../support/exchange";
import { record, value, type Recorded } from "../support/mocks";

const run = (more: Partial<ExchangeApiArgs> = {}, opts?: pulumi.ComponentResourceOptions) =>
  record(() => new ExchangeApi("exchange", exchangeArgs(more), opts));

const named = (resources: Recorded[], type: string, name: string): Recorded => {
  const found = resources.find((resource) => resource.type === type && resource.name === name);
  if (found === undefined) throw new Error(`no ${type} ${name}`);
  return found;
};

function refusal(more: Partial<ExchangeApiArgs>): Promise<string> {
  return record(() => {
    try {
      new ExchangeApi("exchange", exchangeArgs(more));
    } catch (error) {
      if (error instanceof ArgumentsError) return error.message;
      throw error;
    }
    return "accepted";
  }).then(({ result, resources }) => `${result}\nregistered: ${String(resources.length)}`);
}

describe("ExchangeApi", () => {
  it("is made of certificates, four regions and one edge", async () => {
    const counts = Object.entries((await run()).counts()).filter(([type]) => type.startsWith("twodoor:"));
    expect(Object.fromEntries(counts)).toEqual({
      "twodoor:index:AwsCertificates": 1,
      "twodoor:index:AwsNetwork": 2,
      "twodoor:index:AwsRegion": 2,
      "twodoor:index:CloudflareLoadBalancer": 1,
      "twodoor:index:ExchangeApi": 1,
      "twodoor:index:GcpAlarms": 2,
      "twodoor:index:GcpCertificates": 1,
      "twodoor:index:GcpNetwork": 2,
      "twodoor:index:GcpRegion": 2,
    });
  });

  it("lets each region wait for the one before it, and the edge for all of them", async () => {
    const { resources } = await run();
    const regionOf = (urn: string): string[] =>
      /exchange-((?:us)-[a-z]+-?\d)/.exec(urn.split("::").at(-1) ?? "")?.slice(1, 2) ?? [];
    const waits = (type: string, name: string): string[] =>
      [...new Set(named(resources, type, name).dependencies.flatMap(regionOf))].sort();
    expect(waits("twodoor:index:AwsRegion", "exchange-us-east-2")).toEqual([]);
    expect(waits("twodoor:index:GcpRegion", "exchange-us-central1")).toEqual(["us-east-2"]);
    expect(waits("twodoor:index:AwsRegion", "exchange-us-west-2")).toEqual(["us-central1"]);
    expect(waits("twodoor:index:GcpRegion", "exchange-us-east4")).toEqual(["us-west-2"]);
    expect(waits("twodoor:index:CloudflareLoadBalancer", "exchange-edge")).toEqual([
      "us-central1",
      "us-east-2",
      "us-east4",
      "us-west-2",
    ]);
  });

  it("gives every region its floor, and the journal its secret", async () => {
    const recording = await run();
    expect(
      recording
        .all("aws:appautoscaling/target:Target")
        .map(({ inputs }) => [inputs["minCapacity"], inputs["maxCapacity"]]),
    ).toEqual([
      [12, 40],
      [12, 40],
    ]);
    expect(recording.all("gcp:cloudrunv2/service:Service").map(({ inputs }) => inputs["scaling"] as unknown)).toEqual([
      { minInstanceCount: 12, maxInstanceCount: 40 },
      { minInstanceCount: 12, maxInstanceCount: 40 },
    ]);
    const versions = [
      ...recording.all("aws:secretsmanager/secretVersion:SecretVersion"),
      ...recording.all("gcp:secretmanager/secretVersion:SecretVersion"),
    ];
    expect(versions.map(({ secretInputs }) => secretInputs)).toEqual([
      ["secretString"],
      ["secretString"],
      ["secretData"],
      ["secretData"],
    ]);
  });

  it("never lets a secret out of its wrapper", async () => {
    const { resources } = await run({
      container: { secrets: { SIGNING_KEY: pulumi.secret("do-not-print-this") } },
      journal: { ...exchangeArgs().journal, credentials: pulumi.secret("nor-this") },
    });
    const bare = resources.filter(({ wire }) =>
      /do-not-print-this|nor-this/.test(JSON.stringify(withoutSecrets(wire))),
    );
    expect(bare.map(({ name }) => name)).toEqual([]);
    const wrapped = resources.filter(({ wire }) => /do-not-print-this|nor-this/.test(JSON.stringify(wire)));
    expect(wrapped).toHaveLength(8);
  });

  it("keeps a region that does not serve out of the balancer, and without protection", async () => {
    const regions = exchangeArgs().regions.map((region) =>
      region.region === "us-west-2" ? { ...region, serving: false } : region,
    );
    const recording = await run({ regions });
    expect(recording.all("cloudflare:index/loadBalancerPool:LoadBalancerPool")).toHaveLength(4);
    expect(recording.one("cloudflare:index/loadBalancer:LoadBalancer").inputs["defaultPools"]).toHaveLength(3);
    expect(
      recording
        .all("aws:lb/loadBalancer:LoadBalancer")
        .map(({ name, protect, inputs }) => [name, protect, inputs["enableDeletionProtection"]]),
    ).toEqual([
      ["exchange-us-east-2-lb", true, true],
      ["exchange-us-west-2-lb", false, false],
    ]);
    expect(
      recording.all("aws:appautoscaling/target:Target").map(({ inputs }) => inputs["minCapacity"] as unknown),
    ).toEqual([21, 12]);
  });

  it("declares what was promised and what was computed", async () => {
    const { result } = await record(async () => value(new ExchangeApi("exchange", exchangeArgs()).manifest));
    expect(result).toEqual({
      version: 1,
      hostname: "api.example.com",
      steeringPolicy: "random",
      peakRequestsPerSecond: 4_000,
      requestsPerSecondPerReplica: 200,
      detectionSeconds: [10, 26],
      fallbackRegion: "us-central1",
      regions: [
        ["aws", "us-east-2", "ohio", "123456789012"],
        ["gcp", "us-central1", "iowa", "exchange-us-central1"],
        ["aws", "us-west-2", "oregon", "123456789012"],
        ["gcp", "us-east4", "northern-virginia", "exchange-us-east4"],
      ].map(([cloud, region = "", geography, account], at) => ({
        cloud,
        region,
        geography,
        account,
        pool: region,
        serving: true,
        weight: 1,
        zones: cloud === "aws" ? ["a", "b", "c"].map((zone) => region + zone) : [],
        image: exchangeArgs().regions[at]?.image,
        minimumReplicas: 12,
        maximumReplicas: 40,
        sharePercent: 25,
        worstSharePercent: 50,
      })),
      journal: {
        kind: "nats",
        voters: [
          { provider: "aws", region: "us-east-2" },
          { provider: "aws", region: "us-west-2" },
          { provider: "gcp", region: "us-central1" },
          { provider: "gcp", region: "us-east4" },
          { provider: "witness", region: "ashburn" },
        ],
      },
    });
  });

  it("declares the image as far as it can be told, and everything else where it cannot", async () => {
    const [first, second, third, fourth] = exchangeArgs().regions;
    if (first === undefined || second === undefined) throw new Error("the baseline has lost its regions");
    const { result } = await record(async () => {
      const later = new aws.ecr.Repository("later").repositoryUrl;
      const regions = [
        { ...first, image: pulumi.output(first.image) },
        { ...second, image: pulumi.secret(second.image) },
        { ...(third ?? first), image: pulumi.interpolate`${later}@sha256:${"0".repeat(64)}` },
        fourth ?? second,
      ];
      return value(new ExchangeApi("exchange", exchangeArgs({ regions })).manifest);
    });
    expect(result.regions.map(({ image }) => image)).toEqual([first.image, undefined, undefined, fourth?.image]);
  });

  it("is built with what one outage can stop, sized for it, and says so", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const [alone] = exchangeArgs().regions;
    const recording = await run({ regions: alone === undefined ? [] : [alone] });
    const told = warn.mock.calls.map(([message]) => String(message));
    warn.mockRestore();
    expect(told).toEqual([
      "warning: [runtime] us-east-2 of AWS serves alone: what stops that region, or AWS, stops the API. `twodoor check` refuses it (TOP-01, TOP-02). Add a serving region of Google Cloud.",
    ]);
    // 4,000 requests a second at 200 a replica are 20; two zones of three have to carry them.
    expect(recording.one("aws:appautoscaling/target:Target").inputs["minCapacity"]).toBe(30);
    expect(recording.all("cloudflare:index/loadBalancerPool:LoadBalancerPool")).toHaveLength(1);
    expect(recording.all("twodoor:index:GcpRegion")).toEqual([]);
  });

  it("uploads a client certificate only after every region that has to trust it", async () => {
    const recording = await run({
      originPulls: { mode: OriginPullMode.Enforce, generations: ["a", "b"], activeGeneration: "a" },
    });
    const pulls = recording.one("twodoor:index:CloudflareOriginPulls");
    const services = recording.all("aws:lb/listener:Listener").map(({ urn }) => urn);
    expect(services.filter((urn) => !pulls.dependencies.includes(urn))).toEqual([]);
    expect(
      recording.all("aws:lb/listener:Listener").map(({ inputs }) => inputs["mutualAuthentication"].mode as unknown),
    ).toEqual(["verify", "verify"]);
    expect(recording.all("gcp:certificatemanager/trustConfig:TrustConfig")).toHaveLength(2);
  });

  it("takes certificates that are there, and makes none for them", async () => {
    const regions = exchangeArgs().regions.map((region) => ({
      ...region,
      ...(region.aws === undefined
        ? {}
        : {
            aws: {
              ...region.aws,
              certificateArn: `arn:aws:acm:${region.region}:123456789012:certificate/12345678-1234-1234-1234-123456789012`,
            },
          }),
      ...(region.gcp === undefined
        ? {}
        : {
            gcp: {
              ...region.gcp,
              certificateId: `projects/${region.gcp.project}/locations/${region.region}/certificates/api`,
            },
          }),
    }));
    const recording = await run({ regions });
    expect([
      recording.all("aws:acm/certificate:Certificate"),
      recording.all("cloudflare:index/dnsRecord:DnsRecord"),
    ]).toEqual([[], []]);
  });

  it("takes an image from elsewhere where that is said, and opens the way to it on AWS alone", async () => {
    const image = `registry.example.com/exchange@sha256:${"0".repeat(64)}`;
    const from = (externalImage: boolean): Partial<ExchangeApiArgs> => ({
      regions: exchangeArgs().regions.map((region) => ({
        ...region,
        image,
        ...(region.aws === undefined ? {} : { aws: { ...region.aws, externalImage } }),
        ...(region.gcp === undefined ? {} : { gcp: { ...region.gcp, externalImage } }),
      })),
    });
    const refused = await refusal(from(false));
    expect(refused.match(/regions\[\d\]\.image/g)).toEqual(
      [0, 1, 2, 3].map((index) => `regions[${String(index)}].image`),
    );
    const recording = await run(from(true));
    const ports = recording
      .all("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule")
      .filter(({ inputs }) => inputs["cidrIpv4"] === "0.0.0.0/0")
      .map(({ inputs }) => inputs["toPort"]);
    expect(ports.sort()).toEqual([4222, 4222, 443, 443]);
  });

  it("warns of a Google project's requests by what Google has granted", async () => {
    const capacity = { ...exchangeArgs().capacity, serverlessRequestsPerSecondMax: 20_000 };
    const thresholds = (await run({ capacity }))
      .all("gcp:monitoring/alertPolicy:AlertPolicy")
      .filter(({ name }) => name.endsWith("-request-ceiling"))
      .map(({ inputs }) => JSON.stringify(inputs["conditions"]).match(/"thresholdValue":(\d+)/)?.[1]);
    expect(thresholds).toEqual(["16000", "16000"]);
  });

  it("rejects what whole, regions and edge have against it, all at once and under the paths that were written", async () => {
    const [aws1, gcp1] = exchangeArgs().regions;
    if (aws1?.aws === undefined || gcp1 === undefined) throw new Error("the baseline has lost its regions");
    const message = await refusal({
      hostname: "api.example.org",
      container: { vcpus: 3 },
      regions: [
        { ...aws1, cidrBlock: "10.16.0.1/16", aws: { ...aws1.aws, availabilityZones: ["us-east-2a", "us-east-2b"] } },
        gcp1,
        gcpRegion("us-east4", "10.33.0.0/16", {
          image: "us-east4-docker.pkg.dev/exchange-us-east4/exchange/exchange:latest",
        }),
      ],
      steeringPolicy: SteeringPolicy.Random,
    });
    expect(message).toMatchInlineSnapshot(`
      "ExchangeApi "exchange" cannot be built: 5 problems
        container.vcpus   expected one of 1, 2, 4, 8, got 3; take the next larger one
        hostname   expected a full hostname in lower case inside the zone "example.com", got "api.example.org"; write it in full, such as "api.example.com"
        regions[0].aws.availabilityZones   expected exactly three, one for each zone, got 2; name three, such as "us-east-2a"
        regions[0].cidrBlock   expected an IPv4 range from /16 to /20, got "10.16.0.1/16"; write it with its first address, such as "10.16.0.0/16"
        regions[2].image   expected an image by digest: us-east4-docker.pkg.dev/PROJECT/REPOSITORY/NAME@sha256:..., got "us-east4-docker.pkg.dev/exchange-us-east4/exchange/exchange:latest"; name it by the digest that the push printed
      registered: 0"
    `);
  });

  it("goes on judging the parts when a region's name is wrong, and leaves out what cannot be computed then", async () => {
    const [first, ...others] = exchangeArgs().regions;
    if (first === undefined) throw new Error("the baseline has lost its regions");
    const message = await refusal({
      hostname: "api.example.org",
      edge: { ...exchangeArgs().edge, fallbackRegion: "us-esat-2" },
      container: { vcpus: 3 },
      regions: [{ ...first, region: "us-esat-2" }, ...others],
      originPulls: { mode: OriginPullMode.Accept, generations: ["a"], activeGeneration: "b" },
    });
    expect(message).toMatchInlineSnapshot(`
      "ExchangeApi "exchange" cannot be built: 4 problems
        container.vcpus   expected one of 1, 2, 4, 8, got 3; take the next larger one
        hostname   expected a full hostname in lower case inside the zone "example.com", got "api.example.org"; write it in full, such as "api.example.com"
        originPulls.activeGeneration   expected one of \`originPulls.generations\`, got "b"; name one that is there, or keep the last one until another is active
        regions[0].region   expected a region of AWS, got "us-esat-2"; use one such as af-south-1, or move it to the other cloud's entry
      registered: 0"
    `);
  });

  it("tells of a load that is no number at that load alone, not at what would be computed from it", async () => {
    const capacity = { peakRequestsPerSecond: NaN, requestsPerSecondPerReplica: 0 };
    expect(await refusal({ capacity })).toMatchInlineSnapshot(`
      "ExchangeApi "exchange" cannot be built: 2 problems
        capacity.peakRequestsPerSecond   expected a whole number from 1 to 1,000,000, got NaN; declare what was measured
        capacity.requestsPerSecondPerReplica   expected a whole number from 1 to 100,000, got 0; declare what was measured
      registered: 0"
    `);
  });

  it("tells of a floor that a cloud does not take where the load is declared", async () => {
    const capacity = { peakRequestsPerSecond: 20_000, requestsPerSecondPerReplica: 20 };
    const granted = { serverlessRequestsPerSecondMax: 20_000, cloudRunInstancesMax: 2_000 };
    expect(await refusal({ capacity: { ...capacity, ...granted } })).toMatchInlineSnapshot(`
      "ExchangeApi "exchange" cannot be built: 2 problems
        capacity   expected a load by which maximumReplicas of us-central1 is a whole number from 1 to 1000, got 2000; use stronger replicas or more regions, or declare less
        capacity   expected a load by which maximumReplicas of us-east4 is a whole number from 1 to 1000, got 2000; use stronger replicas or more regions, or declare less
      registered: 0"
    `);
  });

  it("tells of a region that is listed twice once", async () => {
    const { regions } = exchangeArgs();
    const [, , oregon] = regions;
    if (oregon === undefined) throw new Error("the baseline has lost its regions");
    expect(await refusal({ regions: [...regions, { ...oregon, cidrBlock: "10.18.0.0/16" }] })).toMatchInlineSnapshot(`
      "ExchangeApi "exchange" cannot be built: 1 problem
        regions[4].region   expected a region that is listed once, got "us-west-2"; remove one of the two
      registered: 0"
    `);
  });

  it("rejects words that callers without types may pass, where they were written", async () => {
    const words = JSON.parse(
      '{"originPulls":{"mode":"on","generations":["a"],"activeGeneration":"a"},"journal":{"kind":"embedded"},"steeringPolicy":"geo"}',
    ) as Partial<ExchangeApiArgs>;
    expect(await refusal(words)).toMatchInlineSnapshot(`
      "ExchangeApi "exchange" cannot be built: 3 problems
        journal.kind   expected one of "sandbox", "nats", got "embedded"; use one of these words
        originPulls.mode   expected one of "off", "accept", "enforce", got "on"; begin with "accept", then "enforce" once every pool is healthy
        steeringPolicy   expected one of "off", "random", "proximity", "least_outstanding_requests", got "geo"; use one of these words as they are written
      registered: 0"
    `);
  });

  it("rejects two Google regions of one project before anything is made", async () => {
    const gcp = { project: "one-for-all" };
    const regions = exchangeArgs().regions.map((region) => (region.gcp === undefined ? region : { ...region, gcp }));
    const images = regions.map((region) => ({
      ...region,
      image: (region.image as string).replace(/exchange-us-(central1|east4)/, "one-for-all"),
    }));
    expect(await refusal({ regions: images })).toMatchInlineSnapshot(`
      "ExchangeApi "exchange" cannot be built: 1 problem
        regions[3].gcp.project   expected a project of its own for each region of one hostname, got "one-for-all" again; give the region its own project, or bring a certificate that was made elsewhere
      registered: 0"
    `);
  });

  it("rejects an active generation that is not there", async () => {
    expect(await refusal({ originPulls: { mode: OriginPullMode.Accept, generations: ["a"], activeGeneration: "b" } }))
      .toMatchInlineSnapshot(`
      "ExchangeApi "exchange" cannot be built: 1 problem
        originPulls.activeGeneration   expected one of \`originPulls.generations\`, got "b"; name one that is there, or keep the last one until another is active
      registered: 0"
    `);
  });

  it("opens no door to the Internet for a sandbox", async () => {
    const recording = await run({
      journal: { kind: JournalKind.Sandbox },
      capacity: { peakRequestsPerSecond: 50, requestsPerSecondPerReplica: 100 },
    });
    expect(recording.all("aws:ec2/natGateway:NatGateway")).toEqual([]);
    expect(recording.all("gcp:compute/routerNat:RouterNat")).toEqual([]);
  });
});

/** A value in wire form without what is inside of Pulumi's wrapper for secrets. */
function withoutSecrets(wire: unknown): unknown {
  if (Array.isArray(wire)) return wire.map(withoutSecrets);
  if (typeof wire !== "object" || wire === null) return wire;
  if ("4dabf18193072939515e22adb298388d" in wire) return "[secret]";
  return Object.fromEntries(Object.entries(wire).map(([key, inner]) => [key, withoutSecrets(inner)]));
}
