/**
 * Proves: what services of Cloud Run (both APIs) are to the model: place, size, what they read, what is handed to
 * them, and whether their own address is a way in. Leaves out: stores behind them (stores.test.ts), balancers before them (balancers.test.ts).
 */
import { describe, expect, it } from "vitest";
import type { Compute } from "../../../../resilience/model";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import {
  asState,
  designFrom,
  goodDesign,
  later,
  ref,
  resource,
  secret,
  unknownAt,
  urnOf,
  withChange,
  withMore,
  withOptions,
  without,
} from "../../../support/designs";
import { partOf, partsOf } from "../../../support/kinds";

const SERVICE = "us-central1-service";
const PROJECT = "example-us-central1";
const known = <T>(value: T) => ({ known: true, value });
const later_ = (graph: ReturnType<typeof goodDesign>, name: string, property: string) => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why: "is known only after an update",
});
const computeOf = (graph: ReturnType<typeof goodDesign>, name = SERVICE): Compute =>
  partOf(gcpKinds, graph, name, "compute");

describe("a service of Cloud Run", () => {
  it.each([
    ["plan", goodDesign()],
    ["state", asState(goodDesign())],
  ])("is the same compute in a %s", (_, graph) => {
    const urn = urnOf(graph, SERVICE);
    expect(partsOf(gcpKinds, graph, SERVICE)).toEqual([
      {
        role: "compute",
        id: urn,
        urn,
        label: SERVICE,
        place: { cloud: "gcp", region: known("us-central1"), account: known(PROJECT), zones: known([]) },
        needs: [],
        unit: "instance",
        minimum: known(12),
        maximum: known(40),
        dependencies: [
          {
            kind: "image",
            urn,
            property: "template.containers[0].image",
            parts: [urnOf(graph, "us-central1-images")],
            cloud: known("gcp"),
            regions: known(["us-central1"]),
          },
          {
            kind: "secret",
            urn,
            property: "template.containers[0].envs[2].valueSource.secretKeyRef.secret",
            parts: [urnOf(graph, "us-central1-credentials")],
            cloud: known("gcp"),
            regions: known(["us-central1"]),
          },
          {
            kind: "key",
            urn,
            property: "template.encryptionKey",
            parts: [urnOf(graph, "us-central1-key")],
            cloud: known("gcp"),
            regions: known(["us-central1"]),
          },
        ],
        rollout: { minimumHealthyPercent: known(100), stopsByItself: known(true) },
        texts: known([
          { property: "template.containers[0].envs[CLOUD].value", text: known("gcp") },
          { property: "template.containers[0].envs[REGION].value", text: known("us-central1") },
        ]),
      },
    ]);
  });

  it.each([
    ["nothing set", {}, {}, 0, 100],
    ["the service's minimum", { minInstanceCount: 3 }, {}, 3, 100],
    ["the revision's minimum", {}, { minInstanceCount: 4 }, 4, 100],
    ["both", { minInstanceCount: 3, maxInstanceCount: 9 }, { minInstanceCount: 5, maxInstanceCount: 7 }, 5, 7],
    ["a maximum of 0, which is none", { maxInstanceCount: 0 }, {}, 0, 100],
    [
      "manual scaling",
      { scalingMode: "MANUAL", manualInstanceCount: 6, minInstanceCount: 1 },
      { maxInstanceCount: 7 },
      6,
      6,
    ],
    ["manual scaling without a number", { scalingMode: "MANUAL" }, {}, 0, 0],
  ])("runs as many instances as it says: %s", (_, service, revision, minimum, maximum) => {
    const graph = withChange(
      withChange(goodDesign(), SERVICE, "scaling", service),
      SERVICE,
      "template.scaling",
      revision,
    );
    expect(computeOf(graph).minimum).toEqual(known(minimum));
    expect(computeOf(graph).maximum).toEqual(known(maximum));
  });

  it.each([
    ["scaling.minInstanceCount", "minimum"],
    ["scaling.scalingMode", "minimum"],
    ["scaling.maxInstanceCount", "maximum"],
  ] as const)("does not know its size where %s is not known", (path, key) => {
    const graph = unknownAt(goodDesign(), SERVICE, path);
    expect(computeOf(graph)[key]).toEqual(later_(graph, SERVICE, path));
  });

  it("stands in each region of a multi-region service, with one address for all", () => {
    const graph = designFrom([
      resource("gcp:cloudrunv2/service:Service", "api", {
        project: PROJECT,
        location: "global",
        invokerIamDisabled: true,
        multiRegionSettings: { regions: ["us-east4", "us-central1"] },
        template: { containers: [{ image: "us-docker.pkg.dev/p/r/api" }] },
      }),
    ]);
    const urn = urnOf(graph, "api");
    const parts = partsOf(gcpKinds, graph, "api");
    expect(parts.map(({ id, place }) => [id, place.region])).toEqual([
      [`${urn}#us-central1`, known("us-central1")],
      [`${urn}#us-east4`, known("us-east4")],
      [`${urn}#address`, known("global")],
    ]);
    expect(parts[2]?.needs).toEqual([
      { what: "what answers there", atLeast: 1, of: [`${urn}#us-central1`, `${urn}#us-east4`] },
    ]);
  });

  it("still has an image where its containers are not known, and says that it is not known", () => {
    const graph = unknownAt(goodDesign(), SERVICE, "template.containers");
    const missing = later_(graph, SERVICE, "template.containers");
    const compute = computeOf(graph);
    expect(compute.texts).toEqual(missing);
    expect(compute.dependencies[0]).toEqual({
      kind: "image",
      urn: urnOf(graph, SERVICE),
      property: "template.containers",
      parts: [],
      cloud: missing,
      regions: missing,
    });
  });

  it("finds the repository of an image that is built in the same update, through what builds it", () => {
    const path = "template.containers[0].image";
    const graph = withChange(
      withMore(
        goodDesign(),
        resource("docker-build:index:Image", "built", { tags: [ref("us-central1-images", "registryUri")] }),
      ),
      SERVICE,
      path,
      ref("built", "ref"),
    );
    expect(computeOf(graph).dependencies[0]).toEqual({
      kind: "image",
      urn: urnOf(graph, SERVICE),
      property: path,
      parts: [urnOf(graph, "us-central1-images")],
      cloud: known("gcp"),
      regions: known(["us-central1"]),
    });
  });

  it("reads another region's registry and secret where it names them", () => {
    const image = withChange(
      goodDesign(),
      SERVICE,
      "template.containers[0].image",
      "us-east4-docker.pkg.dev/example-us-east4/exchange/exchange@sha256:00",
    );
    expect(computeOf(image).dependencies[0]).toMatchObject({
      parts: [urnOf(image, "us-east4-images")],
      regions: known(["us-east4"]),
    });
    const path = "template.containers[0].envs[2].valueSource.secretKeyRef.secret";
    const credentials = withChange(
      goodDesign(),
      SERVICE,
      path,
      "projects/example-us-east4/secrets/credentials-us-east4",
    );
    expect(computeOf(credentials).dependencies[1]).toMatchObject({
      parts: [urnOf(credentials, "us-east4-credentials")],
      regions: known(["us-east4"]),
    });
  });

  it("does not know where a secret is kept that stands outside the design, nor one that is not told yet", () => {
    const path = "template.containers[0].envs[2].valueSource.secretKeyRef.secret";
    const outside = withChange(goodDesign(), SERVICE, path, "credentials-of-others");
    expect(computeOf(outside).dependencies[1]).toEqual({
      kind: "secret",
      urn: urnOf(outside, SERVICE),
      property: path,
      parts: [],
      cloud: known("gcp"),
      regions: {
        known: false,
        urn: urnOf(outside, SERVICE),
        property: path,
        why: "points to something outside this design",
      },
    });
    const hidden = unknownAt(without(goodDesign(), "us-central1-credentials"), SERVICE, "template.containers[0].envs");
    expect(computeOf(hidden).dependencies.map(({ kind }) => kind)).toEqual(["image", "key"]);
  });

  it("hands out no secret and loses no text beside one", () => {
    const graph = withChange(goodDesign(), SERVICE, "template.containers[0].envs[0].value", secret);
    expect(computeOf(graph).texts).toEqual(
      known([
        {
          property: "template.containers[0].envs[CLOUD].value",
          text: {
            known: false,
            urn: urnOf(graph, SERVICE),
            property: "template.containers[0].envs[0].value",
            why: "is a secret",
          },
        },
        { property: "template.containers[0].envs[REGION].value", text: known("us-central1") },
      ]),
    );
  });

  it.each<[string, Record<string, unknown>, unknown]>([
    ["no ingress set and nobody asked for a right", { invokerIamDisabled: true }, known(true)],
    ["ingress for all", { ingress: "INGRESS_TRAFFIC_ALL", invokerIamDisabled: true }, known(true)],
    ["callers need a right that is granted to nobody", { ingress: "INGRESS_TRAFFIC_ALL" }, known(false)],
    [
      "only a balancer gets in",
      { ingress: "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER", invokerIamDisabled: true },
      undefined,
    ],
    ["only the network gets in", { ingress: "INGRESS_TRAFFIC_INTERNAL_ONLY" }, undefined],
    ["its address is turned off", { invokerIamDisabled: true, defaultUriDisabled: true }, undefined],
  ])("is a way in by itself only where clients get in: %s", (_, inputs, isPublic) => {
    const graph = designFrom([
      resource("gcp:cloudrunv2/service:Service", "api", {
        project: PROJECT,
        location: "us-central1",
        ...inputs,
      }),
    ]);
    const entry = partsOf(gcpKinds, graph, "api").find(({ role }) => role === "entry");
    expect(entry?.role === "entry" ? entry.isPublic : undefined).toEqual(isPublic);
    expect(entry?.id).toEqual(isPublic === undefined ? undefined : `${urnOf(graph, "api")}#address`);
  });

  it.each([
    ["ServiceIamMember", { member: "allUsers" }, known(true)],
    ["ServiceIamMember", { member: "user:a@example.com" }, known(false)],
    ["ServiceIamBinding", { members: ["user:a@example.com", "allUsers"] }, known(true)],
    [
      "ServiceIamPolicy",
      { policyData: '{"bindings":[{"members":["allUsers"],"role":"roles/run.invoker"}]}' },
      known(true),
    ],
  ])("is public where a grant is for all: %s %j", (name, grant, isPublic) => {
    const graph = designFrom([
      resource("gcp:cloudrunv2/service:Service", "api", { project: PROJECT, location: "us-central1", name: "api" }),
      resource(`gcp:cloudrunv2/${name.charAt(0).toLowerCase()}${name.slice(1)}:${name}`, "grant", {
        project: PROJECT,
        location: "us-central1",
        name: ref("api", "name"),
        role: "roles/run.invoker",
        ...grant,
      }),
    ]);
    expect(partOf(gcpKinds, graph, "api", "entry").isPublic).toEqual(isPublic);
  });

  it("does not know whether it is public where the grant's member or the ingress is not known", () => {
    const graph = designFrom([
      resource("gcp:cloudrunv2/service:Service", "api", { project: PROJECT, location: "us-central1" }),
      resource("gcp:cloudrunv2/serviceIamMember:ServiceIamMember", "grant", {
        name: ref("api", "name"),
        member: later,
      }),
    ]);
    expect(partOf(gcpKinds, graph, "api", "entry").isPublic).toEqual(later_(graph, "grant", "member"));
    const ingress = unknownAt(graph, "api", "ingress");
    expect(partOf(gcpKinds, ingress, "api", "entry").isPublic).toEqual(later_(ingress, "api", "ingress"));
  });

  it("stands nowhere that is known where its location is not", () => {
    const graph = unknownAt(goodDesign(), SERVICE, "location");
    expect(computeOf(graph).place.region).toEqual(later_(graph, SERVICE, "location"));
  });

  it("takes the region of its provider where it says none", () => {
    const provider = resource("pulumi:providers:gcp", "google", { region: "us-west1" });
    const graph = withOptions(withChange(withMore(goodDesign(), provider), SERVICE, "location", undefined), SERVICE, {
      provider: "google",
    });
    expect(computeOf(graph).place.region).toEqual(known("us-west1"));
  });
});

describe("a service of Cloud Run's first API", () => {
  const v1 = (annotations: Record<string, string>, revision: Record<string, string>) =>
    designFrom([
      resource("gcp:secretmanager/secret:Secret", "credentials", {
        project: PROJECT,
        secretId: "credentials",
        replication: { auto: {} },
      }),
      resource("gcp:cloudrun/service:Service", "api", {
        project: PROJECT,
        location: "us-central1",
        metadata: { annotations },
        template: {
          metadata: { annotations: revision },
          spec: {
            containers: [
              {
                image: "nginx:1",
                args: ["--region", "us-central1"],
                envs: [
                  { name: "KEY", valueFrom: { secretKeyRef: { name: "credentials", key: "1" } } },
                  { name: "PLAIN", value: "text" },
                ],
              },
            ],
          },
        },
      }),
    ]);

  it("says by annotations what the second API says by properties", () => {
    const graph = v1(
      { "run.googleapis.com/ingress": "internal-and-cloud-load-balancing" },
      { "autoscaling.knative.dev/minScale": "4", "autoscaling.knative.dev/maxScale": "20" },
    );
    const urn = urnOf(graph, "api");
    const [compute, ...rest] = partsOf(gcpKinds, graph, "api");
    expect(rest).toEqual([]);
    expect(compute).toMatchObject({
      id: urn,
      minimum: known(4),
      maximum: known(20),
      dependencies: [
        { kind: "image", cloud: known("other"), regions: known(["global"]), parts: [] },
        { kind: "secret", cloud: known("gcp"), regions: known(["global"]), parts: [urnOf(graph, "credentials")] },
      ],
      texts: known([
        { property: "template.spec.containers[0].envs[PLAIN].value", text: known("text") },
        { property: "template.spec.containers[0].args[0]", text: known("--region") },
        { property: "template.spec.containers[0].args[1]", text: known("us-central1") },
      ]),
    });
  });

  it.each<[Record<string, string>, Record<string, string>, number, number]>([
    [{}, {}, 0, 100],
    [{ "run.googleapis.com/minScale": "2" }, { "autoscaling.knative.dev/minScale": "1" }, 2, 100],
    [{ "run.googleapis.com/scalingMode": "manual", "run.googleapis.com/manualInstanceCount": "5" }, {}, 5, 5],
  ])("is as large as its annotations say: %j %j", (service, revision, minimum, maximum) => {
    const compute = partOf(gcpKinds, v1(service, revision), "api", "compute");
    expect([compute.minimum, compute.maximum]).toEqual([known(minimum), known(maximum)]);
  });

  it("does not know a size that is no number", () => {
    const graph = v1({ "run.googleapis.com/minScale": "many" }, {});
    expect(partOf(gcpKinds, graph, "api", "compute").minimum).toEqual({
      known: false,
      urn: urnOf(graph, "api"),
      property: "metadata.annotations[run.googleapis.com/minScale]",
      why: "has a form that is not understood",
    });
  });

  it("is public by default to those who have the right, and to all where no right is asked for", () => {
    expect(partOf(gcpKinds, v1({}, {}), "api", "entry").isPublic).toEqual(known(false));
    const free = v1({ "run.googleapis.com/invoker-iam-disabled": "true" }, {});
    expect(partOf(gcpKinds, free, "api", "entry").isPublic).toEqual(known(true));
    const granted = withMore(
      v1({}, {}),
      resource("gcp:cloudrun/iamMember:IamMember", "grant", { service: ref("api", "name"), member: "allUsers" }),
    );
    expect(partOf(gcpKinds, granted, "api", "entry").isPublic).toEqual(known(true));
  });
});
