/**
 * Proves, on whole graphs: what the good design comes to as a plan and as a state, addresses that become doors and those that do not,
 * quorums by tag and declaration, what owners take out, pairs that were struck together, unknown types, hostile input and the time that
 * 10,000 resources take. Does not prove what single kinds read.
 */
import { describe, expect, it } from "vitest";
import { declaredOf } from "../../resilience/declared";
import { designOf } from "../../resilience/design-of";
import type { Graph, Resource } from "../../resilience/graph";
import { pairsOf } from "../../resilience/pairs";
import { survivalTableOf } from "../../resilience/survival-table";
import {
  asState,
  designFrom,
  goodDeclared,
  goodDesign,
  nothingDeclared,
  ref,
  resource,
  unknownAt,
  withChange,
  without,
  withMore,
  withOptions,
  type DraftGraph,
} from "../support/designs";

const judged = (graph: Graph) => {
  const design = designOf(graph, goodDeclared());
  const { whole, rows } = survivalTableOf(design);
  const doors = design.doors.map(({ label }) => label).sort();
  const dying = rows.filter(({ survives }) => !survives);
  return {
    design,
    whole,
    rows,
    doors,
    dying: dying.map(({ domain }) => domain),
    row: (name: string) => rows.find(({ domain }) => domain === name),
  };
};

describe("the good design", () => {
  it.each([
    ["plan", goodDesign()],
    ["state", asState(goodDesign())],
  ])("survives each loss but the edge's, as a %s", (_, graph) => {
    const { design, rows, doors, dying, row } = judged(graph);
    expect(dying).toEqual(["edge"]);
    expect(doors).toEqual(["api.example.com"]);
    expect(design.unknownTypes).toEqual([]);
    expect(row("aws")).toMatchObject({
      servedBy: ["gcp:us-central1", "gcp:us-east4"],
      capacityPercent: 120,
      detectionSeconds: [15, 36],
    });
    expect(row("gcp:us-east4")).toMatchObject({ capacityPercent: 180, detectionSeconds: [15, 36] });
    expect(row("aws:us-east-2a")).toMatchObject({ capacityPercent: 160, detectionSeconds: null });
    expect(rows.every(({ unknowns }) => unknowns.length === 0)).toBe(true);
  });

  it("has the same rows as a plan and as a state, where the state also knows the account", () => {
    const bare = (graph: Graph) => judged(graph).rows.filter(({ domain }) => !domain.startsWith("account:aws"));
    expect(bare(asState(goodDesign()))).toEqual(bare(goodDesign()));
    expect(judged(asState(goodDesign())).row("account:aws:123456789012")).toMatchObject({ survives: true });
  });
});

describe("addresses", () => {
  it("are doors where nothing else is left, and each dies with its region", () => {
    const { doors, row } = judged(without(goodDesign(), "load-balancer"));
    expect(doors).toEqual(["us-central1-https", "us-east-2-lb", "us-east4-https", "us-west-2-lb"]);
    expect(row("aws:us-west-2")?.because).toBe("us-west-2-lb stands in aws:us-west-2");
  });

  it("of a region that the load balancer does not list now are none", () => {
    const pools = ["us-east-2", "us-central1", "us-east4"].map((region) => ref(`${region}-pool`));
    expect(judged(withChange(goodDesign(), "load-balancer", "defaultPools", pools)).doors).toEqual(["api.example.com"]);
  });

  it("may stand behind what is not known, and then it is not known whether they matter", () => {
    const { doors, row } = judged(unknownAt(goodDesign(), "us-east-2-pool", "origins[0].address"));
    expect(doors).toEqual(["api.example.com", "us-east-2-lb"]);
    expect(row("aws:us-east-2")).toMatchObject({ survives: false, because: null });
    expect(row("aws:us-west-2")).toMatchObject({ survives: true });
  });

  it("that belong to one region of a hostname are right to die with it", () => {
    const record = resource("cloudflare:index/dnsRecord:DnsRecord", "direct", {
      zoneId: "fedcba9876543210fedcba9876543210",
      name: "us-east-2.example.com",
      type: "CNAME",
      content: ref("us-east-2-lb", "dnsName"),
      proxied: false,
      ttl: 60,
    });
    const { design, dying } = judged(withMore(goodDesign(), record));
    expect(design.detours.map(({ label }) => label)).toEqual(["us-east-2.example.com"]);
    expect(dying).toEqual(["edge"]);
  });

  it("need not be there: a bucket has no door and is not failed for topology", () => {
    const { doors, rows } = judged(designFrom([resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" })]));
    expect([doors, rows]).toEqual([[], []]);
  });

  it("of an entry that its owner takes out of the serving path are none", () => {
    const alone = (tags: Record<string, string>): DraftGraph =>
      withChange(without(goodDesign(), "us-east-2-pool"), "us-east-2-lb", "tags", tags);
    expect(judged(alone({})).doors).toEqual(["api.example.com", "us-east-2-lb"]);
    expect(judged(alone({ "twodoor:serving": "false" })).doors).toEqual(["api.example.com"]);
  });
});

describe("quorums", () => {
  it("die with their majority, and take what serves along", () => {
    const { row, dying } = judged(without(without(goodDesign(), "us-east4-journal"), "witness-journal"));
    expect(dying).toEqual(["aws", "edge"]);
    expect(row("aws")?.because).toBe(
      "api.example.com -> pool exchange-us-central1 -> us-central1-https -> us-central1-service -> quorum journal has 1 of 3 left and needs 2: without us-east-2-journal and us-west-2-journal; pool exchange-us-east-2, pool exchange-us-west-2 and pool exchange-us-east4 are gone too",
    );
  });

  it("have a voter for each that is declared, a third provider among them", () => {
    const settings = { quorums: { book: ["aws", "aws", "hetzner"].map((provider) => ({ provider, region: "r" })) } };
    const design = designOf(goodDesign(), declaredOf(goodDesign(), settings));
    expect(design.of("quorum").map(({ label, voters }) => [label, voters.length])).toEqual([
      ["book", 3],
      ["journal", 5],
    ]);
    expect(design.parts.get("quorum:book#3")).toMatchObject({
      place: { cloud: "other", account: { value: "hetzner" }, region: { value: "r" } },
    });
    expect(survivalTableOf(design).rows.find(({ domain }) => domain === "aws")?.because).toContain(
      "quorum book has 1 of 3 left and needs 2",
    );
  });

  it("count a vote for each unit of a group, and see what packs them together", () => {
    const group = resource("aws:ec2/placementGroup:PlacementGroup", "pack", {
      region: "us-east-2",
      strategy: "cluster",
    });
    const packed = withChange(withMore(goodDesign(), group), "us-east-2-journal", "placementGroup", ref("pack"));
    const [voter] = judged(packed)
      .design.of("voter")
      .filter(({ label }) => label === "us-east-2-journal");
    expect(voter?.packedBy).toMatchObject({ known: true, value: expect.stringContaining("::pack") as string });
    expect(voter?.place.zones).toEqual({ known: true, value: ["us-east-2a"] });
  });
});

describe("pairs", () => {
  it("are those regions of the design that one outage has struck together", () => {
    const pairs = pairsOf(designOf(goodDesign(), goodDeclared()));
    expect(pairs.map(({ domains, outage, survives, servedBy }) => ({ domains, outage, survives, servedBy }))).toEqual([
      {
        domains: ["gcp:us-central1", "gcp:us-east4"],
        outage: "Google Cloud, a maintenance job stopped the network control plane of several regions (2019-06-02)",
        survives: true,
        servedBy: ["aws:us-east-2", "aws:us-west-2"],
      },
    ]);
  });
});

/** A component as a graph holds it. */
function bare(type: string, name: string): Resource {
  return {
    urn: `urn:pulumi:prod::exchange::${type}::${name}`,
    type,
    name,
    parent: null,
    provider: null,
    id: null,
    inputs: {},
    outputs: {},
    dependencies: [],
    propertyDependencies: {},
    references: {},
    isProtected: false,
    isExternal: false,
    location: null,
  };
}

describe("hostile input", () => {
  it("is named where it is not understood, and never takes the judge down", () => {
    const odd = [
      resource("kubernetes:apps/v1:Deployment", "app", {}),
      resource("aws:made/up:Thing", "constructor", { region: "us-east-2" }),
      resource("__proto__:x/y:Z", "__proto__", { toString: "x" }),
    ];
    const { design } = judged(withMore(goodDesign(), ...odd));
    expect(design.unknownTypes.map(({ type }) => type)).toEqual([
      "__proto__:x/y:Z",
      "aws:made/up:Thing",
      "kubernetes:apps/v1:Deployment",
    ]);
  });

  it("names a component that a provider makes elsewhere, and none of which the children are there", () => {
    const remote = { ...bare("awsx:ecs:FargateService", "api"), isRemote: true as const };
    const local = bare("acme:index:Region", "ohio");
    const graph = goodDesign();
    const resources = graph.resources.map((one) => (one.name === "us-east-2-lb" ? { ...one, parent: local.urn } : one));
    const { design } = judged({ ...graph, resources: [...resources, local, remote] });
    expect(design.unknownTypes).toEqual([{ type: "awsx:ecs:FargateService", count: 1 }]);
  });

  it("names a component that a provider makes elsewhere, also where the program puts a child of its own into it", () => {
    const outer = { ...bare("awsx:ecs:FargateService", "outer"), isRemote: true as const };
    const inner = { ...bare("awsx:ecs:FargateService", "inner"), isRemote: true as const, parent: outer.urn };
    const chart = bare("kubernetes:helm.sh/v3:Chart", "shop");
    const made = { ...bare("kubernetes:core/v1:ConfigMap", "settings"), parent: chart.urn };
    const { design } = judged({ ...goodDesign(), resources: [outer, inner, chart, made] });
    expect(design.unknownTypes).toEqual([{ type: "awsx:ecs:FargateService", count: 2 }]);
  });

  it("of any shape in any input gives rows", () => {
    const shapes = [null, 1, -1, "", "x", [], [[]], {}, { a: [null] }, true];
    const { literals } = goodDesign();
    for (const shape of shapes) {
      const bad = literals.map((one) => ({
        ...one,
        inputs: Object.fromEntries(Object.keys(one.inputs).map((key) => [key, shape])),
      }));
      expect(() => judged(designFrom(bad))).not.toThrow();
    }
  });

  it("of resources that depend on one another in circles, and of deep values, ends", () => {
    let deep: unknown[] = [];
    for (let level = 0; level < 20_000; level += 1) deep = [deep];
    const circle = withOptions(
      withOptions(goodDesign(), "us-east-2-lb", { dependsOn: ["us-east-2-service"] }),
      "us-east-2-service",
      {
        dependsOn: ["us-east-2-lb"],
      },
    );
    const resources = circle.resources.map((one) =>
      one.name === "us-west-2-pool" ? { ...one, inputs: { ...one.inputs, origins: deep as [] } } : one,
    );
    expect(judged({ ...circle, resources }).row("gcp")).toMatchObject({ survives: true });
  });

  it("of 10,000 resources takes time in proportion", () => {
    const filler = (count: number) =>
      Array.from({ length: count }, (_, number) =>
        resource("aws:lb/targetGroup:TargetGroup", `group-${String(number)}`, {
          region: "us-east-2",
          vpcId: ref("us-east-2-vpc"),
        }),
      );
    const seconds = (count: number): number => {
      const graph = withMore(goodDesign(), ...filler(count));
      const start = process.cpuUsage().user;
      survivalTableOf(designOf(graph, nothingDeclared()));
      return (process.cpuUsage().user - start) / 1e6;
    };
    seconds(100);
    const small = seconds(2_000);
    // Five times as many, and room for a busy machine: a square would take 25 times as long.
    expect(seconds(10_000)).toBeLessThan(12 * small + 0.5);
  });
});
