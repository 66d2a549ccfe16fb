/**
 * Proves: what functions of both generations and versions of App Engine are to the model: place, size, texts, and whether their own address is a way in.
 * Leaves out: Cloud Run's services (run.test.ts).
 */
import { describe, expect, it } from "vitest";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import { designFrom, ref, resource, urnOf } from "../../../support/designs";
import { partOf, partsOf } from "../../../support/kinds";

const PROJECT = "example-us-central1";
const known = <T>(value: T) => ({ known: true, value });

describe("a function", () => {
  it("of the second generation is an entry where requests start it", () => {
    const graph = designFrom([
      resource("gcp:cloudfunctionsv2/function:Function", "quote", {
        project: PROJECT,
        location: "us-central1",
        buildConfig: { runtime: "nodejs22" },
        serviceConfig: { minInstanceCount: 2, maxInstanceCount: 30, environmentVariables: { B: "2", A: "1" } },
      }),
      resource("gcp:cloudfunctionsv2/functionIamMember:FunctionIamMember", "grant", {
        cloudFunction: ref("quote", "name"),
        member: "allUsers",
      }),
    ]);
    const [compute, entry] = partsOf(gcpKinds, graph, "quote");
    expect(compute).toMatchObject({
      place: { region: known("us-central1") },
      minimum: known(2),
      maximum: known(30),
      dependencies: [{ kind: "image", property: "buildConfig", regions: known(["us-central1"]) }],
      texts: known([
        { property: "serviceConfig.environmentVariables[A]", text: known("1") },
        { property: "serviceConfig.environmentVariables[B]", text: known("2") },
      ]),
    });
    expect(entry).toMatchObject({ id: `${urnOf(graph, "quote")}#address`, isPublic: known(true) });
  });

  it.each([
    ["an event starts it", { eventTrigger: { eventType: "google.cloud.pubsub.topic.v1.messagePublished" } }],
    ["only the network gets in", { serviceConfig: { ingressSettings: "ALLOW_INTERNAL_ONLY" } }],
  ])("is no entry where %s", (_, inputs) => {
    const graph = designFrom([
      resource("gcp:cloudfunctionsv2/function:Function", "work", {
        project: PROJECT,
        location: "us-central1",
        ...inputs,
      }),
    ]);
    expect(partsOf(gcpKinds, graph, "work").map(({ role }) => role)).toEqual(["compute"]);
  });

  it("of the first generation takes the region of its provider, and none of the instances run when idle", () => {
    const graph = designFrom([
      resource("pulumi:providers:gcp", "google", { project: PROJECT, region: "us-east4" }),
      resource(
        "gcp:cloudfunctions/function:Function",
        "quote",
        { runtime: "nodejs22", triggerHttp: true, maxInstances: 0 },
        { provider: "google" },
      ),
    ]);
    expect(partsOf(gcpKinds, graph, "quote")).toMatchObject([
      {
        role: "compute",
        place: { region: known("us-east4"), account: known(PROJECT) },
        minimum: known(0),
        maximum: known(undefined),
      },
      { role: "entry", isPublic: known(false) },
    ]);
  });
});

describe("a version of App Engine", () => {
  const version = (type: string, inputs: Record<string, never> | object, locationId?: string) =>
    designFrom([
      ...(locationId === undefined
        ? []
        : [resource("gcp:appengine/application:Application", "app", { project: PROJECT, locationId })]),
      resource(type, "version", { project: PROJECT, service: "default", ...(inputs as Record<string, never>) }),
    ]);
  const FLEXIBLE = "gcp:appengine/flexibleAppVersion:FlexibleAppVersion";
  const STANDARD = "gcp:appengine/standardAppVersion:StandardAppVersion";

  it.each([
    [FLEXIBLE, {}, 2, 20],
    [FLEXIBLE, { automaticScaling: { minTotalInstances: 4, maxTotalInstances: 9 } }, 4, 9],
    [FLEXIBLE, { manualScaling: { instances: 3 } }, 3, 3],
    [STANDARD, {}, 0, undefined],
    [STANDARD, { automaticScaling: { standardSchedulerSettings: { minInstances: 1, maxInstances: 5 } } }, 1, 5],
    [STANDARD, { basicScaling: { maxInstances: 6 } }, 0, 6],
  ])("%s %j keeps %s to %s instances", (type, inputs, minimum, maximum) => {
    const compute = partOf(gcpKinds, version(type, inputs, "us-central"), "version", "compute");
    expect([compute.place.region, compute.minimum, compute.maximum]).toEqual([
      known("us-central1"),
      known(minimum),
      known(maximum),
    ]);
  });

  it("stands where its application does, and nowhere that is known without one", () => {
    const graph = version(FLEXIBLE, {});
    expect(partOf(gcpKinds, graph, "version", "compute").place.region).toEqual({
      known: false,
      urn: urnOf(graph, "version"),
      property: "location",
      why: "is that of the project's App Engine application, which is not in this design",
    });
    expect(partOf(gcpKinds, version(FLEXIBLE, {}, "europe-west3"), "version", "entry").place.region).toEqual(
      known("europe-west3"),
    );
  });
});
