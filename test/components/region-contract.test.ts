// Proves that a region of either cloud keeps the same contract: what it tells, refuses, protects and keeps secret. It does not prove
// what only one cloud has: the tests of each cloud do.
import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { AwsRegion, awsRegionIssues } from "../../components/aws";
import { GcpRegion, gcpRegionIssues } from "../../components/gcp";
import type { RegionArgs, RegionOutputs } from "../../components/region";
import type { Issue } from "../../components/sizing/issues";
import { record, value, type Recording } from "../support/mocks";
import { regionArgs as awsArgs, SECRET_VALUE } from "./aws/arguments";
import { regionArgs as gcpArgs } from "./gcp/region-fixture";

type Changes = Partial<Omit<RegionArgs, "region" | "image">>;

interface Case {
  cloud: string;
  args: RegionArgs;
  build: (changes?: Changes, opts?: pulumi.ComponentResourceOptions) => pulumi.ComponentResource & RegionOutputs;
  issues: (changes: Changes) => Issue[];
}

const cases: Case[] = [
  {
    cloud: "aws",
    args: awsArgs,
    build: (changes, opts) => new AwsRegion("exchange-home", { ...awsArgs, ...changes }, opts),
    issues: (changes) => awsRegionIssues({ ...awsArgs, ...changes }),
  },
  {
    cloud: "gcp",
    args: gcpArgs(),
    build: (changes, opts) => new GcpRegion("exchange-home", gcpArgs(changes), opts),
    issues: (changes) => gcpRegionIssues(gcpArgs(changes)),
  },
];

const root = (run: Recording<unknown>) => {
  const [only] = run.resources.filter((resource) => resource.name === "exchange-home" && !resource.custom);
  if (only === undefined) throw new Error("the region was not registered");
  return only;
};

describe.each(cases)("a region of $cloud", ({ cloud, args, build, issues }) => {
  it("tells cloud, region, image and floor, known while planning", async () => {
    const run = await record(() => {
      const region = build();
      return Promise.all([
        value(region.cloud),
        value(region.region),
        value(region.image),
        value(region.minimumReplicas),
        value(region.egressAddresses),
      ]);
    });
    expect(run.result).toEqual([cloud, args.region, args.image, args.minimumReplicas, []]);
    const told = ["cloud", "egressAddresses", "image", "minimumReplicas", "originAddress", "region"];
    expect(told.filter((key) => !(key in root(run).outputs))).toEqual([]);
  });

  it("hangs everything below itself, under names that begin with its own", async () => {
    const run = await record(() => build());
    const orphans = run.resources.filter((resource) => resource !== root(run) && resource.parent === "");
    expect(orphans).toEqual([]);
    const region = root(run).urn.split("::")[2] ?? "";
    expect(run.resources.filter(({ urn }) => !(urn.split("::")[2] ?? "").startsWith(region))).toEqual([]);
  });

  it("puts a secret into one input alone, where it is marked", async () => {
    const run = await record(() => build({ secrets: { JOURNAL_CREDENTIALS: SECRET_VALUE } }));
    const holders = run.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(SECRET_VALUE));
    expect(holders.map(({ secretInputs }) => secretInputs.length)).toEqual([1]);
    expect(run.resources.filter(({ outputs }) => JSON.stringify(outputs).includes(SECRET_VALUE))).toEqual([]);
  });

  it("protects something, and nothing once it is told not to", async () => {
    const isProtected = async (deletionProtected: boolean): Promise<boolean> =>
      (await record(() => build({ deletionProtected }))).resources.some(({ protect }) => protect);
    expect([await isProtected(true), await isProtected(false)]).toEqual([true, false]);
  });

  it("keeps what stands when its size changes", async () => {
    const before = await record(() => build());
    const after = await record(() => build({ minimumReplicas: args.minimumReplicas + 3, maximumReplicas: 60 }));
    const types = new Set(after.resources.map(({ urn }) => urn));
    expect(before.resources.filter(({ urn }) => !types.has(urn))).toEqual([]);
  });

  it("is protected with its children by the standard option", async () => {
    const run = await record(() => build({ deletionProtected: true }, { protect: true }));
    expect(run.resources.filter((resource) => resource.custom && !resource.protect)).toEqual([]);
  });

  it("registers nothing when it refuses", async () => {
    const run = await record(() => {
      expect(() => build({ cidrBlock: "10.0.0.0/8" })).toThrow("cannot be built: 1 problem\n  cidrBlock   expected");
    });
    expect(run.resources).toEqual([]);
  });

  it.each<[string, Changes]>([
    ["cidrBlock", { cidrBlock: "10.0.0.0/8" }],
    ["hostname", { hostname: "API.example.com" }],
    ["maximumReplicas", { maximumReplicas: 1 }],
    ["minimumReplicas", { minimumReplicas: 0 }],
    ["vcpus", { vcpus: 3 }],
    ["memoryMib", { memoryMib: 1000 }],
    ["environment.PORT", { environment: { PORT: "1" } }],
    ["secrets.A", { environment: { A: "1" }, secrets: { A: SECRET_VALUE } }],
    ["secrets.B", { secrets: { B: "" } }],
    ["readinessPath", { readinessPath: "ready" }],
    ["allowedRanges[0]", { allowedRanges: ["0.0.0.0/0"] }],
    ["originPullAuthorities", { originPullMode: "enforce" }],
    ["internetEgressPorts[0]", { internetEgress: true, internetEgressPorts: [0] }],
    ["logRetentionDays", { logRetentionDays: 2 }],
    ["alarmEmails[0]", { alarmEmails: ["nobody"] }],
    ["tags.Team", { tags: { Team: "a" } }],
  ])("refuses a wrong %s there and nowhere else, without a secret's value", (path, changes) => {
    const found = issues(changes);
    expect(found.map((issue) => issue.path)).toEqual([path]);
    expect(JSON.stringify(found).includes(SECRET_VALUE)).toBe(false);
  });
});
