import { Reason, unknown, type Unknown } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { count } from "../../reader";
import { references } from "../../references";

/** What properties point to: resources of the design, texts that name something outside of it, and what is not known. */
export interface Pointed {
  /** By the program's order where it is known, each once. */
  resources: Resource[];
  /** Texts that name nothing in this design. Never empty ones. */
  outside: string[];
  /** The first part of the property of which it is not known what it points to. */
  missing: Unknown | undefined;
}

/** What one property, or each element of a list, points to. See `references` for how. */
export function pointed(index: GraphIndex, resource: Resource, path: string, types: readonly string[]): Pointed {
  const found = references(index, resource, path, types);
  if (!found.known) return { resources: [], outside: [], missing: found };
  const { items } = found.value;
  return {
    resources: [...new Set(items.flatMap(({ resources }) => resources))],
    outside: items.flatMap(({ resources, text }) =>
      resources.length === 0 && text !== undefined && text !== "" ? [text] : [],
    ),
    missing: undefined,
  };
}

/**
 * What a property of each element of a list points to: `pointedByEach(index, service, "loadBalancers", "targetGroupArn", …)`. A list that
 * is not known as a whole is told by what it depends on.
 */
export function pointedByEach(
  index: GraphIndex,
  resource: Resource,
  list: string,
  inner: string,
  types: readonly string[],
): Pointed {
  const length = count(resource, list);
  if (!length.known) {
    return length.why === Reason.Later ? pointed(index, resource, list, types) : { ...NOTHING, missing: length };
  }
  const each = Array.from({ length: length.value }, (_, place) =>
    pointed(index, resource, `${list}[${String(place)}].${inner}`, types),
  );
  return together(each);
}

/** Several answers as one. */
export function together(all: readonly Pointed[]): Pointed {
  return {
    resources: [...new Set(all.flatMap(({ resources }) => resources))],
    outside: all.flatMap(({ outside }) => outside),
    missing: all.find(({ missing }) => missing !== undefined)?.missing,
  };
}

/** Why it is not known what is pointed to, if it is not: a part that is not known, or a text that names nothing in this design. */
export function uncertainty(resource: Resource, path: string, { outside, missing }: Pointed): Unknown | undefined {
  return missing ?? (outside.length > 0 ? unknown(resource.urn, path, Reason.Elsewhere) : undefined);
}

const NOTHING: Pointed = { resources: [], outside: [], missing: undefined };
