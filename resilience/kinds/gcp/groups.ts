import { known, mapFact, unknown, valueOr, withDefault, type Fact, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import { GLOBAL, type Surroundings } from "../../model";
import { boolean, number, property, text } from "../../reader";
import { originAt } from "../origins";
import { APP_VERSIONS } from "./app-engine";
import { NODE_POOL } from "./clusters";
import { FUNCTION_V1, FUNCTION_V2 } from "./functions";
import { linked, linkedByEach, pointingTo } from "./links";
import { MANAGED_GROUPS } from "./machine-groups";
import { MACHINES } from "./machines";
import { ATTACHMENT } from "./routes";
import { RUN_SERVICE, runComputeIds } from "./run";
import { RUN_V1_SERVICE } from "./run-v1";

const MACHINE_GROUP = "gcp:compute/instanceGroup:InstanceGroup";
const MEMBERSHIP = "gcp:compute/instanceGroupMembership:InstanceGroupMembership";
const REGIONAL_NEG = "gcp:compute/regionNetworkEndpointGroup:RegionNetworkEndpointGroup";
const ZONAL_NEG = "gcp:compute/networkEndpointGroup:NetworkEndpointGroup";
const GLOBAL_NEG = "gcp:compute/globalNetworkEndpointGroup:GlobalNetworkEndpointGroup";
const ENDPOINT = "gcp:compute/networkEndpoint:NetworkEndpoint";
const ENDPOINTS = "gcp:compute/networkEndpointList:NetworkEndpointList";
const REGIONAL_ENDPOINT = "gcp:compute/regionNetworkEndpoint:RegionNetworkEndpoint";
const GLOBAL_ENDPOINT = "gcp:compute/globalNetworkEndpoint:GlobalNetworkEndpoint";
const RULE = "gcp:compute/forwardingRule:ForwardingRule";
const GATEWAY = "gcp:apigateway/gateway:Gateway";

/** Types that a backend of a backend service can name. */
export const GROUPS: readonly string[] = [
  ...MANAGED_GROUPS,
  NODE_POOL,
  MACHINE_GROUP,
  REGIONAL_NEG,
  ZONAL_NEG,
  GLOBAL_NEG,
];

/** Types that stand between a balancer and what answers, and are read on the way. */
export const GROUP_TYPES: readonly string[] = [
  MACHINE_GROUP,
  MEMBERSHIP,
  REGIONAL_NEG,
  ZONAL_NEG,
  GLOBAL_NEG,
  ENDPOINT,
  ENDPOINTS,
  REGIONAL_ENDPOINT,
  GLOBAL_ENDPOINT,
  ATTACHMENT,
];

/** What a group leads to. */
export interface Members {
  /** Ids of parts, sorted. */
  ids: string[];
  /** Why it is not known what else it leads to. */
  missing: Unknown | undefined;
  /** Whether the group is serverless: no balancer may check its health (docs.cloud.google.com/load-balancing/docs/negs/serverless-neg-concepts). */
  isServerless: boolean;
  /** Whether everything in it reports its health by itself, as Cloud Run does where containers have a readiness probe. */
  reportsHealth: boolean;
}

/** The parts that a group leads to. */
export function membersOf(group: Resource, around: Surroundings): Members {
  if (group.type === NODE_POOL || MANAGED_GROUPS.includes(group.type)) return members([group.urn], undefined);
  if (group.type === MACHINE_GROUP) return machinesOf(group, around);
  if (group.type === ZONAL_NEG) return zonalMembers(group, around);
  if (group.type === GLOBAL_NEG) return addressMembers(group, [GLOBAL_ENDPOINT], "globalNetworkEndpointGroup", around);
  return regionalMembers(group, around);
}

function members(ids: readonly string[], missing: Unknown | undefined): Members {
  return { ids: [...new Set(ids)].sort(), missing, isServerless: false, reportsHealth: false };
}

function machinesOf(group: Resource, around: Surroundings): Members {
  const listed = linkedByEach(group, "instances", "", MACHINES, around);
  const joined = pointingTo(group, "instanceGroup", [MEMBERSHIP], around).map((each) =>
    linked(each, "instance", MACHINES, around),
  );
  const all = [...listed.resources, ...joined.flatMap((each) => valueOr(each, []))];
  const missing = listed.missing ?? joined.find((each): each is Unknown => !each.known);
  return members(
    all.map(({ urn }) => urn),
    missing ?? emptyIf(all.length === 0, group, "instances", "lists no machine in this design"),
  );
}

function emptyIf(isEmpty: boolean, group: Resource, path: string, why: string): Unknown | undefined {
  return isEmpty ? unknown(group.urn, path, why) : undefined;
}

/** Endpoints of a zone: machines by name, or addresses outside Google. GKE fills such a group by itself, and then nobody sees with what. */
function zonalMembers(group: Resource, around: Surroundings): Members {
  const single = pointingTo(group, "networkEndpointGroup", [ENDPOINT], around).map((each) =>
    linked(each, "instance", MACHINES, around),
  );
  const several = pointingTo(group, "networkEndpointGroup", [ENDPOINTS], around).map((each) =>
    linkedByEach(each, "networkEndpoints", "instance", MACHINES, around),
  );
  const found = [...single.flatMap((each) => valueOr(each, [])), ...several.flatMap(({ resources }) => resources)];
  const missing =
    single.find((each): each is Unknown => !each.known) ?? several.find((each) => each.missing !== undefined)?.missing;
  const why = "has no endpoint in this design: GKE or another controller may fill it";
  return members(
    found.map(({ urn }) => urn),
    missing ?? emptyIf(found.length === 0, group, "networkEndpointType", why),
  );
}

/** Endpoints by address: what a name or an address leads to, in this design or outside of it. */
function addressMembers(group: Resource, types: readonly string[], property_: string, around: Surroundings): Members {
  const endpoints = pointingTo(group, property_, types, around);
  const ids = endpoints.flatMap((endpoint) => {
    const machines = valueOr(linked(endpoint, "instance", MACHINES, around), []);
    if (machines.length > 0) return machines.map(({ urn }) => urn);
    const name = property(endpoint, "fqdn");
    return originAt(endpoint, name.known && name.value === undefined ? "ipAddress" : "fqdn", around);
  });
  return members(ids, emptyIf(ids.length === 0, group, "networkEndpointType", "has no endpoint in this design"));
}

function regionalMembers(group: Resource, around: Surroundings): Members {
  const type = withDefault(text(group, "networkEndpointType"), "SERVERLESS");
  if (!type.known) return members([], type);
  if (type.value === "SERVERLESS") return serverlessMembers(group, around);
  if (type.value === "PRIVATE_SERVICE_CONNECT") return attached(group, around);
  return addressMembers(group, [REGIONAL_ENDPOINT], "regionNetworkEndpointGroup", around);
}

/** Private Service Connect: the balancer behind a service attachment. */
function attached(group: Resource, around: Surroundings): Members {
  const attachments = linked(group, "pscTargetService", [ATTACHMENT], around);
  if (!attachments.known) return members([], attachments);
  const rules = attachments.value.map((attachment) => linked(attachment, "targetService", [RULE], around));
  const found = rules.flatMap((each) => valueOr(each, []));
  const missing = rules.find((each): each is Unknown => !each.known);
  const why = "names no service attachment of this design";
  return members(
    found.map(({ urn }) => urn),
    missing ?? emptyIf(found.length === 0, group, "pscTargetService", why),
  );
}

const RUNNING = [RUN_SERVICE, RUN_V1_SERVICE, FUNCTION_V2];

/** What a serverless group names. Names are unique in a region, and the group stands in that of what it names. */
function serverlessMembers(group: Resource, around: Surroundings): Members {
  const region = valueOr(around.placeOf(group).region, undefined);
  const here = (found: Fact<Resource[]>): Fact<Resource[]> => {
    if (!found.known) return found;
    const near = found.value.filter((each) => isIn(each, region, around));
    return near.length > 0 || found.value.length === 0
      ? known(near)
      : unknown(group.urn, "region", "is not the region of what it names");
  };
  const named: Fact<Resource[]>[] = [
    here(linked(group, "cloudRun.service", RUNNING, around)),
    here(linked(group, "cloudFunction.function", [FUNCTION_V1, FUNCTION_V2], around)),
    here(linked(group, "serverlessDeployment.resource", [GATEWAY], around)),
    appVersions(group, around),
  ];
  const found = named.flatMap((each) => valueOr(each, []));
  const missing = named.find((each): each is Unknown => !each.known);
  const why = "names nothing that answers; a mask of addresses is not followed";
  return {
    ids: [...new Set(found.flatMap((each) => idsOf(each, region, around)))].sort(),
    missing: missing ?? emptyIf(found.length === 0, group, "cloudRun.service", why),
    isServerless: true,
    reportsHealth: found.length > 0 && missing === undefined && found.every(hasReadinessProbe),
  };
}

function idsOf(resource: Resource, region: string | undefined, around: Surroundings): string[] {
  if (isInternal(resource)) return [];
  return resource.type === RUN_SERVICE ? runComputeIds(resource, region, around) : [resource.urn];
}

/** Ingress that refuses external balancers as well (docs.cloud.google.com/run/docs/securing/ingress): nothing of it answers behind one. */
function isInternal(resource: Resource): boolean {
  return valueOr(text(resource, "ingress"), undefined) === "INGRESS_TRAFFIC_INTERNAL_ONLY";
}

function isIn(resource: Resource, region: string | undefined, around: Surroundings): boolean {
  const own = valueOr(around.placeOf(resource).region, region);
  return region === undefined || own === undefined || own === region || own === GLOBAL;
}

function appVersions(group: Resource, around: Surroundings): Fact<Resource[]> {
  const asked = property(group, "appEngine");
  if (!asked.known) return asked;
  if (asked.value === undefined) return known([]);
  return mapFact(withDefault(text(group, "appEngine.service"), "default"), (service) =>
    APP_VERSIONS.flatMap((type) => around.index.ofType(type)).filter(
      (version) => valueOr(withDefault(text(version, "service"), "default"), service) === service,
    ),
  );
}

/**
 * Cloud Run tells a global balancer how its services are where they have a readiness probe and at least one instance that always runs
 * (docs.cloud.google.com/run/docs/configuring/configure-service-health).
 */
function hasReadinessProbe(service: Resource): boolean {
  if (service.type !== RUN_SERVICE) return false;
  const probe = property(service, "template.containers[0].readinessProbe");
  const isDisabled = valueOr(withDefault(boolean(service, "template.healthCheckDisabled"), false), true);
  const minimums = ["scaling.minInstanceCount", "template.scaling.minInstanceCount"].map((path) =>
    valueOr(withDefault(number(service, path), 0), 0),
  );
  return probe.known && probe.value !== undefined && !isDisabled && Math.max(...minimums) > 0;
}
