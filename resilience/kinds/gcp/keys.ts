import { chainFact, known, Reason, unknown, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Kind, Part, Place, Surroundings } from "../../model";
import { text } from "../../reader";
import { linked } from "./links";
import { placeAt, placeBy, spotOf, type Spot } from "./locations";

const RING = "gcp:kms/keyRing:KeyRing";
const KEY = "gcp:kms/cryptoKey:CryptoKey";
const HANDLE = "gcp:kms/keyHandle:KeyHandle";
const KEY_VERSION = "gcp:kms/cryptoKeyVersion:CryptoKeyVersion";

/** Types that stand for a key: a reference to any of them is one to a key. */
export const KEYS: readonly string[] = [KEY, HANDLE];

/** Keys of Cloud KMS. A version is read as its key: it has no place of its own. */
export const keyKinds: readonly Kind[] = [{ types: [KEY, HANDLE], parts: keyOf }];

/** Types around keys that decide nothing by themselves: a ring's location is read where a key is. */
export const KEY_NEIGHBOURS: readonly string[] = [RING, KEY_VERSION];

function keyOf(resource: Resource, around: Surroundings): Part[] {
  const place = keyPlace(resource, around);
  const regions: Fact<string[]> = place.region.known ? known([place.region.value]) : place.region;
  return [{ role: "key", id: resource.urn, urn: resource.urn, label: resource.name, place, needs: [], regions }];
}

/**
 * Where a key can be used: the location of its ring, which never changes and is never replicated by its owner. A multi-region key
 * (`us`, `global`) is GLOBAL (docs.cloud.google.com/kms/docs/locations).
 */
export function keyPlace(key: Resource, around: Surroundings): Place {
  if (key.type === HANDLE) return placeBy(key, "location", around);
  const spot = chainFact(text(key, "keyRing"), (ring): Fact<Spot> => {
    const location = /\/locations\/([^/]+)/.exec(ring ?? "")?.[1] ?? /^[^/]+\/([^/]+)\/[^/]+$/.exec(ring ?? "")?.[1];
    return location === undefined ? unknown(key.urn, "keyRing", Reason.Malformed) : known(spotOf(location));
  });
  const rings = linked(key, "keyRing", [RING], around);
  const [ring] = rings.known ? rings.value : [];
  if (ring === undefined) return placeAt(key, spot, around);
  const { region, zones, account } = placeBy(ring, "location", around);
  return { ...around.placeOf(key), region, zones, account };
}
