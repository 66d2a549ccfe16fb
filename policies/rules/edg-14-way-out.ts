import type { Design } from "../../resilience/design";
import type { Unknown } from "../../resilience/fact";
import type { Door, Entry } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { accessOf } from "../access";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { doorsOffCloudflare, entriesBehind, serversOf } from "../serving";
import { listed } from "../../components/sizing/words";

/**
 * EDG-14. For each hostname on Cloudflare: is there a second hostname, or a second provider of DNS, that leads to some of the same computes
 * and needs nothing of Cloudflare. A record that is not proxied but stands in Cloudflare's DNS helps when the proxy fails and not when DNS
 * or API fail with it; the failure domain is all of them, so it is told and does not count. The way has to be open: an origin that takes
 * the edge's certificate or addresses alone lets nobody through, and a certificate of Cloudflare's own authority is trusted by nobody else.
 */
export const edg14: Rule = {
  id: "EDG-14",
  title: "There is a way in when the edge itself fails",
  level: Level.Advisory,
  severity: "medium",
  why: "The edge is a failure domain as well. In November 2025 Cloudflare's proxy failed for hours while its dashboard was impaired, so that nobody could take traffic off it: a way around has to stand outside it before the day on which it is needed.",
  outages: [outages.cloudflareProxy, outages.cloudflareControlPlane],
  fix: "Give API clients a second hostname on another provider's DNS, with health checks, that leads to open entries of the same regions.",
  references: [
    "https://blog.cloudflare.com/18-november-2025-outage/",
    "https://developers.cloudflare.com/ssl/origin-configuration/origin-ca/",
    "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover.html",
  ],
  otherTools: [],
  subsumedBy: [],
  judge,
};

const ORIGIN_CA = "cloudflare:index/originCaCertificate:OriginCaCertificate";

function judge({ design }: Judged): RuleFinding[] | undefined {
  // A name that is only an address of another one's way (an escape that stands in the edge's DNS) is told with that one.
  const doors = design.doors.filter(({ kind }) => kind === "cloudflare");
  if (doors.length === 0) return undefined;
  const off = byServer(design, doorsOffCloudflare(design));
  const onEdge = byServer(
    design,
    design.of("door").filter(({ kind, place }) => kind !== "cloudflare" && place.cloud === "cloudflare"),
  );
  return doors.flatMap((door) => judgeDoor(design, door, off, onEdge));
}

/** The doors that lead to each compute, by its id. */
type ByServer = ReadonlyMap<string, Door[]>;

function byServer(design: Design, doors: readonly Door[]): ByServer {
  const found = new Map<string, Door[]>();
  for (const door of doors) {
    for (const { id } of serversOf(design, [door.id]).found) found.set(id, [...(found.get(id) ?? []), door]);
  }
  return found;
}

function judgeDoor(design: Design, door: Door, off: ByServer, onEdge: ByServer): RuleFinding[] {
  const hostname = hostnameOf(door);
  const served = serversOf(design, [door.id]).found;
  const leadingHere = (doors: ByServer): Door[] => [...new Set(served.flatMap(({ id }) => doors.get(id) ?? []))];
  const ways = leadingHere(off);
  const closed: Entry[] = [];
  const unknowns: Unknown[] = [];
  for (const way of ways) {
    for (const entry of entriesBehind(design, way)) {
      const access = accessOf(design, entry);
      if (access.openings.length > 0 && !showsEdgeCertificate(design, entry)) return [];
      if (access.openings.length > 0 || access.unknowns.length === 0) closed.push(entry);
      unknowns.push(...access.unknowns);
    }
  }
  const [missing] = unknowns;
  if (missing !== undefined) {
    return [undecided(missing, `so nobody can say whether ${hostname} has a way in when Cloudflare fails`)];
  }
  return [violation(door.urn, ...textsOf(hostname, ways, closed, leadingHere(onEdge)))];
}

function textsOf(
  hostname: string,
  ways: readonly Door[],
  closed: readonly Entry[],
  onEdge: readonly Door[],
): [string, string] {
  if (ways.length > 0) {
    const names = listed(ways.map(hostnameOf));
    const entries = listed(closed.map(({ label }) => label));
    return [
      `when Cloudflare fails, ${names} ${ways.length === 1 ? "is" : "are"} the way in, and ${entries} behind it lets in Cloudflare alone or shows a certificate that only Cloudflare trusts`,
      `give ${entries} a second listener or balancer with a public certificate that lets clients in, and protection of its own`,
    ];
  }
  const unproxied = onEdge.filter(({ isProxied }) => isProxied.known && !isProxied.value).map(hostnameOf);
  const half = unproxied.length === 0 ? "" : `; ${listed(unproxied)} goes around its proxy, and fails with its DNS`;
  return [
    `when Cloudflare fails, nobody reaches ${hostname}, although its regions run: every way in is Cloudflare's${half}`,
    "give API clients a second hostname on another provider's DNS (Route 53 with failover records) that leads to open entries of the same regions",
  ];
}

/** Whether what terminates TLS shows a certificate of Cloudflare's own authority: by what its certificates are made from. */
function showsEdgeCertificate(design: Design, entry: Entry): boolean {
  const { index } = design;
  if (entry.urn === null || index.ofType(ORIGIN_CA).length === 0) return false;
  const near = [entry.urn, ...index.dependants(entry.urn).map(({ urn }) => urn)];
  const direct = near.flatMap((urn) => index.byUrn.get(urn)?.dependencies ?? []);
  const both = [...direct, ...direct.flatMap((urn) => index.byUrn.get(urn)?.dependencies ?? [])];
  return both.some((urn) => index.byUrn.get(urn)?.type === ORIGIN_CA);
}
