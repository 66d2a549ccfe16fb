import type { Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Entry, Need, Surroundings } from "../../model";

/**
 * The door of an API that AWS runs: one resource, without checks of its own.
 *
 * @param needs - what answers behind it.
 * @param isPublic - whether the internet reaches it.
 */
export function apiEntry(resource: Resource, around: Surroundings, needs: Need[], isPublic: Fact<boolean>): Entry {
  return {
    role: "entry",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: around.placeOf(resource),
    needs,
    isPublic,
    checks: [],
  };
}
