/**
 * Proves what TOP-01 to TOP-06 say about the good design with one thing of it changed: clouds, regions, grounds, places, the survival table and
 * what regions of one cloud have. Does not prove how resources are read, nor the survival table itself: their own tests do.
 */
import { describe, expect, it } from "vitest";
import { top01 } from "../../../policies/rules/top-01-two-clouds";
import { top02 } from "../../../policies/rules/top-02-two-regions";
import { top03 } from "../../../policies/rules/top-03-grounds";
import { top04 } from "../../../policies/rules/top-04-known-places";
import { top05 } from "../../../policies/rules/top-05-survival";
import { top06 } from "../../../policies/rules/top-06-cells";
import type { Graph } from "../../../resilience/graph";
import type { Draft, DraftGraph, Literal } from "../../support/designs";
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

describe("TOP-05", () => {
  it("tells the loss of what is all of the path, once for domains that take the same", () => {
    expect(toldBy(top05, served("us-west-2"))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: without aws, requests to api.example.com fail: api.example.com -> pool exchange-us-west-2 -> us-west-2-lb stands in aws:us-west-2; fix: have the last thing of that chain a second time outside aws, or let the path do without it",
        "violation load-balancer: without geography:oregon or aws:us-west-2, requests to api.example.com fail: api.example.com -> pool exchange-us-west-2 -> us-west-2-lb stands in aws:us-west-2; fix: have the last thing of that chain a second time outside geography:oregon or aws:us-west-2, or let the path do without it",
      ]
    `);
  });

  it("tells a second region that needs something in the first", () => {
    const graph = withMore(
      good,
      resource("aws:rds/instance:Instance", "orders", {
        region: "us-east-2",
        engine: "postgres",
        identifier: "orders",
        multiAz: true,
      }),
    );
    const environment = [{ name: "DATABASE_HOST", value: ref("orders", "address") }];
    const reading = withChange(
      withChange(graph, "us-central1-service", "template.containers[0].envs", environment),
      "us-east4-service",
      "template.containers[0].envs",
      environment,
    );
    expect(toldBy(top05, reading)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: without aws, requests to api.example.com fail: api.example.com -> pool exchange-us-central1 -> us-central1-https -> us-central1-service -> orders stands in aws:us-east-2; pool exchange-us-east-2, pool exchange-us-west-2 and pool exchange-us-east4 are gone too; fix: have the last thing of that chain a second time outside aws, or let the path do without it",
      ]
    `);
  });

  it("tells a path that is broken before anything fails", () => {
    expect(toldBy(top05, withChange(good, "load-balancer", "enabled", false))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: before anything fails, requests to api.example.com fail: api.example.com lacks a load balancer that is enabled; fix: complete the path: every door needs a pool or entry that leads to something that runs",
      ]
    `);
  });

  it("tells a pool whose health nothing watches", () => {
    expect(toldBy(top05, withChange(good, "us-east-2-pool", "monitor", undefined))).toMatchInlineSnapshot(`
      [
        "violation load-balancer: without aws, requests to api.example.com fail: api.example.com -> pool exchange-us-east-2 -> us-east-2-lb stands in aws:us-east-2; pool exchange-us-east-2 still sends requests there, since no monitor takes it out; fix: set a monitor on exchange-us-east-2, so that the edge takes it out",
        "violation load-balancer: without geography:ohio or aws:us-east-2, requests to api.example.com fail: api.example.com -> pool exchange-us-east-2 -> us-east-2-lb stands in aws:us-east-2; pool exchange-us-east-2 still sends requests there, since no monitor takes it out; fix: set a monitor on exchange-us-east-2, so that the edge takes it out",
      ]
    `);
  });

  it("cannot tell when the place of one of two is not known", () => {
    const graph = withChange(served("us-east-2", "us-central1"), "us-east-2-service", "region", later);
    expect(toldBy(top05, graph)).toEqual([]);
    const oneCloud = withChange(served("us-east-2", "us-west-2"), "us-west-2-service", "region", later);
    expect(toldBy(top05, oneCloud)).toMatchInlineSnapshot(`
      [
        "violation load-balancer: without aws, requests to api.example.com fail: api.example.com -> pool exchange-us-east-2 -> us-east-2-lb stands in aws:us-east-2; pool exchange-us-west-2 is gone too; fix: have the last thing of that chain a second time outside aws, or let the path do without it",
        "undecided load-balancer: nobody can say whether all are served without geography:ohio or aws:us-east-2: api.example.com -> pool exchange-us-west-2 -> us-west-2-lb -> us-west-2-service: whether us-west-2-service stands in aws:us-east-2 is not known, since region of us-west-2-service is known only after an update; write region as a plain value, or judge the stack's state after an update; fix: write down what is not known as a plain value or in the settings, or judge the stack's state after an update",
      ]
    `);
  });

  describe("what is not seen", () => {
    const beside = (graph: DraftGraph, literal: Literal, isRemote = false): Graph => {
      const more = designFrom([literal]).resources.filter(({ name }) => name === literal.name);
      const added = more.map((one) => (isRemote ? { ...one, provider: null, isRemote: true as const } : one));
      return { ...graph, resources: [...graph.resources, ...added] };
    };
    const alone = (type: string, inputs: Record<string, Draft> = {}) =>
      toldBy(top05, beside(bucketAlone, resource(type, "api", inputs)));
    const made =
      "undecided api: what api (awsx:ecs:FargateService) makes is not in this plan, so nobody can say whether it serves and which outage stops it; fix: judge `pulumi preview --json` or the stack's state, which hold what such components make";

    it("is what a plugin makes, alone and beside what serves", () => {
      const remote = resource("awsx:ecs:FargateService", "api");
      expect(toldBy(top05, beside(bucketAlone, remote, true))).toEqual([made]);
      expect(toldBy(top05, beside(good, remote, true))).toEqual([made]);
    });

    it("is what a template of CloudFormation makes", () => {
      expect(alone("aws:cloudformation/stack:Stack")).toEqual([
        "undecided api: what api (aws:cloudformation/stack:Stack) makes is not in this plan, so nobody can say whether it serves and which outage stops it; fix: make it with this program; what a template makes is in no plan and in no state",
      ]);
    });

    it("is what a chart holds, which is read by a plugin", () => {
      const graph = beside(bucketAlone, resource("kubernetes:helm.sh/v3:Chart", "shop"), true);
      const chart = graph.resources.map(({ isRemote, ...one }) => (isRemote === undefined ? one : { ...one }));
      expect(toldBy(top05, { ...graph, resources: chart })).toEqual([
        "undecided shop: what shop (kubernetes:helm.sh/v3:Chart) makes is not in this plan, so nobody can say whether it serves and which outage stops it; fix: judge `pulumi preview --json` or the stack's state, which hold what such components make",
      ]);
    });

    it("is not what a program makes itself, nor networks, registries and trails of a package", () => {
      const graph = beside(bucketAlone, resource("shop:index:Api", "api"), true);
      const local = graph.resources.map(({ isRemote, ...one }) => (isRemote === undefined ? one : { ...one }));
      expect(toldBy(top05, { ...graph, resources: local })).toBeUndefined();
      for (const type of [
        "awsx:ec2:Vpc",
        "awsx:ec2:DefaultVpc",
        "awsx:ecr:Image",
        "awsx:cloudtrail:Trail",
        "eks:index:Addon",
        "synced-folder:index:S3BucketFolder",
      ]) {
        expect(toldBy(top05, beside(bucketAlone, resource(type, "net"), true)), type).toBeUndefined();
      }
    });

    it("is what runs in a cluster, where nothing leads to it", () => {
      const cluster = { location: "us-central1", removeDefaultNodePool: true };
      expect(alone("gcp:container/cluster:Cluster", cluster)).toEqual([
        "undecided api: what runs in api (gcp:container/cluster:Cluster) is not in this plan, so nobody can say whether it serves and which outage stops it; fix: plan the load balancer that leads to it here, or tag the cluster twodoor:serving=false if no client asks it",
      ]);
      expect(alone("aws:eks/cluster:Cluster")).toHaveLength(1);
      const out = { ...cluster, resourceLabels: { "twodoor-serving": "false" } };
      expect(alone("gcp:container/cluster:Cluster", out)).toBeUndefined();
      expect(toldBy(top05, beside(good, resource("gcp:container/cluster:Cluster", "jobs", cluster)))).toEqual([]);
    });

    it("is what serves and is not understood", () => {
      expect(alone("digitalocean:index/app:App")).toEqual([
        "undecided api: api (digitalocean:index/app:App) may serve and is not understood, so nobody can say which outage stops what it serves; fix: tag it twodoor:serving=false if no client asks it; otherwise judge it by hand, since this check cannot",
      ]);
      const two = beside(bucketAlone, resource("aws:amplify/app:App", "site"));
      const both = beside({ ...bucketAlone, ...two }, resource("aws:lightsail/instance:Instance", "vm"));
      expect(toldBy(top05, both)).toEqual([
        "undecided site: site (aws:amplify/app:App) and 1 more may serve and are not understood, so nobody can say which outage stops what they serve; fix: tag it twodoor:serving=false if no client asks it; otherwise judge it by hand, since this check cannot",
      ]);
    });

    it.each([
      ["kubernetes:networking.k8s.io/v1:Ingress", {}, true],
      ["kubernetes:gateway.networking.k8s.io/v1:Gateway", {}, true],
      ["kubernetes:helm.sh/v3:Release", {}, true],
      ["kubernetes:yaml/v2:ConfigFile", {}, true],
      ["kubernetes:core/v1:Service", { spec: { type: "LoadBalancer" } }, true],
      ["kubernetes:core/v1:Service", { spec: { type: later } }, true],
      ["kubernetes:core/v1:Service", { spec: { type: "ClusterIP" } }, false],
      ["kubernetes:core/v1:Service", {}, false],
      ["kubernetes:core/v1:ConfigMap", {}, false],
      ["kubernetes:apps/v1:Deployment", {}, false],
      ["azure-native:web:WebApp", {}, true],
      ["digitalocean:index/domain:Domain", {}, false],
      ["aws:elasticbeanstalk/environment:Environment", {}, true],
      ["aws:glue/job:Job", {}, false],
      ["gcp:apigateway/gateway:Gateway", {}, true],
      ["cloudflare:index/r2Bucket:R2Bucket", {}, false],
    ] as const)("%s %j lets clients in: %s", (type, inputs, serves) => {
      expect(alone(type, inputs) !== undefined).toBe(serves);
    });
  });

  it("cannot tell when nobody knows where anything stands that serves", () => {
    const pool = (name: string, address: string) =>
      resource("cloudflare:index/loadBalancerPool:LoadBalancerPool", name, { name, origins: [{ name, address }] });
    const balancer = resource("cloudflare:index/loadBalancer:LoadBalancer", "edge", {
      name: "api.example.com",
      defaultPools: [ref("one"), ref("two")],
      fallbackPool: ref("two"),
    });
    const graph = designFrom([pool("one", "one.example.org"), pool("two", "two.example.org"), balancer]);
    expect(toldBy(top05, graph)).toMatchInlineSnapshot(`
      [
        "undecided one: origins[0].address of one points to something outside this design, so nobody can say which outage stops what serves; fix: say in the settings where it stands, under design.origins",
      ]
    `);
  });

  it("leaves the edge's own row to EDG-14", () => {
    expect(toldBy(top05, good)).toEqual([]);
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
