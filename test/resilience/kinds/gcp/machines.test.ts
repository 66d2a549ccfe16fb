/**
 * Proves: size, zones and rollout of managed groups, single machines and GKE's nodes. Leaves out: what a
 * balancer makes of them (balancers.test.ts).
 */
import { describe, expect, it } from "vitest";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import type { Compute } from "../../../../resilience/model";
import { designFrom, later, ref, resource, urnOf, type DraftGraph, type Literal } from "../../../support/designs";
import { partOf, partsOf } from "../../../support/kinds";

const known = <T>(value: T) => ({ known: true, value });
const computeOf = (graph: DraftGraph, name: string): Compute => partOf(gcpKinds, graph, name, "compute");
const REGIONAL = "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager";
const ZONAL = "gcp:compute/instanceGroupManager:InstanceGroupManager";

const template = resource("gcp:compute/instanceTemplate:InstanceTemplate", "template", {
  project: "p",
  disks: [
    {
      sourceImage: "debian-cloud/debian-12",
      diskEncryptionKey: { kmsKeySelfLink: "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k" },
    },
  ],
  metadata: { region: "us-central1", "enable-oslogin": "TRUE" },
  metadataStartupScript: "echo us-central1",
});

function group(type: string, inputs: Literal["inputs"], ...more: Literal[]): DraftGraph {
  return designFrom([
    template,
    resource(type, "group", { project: "p", versions: [{ instanceTemplate: ref("template") }], ...inputs }),
    ...more,
  ]);
}

describe("a managed group", () => {
  it("reads what its template reads, and hands out its texts", () => {
    const graph = group(REGIONAL, { region: "us-central1", targetSize: 6 });
    const urn = urnOf(graph, "template");
    expect(computeOf(graph, "group")).toEqual({
      role: "compute",
      id: urnOf(graph, "group"),
      urn: urnOf(graph, "group"),
      label: "group",
      place: { cloud: "gcp", region: known("us-central1"), account: known("p"), zones: known([]) },
      needs: [],
      unit: "machine",
      minimum: known(6),
      maximum: known(undefined),
      dependencies: [
        {
          kind: "image",
          urn,
          property: "disks[0].sourceImage",
          parts: [],
          cloud: known("gcp"),
          regions: known(["global"]),
        },
        {
          kind: "key",
          urn,
          property: "disks[0].diskEncryptionKey.kmsKeySelfLink",
          parts: [],
          cloud: known("gcp"),
          regions: known(["us-central1"]),
        },
      ],
      rollout: { minimumHealthyPercent: known(undefined), stopsByItself: known(undefined) },
      texts: known([
        { property: "metadata[enable-oslogin]", text: known("TRUE") },
        { property: "metadata[region]", text: known("us-central1") },
        { property: "metadataStartupScript", text: known("echo us-central1") },
      ]),
    });
  });

  it.each<[string, Literal["inputs"], unknown]>([
    ["Google's choice of zones", {}, known([])],
    [
      "its own, sorted",
      { distributionPolicyZones: ["us-central1-f", "us-central1-a"] },
      known(["us-central1-a", "us-central1-f"]),
    ],
    ["an even spread", { distributionPolicyTargetShape: "EVEN" }, known([])],
    ["a balanced spread", { distributionPolicyTargetShape: "BALANCED" }, known([])],
  ])("stands in %s", (_, inputs, zones) => {
    expect(computeOf(group(REGIONAL, { region: "us-central1", ...inputs }), "group").place.zones).toEqual(zones);
  });

  it.each(["ANY", "ANY_SINGLE_ZONE"])("may stand in one zone under the shape %s", (shape) => {
    const graph = group(REGIONAL, { region: "us-central1", distributionPolicyTargetShape: shape });
    expect(computeOf(graph, "group").place.zones).toEqual({
      known: false,
      urn: urnOf(graph, "group"),
      property: "distributionPolicyTargetShape",
      why: `is ${shape}, so Google may put all machines into one zone`,
    });
  });

  it("of a zone stands in it, in its provider's, or in one that nobody names", () => {
    expect(computeOf(group(ZONAL, { zone: "us-central1-b" }), "group").place).toMatchObject({
      region: known("us-central1"),
      zones: known(["us-central1-b"]),
    });
    const byProvider = designFrom([
      template,
      resource("pulumi:providers:gcp", "google", { zone: "us-east4-c" }),
      resource(ZONAL, "group", { versions: [{ instanceTemplate: ref("template") }] }, { provider: "google" }),
    ]);
    expect(computeOf(byProvider, "group").place).toMatchObject({
      region: known("us-east4"),
      zones: known(["us-east4-c"]),
    });
    const nowhere = group(ZONAL, {});
    expect(computeOf(nowhere, "group").place.zones).toEqual({
      known: false,
      urn: urnOf(nowhere, "group"),
      property: "zone",
      why: "is set nowhere in the program",
    });
    const odd = group(ZONAL, { zone: "us-central1" });
    expect(computeOf(odd, "group").place.zones).toMatchObject({
      known: false,
      why: "has a form that is not understood",
    });
  });

  it.each<[Literal["inputs"], unknown, unknown]>([
    [{ minReplicas: 3, maxReplicas: 9 }, known(3), known(9)],
    [{ minReplicas: 3, maxReplicas: 9, mode: "OFF" }, known(2), known(undefined)],
    [{ minReplicas: 3, maxReplicas: 9, mode: "ONLY_UP" }, known(3), known(9)],
  ])("is as large as its autoscaler lets it be: %j", (autoscalingPolicy, minimum, maximum) => {
    const graph = group(
      REGIONAL,
      { region: "us-central1", targetSize: 2 },
      resource("gcp:compute/regionAutoscaler:RegionAutoscaler", "scaler", {
        project: "p",
        region: "us-central1",
        target: ref("group"),
        autoscalingPolicy,
      }),
    );
    const { minimum: least, maximum: most } = computeOf(graph, "group");
    expect([least, most]).toEqual([minimum, maximum]);
  });

  it("does not know its size where its autoscaler's is not known, and has none without either", () => {
    const graph = group(
      ZONAL,
      { zone: "us-central1-a" },
      resource("gcp:compute/autoscaler:Autoscaler", "scaler", {
        target: ref("group"),
        autoscalingPolicy: { minReplicas: later, maxReplicas: 4 },
      }),
    );
    expect(computeOf(graph, "group").minimum).toEqual({
      known: false,
      urn: urnOf(graph, "scaler"),
      property: "autoscalingPolicy.minReplicas",
      why: "is known only after an update",
    });
    expect(computeOf(group(ZONAL, { zone: "us-central1-a" }), "group").minimum).toEqual(known(0));
  });

  it.each<[string, Literal["inputs"], unknown, unknown]>([
    [REGIONAL, { updatePolicy: { type: "PROACTIVE", maxUnavailablePercent: 20 } }, known(80), known(false)],
    [
      REGIONAL,
      { updatePolicy: { type: "PROACTIVE", maxUnavailableFixed: 0 }, autoHealingPolicies: { healthCheck: "c" } },
      known(100),
      known(true),
    ],
    [REGIONAL, { updatePolicy: { type: "PROACTIVE" } }, known(50), known(false)],
    [
      REGIONAL,
      { updatePolicy: { type: "PROACTIVE" }, distributionPolicyZones: ["us-central1-a", "us-central1-b"] },
      known(66),
      known(false),
    ],
    [ZONAL, { zone: "us-central1-a", updatePolicy: { type: "PROACTIVE" } }, known(83), known(false)],
    [REGIONAL, { updatePolicy: { type: "OPPORTUNISTIC" } }, known(100), known(true)],
    [REGIONAL, { updatePolicy: { type: "PROACTIVE" }, targetSize: 0 }, known(undefined), known(false)],
  ])("%s %j keeps as many in a rollout", (type, inputs, percent, stops) => {
    const graph = group(type, { region: "us-central1", targetSize: 6, ...inputs });
    expect(computeOf(graph, "group").rollout).toEqual({ minimumHealthyPercent: percent, stopsByItself: stops });
  });
});

describe("a single machine", () => {
  const machine = (inputs: Literal["inputs"], ...more: Literal[]): DraftGraph =>
    designFrom([
      resource("gcp:compute/network:Network", "network", { project: "p" }),
      resource("gcp:compute/instance:Instance", "machine", {
        project: "p",
        zone: "us-central1-a",
        tags: ["web"],
        networkInterfaces: [{ network: ref("network"), accessConfigs: [{}] }],
        ...inputs,
      }),
      ...more,
    ]);
  const rule = (inputs: Literal["inputs"]): Literal =>
    resource("gcp:compute/firewall:Firewall", "rule", { project: "p", network: ref("network"), ...inputs });
  const web = [{ protocol: "tcp", ports: ["443"] }];

  it("is one unit in one zone, and no way in without an address of its own", () => {
    const graph = machine({ networkInterfaces: [{ network: "default" }] });
    expect(partsOf(gcpKinds, graph, "machine")).toMatchObject([
      {
        role: "compute",
        unit: "machine",
        minimum: known(1),
        maximum: known(undefined),
        place: { zones: known(["us-central1-a"]) },
      },
    ]);
  });

  it.each<[string, Literal["inputs"], boolean]>([
    ["everybody at 443", { allows: web, sourceRanges: ["0.0.0.0/0"] }, true],
    ["everybody, as nothing is said", { allows: web }, true],
    [
      "a range of ports",
      { allows: [{ protocol: "tcp", ports: ["22", "80-90"] }], sourceRanges: ["173.245.48.0/20"] },
      true,
    ],
    [
      "everything, by a rule for its tag",
      { allows: [{ protocol: "all" }], sourceRanges: ["0.0.0.0/0"], targetTags: ["web"] },
      true,
    ],
    ["everybody at another port for clients", { allows: [{ protocol: "tcp", ports: ["22", "8080"] }] }, true],
    [
      "everybody at what nodes say to each other",
      { allows: [{ protocol: "tcp", ports: ["2379-2380", "6443"] }] },
      false,
    ],
    ["another tag", { allows: web, sourceRanges: ["0.0.0.0/0"], targetTags: ["db"] }, false],
    ["administrators", { allows: [{ protocol: "tcp", ports: ["22"] }], sourceRanges: ["0.0.0.0/0"] }, false],
    [
      "health checks and private ranges",
      { allows: web, sourceRanges: ["35.191.0.0/16", "130.211.0.0/22", "10.0.0.0/8"] },
      false,
    ],
    ["other machines", { allows: web, sourceTags: ["lb"] }, false],
    ["nobody, as the rule is off", { allows: web, sourceRanges: ["0.0.0.0/0"], disabled: true }, false],
    ["what goes out", { allows: web, direction: "EGRESS" }, false],
    ["pings", { allows: [{ protocol: "icmp" }], sourceRanges: ["0.0.0.0/0"] }, false],
  ])("is a public way in where the firewall lets in %s", (_, inputs, isPublic) => {
    const graph = machine({}, rule(inputs));
    expect(partOf(gcpKinds, graph, "machine", "entry")).toMatchObject({
      id: `${urnOf(graph, "machine")}#address`,
      isPublic: known(isPublic),
    });
  });

  it("does not know whether it is public where the ranges are not known", () => {
    const graph = machine({}, rule({ allows: web, sourceRanges: later }));
    expect(partOf(gcpKinds, graph, "machine", "entry").isPublic).toEqual({
      known: false,
      urn: urnOf(graph, "rule"),
      property: "sourceRanges",
      why: "is known only after an update",
    });
  });

  it("is not asked through a rule of another network", () => {
    const graph = machine(
      {},
      resource("gcp:compute/network:Network", "other", { project: "p" }),
      resource("gcp:compute/firewall:Firewall", "rule", {
        network: ref("other"),
        allows: web,
        sourceRanges: ["0.0.0.0/0"],
      }),
    );
    expect(partOf(gcpKinds, graph, "machine", "entry").isPublic).toEqual(known(false));
  });
});

describe("nodes of GKE", () => {
  const CLUSTER = "gcp:container/cluster:Cluster";
  const POOL = "gcp:container/nodePool:NodePool";

  it.each<[string, Literal["inputs"], Literal["inputs"], string[], number, number | undefined]>([
    ["a regional cluster's three zones", { location: "us-central1" }, { nodeCount: 2 }, [], 6, undefined],
    [
      "the cluster's zones",
      { location: "us-central1", nodeLocations: ["us-central1-b", "us-central1-a"] },
      { nodeCount: 2 },
      ["us-central1-a", "us-central1-b"],
      4,
      undefined,
    ],
    [
      "the pool's zones",
      { location: "us-central1" },
      { nodeLocations: ["us-central1-c"], initialNodeCount: 3 },
      ["us-central1-c"],
      3,
      undefined,
    ],
    [
      "a zonal cluster",
      { location: "us-central1-a" },
      { autoscaling: { minNodeCount: 1, maxNodeCount: 5 } },
      ["us-central1-a"],
      1,
      5,
    ],
    [
      "a zonal cluster with more zones",
      { location: "us-central1-a", nodeLocations: ["us-central1-b"] },
      { nodeCount: 1 },
      ["us-central1-a", "us-central1-b"],
      2,
      undefined,
    ],
    ["totals", { location: "us-central1" }, { autoscaling: { totalMinNodeCount: 4, totalMaxNodeCount: 8 } }, [], 4, 8],
    ["nothing", { location: "us-central1" }, {}, [], 0, undefined],
  ])("stand in %s", (_, cluster, pool, zones, minimum, maximum) => {
    const graph = designFrom([
      resource(CLUSTER, "cluster", { project: "p", removeDefaultNodePool: true, initialNodeCount: 1, ...cluster }),
      resource(POOL, "pool", { project: "p", cluster: ref("cluster", "name"), ...pool }),
    ]);
    expect(partsOf(gcpKinds, graph, "cluster")).toEqual([]);
    expect(computeOf(graph, "pool")).toMatchObject({
      unit: "node",
      place: { region: known("us-central1"), zones: known(zones) },
      minimum: known(minimum),
      maximum: known(maximum),
    });
  });

  it("are the cluster's own under Autopilot, where nobody knows how many", () => {
    const graph = designFrom([
      resource(CLUSTER, "cluster", { project: "p", location: "us-east4", enableAutopilot: true }),
    ]);
    expect(computeOf(graph, "cluster")).toMatchObject({
      place: { region: known("us-east4"), zones: known([]) },
      minimum: { known: false, property: "enableAutopilot" },
    });
  });

  it("are the cluster's first pool where that is kept", () => {
    const graph = designFrom([
      resource(CLUSTER, "cluster", { project: "p", location: "us-east4-a", initialNodeCount: 2 }),
    ]);
    expect(computeOf(graph, "cluster").minimum).toEqual(known(2));
    const inside = designFrom([
      resource(CLUSTER, "cluster", { project: "p", location: "us-east4-a", nodePools: [{ nodeCount: 3 }] }),
    ]);
    expect(computeOf(inside, "cluster").minimum).toEqual(known(3));
  });
});
