import { known, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Surroundings } from "../../model";
import { texts, text } from "../../reader";
import { pointingTo } from "./links";

/** A way to grant the right to call something: the type, and the property that names what may be called. */
export type Grant = readonly [type: string, property: string];

const EVERYBODY = "allUsers";

/**
 * Whether anybody may call: some grant names `allUsers` (docs.cloud.google.com/run/docs/authenticating/public). A grant that is not known leaves
 * it open. What is granted outside this design is not seen, and counts as not granted.
 */
export function isCallableByAll(target: Resource, grants: readonly Grant[], around: Surroundings): Fact<boolean> {
  let answer: Fact<boolean> = known(false);
  for (const [type, property] of grants) {
    for (const grant of pointingTo(target, property, [type], around)) {
      const says = namesEverybody(grant);
      if (says.known && says.value) return says;
      if (!says.known) answer = says;
    }
  }
  return answer;
}

/** A member, a list of members, or a whole policy as JSON. */
function namesEverybody(grant: Resource): Fact<boolean> {
  let answer: Fact<boolean> = known(false);
  const one = text(grant, "member");
  const policy = text(grant, "policyData");
  const several = texts(grant, "members");
  const facts: Fact<string | undefined>[] = [one, policy, ...(several.known ? several.value : [several])];
  for (const fact of facts) {
    if (!fact.known) answer = fact;
    else if (fact.value === EVERYBODY || fact.value?.includes(`"${EVERYBODY}"`) === true) return known(true);
  }
  return answer;
}
