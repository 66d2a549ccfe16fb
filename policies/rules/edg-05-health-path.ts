import type { Design } from "../../resilience/design";
import { mapFact, valueOr, type Fact } from "../../resilience/fact";
import type { BackendCheck, Door, Entry, Monitor } from "../../resilience/model";
import { hostnameOf } from "../../resilience/outcome";
import { outages } from "../outages";
import { servingParts } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { healthSteeredPools, steeredDoors } from "../serving";

/**
 * EDG-05. Two healths, and each has its own asker. The edge asks the region: over HTTPS, at a path that is not the front page, and takes
 * one exact answer. The balancer inside a region asks the process alone. One path for both cannot be right: if it looks at what the region
 * needs, the platform replaces every healthy task when something far away fails; if it does not, the edge keeps a region that cannot work.
 *
 * A body to look for (`expectedBody`) is good and not asked for: with an exact code at a path of its own it adds little, and many sound
 * designs have none.
 */
export const edg05: Rule = {
  id: "EDG-05",
  title: "The edge asks for the region's health, the balancer for the process's, and both strictly",
  level: Level.Mandatory,
  severity: "high",
  why: "A check of the front page, of an open port, or one that takes a redirect or any certificate for health passes while the API behind it is dead, and the edge keeps the region in rotation through the whole outage.",
  outages: [outages.dynamoDb],
  fix: "Ask /healthz/region over HTTPS from the edge and /healthz/ready from the target group, and expect exactly 200.",
  references: [
    "https://developers.cloudflare.com/load-balancing/monitors/create-monitor/",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    "https://aws.amazon.com/builders-library/implementing-health-checks/",
  ],
  otherTools: ["Checkov CKV_AWS_261 asks a target group for any health check path"],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const monitors = monitorsOf(design);
  const checks = servingParts(design, "entry").flatMap((entry) => entry.checks.map((check) => ({ entry, check })));
  if (monitors.length === 0 && checks.length === 0) return undefined;
  const regionPaths = new Map(
    monitors.flatMap(({ monitor }) => (monitor.path.known ? [[monitor.path.value, monitor] as const] : [])),
  );
  return [
    ...monitors.flatMap((watched) => judgeMonitor(watched)),
    ...[...new Map(checks.map((one) => [`${one.check.urn} ${one.check.property}`, one])).values()].flatMap(
      ({ entry, check }) => judgeCheck(entry, check, regionPaths),
    ),
  ];
}

interface Watched {
  monitor: Monitor;
  name: string;
  hostname: string;
  /** Whether it is Cloudflare's, which can expect a code, follow a redirect and look at the certificate. */
  isCloudflares: boolean;
}

function monitorsOf(design: Design): Watched[] {
  const byUrn = new Map<string, Watched>();
  for (const door of steeredDoors(design)) {
    for (const pool of healthSteeredPools(design, door)) {
      const monitor = valueOr(pool.monitor, undefined);
      if (monitor === undefined || byUrn.has(monitor.urn) || isTargets(door, monitor)) continue;
      const name = design.index.byUrn.get(monitor.urn)?.name ?? monitor.urn;
      byUrn.set(monitor.urn, { monitor, name, hostname: hostnameOf(door), isCloudflares: door.kind === "cloudflare" });
    }
  }
  return [...byUrn.values()];
}

/** Whether an edge of AWS goes by the checks of its target, which are judged there: then it has no interval of its own. */
function isTargets({ kind }: Door, { intervalSeconds }: Monitor): boolean {
  return kind !== "cloudflare" && !intervalSeconds.known;
}

function judgeMonitor({ monitor, name, hostname, isCloudflares }: Watched): RuleFinding[] {
  const { urn, type, path, expectedCodes, followsRedirects, allowsInsecure } = monitor;
  const keeps = `${hostname} keeps a region in rotation that answers nothing else`;
  const asked = (fact: Fact<boolean>, what: string, fix: string): RuleFinding[] => {
    if (!fact.known) return [undecided(fact, `so nobody can say what ${name} takes for health`)];
    return fact.value ? [] : [violation(urn, `the monitor ${name} ${what}`, fix)];
  };
  const isWeb = mapFact(type, (value) => value.startsWith("http"));
  const isHttp = valueOr(isWeb, true);
  return [
    ...asked(
      mapFact(type, (value) => value.startsWith("https")),
      isHttp
        ? `asks without TLS: it sees neither an expired certificate nor a listener on 443 that is gone, and ${keeps}`
        : `sees that a port is open, not that the API answers: ${keeps}`,
      "set its type to https",
    ),
    ...(isHttp
      ? asked(
          mapFact(path, (value) => value !== "/" && value !== ""),
          `asks for the front page, which answers when nothing behind it works: ${keeps}`,
          "set its path to one that looks at what the region needs, such as /healthz/region",
        )
      : []),
    ...(isCloudflares && isHttp
      ? [
          ...asked(
            mapFact(expectedCodes, isExact),
            `takes other answers than one exact success for health: ${keeps}`,
            "set expectedCodes to 200",
          ),
          ...asked(
            mapFact(followsRedirects, (value) => !value),
            `follows redirects: a redirect to a log-in or a status page elsewhere counts as this region's health`,
            "set followRedirects to false",
          ),
          ...asked(
            mapFact(allowsInsecure, (value) => !value),
            `takes any certificate: when a region's certificate ends, clients get error 526 and the monitor stays green`,
            "set allowInsecure to false",
          ),
        ]
      : []),
  ];
}

/** Whether only single codes of success count: `200`, `200,204`. */
function isExact(codes: string): boolean {
  return codes !== "" && codes.split(",").every((code) => /^2\d\d$/.test(code.trim()));
}

function judgeCheck(entry: Entry, check: BackendCheck, regionPaths: ReadonlyMap<string, Monitor>): RuleFinding[] {
  const name = check.urn.split("::").at(-1) ?? check.urn;
  const { path, matcher, urn } = check;
  const keeps = `${entry.label} keeps sending requests to a process that answers nothing else`;
  if (!path.known) return [undecided(path, `so nobody can say what ${entry.label} takes for a healthy process`)];
  if (path.value === undefined) {
    const fix = `give ${name} an HTTP health check with a path that asks the process, such as /healthz/ready`;
    return [
      violation(
        urn,
        `the health check of ${name} sees that a port is open, not that the process answers: ${keeps}`,
        fix,
      ),
    ];
  }
  const shared = regionPaths.get(path.value);
  if (path.value === "/" || path.value === "") {
    const fix = `set ${check.property} to a path that asks the process alone, such as /healthz/ready`;
    return [
      violation(urn, `the health check of ${name} asks for the front page: ${keeps}`, fix),
      ...judgeMatcher(name, check),
    ];
  }
  const found = judgeMatcher(name, { ...check, matcher });
  if (shared === undefined) return found;
  return [
    violation(
      urn,
      `${name} asks the same path as the edge's monitor: either every healthy process is replaced when something that the region needs fails, or the edge keeps a region that cannot work`,
      `set ${check.property} to a path that asks the process alone, such as /healthz/ready`,
    ),
    ...found,
  ];
}

function judgeMatcher(name: string, { urn, matcher }: BackendCheck): RuleFinding[] {
  const fact = mapFact(matcher, (value) => value === undefined || isSuccess(value));
  if (!fact.known) return [undecided(fact, `so nobody can say what ${name} takes for a healthy process`)];
  return fact.value
    ? []
    : [violation(urn, `the health check of ${name} takes redirects or errors for health`, "let it match 200 alone")];
}

/** Whether every code that counts is one of success: `200`, `200,204`, `200-299`. */
function isSuccess(codes: string): boolean {
  return codes.split(",").every((code) =>
    code
      .trim()
      .split("-")
      .every((end) => /^2\d\d$/.test(end)),
  );
}
