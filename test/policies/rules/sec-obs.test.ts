/**
 * Proves what SEC-01 and OBS-01 say about the good design with one thing of it changed: encryption and addresses of data, alerts, who watches
 * from outside the edge, logs.
 * Does not prove that an alert reaches anybody, nor how encryption and alerts are read off resources: the tests of the kinds do the latter.
 */
import { describe, expect, it } from "vitest";
import { obs01 } from "../../../policies/rules/obs-01-alerts";
import { sec01 } from "../../../policies/rules/sec-01-data";
import {
  asState,
  designFrom,
  goodDesign,
  resource,
  unknownAt,
  withChange,
  withMore,
  without,
} from "../../support/designs";
import { toldBy } from "../../support/judged";

const good = goodDesign();

describe("SEC-01", () => {
  const database = resource("aws:rds/instance:Instance", "reports", {
    region: "us-east-2",
    engine: "postgres",
    storageEncrypted: true,
    publiclyAccessible: false,
  });
  const withDatabase = withMore(good, database);

  it("passes a private, encrypted database, planned and running", () => {
    expect(toldBy(sec01, withDatabase)).toEqual([]);
    expect(toldBy(sec01, asState(withDatabase))).toEqual([]);
  });

  it("refuses a database without encryption, used or not", () => {
    expect(toldBy(sec01, withChange(withDatabase, "reports", "storageEncrypted", undefined))).toEqual([
      "violation reports: reports is kept without encryption: whoever gets a disk or a snapshot of it reads what it holds; fix: switch on encryption at rest of reports; for most stores that makes a new one from a snapshot",
    ]);
  });

  it("refuses a database with a public address, at Google unless it says otherwise", () => {
    expect(toldBy(sec01, withChange(withDatabase, "reports", "publiclyAccessible", true))).toEqual([
      "violation reports: reports has a public address: one password or one flaw lies between the internet and what it holds; fix: give reports a private address alone, and let what serves reach it inside its network",
    ]);
    const sql = resource("gcp:sql/databaseInstance:DatabaseInstance", "sql", {
      region: "us-east4",
      databaseVersion: "POSTGRES_17",
      settings: { tier: "db-perf-optimized-N-2" },
    });
    expect(toldBy(sec01, withMore(good, sql))).toHaveLength(1);
  });

  it("cannot tell where it is not known", () => {
    expect(toldBy(sec01, unknownAt(withDatabase, "reports", "publiclyAccessible"))).toEqual([
      "undecided reports: publiclyAccessible of reports is known only after an update, so nobody can say whether the internet reaches reports; fix: write publiclyAccessible as a plain value, or judge the stack's state after an update",
    ]);
  });

  it("leaves buckets that nothing serving uses to scanners", () => {
    expect(toldBy(sec01, good)).toBeUndefined();
  });
});

describe("OBS-01", () => {
  it("passes the good design, planned and running", () => {
    expect(toldBy(obs01, good)).toEqual([]);
    expect(toldBy(obs01, asState(good))).toEqual([]);
  });

  it("tells of pools whose failure nobody hears of, in one finding", () => {
    expect(toldBy(obs01, without(good, "pool-alerts"))).toEqual([
      "violation us-central1-pool: nobody is told when exchange-us-central1, exchange-us-east-2, exchange-us-east4 and exchange-us-west-2 of api.example.com fail: failover hides it until the next one is needed; fix: add a notificationPolicy of type load_balancing_health_alert for these pools",
    ]);
  });

  it("tells when nothing watches from outside the edge", () => {
    expect(toldBy(obs01, without(good, "watch-from-outside"))).toEqual([
      "violation load-balancer: nothing in this design watches api.example.com from outside the edge: when the edge itself fails, nobody is told; fix: add an uptime check or an alarm in one of the clouds, and let it tell somebody by another way than the edge",
    ]);
  });

  it.each([
    ["us-east-2-lb", "accessLogs", "us-east-2-lb writes no logs of requests in aws:us-east-2", "accessLogs"],
    [
      "us-east4-backend",
      "logConfig",
      "us-east4-backend writes no logs of requests in gcp:us-east4",
      "logConfig.enable",
    ],
  ])("tells of a balancer without logs: %s", (name, property, message, fix) => {
    expect(toldBy(obs01, withChange(good, name, property, undefined))).toEqual([
      `violation ${name}: ${message}: after an outage nobody can tell which were lost; fix: switch on ${fix} of ${name}`,
    ]);
  });

  it("tells when the logs of all Google regions land in one of them", () => {
    expect(toldBy(obs01, without(good, "us-east4-logs"))).toEqual([
      "violation us-central1-logs: the logs of gcp:us-east4 land in gcp:us-central1 alone: while that is down, it serves unseen; fix: keep a log bucket in each of the 2 regions, or one in the location global",
    ]);
    const everywhere = withChange(without(good, "us-east4-logs"), "us-central1-logs", "location", "global");
    expect(toldBy(obs01, everywhere)).toEqual([]);
  });

  it("cannot tell where logging is not known", () => {
    expect(toldBy(obs01, unknownAt(good, "us-east-2-lb", "accessLogs"))).toEqual([
      "undecided us-east-2-lb: accessLogs.enabled of us-east-2-lb is known only after an update, so nobody can say whether us-east-2-lb writes down what it answers; fix: write accessLogs.enabled as a plain value, or judge the stack's state after an update",
    ]);
  });

  it("has nothing to say about a bucket", () => {
    const alone = resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" });
    expect(toldBy(obs01, designFrom([alone]))).toBeUndefined();
  });
});
