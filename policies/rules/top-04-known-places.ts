import { geographyOf } from "../../resilience/places";
import { closureOf, type Design } from "../../resilience/design";
import { GLOBAL, type Part } from "../../resilience/model";
import { servingParts } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";

/**
 * TOP-04. Judged is what serves and what that reads: a bucket beside the path may stand anywhere. A region that the program takes from
 * somewhere outside itself (an environment variable, a profile) is a violation, since the same program then makes another design on
 * another machine; one that is worked out during an update is undecided. A name that the region table does not hold is undecided too:
 * it is a slip of the pen or a region so new that nobody here knows its ground.
 */
export const top04: Rule = {
  id: "TOP-04",
  title: "Everything in a serving path says in which region it stands",
  level: Level.Mandatory,
  severity: "high",
  why: "A provider without a region takes it from the environment of whoever runs the program. What passed in CI is then another design on a laptop, and no rule about regions can be trusted.",
  outages: [],
  fix: "Give the resource a region, or its provider.",
  references: [
    "https://www.pulumi.com/registry/packages/aws/installation-configuration/",
    "https://www.pulumi.com/registry/packages/gcp/installation-configuration/",
    "https://github.com/pulumi/pulumi-policy-aws/issues/96",
  ],
  otherTools: [
    "AWSGuard read the default provider's region alone, and broke for explicit providers (pulumi-policy-aws 96)",
  ],
  subsumedBy: [],
  judge,
};

/** How a fact about a place reads when the program names it nowhere (`resilience/places.ts`). */
const NOWHERE = "is set nowhere in the program";

function judge({ design }: Judged): RuleFinding[] | undefined {
  const parts = judgedParts(design);
  return parts.length === 0 ? undefined : parts.flatMap(judgePart);
}

/** What serves, and what its computes read; a resource that is several parts once. */
function judgedParts(design: Design): Part[] {
  const read = servingParts(design, "compute").flatMap(({ dependencies }) =>
    dependencies.flatMap((dependency) => dependency.parts),
  );
  const parts = [...closureOf(design.parts, [...design.serving, ...read])].sort().flatMap((id) => {
    const part = design.parts.get(id);
    return part !== undefined && (part.place.cloud === "aws" || part.place.cloud === "gcp") ? [part] : [];
  });
  return [...new Map(parts.filter(({ urn }) => urn !== null).map((part) => [part.urn, part])).values()];
}

function judgePart({ urn, label, place, role }: Part): RuleFinding[] {
  const { cloud, region } = place;
  if (!region.known) {
    if (region.why !== NOWHERE)
      return [undecided(region, `so nobody can say with which failure domain ${label} is lost`)];
    return [
      violation(
        urn,
        `${label} stands in whatever region the environment of the person or job that runs the program names: two runs may make two designs`,
        `set ${region.property} on ${label} or on its provider`,
      ),
    ];
  }
  const isRegional = (role === "entry" || role === "compute") && region.value !== GLOBAL;
  if (!isRegional || geographyOf(cloud, region.value) !== undefined) return [];
  return [
    {
      verdict: "undecided",
      urn,
      message: `${label} stands in ${cloud}:${region.value}, which is no region that is known here: nobody can say which ground it shares`,
      fix: "correct the name, or use a version that knows the region",
    },
  ];
}
