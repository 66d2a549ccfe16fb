import { mapFact, valueOr, withDefault } from "../../fact";
import type { Resource } from "../../graph";
import type { Entry, Kind, Part, Surroundings } from "../../model";
import { text } from "../../reader";
import { referenced } from "../../references";

const RULE = "gcp:compute/forwardingRule:ForwardingRule";
const STEPS: [string, string[]][] = [
  ["target", ["gcp:compute/regionTargetHttpsProxy:RegionTargetHttpsProxy"]],
  ["urlMap", ["gcp:compute/regionUrlMap:RegionUrlMap"]],
  ["defaultService", ["gcp:compute/regionBackendService:RegionBackendService"]],
  ["backends", ["gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup"]],
  ["cloudRun", ["gcp:cloudrunv2/service:Service"]],
];

/** Regional load balancers. */
export const balancerKinds: readonly Kind[] = [{ types: [RULE], parts: entryOf }];

function entryOf(resource: Resource, around: Surroundings): Part[] {
  let at = [resource];
  for (const [property, types] of STEPS) {
    at = at.flatMap((each) => valueOr(referenced(around.index, each, property, types), []));
  }
  const entry: Entry = {
    role: "entry",
    id: resource.urn,
    urn: resource.urn,
    label: resource.name,
    place: around.placeOf(resource),
    needs: [{ what: "a backend", atLeast: 1, of: [...new Set(at.map(({ urn }) => urn))] }],
    isPublic: mapFact(withDefault(text(resource, "loadBalancingScheme"), "EXTERNAL"), (scheme) =>
      scheme.startsWith("EXTERNAL"),
    ),
    checks: [],
  };
  return [entry];
}
