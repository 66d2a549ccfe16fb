import type { Design } from "../../resilience/design";
import type { Entry } from "../../resilience/model";
import { CLOSED, type Access } from "./access";
import { awsAccess } from "./aws";
import { googleAccess } from "./google";

export type { Access, Opening } from "./access";

/** Who gets to an entry without the edge. What stands outside the design is closed as far as anybody here can tell. */
export function accessOf(design: Design, entry: Entry): Access {
  const resource = entry.urn === null ? undefined : design.index.byUrn.get(entry.urn);
  if (resource === undefined) return CLOSED;
  if (entry.place.cloud === "aws") return awsAccess(design, entry, resource);
  return entry.place.cloud === "gcp" ? googleAccess(design, entry, resource) : CLOSED;
}
