/**
 * Proves: where images, secrets and keys can be read, in plans and states, and that locations of every form are read alike. Leaves out: who reads them
 * (run.test.ts, machines.test.ts).
 */
import { describe, expect, it } from "vitest";
import { gcpKinds } from "../../../../resilience/kinds/gcp";
import { spotOf } from "../../../../resilience/kinds/gcp/locations";
import {
  asState,
  designFrom,
  later,
  ref,
  resource,
  urnOf,
  type DraftGraph,
  type Literal,
} from "../../../support/designs";
import { partsOf } from "../../../support/kinds";

const known = <T>(value: T) => ({ known: true, value });
const missing = (graph: DraftGraph, name: string, property: string, why = "is known only after an update") => ({
  known: false,
  urn: urnOf(graph, name),
  property,
  why,
});

describe("a location", () => {
  it.each([
    ["us-central1", "us-central1", []],
    ["US-CENTRAL1", "us-central1", []],
    ["us-central1-f", "us-central1", ["us-central1-f"]],
    ["northamerica-northeast2", "northamerica-northeast2", []],
    ["https://www.googleapis.com/compute/v1/projects/p/zones/europe-west3-a", "europe-west3", ["europe-west3-a"]],
    ["projects/p/regions/me-west1", "me-west1", []],
    ["US", "global", []],
    ["eu", "global", []],
    ["NAM4", "global", []],
    ["nam5", "global", []],
    ["global", "global", []],
    ["", "global", []],
  ])("%s is %s %j", (location, region, zones) => {
    expect(spotOf(location)).toEqual({ region, zones });
  });
});

describe("a repository of images", () => {
  it.each([
    ["us-central1", "us-central1"],
    ["us", "global"],
    ["europe", "global"],
  ])("in %s can be read in %s", (location, region) => {
    const graph = designFrom([
      resource("gcp:artifactregistry/repository:Repository", "images", {
        project: "p",
        location,
        repositoryId: "r",
        format: "DOCKER",
      }),
    ]);
    expect(partsOf(gcpKinds, graph, "images")).toEqual([
      {
        role: "image",
        id: urnOf(graph, "images"),
        urn: urnOf(graph, "images"),
        label: "images",
        place: { cloud: "gcp", region: known(region), account: known("p"), zones: known([]) },
        needs: [],
        regions: known([region]),
      },
    ]);
  });

  it("stands nowhere that is known where its location is not, and behind gcr.io in no one region", () => {
    const graph = designFrom([
      resource("gcp:artifactregistry/repository:Repository", "images", { project: "p", location: later }),
      resource("gcp:container/registry:Registry", "old", { project: "p", location: "EU" }),
    ]);
    expect(partsOf(gcpKinds, graph, "images")).toMatchObject([{ regions: missing(graph, "images", "location") }]);
    expect(partsOf(gcpKinds, graph, "old")).toMatchObject([{ regions: known(["global"]) }]);
  });
});

describe("a secret", () => {
  const SECRET = "gcp:secretmanager/secret:Secret";
  it.each<[string, string, Literal["inputs"], string, string[]]>([
    [
      "one replica",
      SECRET,
      { replication: { userManaged: { replicas: [{ location: "us-east4" }] } } },
      "us-east4",
      ["us-east4"],
    ],
    [
      "two replicas",
      SECRET,
      { replication: { userManaged: { replicas: [{ location: "us-east4" }, { location: "us-central1" }] } } },
      "global",
      ["us-central1", "us-east4"],
    ],
    ["automatic replication", SECRET, { replication: { auto: {} } }, "global", ["global"]],
    ["the older form of it", SECRET, { replication: { automatic: true } }, "global", ["global"]],
    [
      "a regional secret",
      "gcp:secretmanager/regionalSecret:RegionalSecret",
      { location: "us-west1" },
      "us-west1",
      ["us-west1"],
    ],
  ])("with %s can be read there", (_, type, inputs, region, regions) => {
    const graph = designFrom([resource(type, "secret", { project: "p", secretId: "s", ...inputs })]);
    expect(partsOf(gcpKinds, graph, "secret")).toMatchObject([
      { role: "secret", place: { region: known(region), zones: known([]) }, regions: known(regions) },
    ]);
  });

  it.each<[string, Literal["inputs"], string, string]>([
    ["the replication is not known", { replication: later }, "replication.auto", "is known only after an update"],
    [
      "a replica is not known",
      { replication: { userManaged: { replicas: [{ location: later }] } } },
      "replication.userManaged.replicas[0].location",
      "is known only after an update",
    ],
    [
      "a replica has no location",
      { replication: { userManaged: { replicas: [{}] } } },
      "replication.userManaged.replicas[0].location",
      "has a form that is not understood",
    ],
    ["nothing is said", {}, "replication", "says nowhere where the secret is kept"],
    ["it is malformed", { replication: "auto" }, "replication.auto", "has a form that is not understood"],
  ])("can be read nobody knows where, where %s", (_, inputs, property, why) => {
    const graph = designFrom([resource(SECRET, "secret", { project: "p", secretId: "s", ...inputs })]);
    const fact = missing(graph, "secret", property, why);
    expect(partsOf(gcpKinds, graph, "secret")).toMatchObject([{ place: { region: fact }, regions: fact }]);
  });
});

describe("a key", () => {
  const ring = (location: Literal["inputs"][string]): Literal =>
    resource("gcp:kms/keyRing:KeyRing", "ring", { project: "p", name: "r", location });
  const key = (keyRing: Literal["inputs"][string]): Literal =>
    resource("gcp:kms/cryptoKey:CryptoKey", "key", { keyRing });

  it.each<[string, Literal[]]>([
    ["its ring", [ring("us-central1"), key(ref("ring"))]],
    ["the ring's path", [key("projects/p/locations/us-central1/keyRings/r")]],
    ["the ring's short form", [key("p/us-central1/r")]],
    [
      "a handle's location",
      [resource("gcp:kms/keyHandle:KeyHandle", "key", { project: "p", location: "us-central1" })],
    ],
  ])("stands where it is told by %s", (_, literals) => {
    for (const graph of [designFrom(literals), asState(designFrom(literals))]) {
      expect(partsOf(gcpKinds, graph, "key")).toMatchObject([
        { role: "key", place: { region: known("us-central1") }, regions: known(["us-central1"]) },
      ]);
    }
  });

  it("of a multi-region ring can be used wherever Google works", () => {
    expect(partsOf(gcpKinds, designFrom([ring("us"), key(ref("ring"))]), "key")).toMatchObject([
      { regions: known(["global"]) },
    ]);
  });

  it("stands nowhere that is known where its ring does not", () => {
    const graph = designFrom([ring(later), key(ref("ring"))]);
    expect(partsOf(gcpKinds, graph, "key")).toMatchObject([{ regions: missing(graph, "ring", "location") }]);
    const lone = designFrom([key(later)]);
    expect(partsOf(gcpKinds, lone, "key")).toMatchObject([{ regions: missing(lone, "key", "keyRing") }]);
    const odd = designFrom([key("ring")]);
    expect(partsOf(gcpKinds, odd, "key")).toMatchObject([
      { regions: missing(odd, "key", "keyRing", "has a form that is not understood") },
    ]);
  });
});
