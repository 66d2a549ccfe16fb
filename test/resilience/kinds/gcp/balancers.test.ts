/**
 * Proves: where forwarding rules of every scope lead, what has to be there for each of their routes; with known values, with
 * values that are only known later, and with malformed ones. Leaves out: their health checks (health-checks.test.ts), who asks them (edge kinds), what the backends are (run, machines).
 */
import { describe, expect, it } from "vitest";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import type { Entry, Need } from "../../../../resilience/model";
import {
  asState,
  designFrom,
  goodDesign,
  ref,
  resource,
  unknownAt,
  urnOf,
  withChange,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partOf, partsOf } from "../../../support/kinds";

const known = <T>(value: T) => ({ known: true, value });
const here = { project: "p", region: "us-central1" };
const entryOf = (graph: DraftGraph, name: string): Entry => partOf(gcpKinds, graph, name, "entry");
const needsOf = (graph: DraftGraph, name: string): Need[] => entryOf(graph, name).needs;

function run(name: string, region: string, inputs: Literal["inputs"] = {}): Literal {
  return resource("gcp:cloudrunv2/service:Service", name, { project: "p", location: region, ...inputs });
}

function serverless(name: string, region: string, service: Literal["inputs"][string] = ref(name, "name")): Literal {
  return resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", `${name}-neg`, {
    project: "p",
    region,
    cloudRun: { service },
  });
}

function regionalService(name: string, groups: string[], inputs: Literal["inputs"] = {}): Literal {
  return resource("gcp:compute/regionBackendService:RegionBackendService", name, {
    ...here,
    loadBalancingScheme: "EXTERNAL_MANAGED",
    backends: groups.map((group) => ({ group: ref(group), capacityScaler: 1 })),
    ...inputs,
  });
}

function front(map: Literal["inputs"]): Literal[] {
  return [
    resource("gcp:compute/regionUrlMap:RegionUrlMap", "routes", { ...here, ...map }),
    resource("gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy", "proxy", { ...here, urlMap: ref("routes") }),
    resource("gcp:compute/forwardingRule:ForwardingRule", "rule", {
      ...here,
      loadBalancingScheme: "EXTERNAL_MANAGED",
      target: ref("proxy"),
    }),
  ];
}

const two = [
  run("api", "us-central1"),
  serverless("api", "us-central1"),
  run("docs", "us-central1"),
  serverless("docs", "us-central1"),
];
const services = [regionalService("api-backend", ["api-neg"]), regionalService("docs-backend", ["docs-neg"])];

describe("a regional balancer", () => {
  it.each([
    ["plan", goodDesign()],
    ["state", asState(goodDesign())],
  ])("is the same entry in a %s", (_, graph) => {
    const urn = urnOf(graph, "us-central1-https");
    expect(partsOf(gcpKinds, graph, "us-central1-https")).toEqual([
      {
        role: "entry",
        id: urn,
        urn,
        label: "us-central1-https",
        place: { cloud: "gcp", region: known("us-central1"), account: known("example-us-central1"), zones: known([]) },
        needs: [{ what: "a backend of us-central1-backend", atLeast: 1, of: [urnOf(graph, "us-central1-service")] }],
        isPublic: known(true),
        checks: [],
      },
    ]);
  });

  it.each([
    ["unset", undefined, known(true)],
    ["EXTERNAL", "EXTERNAL", known(true)],
    ["INTERNAL_MANAGED", "INTERNAL_MANAGED", known(false)],
    ["an empty text, which is a private connection", "", known(false)],
  ])("is public by its scheme: %s", (_, scheme, isPublic) => {
    const graph = withChange(goodDesign(), "us-central1-https", "loadBalancingScheme", scheme);
    expect(entryOf(graph, "us-central1-https").isPublic).toEqual(isPublic);
  });

  it("needs a backend of every service that a path is sent to", () => {
    const graph = designFrom([
      ...two,
      ...services,
      ...front({
        defaultService: ref("api-backend"),
        pathMatchers: [
          {
            name: "all",
            defaultService: ref("api-backend"),
            pathRules: [{ paths: ["/docs"], service: ref("docs-backend") }],
          },
        ],
      }),
    ]);
    expect(needsOf(graph, "rule")).toEqual([
      { what: "a backend of api-backend", atLeast: 1, of: [urnOf(graph, "api")] },
      { what: "a backend of docs-backend", atLeast: 1, of: [urnOf(graph, "docs")] },
    ]);
  });

  it.each([
    ["a default action", { defaultRouteAction: { weightedBackendServices: weighted(90, 10) } }],
    [
      "a matcher's default",
      {
        defaultService: ref("api-backend"),
        pathMatchers: [{ name: "m", defaultRouteAction: { weightedBackendServices: weighted(90, 10) } }],
      },
    ],
    [
      "a route rule",
      {
        defaultService: ref("api-backend"),
        pathMatchers: [
          {
            name: "m",
            defaultService: ref("api-backend"),
            routeRules: [{ priority: 1, routeAction: { weightedBackendServices: weighted(1, 1) } }],
          },
        ],
      },
    ],
    ["matchers that are not known", { defaultService: ref("api-backend"), pathMatchers: ref("docs-backend") }],
  ])("needs both services that requests are shared out to by %s", (_, map) => {
    const graph = designFrom([...two, ...services, ...front(map)]);
    expect(needsOf(graph, "rule").map(({ of }) => of)).toEqual([[urnOf(graph, "api")], [urnOf(graph, "docs")]]);
  });

  it.each([
    ["a weight of 0", { defaultRouteAction: { weightedBackendServices: weighted(1, 0) } }],
    [
      "a redirect",
      {
        defaultService: ref("api-backend"),
        pathMatchers: [
          {
            name: "m",
            defaultService: ref("api-backend"),
            pathRules: [{ paths: ["/old"], urlRedirect: { pathRedirect: "/" } }],
          },
        ],
      },
    ],
    [
      "a mirror",
      {
        defaultService: ref("api-backend"),
        defaultRouteAction: { requestMirrorPolicy: { backendService: ref("docs-backend") } },
      },
    ],
  ])("needs no more for %s", (_, map) => {
    const graph = designFrom([...two, ...services, ...front(map)]);
    expect(needsOf(graph, "rule").map(({ of }) => of)).toEqual([[urnOf(graph, "api")]]);
  });

  it.each([["only redirects", { defaultUrlRedirect: { httpsRedirect: true } }]])("is no part where it %s", (_, map) => {
    expect(partsOf(gcpKinds, designFrom(front(map)), "rule")).toEqual([]);
  });

  it.each([
    "all-apis",
    "https://www.googleapis.com/compute/v1/projects/p/regions/us-central1/targetVpnGateways/office",
  ])("is no part where its target is no balancer: %s", (target) => {
    const graph = designFrom([resource("gcp:compute/forwardingRule:ForwardingRule", "rule", { ...here, target })]);
    expect(partsOf(gcpKinds, graph, "rule")).toEqual([]);
  });

  it("does not know its backends where a step is not known, and says which", () => {
    const hops: [string, string, string][] = [
      ["us-central1-https", "target", "us-central1-https"],
      ["us-central1-proxy", "urlMap", "us-central1-proxy"],
      ["us-central1-routes", "defaultService", "us-central1-routes"],
    ];
    for (const [name, path, blamed] of hops) {
      const graph = unknownAt(goodDesign(), name, path);
      expect(needsOf(graph, "us-central1-https")).toEqual([
        {
          what: "a backend",
          atLeast: 1,
          of: [],
          unknown: { known: false, urn: urnOf(graph, blamed), property: path, why: "is known only after an update" },
        },
      ]);
    }
    const graph = unknownAt(goodDesign(), "us-central1-backend", "backends");
    expect(needsOf(graph, "us-central1-https")).toEqual([
      {
        what: "a backend of us-central1-backend",
        atLeast: 1,
        of: [],
        unknown: {
          known: false,
          urn: urnOf(graph, "us-central1-backend"),
          property: "backends",
          why: "is known only after an update",
        },
      },
    ]);
  });

  it("does not know backends that are not in the design, and calls none dead that another program may add", () => {
    const outside = withChange(
      goodDesign(),
      "us-central1-backend",
      "backends[0].group",
      "projects/p/zones/us-central1-a/networkEndpointGroups/k8s1-abc",
    );
    expect(needsOf(outside, "us-central1-https")[0]?.unknown).toEqual({
      known: false,
      urn: urnOf(outside, "us-central1-backend"),
      property: "backends[0].group",
      why: "points to something outside this design",
    });
    const empty = withChange(goodDesign(), "us-central1-backend", "backends", undefined);
    expect(needsOf(empty, "us-central1-https")).toEqual([
      {
        what: "a backend of us-central1-backend",
        atLeast: 1,
        of: [],
        unknown: {
          known: false,
          urn: urnOf(empty, "us-central1-backend"),
          property: "backends",
          why: "lists no group in this design",
        },
      },
    ]);
  });

  it("sends nothing to a group that is drained", () => {
    const graph = designFrom([
      ...two,
      regionalService("backend", [], {
        backends: [
          { group: ref("api-neg"), capacityScaler: 1 },
          { group: ref("docs-neg"), capacityScaler: 0 },
        ],
      }),
      ...front({ defaultService: ref("backend") }),
    ]);
    expect(needsOf(graph, "rule").map(({ of }) => of)).toEqual([[urnOf(graph, "api")]]);
  });

  it("is told apart from one of the same name in another region by what names it", () => {
    const graph = designFrom([
      run("east", "us-east4", { name: "api" }),
      run("central", "us-central1", { name: "api" }),
      serverless("central", "us-central1", "api"),
      regionalService("backend", ["central-neg"]),
      ...front({ defaultService: ref("backend") }),
    ]);
    expect(needsOf(graph, "rule")[0]?.of).toEqual([urnOf(graph, "central")]);
  });

  it("does not lead to a service of another region, which Google would refuse", () => {
    const graph = designFrom([
      run("east", "us-east4"),
      serverless("east", "us-central1"),
      regionalService("backend", ["east-neg"]),
      ...front({ defaultService: ref("backend") }),
    ]);
    expect(needsOf(graph, "rule")[0]).toMatchObject({
      of: [],
      unknown: { property: "region", why: "is not the region of what it names" },
    });
  });

  it.each([
    ["https://www.googleapis.com/compute/v1/projects/p/regions/us-central1/backendServices/api"],
    ["https://compute.googleapis.com/compute/beta/projects/p/regions/us-central1/backendServices/api"],
    ["projects/p/regions/us-central1/backendServices/api"],
    ["regions/us-central1/backendServices/api"],
    ["api"],
  ])("follows a link in the form %s", (link) => {
    const graph = designFrom([
      ...two,
      regionalService("backend", ["api-neg"], { name: "api" }),
      regionalService("decoy", ["docs-neg"], { name: "api", region: "us-east4" }),
      ...front({ defaultService: link }),
    ]);
    expect(needsOf(graph, "rule")).toEqual([{ what: "a backend of backend", atLeast: 1, of: [urnOf(graph, "api")] }]);
  });
});

function weighted(api: number, docs: number) {
  return [
    { backendService: ref("api-backend"), weight: api },
    { backendService: ref("docs-backend"), weight: docs },
  ];
}

describe("a managed group behind a balancer", () => {
  it.each([
    "https://www.googleapis.com/compute/v1/projects/p/zones/us-central1-a/instanceGroups/web",
    "projects/p/zones/us-central1-a/instanceGroups/web",
  ])("is named by the group that it manages: %s", (link) => {
    const graph = designFrom([
      resource(
        "gcp:compute/instanceGroupManager:InstanceGroupManager",
        "machines",
        { project: "p", zone: "us-central1-a" },
        { id: "projects/p/zones/us-central1-a/instanceGroupManagers/web" },
      ),
      regionalService("backend", [], { backends: [{ group: link, capacityScaler: 1 }] }),
      ...front({ defaultService: ref("backend") }),
    ]);
    expect(needsOf(graph, "rule")).toEqual([
      { what: "a backend of backend", atLeast: 1, of: [urnOf(graph, "machines")] },
    ]);
  });
});

describe("a global balancer", () => {
  const regions = ["us-central1", "us-east4"];
  const globalFront = (
    service: Literal["inputs"],
    extra: Literal[] = [],
    runInputs: Literal["inputs"] = {},
  ): DraftGraph =>
    designFrom([
      ...regions.flatMap((region) => [run(region, region, runInputs), serverless(region, region)]),
      resource("gcp:compute/backendService:BackendService", "backend", {
        project: "p",
        loadBalancingScheme: "EXTERNAL_MANAGED",
        backends: regions.map((region) => ({ group: ref(`${region}-neg`) })),
        ...service,
      }),
      resource("gcp:compute/uRLMap:URLMap", "routes", { project: "p", defaultService: ref("backend") }),
      resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "proxy", { project: "p", urlMap: ref("routes") }),
      resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "rule", {
        project: "p",
        loadBalancingScheme: "EXTERNAL_MANAGED",
        target: ref("proxy"),
      }),
      ...extra,
    ]);

  it("stands in no region, and needs every serverless region where nobody notices a failing one", () => {
    const graph = globalFront({});
    expect(entryOf(graph, "rule").place).toEqual({
      cloud: "gcp",
      region: known("global"),
      account: known("p"),
      zones: known([]),
    });
    expect(needsOf(graph, "rule")).toEqual([
      { what: "a backend of backend", atLeast: 1, of: [urnOf(graph, "us-central1")] },
      { what: "a backend of backend", atLeast: 1, of: [urnOf(graph, "us-east4")] },
    ]);
  });

  it.each<[string, Literal["inputs"], Literal["inputs"]]>([
    ["outlier detection", { outlierDetection: { consecutiveErrors: 5 } }, {}],
    [
      "service health of Cloud Run",
      {},
      {
        scaling: { minInstanceCount: 1 },
        template: { containers: [{ readinessProbe: { httpGet: { path: "/healthz/ready" } } }] },
      },
    ],
  ])("needs any region under %s", (_, service, inputs) => {
    const graph = globalFront(service, [], inputs);
    expect(needsOf(graph, "rule")).toEqual([
      { what: "a backend of backend", atLeast: 1, of: [urnOf(graph, "us-central1"), urnOf(graph, "us-east4")] },
    ]);
  });

  it("is not watched by a readiness probe of a service that may have no instance", () => {
    const graph = globalFront({}, [], { template: { containers: [{ readinessProbe: { httpGet: { path: "/" } } }] } });
    expect(needsOf(graph, "rule")).toHaveLength(2);
  });

  it("leads to a bucket, and to a single service behind a TCP or SSL proxy", () => {
    const bucket = designFrom([
      resource("gcp:storage/bucket:Bucket", "site", { project: "p", location: "US" }),
      resource("gcp:compute/backendBucket:BackendBucket", "files", { project: "p", bucketName: ref("site", "name") }),
      resource("gcp:compute/uRLMap:URLMap", "routes", { project: "p", defaultService: ref("files") }),
      resource("gcp:compute/targetHttpProxy:TargetHttpProxy", "proxy", { project: "p", urlMap: ref("routes") }),
      resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "rule", { project: "p", target: ref("proxy") }),
    ]);
    expect(needsOf(bucket, "rule")).toEqual([{ what: "a backend of files", atLeast: 1, of: [urnOf(bucket, "site")] }]);
    for (const type of ["gcp:compute/targetSSLProxy:TargetSSLProxy", "gcp:compute/targetTCPProxy:TargetTCPProxy"]) {
      const graph = designFrom([
        ...two.slice(0, 2),
        resource("gcp:compute/backendService:BackendService", "backend", {
          project: "p",
          backends: [{ group: ref("api-neg") }],
        }),
        resource(type, "proxy", { project: "p", backendService: ref("backend") }),
        resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "rule", {
          project: "p",
          target: ref("proxy"),
        }),
      ]);
      expect(needsOf(graph, "rule")).toEqual([{ what: "a backend of backend", atLeast: 1, of: [urnOf(graph, "api")] }]);
    }
  });
});
