import type { Resource } from "../graph";
import type { GraphIndex } from "../index-of";

/**
 * Something that is worked out once for each graph: a way back that has to be looked for in all resources of a type is looked for once,
 * so that time stays linear.
 */
export function oncePerGraph<T>(make: (index: GraphIndex) => T): (index: GraphIndex) => T {
  const made = new WeakMap<GraphIndex, T>();
  return (index) => {
    const known = made.get(index);
    if (known !== undefined) return known;
    const value = make(index);
    made.set(index, value);
    return value;
  };
}

/** Adds to the list under a key, unless it is there already. */
export function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else if (!list.includes(value)) list.push(value);
}

/** The resources of several types, each type's by URN. */
export function ofTypes(index: GraphIndex, types: readonly string[]): Resource[] {
  return types.flatMap((type) => index.ofType(type));
}
