import { chainFact, known, mapFact, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { Part, Quorum, Surroundings, Voter } from "../../../model";

/**
 * The quorum (`URN#quorum`) of a store that asks a majority of its regions, with a voter in each (`URN#voter-us-west-2`).
 *
 * @param others - the regions besides the store's own, the witness among them.
 */
export function majorityOf(resource: Resource, around: Surroundings, others: Fact<string[]>): Part[] {
  const place = around.placeOf(resource);
  const regions = chainFact(place.region, (own) => mapFact(others, (more) => [...new Set([own, ...more])].sort()));
  const named = regions.known ? regions.value : [];
  const voters = named.map((region): Voter => ({
    role: "voter",
    id: `${resource.urn}#voter-${region}`,
    urn: resource.urn,
    label: `${resource.name} in ${region}`,
    place: { ...place, region: known(region), zones: known([]) },
    needs: [],
    group: resource.name,
    packedBy: known(undefined),
  }));
  const ids = voters.map(({ id }) => id);
  const quorum: Quorum = {
    role: "quorum",
    id: `${resource.urn}#quorum`,
    urn: resource.urn,
    label: resource.name,
    // It stands where its voters do, and nowhere itself.
    place: { ...place, cloud: "other", region: known("global"), account: known(""), zones: known([]) },
    needs: [
      {
        what: "a majority of its regions",
        atLeast: Math.floor(ids.length / 2) + 1,
        of: ids,
        ...(regions.known ? {} : { unknown: regions }),
      },
    ],
    voters: ids,
  };
  return [quorum, ...voters];
}
