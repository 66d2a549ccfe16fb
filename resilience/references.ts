import { known, Reason, unknown, type Fact, type Unknown } from "./fact";
import type { Resource } from "./graph";
import type { GraphIndex } from "./index-of";
import { property } from "./reader";
import { isObject, isSecret, unknownValue, type Json } from "./values";

/** One thing that a property points to: resources of the design, or a text that names something outside of it. */
export interface Reference {
  /** Resources that it may be, by URN; more than one where the recorder cannot tell them apart. */
  resources: Resource[];
  /** The text where it is known: an address, an ARN, a name. */
  text: string | undefined;
}

/** What a property, or a list of them, points to. */
export interface References {
  items: Reference[];
  /** Whether there is one item for each element, in the program's order. Otherwise the items are a set of all that may be meant. */
  isOrdered: boolean;
}

/**
 * What the property at a path points to. For a list each element is an item.
 *
 * A text is looked up under every id, ARN, self link and name of the design. What is only known later is told by the dependencies:
 * of that element where the recorder can tell, otherwise of the whole property, and then the order is lost.
 *
 * @param types - type tokens of what is looked for; everything else that the property depends on is left out. Empty: any.
 */
export function references(
  index: GraphIndex,
  resource: Resource,
  path: string,
  types: readonly string[] = [],
): Fact<References> {
  const whole = wholeValue(resource, path);
  if (whole === undefined) return known({ items: [], isOrdered: true });
  const elements = Array.isArray(whole)
    ? whole.map((value, place): [Json, string] => [value, `${path}[${String(place)}]`])
    : [[whole, path] as [Json, string]];
  const items: Reference[] = [];
  let isOrdered = true;
  let missing: Unknown | undefined;
  for (const [value, place] of elements) {
    const found = one(index, resource, value, place, types);
    if (found === undefined) missing ??= unknown(resource.urn, place, Reason.Later);
    else {
      items.push(...found.items);
      isOrdered &&= found.isExact;
    }
  }
  return missing ?? known({ items: isOrdered ? items : distinct(items), isOrdered });
}

/** The resources of those types that a property points to, in the program's order where it is known. */
export function referenced(
  index: GraphIndex,
  resource: Resource,
  path: string,
  types: readonly string[],
): Fact<Resource[]> {
  const fact = references(index, resource, path, types);
  return fact.known ? known([...new Set(fact.value.items.flatMap(({ resources }) => resources))]) : fact;
}

function one(
  index: GraphIndex,
  resource: Resource,
  value: Json,
  path: string,
  types: readonly string[],
): { items: Reference[]; isExact: boolean } | undefined {
  const wanted = (candidates: readonly Resource[]): Resource[] =>
    candidates.filter(({ type }) => types.length === 0 || types.includes(type));
  if (typeof value === "string" && value !== unknownValue) {
    const named = wanted(index.named(value));
    // A name may be shared by things of other places; then the dependencies tell which is meant.
    const depended = wanted(dependenciesAt(resource, path).urns.flatMap((urn) => index.byUrn.get(urn) ?? []));
    if (named.length === 0 && types.length > 0) return { items: [{ resources: depended, text: value }], isExact: true };
    const told = named.length > 1 ? named.filter((candidate) => depended.includes(candidate)) : [];
    return { items: [{ resources: told.length > 0 ? told : named, text: value }], isExact: true };
  }
  const isHidden = value === unknownValue || isSecret(value) || containsUnknown(value);
  if (!isHidden) return { items: [], isExact: true };
  const { urns, isExact } = dependenciesAt(resource, path);
  const candidates = wanted(urns.flatMap((urn) => index.byUrn.get(urn) ?? []));
  if (candidates.length === 0) return undefined;
  if (isExact || candidates.length === 1) {
    return { items: [{ resources: candidates, text: undefined }], isExact: true };
  }
  return { items: candidates.map((candidate) => ({ resources: [candidate], text: undefined })), isExact: false };
}

/** What the part of an input at a path depends on, and whether that is known for this part rather than for the whole input. */
export function dependenciesAt(resource: Resource, path: string): { urns: string[]; isExact: boolean } {
  const exact = new Set<string>();
  for (const [place, urns] of Object.entries(resource.references)) {
    if (place === path || place.startsWith(`${path}.`) || place.startsWith(`${path}[`)) {
      for (const urn of urns) exact.add(urn);
    }
  }
  if (exact.size > 0) return { urns: [...exact].sort(), isExact: path.includes("[") || path.includes(".") };
  const [top = ""] = path.split(/[.[]/);
  return { urns: resource.propertyDependencies[top] ?? [], isExact: false };
}

/** The value of a path as it stands, unknowns and secrets included. */
function wholeValue(resource: Resource, path: string): Json | undefined {
  const fact = property(resource, path);
  if (fact.known) return fact.value;
  return unknownValue;
}

function containsUnknown(value: Json): boolean {
  if (value === unknownValue || isSecret(value)) return true;
  if (Array.isArray(value)) return value.some(containsUnknown);
  return isObject(value) && Object.values(value).some(containsUnknown);
}

function distinct(items: readonly Reference[]): Reference[] {
  const seen = new Map<string, Reference>();
  for (const item of items) seen.set(`${item.resources.map(({ urn }) => urn).join(" ")} ${item.text ?? ""}`, item);
  return [...seen.values()];
}
