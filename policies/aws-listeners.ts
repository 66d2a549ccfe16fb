import type { Resource } from "../resilience/graph";
import type { GraphIndex } from "../resilience/index-of";
import { pointed } from "../resilience/kinds/aws/pointers";
import { LISTENERS } from "../resilience/kinds/aws/types";
import { isObject, own, type Json } from "../resilience/values";

/** The listeners of a load balancer of AWS, by URN. */
export function listenersOf(index: GraphIndex, balancer: Resource): Resource[] {
  return index
    .dependants(balancer.urn)
    .filter(
      (listener) =>
        (LISTENERS as readonly string[]).includes(listener.type) &&
        pointed(index, listener, "loadBalancerArn", [balancer.type]).resources.includes(balancer),
    );
}

/** Whether an action of a listener or of its rule answers by itself and sends nothing on: a redirect, a fixed response. */
export function answersItself(action: Json): boolean {
  const type = isObject(action) ? own(action, "type") : undefined;
  return type === "redirect" || type === "fixed-response";
}
