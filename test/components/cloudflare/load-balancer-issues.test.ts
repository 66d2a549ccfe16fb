// Proves: each refusal of CloudflareLoadBalancer, one break at a time from arguments that pass, with the exact words, and that nothing is
// registered before. Does not prove that Cloudflare refuses the same; twin/providers/cloudflare/sources.ts says where it does.
import { describe, expect, it } from "vitest";
import {
  CloudflareLoadBalancer,
  type CloudflareLoadBalancerArgs,
  type LoadBalancerPool,
  type LoadBalancerMonitor,
} from "../../../components/cloudflare";
import { cloudflareLoadBalancerIssues } from "../../../components/cloudflare/load-balancer-issues";
import { CloudflarePlan } from "../../../components/sizing/monitor-timing";
import { SteeringPolicy } from "../../../components/sizing/steering";
import { record } from "../../support/mocks";

const ohio: LoadBalancerPool = { name: "us-east-2", cloud: "aws", originAddress: "ohio.example.net" };
const iowa: LoadBalancerPool = { name: "us-central1", cloud: "gcp", originAddress: "34.120.0.7" };
const elsewhere: LoadBalancerPool = { name: "frankfurt", cloud: "hetzner", originAddress: "88.198.0.1" };

const baseline: CloudflareLoadBalancerArgs = {
  accountId: "0123456789abcdef0123456789abcdef",
  zoneId: "fedcba9876543210fedcba9876543210",
  zoneName: "example.com",
  hostname: "api.example.com",
  plan: CloudflarePlan.Business,
  pools: [ohio, iowa],
};

/** The issues in one line each, without the path's own words. */
const lines = (changes: Partial<CloudflareLoadBalancerArgs>) =>
  cloudflareLoadBalancerIssues({ ...baseline, ...changes }).map(
    ({ path, expected, got, fix }) => `${path}: expected ${expected}, got ${got}; ${fix}`,
  );
const first = (changes: Partial<LoadBalancerPool>) => ({ pools: [{ ...ohio, ...changes }, iowa] });

describe("cloudflareLoadBalancerIssues", () => {
  it("accepts the baseline, every steering policy with the add-on, and ids that are not known yet", () => {
    expect(lines({})).toEqual([]);
    for (const steeringPolicy of Object.values(SteeringPolicy))
      expect(lines({ steeringPolicy, trafficSteeringEntitled: true })).toEqual([]);
    expect(lines({ accountId: Promise.resolve("later"), zoneId: Promise.resolve("later") })).toEqual([]);
    expect(lines({ hostname: "example.com" })).toEqual([]);
    expect(lines({ plan: CloudflarePlan.Enterprise, checkRegions: ["ALL_REGIONS"] })).toEqual([]);
  });

  it.each<[string, Partial<CloudflareLoadBalancerArgs>, string]>([
    [
      "an account id in upper case",
      { accountId: "0123456789ABCDEF0123456789ABCDEF" },
      'accountId: expected 32 lower-case hexadecimal characters, got "0123456789ABCDEF0123456789ABCDEF"; copy the account id from the overview page of the zone in Cloudflare\'s dashboard',
    ],
    [
      "a zone's name for its id",
      { zoneId: "example.com" },
      'zoneId: expected 32 lower-case hexadecimal characters, got "example.com"; copy the zone id from the overview page of the zone in Cloudflare\'s dashboard',
    ],
    [
      "a hostname of another zone",
      { hostname: "api.example.org" },
      'hostname: expected a full hostname in lower case inside the zone "example.com", got "api.example.org"; write it in full, such as "api.example.com"',
    ],
    [
      "a hostname that only ends like the zone",
      { hostname: "notexample.com" },
      'hostname: expected a full hostname in lower case inside the zone "example.com", got "notexample.com"; write it in full, such as "api.example.com"',
    ],
    [
      "a short hostname",
      { hostname: "api" },
      'hostname: expected a full hostname in lower case inside the zone "example.com", got "api"; write it in full, such as "api.example.com"',
    ],
    [
      "a hostname in upper case",
      { hostname: "API.example.com" },
      'hostname: expected a full hostname in lower case inside the zone "example.com", got "API.example.com"; write it in full, such as "api.example.com"',
    ],
    [
      "no pool",
      { pools: [] },
      "pools: expected at least one pool that serves, got an empty list; add a pool for each region, or let one serve",
    ],
    [
      "no pool that serves",
      { pools: [{ ...ohio, serving: false }] },
      "pools: expected at least one pool that serves, got none that serves; add a pool for each region, or let one serve",
    ],
    [
      "two pools of one name",
      { pools: [ohio, { ...iowa, name: "us-east-2" }] },
      'pools[1].name: expected a name that no other pool has, got "us-east-2" again; give each pool its region\'s name',
    ],
    [
      "two pools at one address",
      { pools: [ohio, { ...iowa, originAddress: "ohio.example.net" }] },
      'pools[1].originAddress: expected an address that no other pool has, got "ohio.example.net" again; give each pool its own region\'s entry: two pools at one address fail together',
    ],
    [
      "a pool name with a dot",
      first({ name: "us.east" }),
      'pools[0].name: expected letters, digits, - and _, got "us.east"; use the region\'s name, such as "us-east-2"',
    ],
    [
      "a weight of nothing",
      first({ weight: 0 }),
      "pools[0].weight: expected a weight from 0.01 to 1 in hundredths, got 0; round it to two places; to send a pool nothing, set serving to false",
    ],
    [
      "a weight over 1",
      first({ weight: 1.01 }),
      "pools[0].weight: expected a weight from 0.01 to 1 in hundredths, got 1.01; round it to two places; to send a pool nothing, set serving to false",
    ],
    [
      "a weight in thousandths",
      first({ weight: 0.125 }),
      "pools[0].weight: expected a weight from 0.01 to 1 in hundredths, got 0.125; round it to two places; to send a pool nothing, set serving to false",
    ],
    [
      "a latitude alone",
      first({ latitude: 40 }),
      "pools[0].longitude: expected a longitude beside the latitude, got nothing; give both",
    ],
    [
      "a longitude alone",
      first({ longitude: 40 }),
      "pools[0].latitude: expected a latitude beside the longitude, got nothing; give both",
    ],
    [
      "a latitude past the pole",
      first({ latitude: 91, longitude: 0 }),
      "pools[0].latitude: expected degrees north from -90 to 90, got 91; correct it; south is negative",
    ],
    [
      "a longitude past the line",
      first({ latitude: 0, longitude: -181 }),
      "pools[0].longitude: expected degrees east from -180 to 180, got -181; correct it; west is negative",
    ],
    [
      "a private address",
      first({ originAddress: "10.0.0.1" }),
      'pools[0].originAddress: expected an address that the Internet reaches, got "10.0.0.1"; give the public address of the region\'s entry',
    ],
    [
      "a documentation address",
      first({ originAddress: "2001:db8::1" }),
      'pools[0].originAddress: expected an address that the Internet reaches, got "2001:db8::1"; give the public address of the region\'s entry',
    ],
    [
      "a URL for an address",
      first({ originAddress: "https://ohio.example.net" }),
      'pools[0].originAddress: expected an IP address or a full DNS name in lower case without a dot at its end, got "https://ohio.example.net"; leave out scheme, port and path',
    ],
    [
      "the load balancer's own hostname",
      first({ originAddress: "api.example.com" }),
      "pools[0].originAddress: expected an address behind Cloudflare, got \"api.example.com\", the load balancer's own hostname; give the region's own entry: Cloudflare would call itself",
    ],
    [
      "a paid policy without the add-on",
      { steeringPolicy: SteeringPolicy.Proximity },
      'steeringPolicy: expected "off" or "random" on the business plan without the Traffic Steering add-on, got "proximity"; buy the add-on and set trafficSteeringEntitled to true, or use another policy',
    ],
    [
      "proximity without a place",
      { pools: [ohio, elsewhere], steeringPolicy: SteeringPolicy.Proximity, trafficSteeringEntitled: true },
      'pools[1].latitude: expected coordinates, which "proximity" compares, got nothing; give latitude and longitude: the region table has no place for this pool',
    ],
    [
      "a fallback that does not serve",
      { pools: [ohio, { ...iowa, serving: false }], fallbackPool: "us-central1" },
      'fallbackPool: expected the name of a pool that serves, got "us-central1"; name another pool, or leave it out: a serving pool of another cloud is then taken',
    ],
    [
      "a check region of health checks elsewhere",
      { checkRegions: ["ENAM", "WNAM", "IN"] },
      'checkRegions[2]: expected one of "WNAM", "ENAM", "NSAM", "SSAM", "WEU", "EEU", "NAF", "SAF", "ME", "SAS", "SEAS", "NEAS", "OC", got "IN"; use one of these words as they are written',
    ],
    [
      "a check region in lower case",
      { checkRegions: ["ENAM", "WNAM", "weu"] },
      'checkRegions[2]: expected one of "WNAM", "ENAM", "NSAM", "SSAM", "WEU", "EEU", "NAF", "SAF", "ME", "SAS", "SEAS", "NEAS", "OC", got "weu"; use one of these words as they are written',
    ],
    [
      "a check region twice",
      { checkRegions: ["ENAM", "WNAM", "ENAM"] },
      'checkRegions[2]: expected a region that is not in the list yet, got "ENAM" again; name each region once',
    ],
    [
      "an even number of check regions",
      { checkRegions: ["ENAM", "WNAM", "WEU", "EEU"] },
      "checkRegions: expected an odd number of regions, at least 3, got 4; name three or five regions near the pools: a tie would count as down",
    ],
    [
      "one check region",
      { checkRegions: ["ENAM"] },
      "checkRegions: expected an odd number of regions, at least 3, got 1; name three or five regions near the pools: a tie would count as down",
    ],
    [
      "all regions below Enterprise",
      { checkRegions: ["ALL_REGIONS"] },
      'checkRegions: expected an odd number of named regions on the business plan, got "ALL_REGIONS"; name three or five regions near the pools',
    ],
    [
      "pools of which none is in the table, and no check regions",
      { pools: [elsewhere] },
      "checkRegions: expected an odd number of regions, at least 3, got none: no pool is in the region table; name three or five regions near the pools: a tie would count as down",
    ],
    [
      "PagerDuty on Pro",
      { plan: CloudflarePlan.Pro, pagerdutyIds: ["x"] },
      "pagerdutyIds: expected none on the pro plan, which has no PagerDuty notifications, got a list of 1; let PagerDuty take an e-mail address or a webhook instead",
    ],
    [
      "a recipient that is no address",
      { notificationEmails: ["On Call <oncall@example.com>"] },
      'notificationEmails[0]: expected an e-mail address, got "On Call <oncall@example.com>"; write it bare, such as "oncall@example.com"',
    ],
  ])("rejects %s", (_, changes, line) => {
    expect(lines(changes)).toEqual([line]);
  });

  it.each<[string, LoadBalancerMonitor, string]>([
    [
      "an interval below the plan's",
      { intervalSeconds: 10 },
      "monitor.intervalSeconds: expected a whole number of seconds from 15 to 3600, got 10; raise it: the business plan probes no more often than every 15 seconds",
    ],
    [
      "an interval over an hour",
      { intervalSeconds: 3601 },
      "monitor.intervalSeconds: expected a whole number of seconds from 15 to 3600, got 3601; raise it: the business plan probes no more often than every 15 seconds",
    ],
    [
      "a timeout of nothing",
      { timeoutSeconds: 0 },
      "monitor.timeoutSeconds: expected a whole number of seconds from 1 to 10, got 0; choose a value that Cloudflare takes",
    ],
    [
      "retries over 5",
      { retries: 6 },
      "monitor.retries: expected a whole number from 1 to 5, got 6; choose a value that Cloudflare takes",
    ],
    [
      "attempts that fill the interval",
      { timeoutSeconds: 5, retries: 2 },
      "monitor.timeoutSeconds: expected attempts that end before the next check, in less than 15 seconds, got 3 attempts of 5 seconds; shorten the timeout, lower the retries or raise the interval",
    ],
    [
      "no failure needed",
      { consecutiveDown: 0 },
      "monitor.consecutiveDown: expected a whole number from 1, got 0; use 1 for the first failure",
    ],
    [
      "half a success",
      { consecutiveUp: 0.5 },
      "monitor.consecutiveUp: expected a whole number from 1, got 0.5; use 1 for the first success",
    ],
    [
      "a path without its slash",
      { path: "healthz" },
      'monitor.path: expected a path that begins with /, got "healthz"; write it without host and query, such as "/healthz/region"',
    ],
    [
      "an empty body",
      { expectedBody: " " },
      'monitor.expectedBody: expected text that only a healthy region answers, got " "; name a word of the health answer: any other server\'s 200 would count as healthy',
    ],
    [
      "propagation over 10 seconds",
      { propagationSeconds: 11 },
      "monitor.propagationSeconds: expected seconds from 0 to 10, got 11; declare what you have measured, or leave it out",
    ],
  ])("rejects %s", (_, monitor, line) => {
    expect(lines({ monitor }).filter((text) => text === line)).toEqual([line]);
  });

  it("rejects more pools than the plan holds", () => {
    const pools = Array.from({ length: 21 }, (_, index) => ({
      ...ohio,
      name: `p${String(index)}`,
      originAddress: `o${String(index)}.example.net`,
    }));
    expect(lines({ pools, checkRegions: ["ENAM", "WNAM", "WEU"] })).toEqual([
      "pools: expected at most 20 pools on this plan, got 21; use fewer regions, or an Enterprise contract",
    ]);
    expect(lines({ pools, checkRegions: ["ENAM", "WNAM", "WEU"], plan: CloudflarePlan.Enterprise })).toEqual([]);
    expect(lines({ pools: pools.slice(1), checkRegions: ["ENAM", "WNAM", "WEU"] })).toEqual([]);
  });

  it("asks for no place of a pool that does not serve", () => {
    const pools = [ohio, { ...elsewhere, serving: false }];
    expect(lines({ pools, steeringPolicy: SteeringPolicy.Proximity, trafficSteeringEntitled: true })).toEqual([]);
  });

  it.each([
    "0.0.0.0",
    "10.255.0.1",
    "100.127.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.31.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.19.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "64:ff9b:1::1",
    "100::1",
    "2001:db8::1",
    "fd00::1",
    "fe80::1",
    "ff02::1",
  ])("rejects %s, which the Internet does not reach", (originAddress) => {
    expect(cloudflareLoadBalancerIssues({ ...baseline, ...first({ originAddress }) }).map(({ path }) => path)).toEqual([
      "pools[0].originAddress",
    ]);
  });

  it.each([
    "9.255.255.255",
    "11.0.0.1",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "192.0.3.1",
    "198.20.0.1",
    "223.255.255.255",
    "2600:1f16::1",
  ])("accepts %s, a public neighbour of those", (originAddress) => {
    expect(lines(first({ originAddress }))).toEqual([]);
  });

  it("rejects words that callers without types may pass", () => {
    expect(lines(JSON.parse('{"plan":"free"}') as Partial<CloudflareLoadBalancerArgs>)).toEqual([
      'plan: expected one of "pro", "business", "enterprise", got "free"; use one of these words as they are written',
    ]);
    expect(lines(JSON.parse('{"steeringPolicy":"OFF"}') as Partial<CloudflareLoadBalancerArgs>)).toEqual([
      'steeringPolicy: expected one of "off", "random", "proximity", "least_outstanding_requests", got "OFF"; use one of these words as they are written',
    ]);
  });

  it("tells everything at once, before anything is registered", async () => {
    const recording = await record(() => {
      try {
        new CloudflareLoadBalancer("edge", { ...baseline, hostname: "api", pools: [{ ...ohio, weight: 2 }] });
        return "built";
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(recording.resources).toEqual([]);
    expect(recording.result).toMatchInlineSnapshot(`
      "CloudflareLoadBalancer "edge" cannot be built: 2 problems
        hostname   expected a full hostname in lower case inside the zone "example.com", got "api"; write it in full, such as "api.example.com"
        pools[0].weight   expected a weight from 0.01 to 1 in hundredths, got 2; round it to two places; to send a pool nothing, set serving to false"
    `);
  });
});
