// Proves: the zone's settings value by value, the order of the two that are one at Cloudflare, the rate limit's rule, each refusal, and that
// Cloudflare's contracts find nothing. Does not prove that a zone's other hostnames bear "strict".
import { describe, expect, it } from "vitest";
import {
  CloudflareZone,
  cloudflareZoneIssues,
  MinimumTlsVersion,
  type CloudflareZoneArgs,
  type EdgeRateLimit,
} from "../../../components/cloudflare";
import { CloudflarePlan } from "../../../components/sizing/monitor-timing";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record } from "../../support/mocks";
import { skipped } from "../../support/skip";

const SETTING = "cloudflare:index/zoneSetting:ZoneSetting";
const RULESET = "cloudflare:index/ruleset:Ruleset";

const baseline: CloudflareZoneArgs = {
  zoneId: "fedcba9876543210fedcba9876543210",
  zoneName: "example.com",
  plan: CloudflarePlan.Pro,
  hostnames: ["api.example.com"],
};

const run = (changes: Partial<CloudflareZoneArgs> = {}) =>
  record(() => new CloudflareZone("zone", { ...baseline, ...changes }), { preview: false });

describe("CloudflareZone", () => {
  it("makes one setting for each value, named by its id", async () => {
    const recording = await run();
    expect(recording.counts()).toEqual({ [RULESET]: 1, [SETTING]: 7, "twodoor:index:CloudflareZone": 1 });
    expect(recording.all(SETTING).map(({ name, inputs }) => [name, inputs])).toEqual([
      ["zone-0rtt", { settingId: "0rtt", value: "off", zoneId: baseline.zoneId }],
      ["zone-always-use-https", { settingId: "always_use_https", value: "on", zoneId: baseline.zoneId }],
      ["zone-http3", { settingId: "http3", value: "on", zoneId: baseline.zoneId }],
      ["zone-min-tls-version", { settingId: "min_tls_version", value: "1.2", zoneId: baseline.zoneId }],
      ["zone-ssl", { settingId: "ssl", value: "strict", zoneId: baseline.zoneId }],
      ["zone-tls-1-3", { settingId: "tls_1_3", value: "on", zoneId: baseline.zoneId }],
      ["zone-websockets", { settingId: "websockets", value: "on", zoneId: baseline.zoneId }],
    ]);
  });

  it("writes TLS 1.3 after early data, which is the same setting at Cloudflare, and nothing else in order", async () => {
    const recording = await run();
    const earlyData = recording.one(SETTING, "zone-0rtt").urn;
    const waiting = recording.all(SETTING).filter(({ dependencies }) => dependencies.length > 0);
    expect(waiting.map(({ name, dependencies }) => [name, dependencies])).toEqual([["zone-tls-1-3", [earlyData]]]);
  });

  it("limits each address on the API's hostnames, the health check apart", async () => {
    expect(
      (await run({ hostnames: ["api.example.com", "ws.example.com"] })).one(RULESET, "zone-rate-limit").inputs,
    ).toEqual({
      description: "How much one address may ask of the API",
      kind: "zone",
      name: "Twodoor rate limit",
      phase: "http_ratelimit",
      rules: [
        {
          action: "block",
          actionParameters: {
            response: {
              content: '{"message":"Too many requests from this address"}',
              contentType: "application/json",
              statusCode: 429,
            },
          },
          description: "Too many requests from one address",
          enabled: true,
          expression:
            '(http.host in {"api.example.com" "ws.example.com"} and not http.request.uri.path in {"/healthz/region"})',
          ratelimit: {
            characteristics: ["cf.colo.id", "ip.src"],
            mitigationTimeout: 10,
            period: 10,
            requestsPerPeriod: 300,
            requestsToOrigin: false,
          },
          ref: "twodoor_rate_limit",
        },
      ],
      zoneId: baseline.zoneId,
    });
  });

  it("uses the named limit, TLS version and paths", async () => {
    const recording = await run({
      minimumTlsVersion: MinimumTlsVersion.Tls13,
      rateLimit: { requestsPerPeriod: 5000, periodSeconds: 60, mitigationTimeoutSeconds: 60, exemptPaths: [] },
    });
    const [rule] = recording.one(RULESET).inputs["rules"] as [{ expression: string; ratelimit: object }];
    expect(recording.one(SETTING, "zone-min-tls-version").inputs["value"]).toBe("1.3");
    expect(rule.expression).toBe('(http.host in {"api.example.com"})');
    expect(rule.ratelimit).toEqual({
      characteristics: ["cf.colo.id", "ip.src"],
      mitigationTimeout: 60,
      period: 60,
      requestsPerPeriod: 5000,
      requestsToOrigin: false,
    });
  });

  it("leaves the zone's rate limits alone without a hostname, and registers exactly its outputs", async () => {
    const recording = await run({ hostnames: [] });
    expect(recording.all(RULESET)).toEqual([]);
    expect(recording.one("twodoor:index:CloudflareZone").outputs).toEqual({
      rateLimitRulesetId: "",
      settings: {
        "0rtt": "off",
        always_use_https: "on",
        http3: "on",
        min_tls_version: "1.2",
        ssl: "strict",
        tls_1_3: "on",
        websockets: "on",
      },
    });
  });
});

describe("cloudflareZoneIssues", () => {
  const lines = (changes: Partial<CloudflareZoneArgs>) =>
    cloudflareZoneIssues({ ...baseline, ...changes }).map(
      ({ path, expected, got, fix }) => `${path}: expected ${expected}, got ${got}; ${fix}`,
    );

  it("accepts the baseline, and what only Enterprise may do on Enterprise", () => {
    expect(lines({})).toEqual([]);
    const rateLimit = { periodSeconds: 3600, mitigationTimeoutSeconds: 0 };
    expect(lines({ plan: CloudflarePlan.Enterprise, rateLimit })).toEqual([]);
  });

  it.each<[string, EdgeRateLimit, string]>([
    [
      "a period that the plan lacks",
      { periodSeconds: 120 },
      "rateLimit.periodSeconds: expected one of 10, 60 seconds on the pro plan, got 120; choose one of these",
    ],
    [
      "a day of blocking on Pro",
      { mitigationTimeoutSeconds: 86_400 },
      "rateLimit.mitigationTimeoutSeconds: expected one of 10, 60, 120, 300, 600, 3600 seconds on the pro plan, got 86400; choose one of these",
    ],
    [
      "throttling below Enterprise",
      { mitigationTimeoutSeconds: 0 },
      "rateLimit.mitigationTimeoutSeconds: expected one of 10, 60, 120, 300, 600, 3600 seconds on the pro plan, got 0; choose one of these",
    ],
    [
      "no request at all",
      { requestsPerPeriod: 0 },
      "rateLimit.requestsPerPeriod: expected a whole number from 1, got 0; choose more than a busy client sends",
    ],
    [
      "a path that would end the expression's text",
      { exemptPaths: ['/a"b'] },
      'rateLimit.exemptPaths[0]: expected a path that begins with /, got "/a\\"b"; write it without host and query, such as "/healthz/region"',
    ],
  ])("rejects %s", (_, rateLimit, line) => {
    expect(lines({ rateLimit })).toEqual([line]);
  });

  it.each<[string, Partial<CloudflareZoneArgs>, string]>([
    [
      "a zone id that is a name",
      { zoneId: "example.com" },
      'zoneId: expected 32 lower-case hexadecimal characters, got "example.com"; copy the zone id from the overview page of the zone in Cloudflare\'s dashboard',
    ],
    [
      "a hostname of another zone",
      { hostnames: ["api.example.com", "api.example.org"] },
      'hostnames[1]: expected a full hostname in lower case inside the zone "example.com", got "api.example.org"; write it in full, such as "api.example.com"',
    ],
    [
      "a zone name with a dot at its end",
      { zoneName: "example.com.", hostnames: [] },
      'zoneName: expected a zone\'s name in lower case without a dot at its end, got "example.com."; write it as the dashboard shows it, such as "example.com"',
    ],
  ])("rejects %s", (_, changes, line) => {
    expect(lines(changes)).toEqual([line]);
  });

  it("rejects a TLS version that callers without types may pass", () => {
    expect(lines(JSON.parse('{"minimumTlsVersion":"1.1"}') as Partial<CloudflareZoneArgs>)).toEqual([
      'minimumTlsVersion: expected one of "1.2", "1.3", got "1.1"; use one of these words as they are written',
    ]);
  });
});

const missing = contractsMissing();
describe.skipIf(skipped(missing))("Cloudflare's contracts", () => {
  it("find nothing", async () => {
    expect(contractFindings(graphOf(await record(() => new CloudflareZone("zone", baseline))))).toEqual([]);
  });
});
