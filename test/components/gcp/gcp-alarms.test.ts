// Proves what rings in a Google region, from which values on, and that each alarm says what to do. It does not prove that Google evaluates
// the filters as meant: metric names and labels come from Google's lists.
import { describe, expect, it } from "vitest";
import { GcpAlarms, gcpAlarmsIssues, type GcpAlarmsArgs } from "../../../components/gcp";
import { contractFindings, contractsMissing } from "../../support/contracts";
import { graphOf, record, value, type Recording } from "../../support/mocks";
import { skipped } from "../../support/skip";
import { at } from "./region-fixture";

const POLICY = "gcp:monitoring/alertPolicy:AlertPolicy";
const CHANNEL = "gcp:monitoring/notificationChannel:NotificationChannel";

function args(changes: Partial<GcpAlarmsArgs> = {}): GcpAlarmsArgs {
  return {
    project: "twodoor-central",
    region: "us-central1",
    serviceName: "exchange-api-1a2b3c4",
    urlMapName: "exchange-routes-1a2b3c4",
    minimumReplicas: 4,
    maximumReplicas: 12,
    ...changes,
  };
}

function up(changes: Partial<GcpAlarmsArgs> = {}): Promise<Recording<GcpAlarms>> {
  return record(() => new GcpAlarms("central", args(changes)), { preview: false });
}

async function threshold(key: string, changes: Partial<GcpAlarmsArgs> = {}): Promise<unknown> {
  return at((await up(changes)).one(POLICY, `central-${key}`).inputs, "conditions.0.conditionThreshold");
}

describe("alarms", () => {
  it("ring when more than five percent of the region's requests fail", async () => {
    const conditionThreshold = await threshold("error-ratio");
    const all =
      'resource.type = "http_external_regional_lb_rule" AND resource.labels.url_map_name = "exchange-routes-1a2b3c4" AND metric.type = "loadbalancing.googleapis.com/https/external/regional/request_count"';
    const rate = [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_RATE", crossSeriesReducer: "REDUCE_SUM" }];
    expect(conditionThreshold).toEqual({
      filter: `${all} AND metric.labels.response_code_class = 500`,
      aggregations: rate,
      denominatorFilter: all,
      denominatorAggregations: rate,
      comparison: "COMPARISON_GT",
      thresholdValue: 0.05,
      duration: "180s",
      evaluationMissingData: "EVALUATION_MISSING_DATA_INACTIVE",
    });
  });

  it("ring when fewer replicas run than the floor, or none tell", async () => {
    const conditionThreshold = await threshold("below-floor");
    expect(conditionThreshold).toEqual({
      filter:
        'resource.type = "cloud_run_revision" AND resource.labels.service_name = "exchange-api-1a2b3c4" AND metric.type = "run.googleapis.com/container/instance_count"',
      aggregations: [{ alignmentPeriod: "60s", perSeriesAligner: "ALIGN_MAX", crossSeriesReducer: "REDUCE_SUM" }],
      comparison: "COMPARISON_LT",
      thresholdValue: 4,
      duration: "300s",
      evaluationMissingData: "EVALUATION_MISSING_DATA_ACTIVE",
    });
  });

  it.each([
    [4, 12, 9],
    [4, 4, 4],
    [90, 100, 90],
  ])("with floor %i and ceiling %i ring above %i replicas", async (minimumReplicas, maximumReplicas, most) => {
    const conditionThreshold = await threshold("near-ceiling", { minimumReplicas, maximumReplicas });
    expect([at(conditionThreshold, "comparison"), at(conditionThreshold, "thresholdValue")]).toEqual([
      "COMPARISON_GT",
      most,
    ]);
  });

  it.each([
    [undefined, 4000],
    [12_000, 9600],
  ])("with a ceiling of %s ring above %i requests per second of the whole project", async (max, most) => {
    const changes = max === undefined ? {} : { serverlessRequestsPerSecondMax: max };
    const conditionThreshold = await threshold("request-ceiling", changes);
    expect(at(conditionThreshold, "thresholdValue")).toBe(most);
    expect(at(conditionThreshold, "filter")).not.toContain("url_map_name");
  });

  it("ring when a certificate was not renewed, at most once an hour", async () => {
    const { inputs } = (await up()).one(POLICY, "central-certificate-expiry");
    expect(at(inputs, "conditions.0.conditionMatchedLog.filter")).toBe(
      'logName="projects/twodoor-central/logs/certificatemanager.googleapis.com%2Fcertificates_expiry" AND (jsonPayload.state="CLOSE_TO_EXPIRY" OR jsonPayload.state="EXPIRED")',
    );
    expect(inputs.alertStrategy).toEqual({ autoClose: "86400s", notificationRateLimit: { period: "3600s" } });
  });

  it("say what to do first and where to read more", async () => {
    const policies = (await up()).all(POLICY);
    const contents = policies.map(({ inputs }) => String(at(inputs, "documentation.content")));
    expect(contents.map((content) => content.split("\n\n").at(-1))).toEqual([
      "More: docs/guides/alarms.md#gcp-below-floor",
      "More: docs/guides/alarms.md#gcp-certificate-expiry",
      "More: docs/guides/alarms.md#gcp-error-ratio",
      "More: docs/guides/alarms.md#gcp-near-ceiling",
      "More: docs/guides/alarms.md#gcp-request-ceiling",
    ]);
    expect(contents.filter((content) => content.length < 100)).toEqual([]);
  });

  it("reach each address by a channel that is named after it alone", async () => {
    const [both, one] = [await up({ alarmEmails: ["a.b@x.co", "a-b@x.co"] }), await up({ alarmEmails: ["a-b@x.co"] })];
    const names = both.all(CHANNEL).map(({ name }) => name);
    expect(new Set(names).size).toBe(2);
    expect(names).toContain(one.one(CHANNEL).name);
    expect(both.all(POLICY).map(({ inputs }) => at(inputs, "notificationChannels.length"))).toEqual([2, 2, 2, 2, 2]);
  });

  it("tell their ids by key, and register them", async () => {
    const recording = await record(async () => value(new GcpAlarms("central", args()).policyIds), { preview: false });
    expect(recording.result).toEqual({
      "error-ratio": "central-error-ratio-id",
      "below-floor": "central-below-floor-id",
      "near-ceiling": "central-near-ceiling-id",
      "request-ceiling": "central-request-ceiling-id",
      "certificate-expiry": "central-certificate-expiry-id",
    });
    expect(Object.keys(recording.one("twodoor:index:GcpAlarms").outputs)).toEqual(["policyIds"]);
  });
});

describe("refusals", () => {
  it.each([
    [{ project: "p" }, "project"],
    [{ region: "mars" }, "region"],
    [{ minimumReplicas: 0 }, "minimumReplicas"],
    [{ maximumReplicas: 3 }, "maximumReplicas"],
    [{ alarmEmails: ["ops"] }, "alarmEmails[0]"],
    [{ tags: { Team: "x" } }, "tags.Team"],
  ] as [Partial<GcpAlarmsArgs>, string][])("rejects %j", (changes, path) => {
    expect(gcpAlarmsIssues(args(changes)).map((issue) => issue.path)).toEqual([path]);
  });
});

describe.skipIf(skipped(contractsMissing()))("the vendors' contracts", () => {
  it("find nothing", async () => {
    expect(
      contractFindings(graphOf(await record(() => new GcpAlarms("central", args({ alarmEmails: ["a@b.co"] }))))),
    ).toEqual([]);
  });
});
