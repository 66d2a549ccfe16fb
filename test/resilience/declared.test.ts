/**
 * Proves what is read from manifests and settings: which wins, several manifests, and that no malformed manifest is taken for anything.
 * Does not prove what the judge makes of it.
 */
import { describe, expect, it } from "vitest";
import { capacityOf, declaredOf } from "../../resilience/declared";
import { tagOf } from "../../resilience/tags";
import type { Json, JsonObject } from "../../resilience/values";
import { designFrom, later, resource, secret } from "../support/designs";

function manifest(hostname: string, change: JsonObject = {}): JsonObject {
  return {
    version: 1,
    hostname,
    peakRequestsPerSecond: 4000,
    requestsPerSecondPerReplica: 200,
    regions: [
      {
        cloud: "aws",
        region: "us-east-2",
        account: "123456789012",
        pool: "us-east-2",
        serving: true,
        weight: 0.5,
        sharePercent: 50,
        worstSharePercent: 100,
      },
      { cloud: "gcp", region: "us-east4", account: "east", pool: "us-east4", serving: true, sharePercent: 25 },
      { cloud: "gcp", region: "us-west1", account: "west", pool: "us-west1", serving: false, sharePercent: 0 },
    ],
    journal: {
      kind: "nats",
      voters: [
        { provider: "aws", region: "us-east-2" },
        { provider: "hetzner", region: "ash" },
      ],
    },
    ...change,
  };
}

const exported = (...manifests: Json[]) => designFrom([], { outputs: { all: manifests } });

describe("declaredOf", () => {
  it("reads a component's manifest before what the stack exports", () => {
    const api = resource(
      "twodoor:index:ExchangeApi",
      "api",
      {},
      { outputs: { manifest: manifest("api.example.com") } },
    );
    const declared = declaredOf(designFrom([api], { outputs: { manifest: manifest("old.example.com") } }));
    expect([...declared.hostnames]).toEqual([
      [
        "api.example.com",
        {
          capacity: { peakRequestsPerSecond: 4000, requestsPerSecondPerUnit: 200, perUnit: {}, worstSharePercent: 100 },
          pools: [
            { name: "us-east-2", place: { cloud: "aws", region: "us-east-2", account: "123456789012" }, weight: 0.5 },
            { name: "us-east4", place: { cloud: "gcp", region: "us-east4", account: "east" }, weight: 25 },
          ],
          weights: new Map(),
        },
      ],
    ]);
    expect(declared.quorums).toEqual([
      {
        group: "journal",
        hostname: "api.example.com",
        voters: [
          { provider: "aws", region: "us-east-2" },
          { provider: "hetzner", region: "ash" },
        ],
      },
    ]);
    expect([declared.capacity, declared.propagationSeconds, declared.origins]).toEqual([undefined, 2, {}]);
  });

  it("keeps several APIs apart", () => {
    const declared = declaredOf(
      exported(manifest("b.example.com"), manifest("a.example.com", { peakRequestsPerSecond: 100 })),
    );
    expect([...declared.hostnames.keys()]).toEqual(["a.example.com", "b.example.com"]);
    expect(declared.quorums.map(({ group }) => group)).toEqual([
      "journal of a.example.com",
      "journal of b.example.com",
    ]);
    expect(capacityOf(declared, "a.example.com")).toMatchObject({
      capacity: { peakRequestsPerSecond: 100 },
      isOwn: true,
    });
    expect(capacityOf(declared, "c.example.com")).toBeUndefined();
  });

  it("lets settings win: one load for all, one for a hostname, an order, a quorum", () => {
    const declared = declaredOf(exported(manifest("a.example.com"), manifest("b.example.com", { journal: {} })), {
      capacity: { peakRequestsPerSecond: 1, requestsPerSecondPerUnit: 2 },
      hostnames: { "b.example.com": { capacity: { peakRequestsPerSecond: 3, requestsPerSecondPerUnit: 4 } } },
      poolOrder: { "a.example.com": ["us-east4", "other"] },
      poolWeights: { "c.example.com": { ohio: 2 } },
      quorums: { journal: [{ provider: "gcp", region: "us-east4" }] },
      propagationSeconds: 5,
      origins: { "old.example.net": "aws:us-east-2" },
    });
    expect(capacityOf(declared, "a.example.com")).toMatchObject({
      capacity: { peakRequestsPerSecond: 1 },
      isOwn: false,
    });
    expect(capacityOf(declared, "b.example.com")).toMatchObject({
      capacity: { peakRequestsPerSecond: 3 },
      isOwn: true,
    });
    expect(declared.hostnames.get("a.example.com")?.pools?.map(({ name, weight }) => [name, weight])).toEqual([
      ["us-east4", 25],
      ["other", undefined],
    ]);
    expect(declared.quorums).toEqual([
      { group: "journal", hostname: undefined, voters: [{ provider: "gcp", region: "us-east4" }] },
    ]);
    const weighted = declared.hostnames.get("c.example.com");
    expect([weighted?.pools, weighted?.weights]).toEqual([undefined, new Map([["ohio", 2]])]);
    expect([declared.propagationSeconds, declared.origins]).toEqual([5, { "old.example.net": "aws:us-east-2" }]);
  });

  it("takes nothing else for a manifest", () => {
    const wrong: Json[] = [
      null,
      1,
      "x",
      [],
      {},
      later,
      secret,
      { version: 2, hostname: "a", regions: [] },
      { version: 1, regions: [] },
      { version: 1, hostname: "", regions: [] },
      { version: 1, hostname: "a", regions: {} },
    ];
    for (const value of wrong) expect([...declaredOf(exported(value)).hostnames]).toEqual([]);
    const odd = {
      regions: [null, { pool: 1 }, later],
      peakRequestsPerSecond: -1,
      journal: { voters: [null, { provider: "aws" }] },
    };
    const declared = declaredOf(exported(manifest("__proto__", odd)));
    expect([...declared.hostnames]).toEqual([["__proto__", { capacity: undefined, pools: [], weights: new Map() }]]);
    expect(declared.quorums).toEqual([]);
  });
});

describe("tagOf", () => {
  const tagged = (inputs: Parameters<typeof resource>[2]) => {
    const [found] = designFrom([resource("aws:ec2/instance:Instance", "machine", inputs)]).resources.filter(
      ({ name }) => name === "machine",
    );
    if (found === undefined) throw new Error("it is not there");
    return tagOf(found, "quorum");
  };

  it.each([
    ["tags", { tags: { "twodoor:quorum": "journal" } }],
    ["labels", { labels: { "twodoor-quorum": "journal" } }],
    ["labels of Cloud SQL", { settings: { userLabels: { "twodoor-quorum": "journal" } } }],
    ["a group's list", { tags: [{ key: "twodoor:quorum", value: "journal", propagateAtLaunch: true }] }],
    ["a record's list", { tags: ["team:exchange", "twodoor:quorum:journal"] }],
    ["what a provider adds", { tags: {}, tagsAll: { "twodoor:quorum": "journal" } }],
  ])("reads %s", (_, inputs) => {
    expect(tagged(inputs)).toEqual({ known: true, value: "journal" });
  });

  it("knows that there is none, and does not know what it is not told", () => {
    for (const inputs of [{}, { tags: {} }, { tags: { other: "x" } }, { tags: {}, tagsAll: later }]) {
      expect(tagged(inputs)).toEqual({ known: true, value: undefined });
    }
    expect(tagged({ tags: later })).toMatchObject({ known: false, property: "tags" });
    expect(tagged({ tags: { "twodoor:quorum": later } })).toMatchObject({
      known: false,
      property: "tags.twodoor:quorum",
    });
    expect(tagged({ tags: { "twodoor:quorum": secret } })).toMatchObject({ known: false, why: "is a secret" });
  });
});
