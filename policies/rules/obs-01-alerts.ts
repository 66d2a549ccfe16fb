import type { Design } from "../../resilience/design";
import { mapFact, valueOr, withDefault, type Fact } from "../../resilience/fact";
import type { Resource } from "../../resilience/graph";
import type { Door, Entry, Pool } from "../../resilience/model";
import { placeOf } from "../../resilience/places";
import { boolean } from "../../resilience/reader";
import { hostnameOf } from "../../resilience/survival";
import { aroundOf, routesOf } from "../google-routes";
import { outages } from "../outages";
import { placeName, servingParts } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { counted, listed } from "../../components/sizing/words";

/**
 * OBS-01. Who hears of it, and can tell afterwards. Each pool whose health an edge decides announces it; something outside of that edge watches
 * too, since the edge fails as well; each balancer writes down what it answered; and logs of several regions do not all land in one of them.
 *
 * Not judged: that logs of a region are copied out of it (AWS writes access logs into the balancer's own region), and watching from outside
 * of the program, which a program does not show.
 */
export const obs01: Rule = {
  id: "OBS-01",
  title: "Alerts and logs outlive what they are about",
  level: Level.Advisory,
  severity: "medium",
  why: "Failover that nobody hears of is found when the second pool fails. An alarm that stands in what it watches falls silent with it, and the providers' own status pages have gone down with their outages.",
  outages: [outages.s3, outages.cloudflareProxy, outages.serviceControl],
  fix: "Let the edge announce pools that fail, let a cloud watch the hostname from outside the edge, and switch on the balancers' logs.",
  references: [
    "https://developers.cloudflare.com/load-balancing/reference/migration-guides/health-monitor-notifications/",
    "https://cloud.google.com/monitoring/uptime-checks",
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html",
    "https://cloud.google.com/load-balancing/docs/https/https-reg-logging-monitoring",
  ],
  otherTools: ["Checkov CKV_AWS_91 and cdk-nag AwsSolutions-ELB2: access logs alone"],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const { doors } = design;
  if (doors.length === 0) return undefined;
  return [
    ...doors.flatMap((door) => judgeDoor(design, door)),
    ...judgeWatchers(design, doors),
    ...servingParts(design, "entry").flatMap((entry) => judgeLogs(design, entry)),
    ...judgeLogRegions(design),
  ];
}

/** Doors whose own health checks somebody can be told about. */
const ANNOUNCING = new Set<Door["kind"]>(["cloudflare", "route53"]);

function judgeDoor(design: Design, door: Door): RuleFinding[] {
  if (!ANNOUNCING.has(door.kind)) return [];
  const silent: Pool[] = [];
  const findings: RuleFinding[] = [];
  // By id and not in the door's order, which not every recorder knows: the same design names the same pool.
  const ids = [...new Set([...valueOr(door.pools, []), valueOr(door.fallback, undefined) ?? ""])].sort();
  for (const id of ids) {
    const pool = design.parts.get(id);
    if (pool?.role !== "pool") continue;
    const { isAnnounced } = pool;
    if (!isAnnounced.known)
      findings.push(undecided(isAnnounced, `so nobody can say whether anybody is told when ${pool.label} fails`));
    else if (!isAnnounced.value) silent.push(pool);
  }
  const [first] = silent;
  if (first === undefined) return findings;
  const names = listed(silent.map(({ label }) => label).sort());
  const message = `nobody is told when ${names} of ${hostnameOf(door)} ${silent.length > 1 ? "fail" : "fails"}: failover hides it until the next one is needed`;
  const fix =
    door.kind === "cloudflare"
      ? "add a notificationPolicy of type load_balancing_health_alert for these pools"
      : "add an alarm on the health check of each answer";
  return [...findings, violation(first.urn, message, fix)];
}

/** Types that watch something and tell somebody, by the place from which they do. */
const WATCHERS =
  /^(?:aws:cloudwatch\/(?:metricAlarm|compositeAlarm)|aws:synthetics\/canary|aws:route53\/healthCheck|gcp:monitoring\/(?:alertPolicy|uptimeCheckConfig)|datadog:|newrelic:|grafana:|pagerduty:|checkly:|statuscake:|betteruptime:|better-uptime:|pingdom:|opsgenie:)/;

function judgeWatchers({ graph }: Design, doors: readonly Door[]): RuleFinding[] {
  const edged = doors.find(({ kind }) => kind === "cloudflare");
  if (edged === undefined || graph.resources.some(({ type }) => WATCHERS.test(type))) return [];
  const message = `nothing in this design watches ${hostnameOf(edged)} from outside the edge: when the edge itself fails, nobody is told`;
  return [
    violation(
      edged.urn,
      message,
      "add an uptime check or an alarm in one of the clouds, and let it tell somebody by another way than the edge",
    ),
  ];
}

function judgeLogs(design: Design, entry: Entry): RuleFinding[] {
  const resource = design.index.byUrn.get(entry.urn ?? "");
  const logged = resource === undefined ? [] : logsOf(resource, design);
  return logged.flatMap(([isLogged, property, owner]) => {
    if (!isLogged.known)
      return [undecided(isLogged, `so nobody can say whether ${entry.label} writes down what it answers`)];
    if (isLogged.value) return [];
    const message = `${owner.name} writes no logs of requests in ${placeName(entry.place)}: after an outage nobody can tell which were lost`;
    return [violation(owner.urn, message, `switch on ${property} of ${owner.name}`)];
  });
}

type Logged = [isLogged: Fact<boolean>, property: string, owner: Resource];

const AWS_BALANCERS = new Set([
  "aws:lb/loadBalancer:LoadBalancer",
  "aws:alb/loadBalancer:LoadBalancer",
  "aws:elb/loadBalancer:LoadBalancer",
]);
const GOOGLE_RULES = new Set([
  "gcp:compute/forwardingRule:ForwardingRule",
  "gcp:compute/globalForwardingRule:GlobalForwardingRule",
]);

/** Where each kind of balancer says whether it logs. Off unless it is switched on; a classic balancer logs once a bucket is named. */
function logsOf(resource: Resource, design: Design): Logged[] {
  if (AWS_BALANCERS.has(resource.type)) {
    const isClassic = resource.type.startsWith("aws:elb/");
    const named = boolean(resource, "accessLogs.enabled");
    return [
      [isClassic ? withDefault(named, true) : mapFact(named, (enabled) => enabled === true), "accessLogs", resource],
    ];
  }
  if (!GOOGLE_RULES.has(resource.type)) return [];
  const { backends, unknowns } = routesOf(resource, aroundOf(design));
  return [
    ...backends.map((service): Logged => [
      mapFact(boolean(service, "logConfig.enable"), (enabled) => enabled === true),
      "logConfig.enable",
      service,
    ]),
    ...unknowns.map((missing): Logged => [missing, missing.property, resource]),
  ];
}

const LOG_BUCKET = "gcp:logging/projectBucketConfig:ProjectBucketConfig";

/** Google lets the logs of all projects land in one bucket, and that bucket stands in one region. */
function judgeLogRegions({ graph, index, ...design }: Design): RuleFinding[] {
  const buckets = graph.resources.filter(({ type }) => type === LOG_BUCKET);
  const [first] = buckets;
  if (first === undefined) return [];
  const places = [...new Set(buckets.map((bucket) => placeName(placeOf(index, bucket))))];
  const computes = design.of("compute").filter(({ id, place }) => design.serving.has(id) && place.cloud === "gcp");
  const served = [...new Set(computes.map(({ place }) => placeName(place)))]
    .filter((name) => name.includes(":"))
    .sort();
  const [only = ""] = places;
  if (places.length > 1 || served.length < 2 || !only.includes(":")) return [];
  const others = served.filter((name) => name !== only);
  const message = `the logs of ${listed(others)} land in ${only} alone: while that is down, ${others.length > 1 ? "they serve" : "it serves"} unseen`;
  return [
    violation(
      first.urn,
      message,
      `keep a log bucket in each of the ${counted(served.length, "region")}, or one in the location global`,
    ),
  ];
}
