/**
 * Proves: no kind of Google's throws on any shape of input (nothing, unknown, a secret, the wrong type, prototype names, circles), what it then says
 * is unknown or absent and never a value that was made up from it, and time stays linear. Leaves out: what a rule makes of it.
 */
import { describe, expect, it } from "vitest";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import type { Part } from "../../../../resilience/model";
import { secretSignature, signatureKey, unknownValue, type Json } from "../../../../resilience/values";
import { designFrom, ref, resource, type DraftGraph, type Literal } from "../../../support/designs";
import { surroundingsOf } from "../../../support/kinds";

function allParts(graph: DraftGraph): Part[] {
  const around = surroundingsOf(graph);
  const kinds = new Map(gcpKinds.flatMap((kind) => kind.types.map((type) => [type, kind] as const)));
  return graph.resources.flatMap((each) => kinds.get(each.type)?.parts(each, around) ?? []);
}

const TYPES = gcpKinds.flatMap(({ types }) => types);
/** Every property that a kind reads at the top, found in its own source: here, those of all Google kinds together. */
const PROPERTIES = [
  "region",
  "location",
  "zone",
  "locationId",
  "project",
  "name",
  "labels",
  "target",
  "backendService",
  "loadBalancingScheme",
  "ingress",
  "defaultUriDisabled",
  "invokerIamDisabled",
  "scaling",
  "template",
  "multiRegionSettings",
  "metadata",
  "serviceConfig",
  "eventTrigger",
  "triggerHttp",
  "environmentVariables",
  "secretEnvironmentVariables",
  "kmsKeyName",
  "automaticScaling",
  "manualScaling",
  "envVariables",
  "deployment",
  "versions",
  "targetSize",
  "distributionPolicyZones",
  "distributionPolicyTargetShape",
  "updatePolicy",
  "autoHealingPolicies",
  "networkInterfaces",
  "bootDisk",
  "disks",
  "cluster",
  "nodeCount",
  "autoscaling",
  "nodeLocations",
  "nodePools",
  "enableAutopilot",
  "replication",
  "keyRing",
  "settings",
  "masterInstanceName",
  "databaseVersion",
  "config",
  "clusters",
  "clusterType",
  "customPlacementConfig",
  "messageStoragePolicy",
  "tier",
  "zoneDistributionConfig",
  "zones",
  "spec",
] as const;

const SHAPES: readonly [string, Json][] = [
  ["unknown", unknownValue],
  ["a secret", { [signatureKey]: secretSignature, value: "[secret]" }],
  ["null", null],
  ["a number", 7],
  ["a negative number", -1],
  ["a boolean", true],
  ["a text", "constructor"],
  ["an empty text", ""],
  ["an empty list", []],
  ["a list of everything", [null, 1, "x", [], {}, unknownValue]],
  ["an object with odd names", { constructor: "x", toString: 1, ["__proto__x"]: { hasOwnProperty: null } }],
  ["deep nesting", Array.from({ length: 200 }).reduce<Json>((inner) => ({ a: [inner] }), "x")],
];

describe("Google kinds", () => {
  it.each(SHAPES)("stand every property being %s", (_, value) => {
    const inputs = Object.fromEntries(PROPERTIES.map((property) => [property, value])) as Literal["inputs"];
    const parts = allParts(designFrom(TYPES.map((type, at) => resource(type, `r${String(at)}`, inputs))));
    for (const part of parts) {
      if (part.role === "compute" && part.minimum.known) expect(Number.isFinite(part.minimum.value)).toBe(true);
      if (part.place.region.known) expect(typeof part.place.region.value).toBe("string");
    }
    expect(JSON.stringify(parts)).not.toContain("[secret]");
    expect(new Set(parts.map(({ id }) => id)).size).toBe(parts.length);
  });

  it("stand no property at all, and make up no region", () => {
    const parts = allParts(designFrom(TYPES.map((type, at) => resource(type, `r${String(at)}`))));
    const places = parts.map(({ place }) => (place.region.known ? place.region.value : "unknown"));
    expect([...new Set(places)].sort()).toEqual(["global", "unknown"]);
  });

  it("follow rules that lead to one another in a circle to an end", () => {
    const graph = designFrom([
      resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", "group", {
        project: "p",
        region: "us-central1",
        networkEndpointType: "PRIVATE_SERVICE_CONNECT",
        pscTargetService: "projects/p/regions/us-central1/serviceAttachments/attachment",
      }),
      resource("gcp:compute/serviceAttachment:ServiceAttachment", "attachment", {
        project: "p",
        region: "us-central1",
        name: "attachment",
        targetService: "projects/p/regions/us-central1/forwardingRules/rule",
      }),
      resource("gcp:compute/regionBackendService:RegionBackendService", "backend", {
        project: "p",
        region: "us-central1",
        backends: [{ group: ref("group") }],
      }),
      resource("gcp:compute/forwardingRule:ForwardingRule", "rule", {
        project: "p",
        region: "us-central1",
        name: "rule",
        backendService: ref("backend"),
      }),
    ]);
    const [entry] = allParts(graph);
    expect(entry?.needs.map(({ of }) => of)).toEqual([[entry?.id]]);
  });

  it("read 1,000 services of one name with their secrets in a time that grows with their number", () => {
    const many = (amount: number): DraftGraph =>
      designFrom(
        Array.from({ length: amount }, (_, at) => String(at)).flatMap((at) => [
          resource("gcp:secretmanager/secret:Secret", `s${at}`, {
            project: `p${at}`,
            secretId: "key",
            replication: { auto: {} },
          }),
          resource("gcp:cloudrunv2/service:Service", `c${at}`, {
            project: `p${at}`,
            location: "us-central1",
            name: "api",
            template: {
              containers: [{ image: "nginx", envs: [{ name: "K", valueSource: { secretKeyRef: { secret: "key" } } }] }],
            },
          }),
          resource("gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup", `n${at}`, {
            project: `p${at}`,
            region: "us-central1",
            cloudRun: { service: ref(`c${at}`) },
          }),
        ]),
      );
    const [small, large] = [many(250), many(1000)];
    const timed = (graph: DraftGraph): number => {
      const start = performance.now();
      allParts(graph);
      return performance.now() - start;
    };
    timed(small);
    const [first, second] = [timed(small), timed(large)];
    expect({ first, second, isLinear: second < Math.max(200, first * 12) }).toMatchObject({ isLinear: true });
  });
});
