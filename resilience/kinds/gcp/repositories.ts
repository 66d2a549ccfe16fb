import { known, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Kind, Part, Surroundings } from "../../model";
import { placeAt, placeBy } from "./locations";

/** Type token of a repository of Artifact Registry. */
export const REPOSITORY = "gcp:artifactregistry/repository:Repository";
const REGISTRY = "gcp:container/registry:Registry";

/**
 * Registries of images. A repository stands in its location, whatever its mode: a virtual or remote one hands out what it cached from there
 * (docs.cloud.google.com/artifact-registry/docs/repositories/remote-overview). The registry behind `gcr.io` is multi-regional.
 */
export const repositoryKinds: readonly Kind[] = [
  { types: [REPOSITORY], parts: (resource, around) => imageStore(resource, placeBy(resource, "location", around)) },
  {
    types: [REGISTRY],
    parts: (resource, around) =>
      imageStore(resource, placeAt(resource, known({ region: "global", zones: [] }), around)),
  },
];

function imageStore(resource: Resource, place: ReturnType<Surroundings["placeOf"]>): Part[] {
  const regions: Fact<string[]> = place.region.known ? known([place.region.value]) : place.region;
  return [{ role: "image", id: resource.urn, urn: resource.urn, label: resource.name, place, needs: [], regions }];
}
