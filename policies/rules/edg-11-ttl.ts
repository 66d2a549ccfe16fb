import type { Door } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import type { RuleSettings } from "../settings";

/**
 * EDG-11. Every hostname that clients resolve. Behind the proxy its address stays the same whatever fails; otherwise clients go on to the
 * dead address for as long as they keep the answer. Cloudflare's `ttl: 1` ("automatic") is 300 s for a record that is not proxied.
 */
export const edg11: Rule = {
  id: "EDG-11",
  title: "Hostnames are proxied, or their DNS answers are short-lived",
  level: Level.Mandatory,
  severity: "high",
  why: "Failover by DNS ends only when the last client has forgotten the old answer. A TTL of an hour is an hour of outage for those who asked just before, and some resolvers and runtimes keep answers longer than they are told.",
  outages: [],
  fix: "Proxy the hostname, or give its records a TTL of 60 s or less.",
  references: [
    "https://developers.cloudflare.com/dns/manage-dns-records/reference/ttl/",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/best-practices-dns.html",
  ],
  otherTools: ["Prowler dns_record_proxied asks for the proxy alone, on live zones"],
  subsumedBy: [
    { id: "EDG-04", stays: "it also holds names that no health check moves, for which there is no time to find out" },
  ],
  judge,
};

function judge({ design, settings }: Judged): RuleFinding[] | undefined {
  // A bare address has no DNS answer in this design.
  const doors = design.doors.filter(({ kind }) => kind !== "address");
  return doors.length === 0 ? undefined : doors.flatMap((door) => judgeDoor(door, settings));
}

function judgeDoor(door: Door, { ttlSecondsMax }: RuleSettings): RuleFinding[] {
  const hostname = hostnameOf(door);
  const { isProxied, ttlSeconds } = door;
  if (isProxied.known && isProxied.value) return [];
  if (ttlSeconds.known && ttlSeconds.value <= ttlSecondsMax) return [];
  const matters = `so nobody can say how long clients of ${hostname} keep the address of a dead region`;
  if (!isProxied.known) return [undecided(isProxied, matters)];
  if (!ttlSeconds.known) return [undecided(ttlSeconds, matters)];
  return [
    violation(
      door.urn,
      `clients keep the address of ${hostname} for ${String(ttlSeconds.value)} s, and the budget is ${String(ttlSecondsMax)} s: so long they go on to a region that is gone`,
      door.kind === "cloudflare"
        ? `set proxied to true, or ttl to ${String(ttlSecondsMax)}`
        : `set the TTL to ${String(ttlSecondsMax)}`,
    ),
  ];
}
