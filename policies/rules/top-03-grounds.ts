import type { Design } from "../../resilience/design";
import type { Door } from "../../resilience/model";
import { GLOBAL } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { groundsOf } from "../grounds";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { serversOf } from "../serving";
import { listed } from "../../components/sizing/words";

/**
 * TOP-03. Two regions on one ground are one failure domain, whatever clouds they belong to. Refused is a hostname whose regions all stand
 * on one ground; two regions on one ground beside a third elsewhere are sound, and the survival table shows what the loss of that ground
 * costs. A hostname with one region alone is TOP-02's.
 */
export const top03: Rule = {
  id: "TOP-03",
  title: "The regions of a serving path do not all stand on one ground",
  level: Level.Mandatory,
  severity: "high",
  why: "Clouds build in the same places: AWS us-east-1 and Google us-east4 share Northern Virginia's grid, fibre and weather. In 2026 one conflict damaged data centres in two regions of AWS at once, and customers were told to leave both.",
  outages: [outages.middleEast],
  fix: "Move one of the regions to another geography.",
  references: [
    "https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html",
    "https://cloud.google.com/compute/docs/regions-zones",
  ],
  otherTools: [],
  subsumedBy: [
    {
      id: "TOP-05",
      stays:
        "it says that regions of two clouds stand on one ground, which nobody reads off their names, and it also joins regions that one event has struck although they are apart, which no row of the table does",
    },
  ],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const judged = design.doors.map((door) => judgeDoor(design, door));
  return judged.every((found) => found === undefined) ? undefined : judged.flatMap((found) => found ?? []);
}

function judgeDoor(design: Design, door: Door): RuleFinding[] | undefined {
  const { found, unknowns } = serversOf(design, [door.id]);
  const missing = unknowns[0] ?? found.map(({ place }) => place.region).find((region) => !region.known);
  const isEverywhere = found.some(({ place }) => place.region.known && place.region.value === GLOBAL);
  const { apart, atWorst, doubts } = groundsOf(found.map(({ place }) => place));
  const hostname = hostnameOf(door);
  if (isEverywhere || atWorst.length > 1) return [];
  if (missing !== undefined) {
    return [undecided(missing, `so nobody can say whether ${hostname} is served from more than one ground`)];
  }
  const [only = []] = apart;
  if (apart.flat().length < 2) return undefined;
  if (apart.length > 1) {
    const text = `${listed(apart.flat())} serve ${hostname}, and ${listed(doubts)}: one event may strike all of them`;
    return [{ verdict: "undecided", urn: door.urn, message: text, fix: "add a region whose distance is published" }];
  }
  return [
    violation(
      door.urn,
      `${listed(only)} are all that serve ${hostname}, and they share one ground: the same grid, weather or conflict takes them together`,
      `serve ${hostname} from a region in another geography too`,
    ),
  ];
}
