import type { Design } from "../../resilience/design";
import { valueOr } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { Door } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { servingParts } from "../queries";
import { advice, Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { tlsOf } from "../tls/entries";
import { zoneValues } from "../tls/zone";

/**
 * EDG-13. Two halves of one way: the zone of each proxied hostname on Cloudflare (`ssl` strict, at least TLS 1.2), and each public entry
 * (no requests without TLS, at least TLS 1.2). A design that says nothing about its zone is undecided: the settings exist, somebody else
 * holds them, and the defaults are weak. Under `off`, `flexible` and `full` an origin's certificate is not looked at, and
 * authenticated origin pulls prove nothing (developers.cloudflare.com/ssl/origin-configuration/authenticated-origin-pull/).
 */
export const edg13: Rule = {
  id: "EDG-13",
  title: "TLS is strict from the client to the origin",
  level: Level.Mandatory,
  severity: "high",
  why: "With the mode `flexible` Cloudflare speaks plain HTTP to the origin, and with `full` it takes any certificate: whoever sits on the way reads and writes what clients send. An origin that answers without TLS lets the same happen past the edge.",
  outages: [],
  fix: "Set the zone's ssl to strict and min_tls_version to 1.2, and let every listener speak TLS 1.2 or later.",
  references: [
    "https://developers.cloudflare.com/ssl/origin-configuration/ssl-modes/full-strict/",
    "https://developers.cloudflare.com/ssl/edge-certificates/additional-options/minimum-tls/",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html",
    "https://docs.cloud.google.com/load-balancing/docs/ssl-policies-concepts",
  ],
  otherTools: [
    "Prowler cloudflare zone_ssl_strict looks at live zones",
    "Checkov CKV_AWS_103 and CKV_GCP_4 look at listeners and SSL policies",
  ],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const doors = design.of("door").filter(({ kind, isProxied, place }) => {
    return kind !== "address" && place.cloud === "cloudflare" && valueOr(isProxied, true);
  });
  const entries = servingParts(design, "entry").filter(({ urn, isPublic }) => urn !== null && valueOr(isPublic, true));
  if (doors.length === 0 && entries.length === 0) return undefined;
  return [
    ...doors.flatMap((door) => judgeZone(design, door)),
    ...entries.flatMap((entry) => {
      const { weaknesses, unknowns } = tlsOf(design, entry);
      return [
        ...weaknesses.map(({ urn, what, fix }) =>
          violation(
            urn,
            `${what}: whoever sits on the way to ${entry.label} can read and change what clients send`,
            fix,
          ),
        ),
        ...unknowns.map((fact) => undecided(fact, `so nobody can say how strict the TLS of ${entry.label} is`)),
      ];
    }),
  ];
}

function judgeZone(design: Design, door: Door): RuleFinding[] {
  const resource = design.index.byUrn.get(door.urn ?? "");
  if (resource === undefined) return [];
  return [
    ...judgeMode(design, door, resource),
    ...judgeVersion(design, door, resource),
    ...judgePlain(design, door, resource),
  ];
}

/** Where the design says nothing, rules of the zone may redirect all the same, and programs that speak HTTPS alone need no redirect. */
function judgePlain(design: Design, door: Door, resource: Resource): RuleFinding[] {
  return zoneValues(design, resource, "always_use_https").flatMap(({ urn, value }) =>
    value.known && value.value === "off"
      ? [
          advice(
            urn,
            `the edge answers ${hostnameOf(door)} over plain HTTP as well: what a client sends there by mistake can be read and changed on the way`,
            "set always_use_https to on",
          ),
        ]
      : [],
  );
}

/** Modes in which the origin's certificate is looked at: the second is Cloudflare's "Strict (SSL-Only Origin Pull)". */
const STRICT = new Set(["strict", "origin_pull"]);

function judgeMode(design: Design, door: Door, resource: Resource): RuleFinding[] {
  const hostname = hostnameOf(door);
  const values = zoneValues(design, resource, "ssl");
  if (values.length === 0) return [unsaid(door, "ssl", "strict", `what Cloudflare takes for an origin of ${hostname}`)];
  return values.flatMap(({ urn, value }) => {
    if (!value.known)
      return [
        undecided(value, `so nobody can say whether Cloudflare looks at the certificates of ${hostname}'s origins`),
      ];
    if (STRICT.has(value.value)) return [];
    const consequence =
      value.value === "off" || value.value === "flexible"
        ? "it speaks plain HTTP to them, and what clients send can be read and changed on the way"
        : "whoever sits on the way can show a certificate of their own";
    return [
      violation(
        urn,
        `Cloudflare does not look at the certificates of ${hostname}'s origins (ssl is ${value.value}): ${consequence}`,
        "set ssl to strict",
      ),
    ];
  });
}

function judgeVersion(design: Design, door: Door, resource: Resource): RuleFinding[] {
  const hostname = hostnameOf(door);
  const values = zoneValues(design, resource, "min_tls_version");
  if (values.length === 0)
    return [unsaid(door, "min_tls_version", "1.2", `which TLS clients of ${hostname} may speak`)];
  return values.flatMap(({ urn, value }) => {
    if (!value.known) return [undecided(value, `so nobody can say which TLS clients of ${hostname} may speak`)];
    if (value.value === "1.2" || value.value === "1.3") return [];
    return [
      violation(
        urn,
        `clients of ${hostname} may speak TLS ${value.value}, which is broken`,
        "set min_tls_version to 1.2",
      ),
    ];
  });
}

function unsaid(door: Door, setting: string, value: string, what: string): RuleFinding {
  return {
    verdict: "undecided",
    urn: door.urn,
    message: `nothing in this design sets ${setting} of the zone, so nobody can say ${what}`,
    fix: `set ${setting} to ${value} with a ZoneSetting, or waive this with the place that sets it`,
  };
}
