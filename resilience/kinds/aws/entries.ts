import type { Resource } from "../../graph";
import type { Surroundings } from "../../model";
import { pointed } from "./pointers";
import { oncePerGraph, push } from "../once";
import { entryIdOf } from "./own-entry";
import {
  APP_RUNNER,
  BALANCERS,
  CLASSIC_BALANCER,
  ECS_EXPRESS,
  EIP,
  EIP_ASSOCIATION,
  FUNCTION_URL,
  GRAPHQL_API,
  GRAPHQL_DOMAIN,
  HTTP_API,
  HTTP_DOMAIN,
  INSTANCE,
  INTERFACE,
  REST_API,
  REST_DOMAIN,
  SPOT_INSTANCE,
} from "./types";

/** Types that are an entry under their own URN. */
const ENTRIES: ReadonlySet<string> = new Set([
  ...BALANCERS,
  CLASSIC_BALANCER,
  FUNCTION_URL,
  GRAPHQL_API,
  GRAPHQL_DOMAIN,
  HTTP_API,
  HTTP_DOMAIN,
  REST_API,
  REST_DOMAIN,
]);
/** Types that answer by themselves, so that the way in has an id of its own. */
const ANSWERING: ReadonlySet<string> = new Set([INSTANCE, SPOT_INSTANCE, APP_RUNNER, ECS_EXPRESS]);

/** What uses an address that was taken apart from it, by the address's URN. */
const usersOfAddress = oncePerGraph((index) => {
  const users = new Map<string, Resource[]>();
  for (const balancer of BALANCERS.flatMap((type) => index.ofType(type))) {
    for (const { urn } of pointed(index, balancer, "subnetMappings", [EIP]).resources) push(users, urn, balancer);
  }
  for (const association of index.ofType(EIP_ASSOCIATION)) {
    for (const { urn } of pointed(index, association, "allocationId", [EIP]).resources) {
      for (const instance of pointed(index, association, "instanceId", [INSTANCE]).resources)
        push(users, urn, instance);
    }
  }
  for (const address of index.ofType(EIP)) {
    const direct = pointed(index, address, "instance", [INSTANCE]).resources;
    for (const user of [...direct, ...behindInterface(address, "networkInterface", index)])
      push(users, address.urn, user);
  }
  return users;
});

function behindInterface(resource: Resource, path: string, index: Surroundings["index"]): Resource[] {
  return pointed(index, resource, path, [INTERFACE]).resources.flatMap((each) => [
    ...pointed(index, each, "attachments", [INSTANCE]).resources,
    ...index.dependants(each.urn).filter(({ type }) => type === INSTANCE),
  ]);
}

/**
 * Ids of the entries that an address of an AWS resource leads to: a load balancer's name to itself, an elastic address to what it is
 * bound to. Undefined for a type that has no address of its own.
 */
export function awsEntriesAt(resource: Resource, { index }: Surroundings): string[] | undefined {
  if (ENTRIES.has(resource.type)) return [resource.urn];
  if (ANSWERING.has(resource.type)) return [entryIdOf(resource.urn)];
  if (resource.type !== EIP) return undefined;
  const users = usersOfAddress(index).get(resource.urn) ?? [];
  return users.map((user) => (user.type === INSTANCE ? entryIdOf(user.urn) : user.urn));
}
