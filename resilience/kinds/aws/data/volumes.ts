import { chainFact, known, unknown, type Fact } from "../../../fact";
import type { Resource } from "../../../graph";
import type { Data, Surroundings } from "../../../model";
import { text } from "../../../reader";
import { flag, storePart } from "./store";

/** Volumes of EBS lie in one zone, with the machine that they are attached to. */
export function volume(resource: Resource, around: Surroundings): Data[] {
  return [
    storePart(resource, around, {
      kind: "ebs",
      isRecord: false,
      zones: chainFact(text(resource, "availabilityZone"), (zone): Fact<string[]> =>
        zone === undefined ? unknown(resource.urn, "availabilityZone", "is not set") : known([zone]),
      ),
      isMultiZone: known(false),
      isDeletionProtected: known(false),
      isEncrypted: flag(resource, "encrypted"),
      isPublic: known(false),
    }),
  ];
}
