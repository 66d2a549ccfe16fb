// Proves: what an API as a whole cannot be is told before anything is built, each rule by one break of a design that passes.
// Does not prove: what single regions or the edge refuse (their own tests), nor that all of it reaches the constructor (exchange-api.test.ts).
import { describe, expect, test } from "vitest";
import { JournalKind, type ExchangeApiArgs } from "../../components/exchange-args";
import { exchangeIssues } from "../../components/exchange-issues";
import { planRegions } from "../../components/exchange-plan";
import { formatIssues } from "../../components/sizing/issues";
import { SteeringPolicy } from "../../components/sizing/steering";
import { awsRegion, exchangeArgs, gcpRegion } from "../support/exchange";

const told = (args: ExchangeApiArgs): string => formatIssues("api", exchangeIssues(args));
const aws1 = awsRegion("us-east-2", "10.16.0.0/16");
const gcp1 = gcpRegion("us-central1", "10.32.0.0/16");
const nats = exchangeArgs().journal;

describe("exchangeIssues", () => {
  test("has nothing against the baseline", () => {
    expect(exchangeIssues(exchangeArgs())).toEqual([]);
  });

  test("rejects an API that nobody serves", () => {
    expect(told(exchangeArgs({ regions: [{ ...aws1, serving: false }] }))).toMatchInlineSnapshot(`
      "api: 1 problem
        regions   expected at least one region that serves, got none that serves; add a region, or let one serve"
    `);
    expect(exchangeIssues(exchangeArgs({ regions: [] })).map(({ got }) => got)).toEqual(["an empty list"]);
  });

  test("leaves it to the judge of designs what one outage can stop", () => {
    const sameGround = gcpRegion("us-east5", "10.40.0.0/16");
    for (const regions of [[aws1], [gcp1], [aws1, { ...gcp1, serving: false }], [aws1, gcp1, sameGround]]) {
      expect(exchangeIssues(exchangeArgs({ regions }))).toEqual([]);
    }
  });

  test("rejects a region of neither cloud, and of both", () => {
    const { aws: _, ...neither } = aws1;
    const both = {
      ...gcpRegion("us-east4", "10.33.0.0/16"),
      aws: { accountId: "123456789012", availabilityZones: [] },
    };
    expect(told(exchangeArgs({ regions: [neither, gcp1, both] }))).toMatchInlineSnapshot(`
      "api: 2 problems
        regions[0]   expected exactly one of \`aws\` and \`gcp\`, got neither; keep the one that names the region's cloud
        regions[2]   expected exactly one of \`aws\` and \`gcp\`, got both; keep the one that names the region's cloud"
    `);
  });

  test("rejects a region that the cloud does not have", () => {
    expect(told(exchangeArgs({ regions: [aws1, gcp1, awsRegion("us-east1", "10.18.0.0/16")] }))).toMatchInlineSnapshot(`
      "api: 1 problem
        regions[2].region   expected a region of AWS, got "us-east1"; use one such as af-south-1, or move it to the other cloud's entry"
    `);
  });

  test("rejects a region that is not open", () => {
    expect(told(exchangeArgs({ regions: [aws1, gcp1, gcpRegion("asia-southeast4", "10.40.0.0/16")] })))
      .toMatchInlineSnapshot(`
      "api: 1 problem
        regions[2].region   expected a region that is open to all, got "asia-southeast4", which is limited; choose another region"
    `);
  });

  test("rejects a region that is listed twice", () => {
    expect(told(exchangeArgs({ regions: [aws1, gcp1, awsRegion("us-east-2", "10.18.0.0/16", { serving: false })] })))
      .toMatchInlineSnapshot(`
        "api: 1 problem
          regions[2].region   expected a region that is listed once, got "us-east-2"; remove one of the two"
      `);
  });

  test("rejects ranges that overlap", () => {
    expect(told(exchangeArgs({ regions: [aws1, gcpRegion("us-central1", "10.16.16.0/20")] }))).toMatchInlineSnapshot(`
      "api: 1 problem
        regions[1].cidrBlock   expected a range apart from regions[0]'s "10.16.0.0/16", got "10.16.16.0/20"; give each region a range of its own"
    `);
  });

  test.each([0, 1.01, 0.005, Number.NaN])("rejects the weight %d", (weight) => {
    const issues = exchangeIssues(exchangeArgs({ regions: [aws1, { ...gcp1, weight }] }));
    expect(issues.map(({ path, expected }) => [path, expected])).toEqual([
      ["regions[1].weight", "a weight from 0.01 to 1 in hundredths"],
    ]);
  });

  test("takes a weight in hundredths that binary cannot hold", () => {
    expect(exchangeIssues(exchangeArgs({ regions: [aws1, { ...gcp1, weight: 0.29 }] }))).toEqual([]);
  });

  test("rejects a load that is no whole number", () => {
    const capacity = { peakRequestsPerSecond: 0.5, requestsPerSecondPerReplica: 0 };
    expect(told(exchangeArgs({ capacity }))).toMatchInlineSnapshot(`
      "api: 2 problems
        capacity.peakRequestsPerSecond   expected a whole number from 1 to 1,000,000, got 0.5; declare what was measured
        capacity.requestsPerSecondPerReplica   expected a whole number from 1 to 100,000, got 0; declare what was measured"
    `);
  });

  test("rejects a policy whose shares nobody declared", () => {
    expect(told(exchangeArgs({ steeringPolicy: SteeringPolicy.Proximity }))).toMatchInlineSnapshot(`
      "api: 1 problem
        capacity.worstSharePercent   expected a declared share, since under "proximity" clients decide it, got nothing; declare the largest share of the peak that one region can get after a loss, or steer by off or random"
    `);
  });

  test("rejects a declared share above the whole", () => {
    const capacity = { ...exchangeArgs().capacity, worstSharePercent: 101 };
    expect(told(exchangeArgs({ capacity }))).toMatchInlineSnapshot(`
      "api: 1 problem
        capacity.worstSharePercent   expected a share above 0 and up to 100, got 101; declare the largest share that one region can get"
    `);
  });

  test("rejects a declared share that is less than even after the loss of a cloud, and takes that one", () => {
    const declaring = (worstSharePercent: number): ExchangeApiArgs =>
      exchangeArgs({
        steeringPolicy: SteeringPolicy.Proximity,
        capacity: { ...exchangeArgs().capacity, worstSharePercent },
      });
    expect(told(declaring(49))).toMatchInlineSnapshot(`
      "api: 1 problem
        capacity.worstSharePercent   expected at least 50, which one region gets after a single loss even where all that are left get the same, got 49; declare the largest share that one region can get, that loss included"
    `);
    expect(exchangeIssues(declaring(50))).toEqual([]);
  });

  test("rejects more requests than a Google project may send to serverless backends, counted over its regions", () => {
    const shared = { gcp: { project: "one-for-all" } };
    const regions = [
      aws1,
      gcpRegion("us-central1", "10.32.0.0/16", shared),
      awsRegion("us-west-2", "10.17.0.0/16"),
      gcpRegion("us-east4", "10.33.0.0/16", shared),
    ];
    const capacity = { peakRequestsPerSecond: 6_000, requestsPerSecondPerReplica: 200 };
    const [first, ...rest] = exchangeIssues(exchangeArgs({ regions, capacity }));
    expect(first).toEqual({
      path: "regions[1].gcp.project",
      expected: "a project that gets at most 5000 requests per second after any single loss",
      got: '6000 in "one-for-all"',
      fix: "give each Google region its own project, spread the peak over more regions, or set capacity.serverlessRequestsPerSecondMax to what Google granted",
    });
    expect(rest.map(({ path }) => path)).toEqual(["regions[3].gcp.project"]);
    expect(exchangeIssues(exchangeArgs({ capacity }))).toEqual([]);
    expect(
      exchangeIssues(exchangeArgs({ regions, capacity: { ...capacity, serverlessRequestsPerSecondMax: 6_000 } })),
    ).toEqual([]);
  });

  test("rejects a running minimum that Cloud Run does not grant", () => {
    const capacity = { peakRequestsPerSecond: 4_000, requestsPerSecondPerReplica: 15 };
    const issues = exchangeIssues(exchangeArgs({ capacity }));
    expect(issues.map(({ path, got }) => [path, got])).toEqual([
      ["regions[1].region", "a running minimum of 135"],
      ["regions[3].region", "a running minimum of 135"],
    ]);
    expect(exchangeIssues(exchangeArgs({ capacity: { ...capacity, cloudRunInstancesMax: 135 } }))).toEqual([]);
  });

  test("rejects a ceiling that Fargate's declared quota does not hold twice, and asks nothing where none is declared", () => {
    const quota = (fargateVcpusMax: number) =>
      exchangeArgs({
        capacity: { ...exchangeArgs().capacity, fargateVcpusMax },
        container: { vcpus: 2, memoryMib: 4096 },
      });
    expect(told(quota(159))).toMatchInlineSnapshot(`
      "api: 2 problems
        regions[0].region   expected at most 159 virtual CPUs on Fargate, deployments included, got 160 at the ceiling of 40 replicas; ask AWS for more and set capacity.fargateVcpusMax to it, or spread the peak over more regions
        regions[2].region   expected at most 159 virtual CPUs on Fargate, deployments included, got 160 at the ceiling of 40 replicas; ask AWS for more and set capacity.fargateVcpusMax to it, or spread the peak over more regions"
    `);
    expect(exchangeIssues(quota(160))).toEqual([]);
    expect(exchangeIssues(exchangeArgs({ container: { vcpus: 8, memoryMib: 16384 } }))).toEqual([]);
  });

  test("rejects a sandbox that one replica cannot carry", () => {
    const capacity = { peakRequestsPerSecond: 201, requestsPerSecondPerReplica: 200 };
    expect(told(exchangeArgs({ journal: { kind: JournalKind.Sandbox }, capacity }))).toMatchInlineSnapshot(`
      "api: 1 problem
        capacity.peakRequestsPerSecond   expected at most what one replica answers (200), since a sandbox book lives in one process, got 201; lower the peak, or name a journal"
    `);
  });

  test("rejects voters of a sandbox", () => {
    const journal = { ...nats, kind: JournalKind.Sandbox };
    const capacity = { peakRequestsPerSecond: 1, requestsPerSecondPerReplica: 1 };
    expect(told(exchangeArgs({ journal, capacity }))).toMatchInlineSnapshot(`
      "api: 1 problem
        journal.voters   expected none for a sandbox, got a list of 5; set journal.kind to "nats", or remove the voters"
    `);
  });

  test("rejects a journal in two clouds, an unencrypted voter and missing credentials, all at once", () => {
    const voters = [
      ...(nats.voters ?? []).slice(0, 3),
      { provider: "gcp", region: "x", address: "nats://g2.example.net:4222" },
    ];
    expect(told(exchangeArgs({ journal: { kind: JournalKind.Nats, voters } }))).toMatchInlineSnapshot(`
      "api: 3 problems
        journal.credentials   expected the NATS credentials, got nothing; run \`pulumi config set --secret\` with the contents of the credentials file
        journal.voters   expected voters spread over three providers as 1 + 1 + 1 or 2 + 2 + 1, so that the loss of any one leaves a majority, got 2 + 2; add a witness at a third provider: two clouds cannot hold an automatic majority
        journal.voters[3].address   expected \`tls://HOST:PORT\`, got "nats://g2.example.net:4222"; name host and port; orders cross the Internet encrypted"
    `);
  });
});

describe("planRegions", () => {
  const sizes = (args: ExchangeApiArgs): (string | number)[][] =>
    planRegions(args).map(({ region, minimumReplicas, maximumReplicas, sharePercent, worstSharePercent }) => [
      region,
      minimumReplicas,
      maximumReplicas,
      sharePercent,
      worstSharePercent,
    ]);

  test("sizes four regions for the loss of a cloud", () => {
    expect(sizes(exchangeArgs())).toEqual([
      ["us-east-2", 12, 40, 25, 50],
      ["us-central1", 12, 40, 25, 50],
      ["us-west-2", 12, 40, 25, 50],
      ["us-east4", 12, 40, 25, 50],
    ]);
  });

  test("raises the others when a region stops serving, and leaves it its own size", () => {
    const regions = exchangeArgs().regions.map((region) =>
      region.region === "us-west-2" ? { ...region, serving: false } : region,
    );
    expect(sizes(exchangeArgs({ regions }))).toEqual([
      ["us-east-2", 21, 42, 33.33, 100],
      ["us-central1", 12, 40, 33.33, 50],
      ["us-west-2", 12, 40, 0, 0],
      ["us-east4", 12, 40, 33.33, 50],
    ]);
  });

  test("lets Google's ceiling end at what Cloud Run grants, never below the floor", () => {
    const ranges = (cloudRunInstancesMax?: number): number[][] => {
      const capacity = { peakRequestsPerSecond: 12_000, requestsPerSecondPerReplica: 200 };
      const granted = cloudRunInstancesMax === undefined ? {} : { cloudRunInstancesMax };
      return planRegions(exchangeArgs({ capacity: { ...capacity, ...granted } })).map(
        ({ minimumReplicas, maximumReplicas }) => [minimumReplicas, maximumReplicas],
      );
    };
    expect(ranges()).toEqual([
      [30, 120],
      [30, 100],
      [30, 120],
      [30, 100],
    ]);
    expect(ranges(500).map(([, maximum]) => maximum)).toEqual([120, 120, 120, 120]);
    expect(ranges(20).map(([, maximum]) => maximum)).toEqual([120, 30, 120, 30]);
  });

  test("keeps one replica a region in a sandbox", () => {
    const capacity = { peakRequestsPerSecond: 50, requestsPerSecondPerReplica: 100 };
    expect(
      sizes(exchangeArgs({ journal: { kind: JournalKind.Sandbox }, capacity })).map((row) => row.slice(1, 3)),
    ).toEqual([
      [1, 1],
      [1, 1],
      [1, 1],
      [1, 1],
    ]);
  });
});
