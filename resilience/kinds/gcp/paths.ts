import { valueOr } from "../../fact";
import type { Resource } from "../../graph";
import { list } from "../../reader";

/** Paths of the elements of a list, as far as it is known: `backends[0]`, `backends[1]`. */
export function elements(resource: Resource, path: string): string[] {
  return valueOr(list(resource, path), []).map((_, place) => `${path}[${String(place)}]`);
}

/** Id of the entry of what is compute and entry in one. */
export function addressId(urn: string): string {
  return `${urn}#address`;
}
