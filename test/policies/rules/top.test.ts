/**
 * Proves what TOP-01 to TOP-04 and TOP-06 say about the good design with one thing of it changed: clouds, regions, grounds, places and what
 * regions of one cloud have, and that TOP-05, which has a file of its own, passes it too. Does not prove how resources are read.
 */
import { describe, expect, it } from "vitest";
import { top01 } from "../../../policies/rules/top-01-two-clouds";
import { top02 } from "../../../policies/rules/top-02-two-regions";
import { top03 } from "../../../policies/rules/top-03-grounds";
import { top04 } from "../../../policies/rules/top-04-known-places";
import { top05 } from "../../../policies/rules/top-05-survival";
import { top06 } from "../../../policies/rules/top-06-cells";
import type { DraftGraph } from "../../support/designs";
import {
  asState,
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  unknownAt,
  withChange,
  withMore,
  without,
} from "../../support/designs";
import { toldBy } from "../../support/judged";

const good = goodDesign();
const bucketAlone = designFrom([resource("aws:s3/bucket:Bucket", "files", { region: "us-east-2" })]);
const rules = [top01, top02, top03, top04, top05, top06];

/** The load balancer with these pools alone, the first of them its fallback too. The other regions stand by without a name. */
function served(...regions: string[]): DraftGraph {
  const pools = regions.map((region) => ref(`${region}-pool`));
  const listed = withChange(good, "load-balancer", "defaultPools", pools);
  return withChange(listed, "load-balancer", "fallbackPool", ref(`${regions[0] ?? ""}-pool`));
}

/** The good design with a region of its cloud called otherwise, in every resource of it. */
function moved(graph: DraftGraph, from: string, to: string): DraftGraph {
  return designFrom(
    graph.literals.map((literal) => ({
      ...literal,
      inputs: Object.fromEntries(
        Object.entries(literal.inputs).map(([key, value]) => [
          key,
          typeof value === "string" && ["region", "location", "availabilityZone", "zone"].includes(key)
            ? value.replace(from, to)
            : value,
        ]),
      ),
    })),
  );
}

describe("all of them", () => {
  it.each(rules.map((rule) => [rule.id, rule] as const))(
    "%s passes the good design, planned and running",
    (_, rule) => {
      expect(toldBy(rule, good)).toEqual([]);
      expect(toldBy(rule, asState(good))).toEqual([]);
    },
  );

  it.each(rules.map((rule) => [rule.id, rule] as const))("%s has nothing to say about a bucket", (_, rule) => {
    expect(toldBy(rule, bucketAlone)).toBeUndefined();
  });
});

describe("TOP-01", () => {
  it("refuses a hostname whose pools all lead into one cloud", () => {
    expect(toldBy(top01, served("us-east-2", "us-west-2"))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: api.example.com is served from AWS alone: when AWS fails, it answers nobody; fix: add a pool with an origin in Google Cloud to the load balancer of api.example.com",
      ]
    `);
  });

  it("passes a second cloud that is the fallback alone, which is EDG-01's", () => {
    const graph = withChange(served("us-east-2"), "load-balancer", "fallbackPool", ref("us-central1-pool"));
    expect(toldBy(top01, graph)).toEqual([]);
  });

  it("does not count a pool that is disabled, whose origin is disabled, or weighs nothing", () => {
    const base = served("us-east-2", "us-central1");
    for (const [path, value] of [
      ["enabled", false],
      ["origins[0].enabled", false],
      ["origins[0].weight", 0],
    ] as const) {
      const told = toldBy(top01, withChange(base, "us-central1-pool", path, value));
      expect(told?.filter((line) => line.includes("api.example.com"))).toEqual([
        "violation load-balancer: api.example.com is served from AWS alone: when AWS fails, it answers nobody; fix: add a pool with an origin in Google Cloud to the load balancer of api.example.com",
      ]);
    }
  });

  it("cannot tell when a pool is perhaps disabled", () => {
    expect(toldBy(top01, unknownAt(served("us-east-2", "us-central1"), "us-central1-pool", "enabled")))
      .toMatchInlineSnapshot(`
      [
        "undecided us-central1-pool: enabled of us-central1-pool is known only after an update, so nobody can say whether two clouds serve api.example.com; fix: write enabled as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("cannot tell when the pools are not known", () => {
    expect(toldBy(top01, unknownAt(served("us-east-2"), "load-balancer", "defaultPools"))).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: defaultPools of load-balancer is known only after an update, so nobody can say whether two clouds serve api.example.com; fix: write defaultPools as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("counts an origin outside the design where its place is declared, and cannot tell otherwise", () => {
    const graph = withChange(
      served("us-east-2", "us-central1"),
      "us-central1-pool",
      "origins[0].address",
      "gw.example.net",
    );
    const about = (told: string[] | undefined) => told?.filter((line) => line.includes("api.example.com"));
    expect(about(toldBy(top01, graph, { declared: { origins: { "gw.example.net": "gcp:us-central1" } } }))).toEqual([]);
    expect(about(toldBy(top01, graph))).toMatchInlineSnapshot(`
      [
        "undecided us-central1-pool: origins[0].address of us-central1-pool points to something outside this design, so nobody can say whether two clouds serve api.example.com; fix: say in the settings where it stands, under design.origins",
      ]
    `);
  });

  it("judges addresses that no name of the design leads to", () => {
    const names = ["load-balancer", "us-east-2-pool", "us-west-2-pool", "us-central1-pool", "us-east4-pool"];
    expect(toldBy(top01, names.reduce(without, good))?.slice(0, 1)).toMatchInlineSnapshot(`
      [
        "violation us-east-2-lb: us-east-2-lb is served from AWS alone: when AWS fails, it answers nobody; fix: put us-east-2-lb behind a health-checked load balancer that has a pool in Google Cloud too, or tag it twodoor:serving=false if it serves no client",
      ]
    `);
  });

  it("loses no finding about one hostname because another is not known", () => {
    const two = withMore(
      served("us-east-2"),
      resource("cloudflare:index/loadBalancer:LoadBalancer", "second", {
        zoneId: "fedcba9876543210fedcba9876543210",
        name: "ws.example.com",
        proxied: true,
        defaultPools: [later],
        fallbackPool: later,
      }),
    );
    expect(toldBy(top01, two)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: api.example.com is served from AWS alone: when AWS fails, it answers nobody; fix: add a pool with an origin in Google Cloud to the load balancer of api.example.com",
        "undecided second: defaultPools[0] of second points to something outside this design, so nobody can say whether two clouds serve ws.example.com; fix: judge the design together with what defaultPools[0] points to, or waive this with the reason",
      ]
    `);
  });
});

describe("TOP-02", () => {
  it("refuses a single region", () => {
    expect(toldBy(top02, served("us-west-2"))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: api.example.com is served from aws:us-west-2 alone: at least 2 regions must be able to answer; fix: add a pool with an origin in another region to the load balancer of api.example.com",
      ]
    `);
  });

  it("passes one region in each of two clouds, unless the settings ask for two in each", () => {
    const graph = served("us-east-2", "us-central1");
    expect(toldBy(top02, graph)).toEqual([]);
    expect(toldBy(top02, graph, { settings: { regionsPerCloudMin: 2 } })).toMatchInlineSnapshot(`
      [
        "violation load-balancer: api.example.com is served from aws:us-east-2 alone in AWS, where the settings ask for 2 regions; fix: add a pool with an origin in another region of AWS to the load balancer of api.example.com",
        "violation load-balancer: api.example.com is served from gcp:us-central1 alone in Google Cloud, where the settings ask for 2 regions; fix: add a pool with an origin in another region of Google Cloud to the load balancer of api.example.com",
      ]
    `);
    expect(toldBy(top02, good, { settings: { regionsPerCloudMin: 2 } })).toEqual([]);
  });

  it("asks for as many regions as the settings say", () => {
    expect(toldBy(top02, served("us-east-2", "us-central1"), { settings: { regionsMin: 3 } })).toMatchInlineSnapshot(`
      [
        "violation load-balancer: api.example.com is served from aws:us-east-2 and gcp:us-central1 alone: at least 3 regions must be able to answer; fix: add a pool with an origin in another region to the load balancer of api.example.com",
      ]
    `);
  });

  it("cannot tell when a region is not known and would make the difference", () => {
    const graph = withChange(served("us-east-2", "us-west-2"), "us-west-2-service", "region", later);
    expect(toldBy(top02, graph)).toMatchInlineSnapshot(`
      [
        "undecided us-west-2-service: region of us-west-2-service is known only after an update, so nobody can say in how many regions api.example.com is served; fix: write region as a plain value, or judge the stack's state after an update",
      ]
    `);
    expect(toldBy(top02, withChange(good, "us-west-2-service", "region", later))).toEqual([]);
  });
});

describe("TOP-03", () => {
  it("refuses two clouds on one ground", () => {
    const graph = moved(served("us-east-2", "us-east4"), "us-east-2", "us-east-1");
    expect(toldBy(top03, graph)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: aws:us-east-1 and gcp:us-east4 are all that serve api.example.com, and they share one ground: the same grid, weather or conflict takes them together; fix: serve api.example.com from a region in another geography too",
      ]
    `);
  });

  it("passes two regions on one ground beside a third elsewhere", () => {
    const graph = moved(served("us-east-2", "us-east4", "us-west-2"), "us-east-2", "us-east-1");
    expect(toldBy(top03, graph)).toEqual([]);
  });

  it("refuses two regions that one event has struck", () => {
    const graph = moved(
      moved(served("us-east-2", "us-west-2"), "us-east-2", "me-south-1"),
      "us-west-2",
      "me-central-1",
    );
    expect(toldBy(top03, graph)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: aws:me-central-1 and aws:me-south-1 are all that serve api.example.com, and they share one ground: the same grid, weather or conflict takes them together; fix: serve api.example.com from a region in another geography too",
      ]
    `);
  });

  it("cannot tell where nobody has published how far apart two regions are", () => {
    const graph = moved(
      moved(served("us-east-2", "us-central1"), "us-east-2", "ap-southeast-5"),
      "us-central1",
      "asia-southeast4",
    );
    expect(toldBy(top03, graph)).toMatchInlineSnapshot(`
      [
        "undecided load-balancer: aws:ap-southeast-5 and gcp:asia-southeast4 serve api.example.com, and nobody has published how far aws:ap-southeast-5 is from gcp:asia-southeast4: one event may strike all of them; fix: add a region whose distance is published",
      ]
    `);
  });

  it("does not join regions that a software fault struck together: that is what the second cloud is for", () => {
    expect(toldBy(top03, served("us-central1", "us-east4"))).toEqual([]);
  });

  it("leaves a single region to TOP-02", () => {
    expect(toldBy(top03, served("us-west-2"))).toBeUndefined();
  });

  it("cannot tell when the second region is not known", () => {
    const graph = withChange(served("us-east-2", "us-west-2"), "us-west-2-service", "region", later);
    expect(toldBy(top03, graph)).toMatchInlineSnapshot(`
      [
        "undecided us-west-2-service: region of us-west-2-service is known only after an update, so nobody can say whether api.example.com is served from more than one ground; fix: write region as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});

describe("TOP-04", () => {
  it("refuses a region that is taken from the environment of whoever runs the program", () => {
    expect(toldBy(top04, withChange(good, "us-east-2-lb", "region", undefined))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-lb: us-east-2-lb stands in whatever region the environment of the person or job that runs the program names: two runs may make two designs; fix: set region on us-east-2-lb or on its provider",
      ]
    `);
  });

  it("takes the region of the provider", () => {
    const graph = withMore(
      withChange(good, "us-east-2-lb", "region", undefined),
      resource("pulumi:providers:aws", "ohio", { region: "us-east-2" }),
    );
    const own = designFrom(
      graph.literals.map((literal) => (literal.name === "us-east-2-lb" ? { ...literal, provider: "ohio" } : literal)),
    );
    expect(toldBy(top04, own)).toEqual([]);
  });

  it("judges what serving computes read as well, and nothing beside the path", () => {
    expect(toldBy(top04, withChange(good, "us-east-2-credentials", "region", undefined))).toMatchInlineSnapshot(`
      [
        "violation us-east-2-credentials: us-east-2-credentials stands in whatever region the environment of the person or job that runs the program names: two runs may make two designs; fix: set region on us-east-2-credentials or on its provider",
      ]
    `);
    const beside = withMore(good, resource("aws:s3/bucket:Bucket", "archive", {}));
    expect(toldBy(top04, beside)).toEqual([]);
  });

  it("cannot tell a region that is worked out during an update", () => {
    expect(toldBy(top04, withChange(good, "us-east-2-lb", "region", later))).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-lb: region of us-east-2-lb is known only after an update, so nobody can say with which failure domain us-east-2-lb is lost; fix: write region as a plain value, or judge the stack's state after an update",
      ]
    `);
  });

  it("cannot tell the ground of a region that nobody knows", () => {
    expect(toldBy(top04, withChange(good, "us-east-2-service", "region", "us-east-9"))).toMatchInlineSnapshot(`
      [
        "undecided us-east-2-service: us-east-2-service stands in aws:us-east-9, which is no region that is known here: nobody can say which ground it shares; fix: correct the name, or use a version that knows the region",
      ]
    `);
  });
});

describe("TOP-06", () => {
  it("tells everything that one region lacks at once", () => {
    expect(toldBy(top06, withChange(good, "us-west-2-task", "containerDefinitions", "[]"))).toMatchInlineSnapshot(`
      [
        "violation us-west-2-service: aws:us-west-2 has less than another region of AWS: no image (aws:us-east-2 has 1), no key (aws:us-east-2 has 1), no place for logs (aws:us-east-2 has 1) and no secret (aws:us-east-2 has 1); what needs it works there and fails here; fix: make aws:us-west-2 by the same code as aws:us-east-2",
      ]
    `);
  });

  it("does not compare clouds with each other", () => {
    expect(toldBy(top06, served("us-east-2", "us-central1"))).toBeUndefined();
  });

  it("cannot tell the cell of a compute whose region is not known", () => {
    expect(toldBy(top06, withChange(good, "us-east4-service", "location", later))).toMatchInlineSnapshot(`
      [
        "undecided us-east4-service: location of us-east4-service is known only after an update, so nobody can say which region of Google Cloud has us-east4-service; fix: write location as a plain value, or judge the stack's state after an update",
      ]
    `);
  });
});
