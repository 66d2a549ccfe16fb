import { allFacts, chainFact, known, mapFact, Reason, unknown, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import { GLOBAL, type Kind, type Part, type Surroundings } from "../../model";
import { boolean, list, property, text } from "../../reader";
import { spotOf } from "./locations";

const SECRET = "gcp:secretmanager/secret:Secret";
const REGIONAL = "gcp:secretmanager/regionalSecret:RegionalSecret";

/** Types that stand for a secret. */
export const SECRETS: readonly string[] = [SECRET, REGIONAL];

/** Secrets of Secret Manager. */
export const secretKinds: readonly Kind[] = [{ types: SECRETS, parts: secretOf }];

function secretOf(resource: Resource, around: Surroundings): Part[] {
  const regions = secretRegions(resource);
  const region = mapFact(regions, (all) => (all.length === 1 ? (all[0] ?? GLOBAL) : GLOBAL));
  return [
    {
      role: "secret",
      id: resource.urn,
      urn: resource.urn,
      label: resource.name,
      // One that is kept in several regions is read in any of them, so no single one takes it away.
      place: { ...around.placeOf(resource), region, zones: known([]) },
      needs: [],
      regions,
    },
  ];
}

/**
 * Regions in which a secret can be read: those of its user-managed replicas, `GLOBAL` under automatic replication, which spreads it over
 * regions that Google picks (docs.cloud.google.com/secret-manager/docs/choosing-replication). Sorted.
 */
export function secretRegions(secret: Resource): Fact<string[]> {
  if (secret.type === REGIONAL) {
    return chainFact(text(secret, "location"), (location): Fact<string[]> =>
      location === undefined ? unknown(secret.urn, "location", "is not set") : known([spotOf(location).region]),
    );
  }
  return chainFact(property(secret, "replication.auto"), (automatic): Fact<string[]> => {
    if (automatic !== undefined) return known([GLOBAL]);
    // The form of provider versions before 5 is still found in states.
    const older = boolean(secret, "replication.automatic");
    if (older.known && older.value === true) return known([GLOBAL]);
    return replicaRegions(secret);
  });
}

const REPLICAS = "replication.userManaged.replicas";

function replicaRegions(secret: Resource): Fact<string[]> {
  return chainFact(list(secret, REPLICAS), (replicas): Fact<string[]> => {
    const locations = replicas.map((_, place) => {
      const path = `${REPLICAS}[${String(place)}].location`;
      return chainFact(text(secret, path), (location): Fact<string> =>
        location === undefined ? unknown(secret.urn, path, Reason.Malformed) : known(spotOf(location).region),
      );
    });
    if (locations.length === 0) return unknown(secret.urn, "replication", "says nowhere where the secret is kept");
    return mapFact(allFacts(locations), (names) => [...new Set(names)].sort());
  });
}
