import { allFacts, chainFact, known, mapFact, Reason, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Monitor, Surroundings } from "../../model";
import { boolean, list, number, text } from "../../reader";
import { referenced } from "../../references";

const MONITOR = "cloudflare:index/loadBalancerMonitor:LoadBalancerMonitor";
const GROUP = "cloudflare:index/loadBalancerMonitorGroup:LoadBalancerMonitorGroup";

/** What decides about a pool's health: its monitor, or the member of its monitor group that decides soonest; undefined where nothing does. */
export function monitorOf(pool: Resource, around: Surroundings): Fact<Monitor | undefined> {
  const alone = one(pool, "monitor", MONITOR, around);
  if (!alone.known) return alone;
  if (alone.value !== undefined) return known(readMonitor(alone.value));
  return chainFact(one(pool, "monitorGroup", GROUP, around), (group) =>
    group === undefined ? known(undefined) : decidingMember(group, around),
  );
}

/** The resource that a property names; undefined where it names none. */
function one(resource: Resource, path: string, type: string, { index }: Surroundings): Fact<Resource | undefined> {
  const found = referenced(index, resource, path, [type]);
  if (!found.known) return found;
  const [only, ...others] = found.value;
  if (others.length > 0) return unknown(resource.urn, path, Reason.Later);
  if (only !== undefined) return known(only);
  const written = text(resource, path);
  if (!written.known) return written;
  return written.value === undefined || written.value === ""
    ? known(undefined)
    : unknown(resource.urn, path, Reason.Elsewhere);
}

/** Defaults of the provider's schema (registry page of `cloudflare.LoadBalancerMonitor`, 6.22.1). */
function readMonitor(resource: Resource): Monitor {
  return {
    urn: resource.urn,
    type: withDefault(text(resource, "type"), "http"),
    path: withDefault(text(resource, "path"), "/"),
    expectedCodes: withDefault(text(resource, "expectedCodes"), ""),
    expectedBody: withDefault(text(resource, "expectedBody"), ""),
    followsRedirects: withDefault(boolean(resource, "followRedirects"), false),
    allowsInsecure: withDefault(boolean(resource, "allowInsecure"), false),
    intervalSeconds: withDefault(number(resource, "interval"), 60),
    timeoutSeconds: withDefault(number(resource, "timeout"), 5),
    retries: withDefault(number(resource, "retries"), 2),
    consecutiveDown: withDefault(number(resource, "consecutiveDown"), 0),
  };
}

interface Member {
  monitor: Monitor;
  isAlone: boolean;
  seconds: number;
}

/**
 * developers.cloudflare.com/load-balancing/monitors/monitor-groups: a member that must be healthy takes an endpoint out by itself, otherwise
 * more than half of the voting members do. Members that are off or only watch have no vote. For an endpoint that is gone, all of them
 * fail: the one with which the vote is won decides how long it takes.
 */
function decidingMember(group: Resource, around: Surroundings): Fact<Monitor | undefined> {
  return chainFact(list(group, "members"), (written) => {
    const read = written.map((_, place) => memberAt(group, `members[${String(place)}]`, around));
    return mapFact(allFacts(read), (members) => {
      const voting = members.filter((member) => member !== undefined).sort((a, b) => a.seconds - b.seconds);
      const byVote = voting[Math.floor(voting.length / 2)];
      const byItself = voting.find(({ isAlone }) => isAlone);
      const candidates = [byVote, byItself].filter((member) => member !== undefined);
      return candidates.sort((a, b) => a.seconds - b.seconds)[0]?.monitor;
    });
  });
}

function memberAt(group: Resource, path: string, around: Surroundings): Fact<Member | undefined> {
  const flags = ["enabled", "monitoringOnly", "mustBeHealthy"].map((flag) => boolean(group, `${path}.${flag}`));
  return chainFact(allFacts(flags), ([isEnabled, onlyWatches, isAlone]) => {
    if (isEnabled !== true || onlyWatches === true) return known(undefined);
    return chainFact(one(group, `${path}.monitorId`, MONITOR, around), (resource) => {
      if (resource === undefined) return known(undefined);
      const monitor = readMonitor(resource);
      const { intervalSeconds, timeoutSeconds, retries, consecutiveDown } = monitor;
      return mapFact(
        allFacts([intervalSeconds, timeoutSeconds, retries, consecutiveDown]),
        ([interval = 0, timeout = 0, attempts = 0, down = 0]): Member => ({
          monitor,
          isAlone: isAlone === true,
          seconds: interval * Math.max(1, down) + timeout * (attempts + 1),
        }),
      );
    });
  });
}
