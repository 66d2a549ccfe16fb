import { known, mapFact, unknown, valueOr, withDefault } from "../../fact";
import type { Resource } from "../../graph";
import type { Entry, Kind, Need, Part, Surroundings } from "../../model";
import { text } from "../../reader";
import { RULES } from "./entries";
import { linked } from "./links";
import { placeBy, regionalPlace } from "./locations";
import { destinationsOf, isBalancer, SERVICES } from "./routes";
import { RUN_V1_SERVICE } from "./run-v1";
import { RUN_SERVICE, runComputeIds } from "./run";
import { backingOf, checksOf, needsOf } from "./services";

const GATEWAY = "gcp:apigateway/gateway:Gateway";
const MAPPING = "gcp:cloudrun/domainMapping:DomainMapping";

/**
 * Ways in: forwarding rules of every balancer, API gateways, hostnames that Cloud Run answers by itself. A global balancer is one front that Google runs for all
 * regions, so its place is GLOBAL: no region takes it away, and what hits all of Google does (docs.cloud.google.com/load-balancing/docs/https).
 */
export const balancerKinds: readonly Kind[] = [
  { types: RULES, parts: ruleOf },
  { types: [GATEWAY], parts: gatewayOf },
  { types: [MAPPING], parts: mappingOf },
];

function ruleOf(resource: Resource, around: Surroundings): Part[] {
  if (!isBalancer(resource, around)) return [];
  const { resources, missing } = destinationsOf(resource, around);
  const needs = resources.flatMap((destination) => needsOf(backingOf(destination, around)));
  const open: Need[] = missing === undefined ? [] : [{ what: "a backend", atLeast: 1, of: [], unknown: missing }];
  const place = around.placeOf(resource);
  const entry: Entry = {
    role: "entry",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: resource.type === RULES[0] ? regionalPlace(resource, around) : place,
    needs: [...needs, ...open],
    // EXTERNAL is the default of both kinds of rule (the provider's pages); private connections write an empty text.
    isPublic: mapFact(withDefault(text(resource, "loadBalancingScheme"), "EXTERNAL"), (scheme) =>
      scheme.startsWith("EXTERNAL"),
    ),
    checks: resources.filter(({ type }) => SERVICES.includes(type)).flatMap((service) => checksOf(service, around)),
  };
  return [entry];
}

/** Its backends stand in an API document, which is not read. */
function gatewayOf(resource: Resource, around: Surroundings): Part[] {
  const missing = unknown(resource.urn, "apiConfig", "names its backends in an API document, which is not read");
  return [
    entryAt(resource, regionalPlace(resource, around), [{ what: "a backend", atLeast: 1, of: [], unknown: missing }]),
  ];
}

function mappingOf(resource: Resource, around: Surroundings): Part[] {
  const services = linked(resource, "spec.routeName", [RUN_SERVICE, RUN_V1_SERVICE], around);
  const of = valueOr(services, []).flatMap((service) =>
    service.type === RUN_SERVICE ? runComputeIds(service, undefined, around) : [service.urn],
  );
  const need: Need = { what: "its service", atLeast: 1, of, ...(services.known ? {} : { unknown: services }) };
  return [entryAt(resource, placeBy(resource, "location", around), [need])];
}

function entryAt(resource: Resource, place: Entry["place"], needs: Need[]): Entry {
  return {
    role: "entry",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place,
    needs,
    isPublic: known(true),
    checks: [],
  };
}
