/**
 * The judgements of the operator's command that need no server: what an audit finds, when the leader moves, what a voter's configuration says. It
 * does not prove that servers answer so: see `three-voters` and `five-voters`.
 */
import { describe, expect, test } from "vitest";
import type { StreamInfo } from "@nats-io/jetstream";
import { auditProblems } from "../../../../exchange/journal/nats/operate/audit";
import { serverConfig } from "../../../../exchange/journal/nats/operate/server-config";
import { superviseStep, SUPERVISE_START } from "../../../../exchange/journal/nats/operate/supervise";
import { voterReport, type VoterReport } from "../../../../exchange/journal/nats/operate/survey";
import { requiredConfig } from "../../../../exchange/journal/nats/stream";

const fit = requiredConfig({ stream: "S", replicas: 3, bytesMax: -1 }) as StreamInfo["config"];

/** Three whole voters; the first leads. */
function voters(change: (reports: VoterReport[]) => void = () => undefined): VoterReport[] {
  const names = ["aws-1", "gcp-1", "wit-1"];
  const reports = names.map((server, index): VoterReport => ({
    server,
    version: "2.15.1",
    site: server.slice(0, 3),
    hasSyncAlways: true,
    clusterSize: 3,
    stream: {
      name: "S",
      created: "then",
      config: { ...fit },
      state: { messages: 100, first_seq: 1, last_seq: 100, num_deleted: 0, bytes: 1 },
      cluster: {
        leader: "aws-1",
        replicas: names
          .filter((_, other) => other !== index)
          .map((name) => ({ name, current: true, offline: false, lag: 0 })),
      },
    },
  }));
  change(reports);
  return reports;
}

function copyOf(reports: VoterReport[], index: number): NonNullable<VoterReport["stream"]> {
  const copy = reports[index]?.stream;
  if (copy === undefined) throw new Error("no copy");
  return copy;
}

describe("an audit", () => {
  const paths = (reports: VoterReport[], count = 3): string[] =>
    auditProblems(reports, "S", count).map(({ path, got }) => `${path}: ${got}`);

  test("finds nothing wrong with three whole voters, also while one is a little behind", () => {
    expect(paths(voters())).toEqual([]);
    expect(paths(voters((all) => Object.assign(copyOf(all, 1).state, { messages: 90, last_seq: 90 })))).toEqual([]);
  });

  test.each<[string, (all: VoterReport[]) => void, string[]]>([
    [
      "a hole in one copy",
      (all) => Object.assign(copyOf(all, 1).state, { messages: 72, num_deleted: 28 }),
      ["voter gcp-1: 72: 28 are missing on this disk"],
    ],
    [
      "a hole that the count of deleted hides",
      (all) => Object.assign(copyOf(all, 2).state, { messages: 99 }),
      ["voter wit-1: 99: 1 are missing on this disk"],
    ],
    [
      "a hole that the count of messages hides",
      (all) => Object.assign(copyOf(all, 2).state, { num_deleted: 3 }),
      ["voter wit-1: 100: 3 are missing on this disk"],
    ],
    [
      "a copy far behind",
      (all) => Object.assign(copyOf(all, 0).state, { messages: 20_000, last_seq: 20_000 }),
      ["voter gcp-1: up to 100", "voter wit-1: up to 100"],
    ],
    ["no copy", (all) => all.splice(2, 1, { ...(all[2] as VoterReport), stream: undefined }), ["voter wit-1: none"]],
    ["a voter that is silent", (all) => all.splice(2, 1), ["voters: from aws-1, gcp-1"]],
    ["a server too many", (all) => Object.assign(all[0] as VoterReport, { clusterSize: 4 }), ["voters: 4"]],
    [
      "disks that are not synced",
      (all) => Object.assign(all[1] as VoterReport, { hasSyncAlways: false }),
      ["voter gcp-1: a longer one"],
    ],
    ["an old server", (all) => Object.assign(all[1] as VoterReport, { version: "2.12.2" }), ["voter gcp-1: 2.12.2"]],
    [
      "two voters at one site",
      (all) => Object.assign(all[2] as VoterReport, { site: "gcp" }),
      ["spread: aws 1, gcp 2"],
    ],
    [
      "a voter without a site",
      (all) => Object.assign(all[2] as VoterReport, { site: "" }),
      ["spread: aws 1, gcp 1, no site 1"],
    ],
    [
      "no leader",
      (all) => {
        all.forEach((_, index) => Object.assign(copyOf(all, index), { cluster: { leader: "", replicas: [] } }));
      },
      ["leader: none"],
    ],
    [
      "a replica behind",
      (all) => Object.assign(copyOf(all, 0).cluster?.replicas[0] ?? {}, { current: false, lag: 9 }),
      ["voter gcp-1: 9 entries behind"],
    ],
    [
      "a replica that is offline",
      (all) => Object.assign(copyOf(all, 0).cluster?.replicas[1] ?? {}, { offline: true }),
      ["voter wit-1: offline"],
    ],
    [
      "copies of two streams",
      (all) => Object.assign(copyOf(all, 2), { created: "now" }),
      ["stream: copies made at then and now"],
    ],
    [
      "a stream that may be purged",
      (all) => Object.assign(copyOf(all, 0).config, { deny_purge: false }),
      ["stream.deny_purge: false"],
    ],
  ])("finds %s", (_, change, expected) => {
    expect(paths(voters(change))).toEqual(expected);
  });

  test("accepts 2+2+1 for five, and nothing else", () => {
    const five = (sites: string[]): VoterReport[] => {
      const names = sites.map((_, index) => `v${String(index)}`);
      return sites.map((site, index): VoterReport => {
        const base = voters()[0] as VoterReport;
        const replicas = names.slice(1).map((name) => ({ name, current: true, offline: false, lag: 0 }));
        return {
          ...base,
          server: names[index] ?? "",
          site,
          clusterSize: 5,
          stream: { ...copyOf([base], 0), config: { ...fit, num_replicas: 5 }, cluster: { leader: "v0", replicas } },
        };
      });
    };
    expect(paths(five(["a", "a", "b", "b", "c"]), 5)).toEqual([]);
    expect(paths(five(["a", "a", "a", "b", "c"]), 5)).toEqual(["spread: a 3, b 1, c 1"]);
    expect(paths(five(["a", "b", "c", "d", "e"]), 5)).toEqual(["spread: a 1, b 1, c 1, d 1, e 1"]);
  });

  test("reads a server's own answer, and no other JSON", () => {
    expect(
      voterReport(
        { server: { name: "n", ver: "2.15.1", tags: ["node:n", "site:aws"] }, data: { config: { sync_always: true } } },
        "S",
      ),
    ).toEqual({
      server: "n",
      version: "2.15.1",
      site: "aws",
      hasSyncAlways: true,
      clusterSize: 0,
      stream: undefined,
    });
    for (const value of [undefined, null, 5, {}, { server: "n" }, { server: { name: 1 } }])
      expect(voterReport(value, "S")).toBe(undefined);
  });
});

describe("the supervisor", () => {
  const led = (leader: string, change: (all: VoterReport[]) => void = () => undefined): VoterReport[] =>
    voters((all) => {
      all.forEach((report, index) => {
        const replicas = all
          .filter((other) => other !== report)
          .map(({ server }) => ({ name: server, current: true, offline: false, lag: 0 }));
        Object.assign(copyOf(all, index), { cluster: { leader, replicas } });
      });
      change(all);
    });
  const twice = (reports: VoterReport[]): string | undefined =>
    superviseStep(superviseStep(SUPERVISE_START, reports, ["aws", "gcp"]).state, reports, ["aws", "gcp"]).moveTo;

  test("leaves a leader at a preferred site alone, and one that was seen elsewhere once", () => {
    expect(superviseStep(SUPERVISE_START, led("gcp-1"), ["aws", "gcp"])).toEqual({
      state: { strayLooks: 0 },
      moveTo: undefined,
      reason: "gcp-1 leads, at gcp",
    });
    const once = superviseStep(SUPERVISE_START, led("wit-1"), ["aws", "gcp"]);
    expect(once).toEqual({ state: { strayLooks: 1 }, moveTo: undefined, reason: "wit-1 leads, at wit: seen once" });
    expect(superviseStep(once.state, led("aws-1"), ["aws", "gcp"]).state).toEqual({ strayLooks: 0 });
  });

  test("moves it at the second look to the first preferred site", () => {
    expect(twice(led("wit-1"))).toBe("aws-1");
  });

  test.each<[string, (all: VoterReport[]) => void, string | undefined]>([
    [
      "never to a damaged voter",
      (all) => Object.assign(copyOf(all, 0).state, { messages: 72, num_deleted: 28 }),
      "gcp-1",
    ],
    [
      "nowhere when both are damaged",
      (all) => {
        [0, 1].forEach((index) => Object.assign(copyOf(all, index).state, { num_deleted: 1 }));
      },
      undefined,
    ],
    [
      "nowhere while fewer than two others are current",
      (all) => Object.assign(copyOf(all, 2).cluster?.replicas[0] ?? {}, { current: false }),
      undefined,
    ],
    [
      "nowhere while one lags by more than 1,000",
      (all) => Object.assign(copyOf(all, 2).cluster?.replicas[0] ?? {}, { lag: 1_001 }),
      undefined,
    ],
  ])("moves it %s", (_, change, expected) => {
    expect(twice(led("wit-1", change))).toBe(expected);
  });

  test("does nothing without a leader", () => {
    expect(superviseStep({ strayLooks: 1 }, led(""), ["aws"])).toEqual({
      state: { strayLooks: 0 },
      moveTo: undefined,
      reason: "no voter leads the stream",
    });
  });
});

test("a voter's configuration lets a node append and read, always syncs, and verifies both sides of TLS", () => {
  const key = (letter: string): string => `U${letter.repeat(55)}`;
  const text = serverConfig(
    { cluster: "journal", stream: "EXCHANGE", nodeKeys: [key("A")], operatorKey: key("B"), systemKey: key("C") },
    {
      server: "aws-1",
      site: "aws",
      listen: "0.0.0.0:4222",
      clusterListen: "0.0.0.0:6222",
      clusterAdvertise: "aws-1.example.net:6222",
      routes: ["gcp-1.example.net:6222", "witness.example.net:6222"],
      storeDir: "/data/nats",
      storeBytesMax: 1_000_000_000,
      tls: { ca: "/tls/ca.pem", cert: "/tls/voter.pem", key: "/tls/voter.key" },
    },
  );
  expect(
    text
      .split("\n")
      .filter((line) => /nkey|sync|verify|routes|tags|store/.test(line))
      .map((line) => line.trim()),
  ).toEqual([
    'server_tags: ["site:aws", "node:aws-1"]',
    'store_dir: "/data/nats"',
    "max_memory_store: 64MB",
    "max_file_store: 1000000000",
    "sync_interval: always",
    `SYS { users: [ { nkey: ${key("C")} } ] }`,
    `{ nkey: ${key("A")}, permissions: { publish: { allow: ["EXCHANGE.cmd", "$JS.API.STREAM.INFO.EXCHANGE", "$JS.API.DIRECT.GET.EXCHANGE"] }, subscribe: { allow: ["_INBOX_${key("A")}.>"] } } },`,
    `{ nkey: ${key("B")}, permissions: { publish: { allow: ["$JS.API.STREAM.CREATE.EXCHANGE", "$JS.API.STREAM.INFO.EXCHANGE", "$JS.API.STREAM.LEADER.STEPDOWN.EXCHANGE", "$JS.API.DIRECT.GET.EXCHANGE"] }, subscribe: { allow: ["_INBOX_${key("B")}.>"] } } }`,
    "verify: true",
    'routes: ["nats-route://gcp-1.example.net:6222", "nats-route://witness.example.net:6222"]',
    "verify: true",
  ]);
});
