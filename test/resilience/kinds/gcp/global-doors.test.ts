/**
 * Proves: a global balancer is a door with a pool for each region where nothing stands before it, and stays an entry where something does; and which
 * entries an address leads to. Leaves out: the doors that edges and DNS make (edge kinds).
 */
import { describe, expect, it } from "vitest";
import { designOf } from "../../../../resilience/design-of";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import { gcpEntriesAt } from "../../../../resilience/kinds/gcp/entries";
import { addGlobalDoors } from "../../../../resilience/kinds/gcp/global-doors";
import type { Door, Part, Pool } from "../../../../resilience/model";
import {
  designFrom,
  later,
  nothingDeclared,
  ref,
  resource,
  urnOf,
  withChange,
  withMore,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { surroundingsOf } from "../../../support/kinds";

const known = <T>(value: T) => ({ known: true, value });
const REGIONS = ["us-central1", "us-east4"];

/** A global balancer over managed groups in two regions. */
function globalDesign(service: Literal["inputs"] = { healthChecks: ref("check") }): DraftGraph {
  return designFrom([
    resource("gcp:compute/healthCheck:HealthCheck", "check", {
      project: "p",
      checkIntervalSec: 10,
      unhealthyThreshold: 3,
      httpHealthCheck: { requestPath: "/up" },
    }),
    ...REGIONS.map((region) =>
      resource("gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager", region, {
        project: "p",
        region,
        targetSize: 3,
        versions: [],
      }),
    ),
    resource("gcp:compute/backendService:BackendService", "backend", {
      project: "p",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      backends: REGIONS.map((region) => ({ group: ref(region, "instanceGroup") })),
      ...service,
    }),
    resource("gcp:compute/uRLMap:URLMap", "routes", { project: "p", defaultService: ref("backend") }),
    resource("gcp:compute/targetHttpsProxy:TargetHttpsProxy", "proxy", { project: "p", urlMap: ref("routes") }),
    resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "rule", {
      project: "p",
      loadBalancingScheme: "EXTERNAL_MANAGED",
      ipAddress: ref("address", "address"),
      target: ref("proxy"),
    }),
    resource("gcp:compute/globalAddress:GlobalAddress", "address", { project: "p" }),
  ]);
}

function partsWithDoors(graph: DraftGraph, ...more: Part[]): Map<string, Part> {
  const around = surroundingsOf(graph);
  const kinds = new Map(gcpKinds.flatMap((kind) => kind.types.map((type) => [type, kind] as const)));
  const all = graph.resources.flatMap((each) => kinds.get(each.type)?.parts(each, around) ?? []);
  const parts = new Map([...all, ...more].map((part) => [part.id, part]));
  addGlobalDoors(parts, around);
  return parts;
}

const doorOf = (parts: Map<string, Part>): Door | undefined =>
  [...parts.values()].find((part): part is Door => part.role === "door");
const poolsOf = (parts: Map<string, Part>): Pool[] =>
  [...parts.values()].filter((part): part is Pool => part.role === "pool");

describe("a global balancer of files", () => {
  const site = (inputs: Literal["inputs"]): DraftGraph =>
    withChange(
      withMore(
        globalDesign(),
        resource("gcp:storage/bucket:Bucket", "site", { project: "p", location: "US" }),
        resource("gcp:compute/backendBucket:BackendBucket", "files", { project: "p", ...inputs }),
      ),
      "routes",
      "defaultService",
      ref("files"),
    );
  const doorsOf = (graph: DraftGraph) =>
    designOf(graph, nothingDeclared()).doors.map(({ kind, label }) => `${kind} ${label}`);

  it("is no door, since static files are no serving path", () => {
    expect(doorsOf(site({ bucketName: ref("site", "name") }))).toEqual([]);
  });

  it("is one where something else answers too, or nobody knows what", () => {
    const both = site({ bucketName: ref("site", "name") });
    const mixed = withChange(both, "routes", "pathMatchers", [{ name: "api", defaultService: ref("backend") }]);
    expect(doorsOf(mixed)).toEqual(["gcp-global rule"]);
    expect(doorsOf(site({ bucketName: "elsewhere" }))).toEqual(["gcp-global rule"]);
  });
});

describe("a global balancer with nothing before it", () => {
  it("is a door with a pool for each region", () => {
    const graph = globalDesign();
    const rule = urnOf(graph, "rule");
    const parts = partsWithDoors(graph);
    const place = { cloud: "gcp", region: known("global"), account: known("p"), zones: known([]) };
    expect(doorOf(parts)).toEqual({
      role: "door",
      kind: "gcp-global",
      id: `${rule}#door`,
      urn: rule,
      label: "rule",
      place,
      needs: [
        { what: "the load balancer", atLeast: 1, of: [rule] },
        { what: "a region", atLeast: 1, of: [`${rule}#us-central1`, `${rule}#us-east4`] },
      ],
      hostname: known("rule"),
      isProxied: known(true),
      ttlSeconds: known(0),
      steering: known("proximity"),
      pools: known([`${rule}#us-central1`, `${rule}#us-east4`]),
      isOrdered: false,
      fallback: known(undefined),
      weights: known({}),
      overrides: [],
      triesOtherPools: known(true),
      sessionAffinity: known("none"),
      zeroDowntimeFailover: known("temporary"),
    });
    expect(poolsOf(parts)[0]).toMatchObject({
      id: `${rule}#us-central1`,
      label: "us-central1",
      place,
      needs: [{ what: "a backend of backend", atLeast: 1, of: [urnOf(graph, "us-central1")] }],
      monitor: known({
        urn: urnOf(graph, "check"),
        type: known("http"),
        path: known("/up"),
        expectedCodes: known("200"),
        expectedBody: known(""),
        followsRedirects: known(false),
        allowsInsecure: known(true),
        intervalSeconds: known(10),
        timeoutSeconds: known(5),
        retries: known(0),
        consecutiveDown: known(3),
      }),
    });
  });

  it("is watched every 5 seconds and gives up after two failures where its check says nothing else", () => {
    const graph = withChange(
      withChange(globalDesign(), "check", "checkIntervalSec", undefined),
      "check",
      "unhealthyThreshold",
      undefined,
    );
    expect(poolsOf(partsWithDoors(graph))[0]?.monitor).toMatchObject(
      known({ intervalSeconds: known(5), timeoutSeconds: known(5), retries: known(0), consecutiveDown: known(2) }),
    );
  });

  it("waits for what nobody else may lead to: it is no door while another does not know its pools", () => {
    const graph = globalDesign();
    const unclear: Pool = {
      ...(poolsOf(partsWithDoors(graph))[0] as Pool),
      id: "edge",
      needs: [
        {
          what: "an origin",
          atLeast: 1,
          of: [],
          unknown: { known: false, urn: "edge", property: "origins", why: "is known only after an update" },
        },
      ],
    };
    expect(doorOf(partsWithDoors(graph, unclear))).toBeUndefined();
  });

  it("is not watched without a health check, and by nobody knows what under outlier detection", () => {
    expect(poolsOf(partsWithDoors(globalDesign({})))[0]?.monitor).toEqual(known(undefined));
    const passive = globalDesign({ outlierDetection: { consecutiveErrors: 5 } });
    expect(poolsOf(partsWithDoors(passive))[0]?.monitor).toMatchObject(
      known({
        type: known("passive"),
        intervalSeconds: { known: false, urn: urnOf(passive, "backend"), property: "outlierDetection" },
      }),
    );
  });

  it("does not know its regions where a backend is not known", () => {
    const graph = withChange(globalDesign(), "backend", "backends", later);
    const door = doorOf(partsWithDoors(graph));
    const missing = {
      known: false,
      urn: urnOf(graph, "backend"),
      property: "backends",
      why: "is known only after an update",
    };
    expect(door?.pools).toEqual(missing);
    expect(door?.needs[1]).toEqual({ what: "a region", atLeast: 1, of: [], unknown: missing });
  });

  it.each([
    ["GENERATED_COOKIE", "cookie"],
    ["CLIENT_IP", "ip_cookie"],
    ["NONE", "none"],
  ])("keeps clients where it says so: %s", (sessionAffinity, expected) => {
    const graph = globalDesign({ healthChecks: ref("check"), sessionAffinity });
    expect(doorOf(partsWithDoors(graph))?.sessionAffinity).toEqual(known(expected));
  });
});

describe("a global balancer that is no door", () => {
  it("stands behind another door", () => {
    const graph = globalDesign();
    const before: Pool = {
      ...(poolsOf(partsWithDoors(graph))[0] as Pool),
      id: "edge",
      needs: [{ what: "an origin", atLeast: 1, of: [urnOf(graph, "rule")] }],
    };
    expect(doorOf(partsWithDoors(graph, before))).toBeUndefined();
  });

  it("is not open to clients", () => {
    expect(
      doorOf(partsWithDoors(withChange(globalDesign(), "rule", "loadBalancingScheme", "INTERNAL_MANAGED"))),
    ).toBeUndefined();
  });

  it("only redirects", () => {
    const graph = withChange(
      withChange(globalDesign(), "routes", "defaultService", undefined),
      "routes",
      "defaultUrlRedirect",
      { httpsRedirect: true },
    );
    expect([...partsWithDoors(graph).values()].map(({ role }) => role)).toEqual(["compute", "compute"]);
  });
});

describe("the entries that an address leads to", () => {
  const entriesAt = (graph: DraftGraph, name: string): string[] | undefined => {
    const around = surroundingsOf(graph);
    const found = around.index.byUrn.get(urnOf(graph, name));
    return found === undefined ? undefined : gcpEntriesAt(found, around);
  };

  it("are the rules that hold it, without those that only redirect", () => {
    const graph = withMore(
      globalDesign(),
      resource("gcp:compute/uRLMap:URLMap", "redirect", { project: "p", defaultUrlRedirect: { httpsRedirect: true } }),
      resource("gcp:compute/targetHttpProxy:TargetHttpProxy", "plain", { project: "p", urlMap: ref("redirect") }),
      resource("gcp:compute/globalForwardingRule:GlobalForwardingRule", "http", {
        project: "p",
        ipAddress: ref("address", "address"),
        target: ref("plain"),
      }),
    );
    expect(entriesAt(graph, "address")).toEqual([urnOf(graph, "rule")]);
    expect([entriesAt(graph, "rule"), entriesAt(graph, "http")]).toEqual([[urnOf(graph, "rule")], []]);
  });

  it("are the machine that holds it", () => {
    const graph = designFrom([
      resource("gcp:compute/address:Address", "address", { project: "p", region: "us-central1" }),
      resource("gcp:compute/instance:Instance", "machine", {
        project: "p",
        zone: "us-central1-a",
        networkInterfaces: [{ accessConfigs: [{ natIp: ref("address", "address") }] }],
      }),
      resource("gcp:compute/routerNat:RouterNat", "nat", {
        project: "p",
        region: "us-central1",
        natIps: [ref("address", "selfLink")],
      }),
    ]);
    expect(entriesAt(graph, "address")).toEqual([`${urnOf(graph, "machine")}#address`]);
  });

  it.each<[string, Literal["inputs"], boolean | undefined]>([
    ["gcp:cloudrunv2/service:Service", { location: "us-central1" }, true],
    ["gcp:cloudrunv2/service:Service", { location: "us-central1", ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" }, false],
    ["gcp:cloudrun/service:Service", { location: "us-central1" }, true],
    ["gcp:cloudfunctions/function:Function", { eventTrigger: { resource: "r" } }, false],
    ["gcp:compute/instance:Instance", { zone: "us-central1-a" }, false],
    ["gcp:compute/network:Network", {}, undefined],
  ])("%s %j has one: %s", (type, inputs, has) => {
    const graph = designFrom([resource(type, "it", { project: "p", ...inputs })]);
    expect(entriesAt(graph, "it")).toEqual(
      has === undefined ? undefined : has ? [`${urnOf(graph, "it")}#address`] : [],
    );
  });
});
