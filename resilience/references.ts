import { known, Reason, unknown, type Fact, type Unknown } from "./fact";
import type { Resource } from "./graph";
import { identitiesOf, type GraphIndex } from "./index-of";
import { property, segments } from "./reader";
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
 * What the property at a path points to. For a list each element is an item; an element that is an object points to what is named
 * anywhere in it.
 *
 * A text is looked up under every id, ARN, self link, name and address of the design. What is only known later is told by the
 * dependencies: of that element where the recorder can tell, otherwise of the whole property, and then the order is lost.
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
    const found = one({ index, resource, types }, value, place);
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

interface Search {
  index: GraphIndex;
  resource: Resource;
  types: readonly string[];
}

interface Found {
  items: Reference[];
  isExact: boolean;
}

function one(search: Search, value: Json, path: string): Found | undefined {
  const depended = dependenciesAt(search.resource, path);
  const around: Around = { ...depended, resources: resourcesOf(search, depended.urns), path };
  if (typeof value === "string" && value !== unknownValue) {
    return { items: [{ resources: ofText(search, value, around), text: value }], isExact: true };
  }
  const { texts, isHidden } = leavesOf(value);
  const named = [...texts].flatMap((text) => ofText(search, text, around));
  if (!isHidden)
    return { items: named.length === 0 ? [] : [{ resources: sorted(named), text: undefined }], isExact: true };
  const candidates = sorted([...named, ...around.resources]);
  if (candidates.length === 0) return undefined;
  // Of a list of unknowns of which nobody can tell which is which, each may be any.
  if (around.isExact || candidates.length === 1) {
    return { items: [{ resources: candidates, text: undefined }], isExact: true };
  }
  return { items: candidates.map((candidate) => ({ resources: [candidate], text: undefined })), isExact: false };
}

/** What the place of a text depends on. */
interface Around {
  path: string;
  isExact: boolean;
  resources: Resource[];
}

/** A name may be shared by things of other places, and a text may be put together from others: then the dependencies tell which is meant. */
function ofText(search: Search, text: string, { path, isExact, resources }: Around): Resource[] {
  const named = wanted(search, search.index.named(text));
  if (named.length > 0) {
    const told = named.length > 1 ? named.filter((candidate) => resources.includes(candidate)) : [];
    return told.length > 0 ? told : named;
  }
  const isAlone = isExact || segments(path).length === 1;
  return isAlone ? resources : resources.filter((each) => isMentioned(each, text));
}

/** Whether a text was put together from something's name: `https://` and its address, `service/` and its name. */
function isMentioned(resource: Resource, text: string): boolean {
  return identitiesOf(resource).some((identity) => identity.length > 3 && text.includes(identity));
}

function wanted({ types }: Search, candidates: readonly Resource[]): Resource[] {
  return candidates.filter(({ type }) => types.length === 0 || types.includes(type));
}

function resourcesOf(search: Search, urns: readonly string[]): Resource[] {
  return wanted(
    search,
    urns.flatMap((urn) => search.index.byUrn.get(urn) ?? []),
  );
}

function sorted(resources: readonly Resource[]): Resource[] {
  return [...new Set(resources)].sort((a, b) => (a.urn < b.urn ? -1 : 1));
}

/**
 * What the part of an input at a path depends on, and whether that is known for this part rather than for the whole input.
 *
 * Where a recorder tells the parts of an input apart, a part of which it tells nothing may depend on what is left of the whole when the
 * others are explained. Nothing left: it depends on nothing in this design.
 */
export function dependenciesAt(resource: Resource, path: string): { urns: string[]; isExact: boolean } {
  const [top = ""] = path.split(/[.[]/);
  const own = new Set<string>();
  const others = new Set<string>();
  for (const [place, urns] of Object.entries(resource.references)) {
    const isOwn = isWithin(place, path);
    // What holds this part is neither it nor another one.
    if (!isOwn && (!isWithin(place, top) || isWithin(path, place))) continue;
    for (const urn of urns) (isOwn ? own : others).add(urn);
  }
  if (path !== top && own.size > 0) return { urns: [...own].sort(), isExact: true };
  const whole = Object.hasOwn(resource.propertyDependencies, top) ? (resource.propertyDependencies[top] ?? []) : [];
  const left = path === top ? [...whole, ...own] : whole.filter((urn) => !others.has(urn));
  return { urns: [...new Set(left)].sort(), isExact: false };
}

/** Whether a place is a path or lies below it: `origins[0].address` is within `origins`. */
function isWithin(place: string, path: string): boolean {
  return place === path || place.startsWith(`${path}.`) || place.startsWith(`${path}[`);
}

/** The value of a path as it stands, unknowns and secrets included. */
function wholeValue(resource: Resource, path: string): Json | undefined {
  const fact = property(resource, path);
  if (fact.known) return fact.value;
  return unknownValue;
}

/** The texts anywhere in a value, and whether something in it is not known or a secret. As deep as it may be. */
function leavesOf(value: Json): { texts: Set<string>; isHidden: boolean } {
  const texts = new Set<string>();
  let isHidden = false;
  const open: Json[] = [value];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (at === unknownValue || isSecret(at)) isHidden = true;
    else if (typeof at === "string") texts.add(at);
    else if (Array.isArray(at)) for (const item of at) open.push(item);
    else if (isObject(at)) for (const item of Object.values(at)) open.push(item);
  }
  return { texts, isHidden };
}

function distinct(items: readonly Reference[]): Reference[] {
  const seen = new Map<string, Reference>();
  for (const item of items) seen.set(`${item.resources.map(({ urn }) => urn).join(" ")} ${item.text ?? ""}`, item);
  return [...seen.values()];
}
