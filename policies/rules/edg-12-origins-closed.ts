import type { Design } from "../../resilience/design";
import { valueOr } from "../../resilience/fact";
import type { Door, Entry } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { accessOf } from "../access";
import { advice, Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { doorsOffCloudflare, entriesBehind } from "../serving";

/**
 * EDG-12. Judged are the public origins of a proxied hostname. Closed is an origin that asks for the edge's client certificate, for a
 * header that only the edge sends, or that lets in lists of addresses: security groups, a web ACL or Cloud Armor that denies the rest.
 * Which addresses a narrow list holds is its owner's matter (an office may look); refused is what lets in everybody.
 *
 * Where only one of the two guards stands it is told as advice: addresses alone let in every customer of the edge, and a certificate alone
 * lets everybody knock. An origin to which the design leads by a second way outside the edge (EDG-14) is open on purpose, and not judged.
 */
export const edg12: Rule = {
  id: "EDG-12",
  title: "Origins let in nobody but the edge",
  level: Level.Mandatory,
  severity: "high",
  why: "An origin that answers everybody is attacked past the edge, where no rate limit and no filter stands: its region goes down alone, and the next one after it. Such addresses become known, by old DNS records and by whoever scans for them.",
  outages: [],
  fix: "Refuse clients without the edge's certificate, and let in the edge's addresses alone.",
  references: [
    "https://developers.cloudflare.com/ssl/origin-configuration/authenticated-origin-pull/",
    "https://developers.cloudflare.com/fundamentals/concepts/cloudflare-ip-addresses/",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/mutual-authentication.html",
    "https://cloud.google.com/armor/docs/security-policy-overview",
    "https://docs.cloud.google.com/run/docs/securing/ingress",
  ],
  otherTools: [
    "Checkov CKV_AWS_260 and Trivy AVD-AWS-0107 refuse security groups that are open to the world, whatever they belong to",
    "Checkov CKV_GCP_2 and CKV_GCP_3 look at single ports of firewalls",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const doors = design.of("door");
  const elsewhere = new Set(
    doorsOffCloudflare(design)
      .filter((door) => !isEdge(door))
      .flatMap((door) => entriesBehind(design, door).map(({ id }) => id)),
  );
  const judged = new Map<string, { entry: Entry; door: Door }>();
  for (const door of doors.filter(isEdge)) {
    for (const entry of entriesBehind(design, door)) {
      const isJudged = entry.urn !== null && valueOr(entry.isPublic, true) && !elsewhere.has(entry.id);
      if (isJudged && !judged.has(entry.id)) judged.set(entry.id, { entry, door });
    }
  }
  return judged.size === 0
    ? undefined
    : [...judged.values()].flatMap(({ entry, door }) => judgeEntry(design, entry, door));
}

/** Whether clients come by addresses of an edge, so that the origin need not take anybody else. */
function isEdge({ kind, isProxied }: Door): boolean {
  return kind === "cloudfront" || (kind === "cloudflare" && valueOr(isProxied, true));
}

function judgeEntry(design: Design, entry: Entry, door: Door): RuleFinding[] {
  const { openings, weaknesses, unknowns } = accessOf(design, entry);
  const hostname = hostnameOf(door);
  if (!door.isProxied.known && openings.length > 0) {
    return [undecided(door.isProxied, `so nobody can say whether ${entry.label} has to let in others than the edge`)];
  }
  return [
    ...openings.map(({ urn, what, fix }) =>
      violation(
        urn,
        `${what}: whoever finds the address of ${entry.label} gets past the edge of ${hostname}, its limits and its filters`,
        fix,
      ),
    ),
    ...weaknesses.map(({ urn, what, fix }) => advice(urn, `${entry.label} has one guard: ${what}`, fix)),
    ...unknowns.map((fact) => undecided(fact, `so nobody can say whether ${entry.label} lets in others than the edge`)),
  ];
}
