import type { Design } from "../../resilience/design";
import type { Unknown } from "../../resilience/fact";
import { GLOBAL, type Door } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { alsoFrom, cloudName, serversOf, type Servers } from "../serving";
import type { RuleSettings } from "../settings";
import { counted, listed } from "../../components/sizing/words";

/**
 * TOP-02. Two regions for each hostname, by default in whatever clouds: one region in each of two clouds is a sound design. Who wants to
 * lose a whole cloud and then a region as well sets `regionsPerCloudMin: 2`. What runs everywhere at once (a global function) is as many
 * regions as anybody asks for.
 */
export const top02: Rule = {
  id: "TOP-02",
  title: "A serving path exists in at least two regions",
  level: Level.Mandatory,
  severity: "critical",
  why: "Regions fail as a whole, by power, water, fire or a fault of a service that everything in them uses, and stay away for hours to months. Spreading over zones helps against none of that.",
  outages: [outages.dynamoDb, outages.parisFlood, outages.awsNetwork],
  fix: "Serve the hostname from an origin in another region, in a pool of its own.",
  references: ["https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/regions.html"],
  otherTools: ["AWS Resilience Hub estimates the loss of a region, for registered applications on AWS alone"],
  subsumedBy: [
    {
      id: "TOP-05",
      stays:
        "it says it in one line, and a setting of it asks for two regions in each cloud, which no loss of one domain shows",
    },
  ],
  judge,
};

function judge({ design, settings }: Judged): RuleFinding[] | undefined {
  const judged = design.doors.map((door) => judgeDoor(design, door, settings));
  return judged.every((found) => found === undefined) ? undefined : judged.flatMap((found) => found ?? []);
}

function judgeDoor(design: Design, door: Door, settings: RuleSettings): RuleFinding[] | undefined {
  const servers = serversOf(design, [door.id]);
  if (servers.found.length === 0 && servers.unknowns.length === 0) return undefined;
  const { byCloud, unknowns, isEverywhere } = regionsOf(servers);
  const [missing] = unknowns;
  const hostname = hostnameOf(door);
  const all = [...byCloud].flatMap(([cloud, regions]) => [...regions].map((region) => `${cloud}:${region}`)).sort();
  if (!isEverywhere && all.length < settings.regionsMin) {
    if (missing !== undefined)
      return [undecided(missing, `so nobody can say in how many regions ${hostname} is served`)];
    const where = all.length === 0 ? "no region" : `${listed(all)} alone`;
    return [
      violation(
        door.urn,
        `${hostname} is served from ${where}: at least ${counted(settings.regionsMin, "region")} must be able to answer`,
        alsoFrom(door, hostname, "another region"),
      ),
    ];
  }
  return [...byCloud].flatMap(([cloud, regions]) => {
    if (regions.size === 0 || regions.has(GLOBAL) || regions.size >= settings.regionsPerCloudMin) return [];
    if (missing !== undefined) {
      return [undecided(missing, `so nobody can say in how many regions of ${cloudName(cloud)} ${hostname} is served`)];
    }
    return [
      violation(
        door.urn,
        `${hostname} is served from ${listed([...regions].sort().map((region) => `${cloud}:${region}`))} alone in ${cloudName(cloud)}, where the settings ask for ${counted(settings.regionsPerCloudMin, "region")}`,
        alsoFrom(door, hostname, `another region of ${cloudName(cloud)}`),
      ),
    ];
  });
}

interface Regions {
  /** Names of regions by cloud, in order of the clouds' names. */
  byCloud: Map<string, Set<string>>;
  unknowns: Unknown[];
  /** Whether something serves that runs in every region at once. */
  isEverywhere: boolean;
}

function regionsOf({ found, unknowns }: Servers): Regions {
  const byCloud = new Map<string, Set<string>>();
  const missing = [...unknowns];
  for (const { place } of [...found].sort((a, b) => (a.place.cloud < b.place.cloud ? -1 : 1))) {
    if (!place.region.known) missing.push(place.region);
    else byCloud.set(place.cloud, (byCloud.get(place.cloud) ?? new Set()).add(place.region.value));
  }
  return { byCloud, unknowns: missing, isEverywhere: [...byCloud.values()].some((regions) => regions.has(GLOBAL)) };
}
