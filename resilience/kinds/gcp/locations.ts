import { chainFact, known, mapFact, Reason, unknown, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import { GLOBAL, type Place, type Surroundings } from "../../model";
import { lastSegment, regionOfZone } from "../../places";
import { text } from "../../reader";

/** Google's regions and zones by form (docs.cloud.google.com/compute/docs/regions-zones): `us-central1`, `us-central1-a`. */
const REGION = /^[a-z]+-[a-z]+\d+$/;
const ZONE = /^[a-z]+-[a-z]+\d+-[a-z]$/;

/** What a location names. */
export interface Spot {
  /** A region, or `GLOBAL` for what stands in several: `us`, `nam4`, `eur3`, `global`. It is lost with the cloud alone. */
  region: string;
  /** The zone, where it is one; empty: the vendor spreads it. */
  zones: string[];
}

/**
 * What a location, region or zone of Google is, in whatever form it is written: a self link, upper case (buckets), a zone, a region, or a
 * multi-region. Multi-regions keep serving without any one of their regions, so they are not split up
 * (docs.cloud.google.com/docs/geography-and-regions#multi-region_services).
 */
export function spotOf(location: string): Spot {
  const name = lastSegment(location).toLowerCase();
  if (ZONE.test(name)) return { region: regionOfZone("gcp", name), zones: [name] };
  return { region: REGION.test(name) ? name : GLOBAL, zones: [] };
}

/** A place with the region and zones of a spot. */
export function placeAt(resource: Resource, spot: Fact<Spot>, around: Surroundings): Place {
  return {
    ...around.placeOf(resource),
    region: mapFact(spot, ({ region }) => region),
    zones: mapFact(spot, ({ zones }) => zones),
  };
}

/** The place that a property of the resource names: `location`, `locationId`. Without it, the provider's region or zone. */
export function placeBy(resource: Resource, property: string, around: Surroundings): Place {
  const written = text(resource, property);
  if (written.known && written.value === undefined) return regionalPlace(resource, around);
  return placeAt(
    resource,
    mapFact(written, (location) => spotOf(location ?? "")),
    around,
  );
}

/** The place of what Google spreads over the zones of one region. */
export function regionalPlace(resource: Resource, around: Surroundings): Place {
  const place = around.placeOf(resource);
  return { ...place, region: mapFact(place.region, (region) => spotOf(region).region), zones: known([]) };
}

/** The place of what stands in one zone: its own `zone`, otherwise the provider's. A zone that nobody names is not known. */
export function zonalPlace(resource: Resource, around: Surroundings): Place {
  const provider = resource.provider === null ? undefined : around.index.byUrn.get(resource.provider);
  const zone = chainFact(text(resource, "zone"), (own): Fact<string | undefined> =>
    own === undefined && provider !== undefined ? text(provider, "zone") : known(own),
  );
  const spot = chainFact(zone, (name): Fact<Spot> =>
    name === undefined || name === ""
      ? unknown(resource.urn, "zone", "is set nowhere in the program")
      : ZONE.test(lastSegment(name))
        ? known(spotOf(name))
        : unknown(resource.urn, "zone", Reason.Malformed),
  );
  if (spot.known) return placeAt(resource, spot, around);
  return { ...around.placeOf(resource), zones: spot };
}
