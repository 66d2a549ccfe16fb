import type { Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { BackendCheck, Entry, Place } from "../../model";

/** The id of the way in to what answers by itself: a machine, a service of App Runner. */
export function entryIdOf(urn: string): string {
  return `${urn}#entry`;
}

/** The way in to what answers by itself, which it shares a resource with. */
export function ownEntry(
  { urn, name }: Resource,
  place: Place,
  what: string,
  isPublic: Fact<boolean>,
  checks: BackendCheck[],
): Entry {
  return {
    role: "entry",
    id: entryIdOf(urn),
    urn,
    label: name,
    place,
    needs: [{ what, atLeast: 1, of: [urn] }],
    isPublic,
    checks,
  };
}
