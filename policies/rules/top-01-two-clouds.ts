import { valueOr } from "../../resilience/fact";
import { closureOf } from "../../resilience/design";
import { hostnameOf } from "../../resilience/survival";
import { Level, violation, type Judged, type Rule, type RuleFinding } from "../rule";

/** TOP-01. */
export const top01: Rule = {
  id: "TOP-01",
  title: "A serving path exists in at least two clouds",
  level: Level.Mandatory,
  severity: "critical",
  why: "A cloud fails as a whole: its control plane, its identity service or its network is shared by all of its regions. A second region of the same cloud is behind the same door.",
  outages: [
    {
      name: "Google Cloud, Service Control crashed in every region",
      date: "2025-06-12",
      source: "https://status.cloud.google.com/incidents/ow5i3PPK96RduMcb1SsW",
    },
    {
      name: "AWS us-east-1, DynamoDB's DNS record was empty",
      date: "2025-10-20",
      source: "https://aws.amazon.com/message/101925/",
    },
  ],
  fix: "Serve the hostname from an origin in a second cloud, in a pool of the same load balancer.",
  references: ["https://developers.cloudflare.com/load-balancing/understand-basics/load-balancing-components/"],
  otherTools: [],
  subsumedBy: [{ id: "TOP-05", stays: "it says in one line what several rows of the survival table say" }],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const doors = design.of("door");
  if (doors.length === 0) return undefined;
  return doors.flatMap((door) => {
    const clouds = new Set(
      [...closureOf(design.parts, [door.id])].flatMap((id) => {
        const part = design.parts.get(id);
        return part?.role === "compute" ? [part.place.cloud] : [];
      }),
    );
    if (clouds.size > 1) return [];
    const [only] = clouds;
    const hostname = hostnameOf(door);
    return only === undefined
      ? []
      : [
          violation(
            door.urn,
            `${hostname} is served from ${only} alone: when ${only} fails, it answers nobody`,
            `add an origin in ${only === "aws" ? "Google Cloud" : "AWS"} to the load balancer of ${valueOr(door.hostname, hostname)}`,
          ),
        ];
  });
}
