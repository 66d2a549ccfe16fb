import { mapFact, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import { tagOf } from "../../tags";

/** Whether a store holds what may not be lost: by its label `twodoor-data=system-of-record`, any other value of which denies it; else as its kind does. */
export function isRecord(resource: Resource, byKind: boolean): Fact<boolean> {
  return mapFact(tagOf(resource, "data"), (value) => (value === undefined ? byKind : value === "system-of-record"));
}
