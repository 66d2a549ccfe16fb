import type { Door } from "../../resilience/model";
import { mapFact, valueOr } from "../../resilience/fact";
import { hostnameOf } from "../../resilience/outcome";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { enabledPools, steeredDoors } from "../serving";

/**
 * EDG-07. Proxied Cloudflare load balancers with more than one pool: a DNS answer can neither be tried again nor pin anybody. With
 * affinity by header Cloudflare supports no `sticky` failover, and says so in its API's reference alone.
 */
export const edg07: Rule = {
  id: "EDG-07",
  title: "A failed connection is tried at another pool, and no client is pinned to a dead one",
  level: Level.Advisory,
  severity: "medium",
  why: "Between the fault and the monitor's decision a connection that is refused can be tried at another pool at once. By default Cloudflare stays inside the pool, where a design with one balancer a region has nobody else; and a client with a session gets the error instead.",
  outages: [],
  fix: "Set adaptiveRouting.failoverAcrossPools, and zeroDowntimeFailover where there is session affinity.",
  references: [
    "https://developers.cloudflare.com/load-balancing/understand-basics/adaptive-routing/",
    "https://developers.cloudflare.com/load-balancing/understand-basics/session-affinity/",
  ],
  otherTools: [],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const doors = steeredDoors(design).filter(
    ({ kind, isProxied, pools }) =>
      kind === "cloudflare" &&
      valueOr(isProxied, true) &&
      (!pools.known || enabledPools(design, pools.value).length > 1),
  );
  return doors.length === 0 ? undefined : doors.flatMap((door) => [...judgeRetry(door), ...judgeAffinity(door)]);
}

function judgeRetry(door: Door): RuleFinding[] {
  const hostname = hostnameOf(door);
  const { triesOtherPools } = door;
  if (!triesOtherPools.known) {
    return [
      undecided(triesOtherPools, `so nobody can say whether ${hostname} tries another pool when a connection fails`),
    ];
  }
  if (triesOtherPools.value) return [];
  return [
    violation(
      door.urn,
      `${hostname} does not try another pool when a connection fails: until the monitor has decided, every request to a dead region is an error`,
      "set adaptiveRouting.failoverAcrossPools to true",
    ),
  ];
}

function judgeAffinity(door: Door): RuleFinding[] {
  const hostname = hostnameOf(door);
  const matters = `so nobody can say whether clients of ${hostname} are pinned to a region that has died`;
  const { sessionAffinity, zeroDowntimeFailover } = door;
  const isPinned = mapFact(sessionAffinity, (value) => value !== "none" && value !== "");
  if (!isPinned.known) return [undecided(isPinned, matters)];
  if (!isPinned.value) return [];
  if (!zeroDowntimeFailover.known) return [undecided(zeroDowntimeFailover, matters)];
  const isByHeader = valueOr(sessionAffinity, "") === "header";
  if (zeroDowntimeFailover.value === "none" || zeroDowntimeFailover.value === "") {
    return [
      violation(
        door.urn,
        `${hostname} pins clients to a region and lets them fail with it: a client with a session gets the error until the monitor has decided`,
        `set sessionAffinityAttributes.zeroDowntimeFailover to ${isByHeader ? "temporary" : "sticky"}, or sessionAffinity to none`,
      ),
    ];
  }
  if (!isByHeader || zeroDowntimeFailover.value !== "sticky") return [];
  return [
    violation(
      door.urn,
      `${hostname} asks for sticky failover of sessions by header, which Cloudflare does not do: these clients fail with their region`,
      "set sessionAffinityAttributes.zeroDowntimeFailover to temporary",
    ),
  ];
}
