import { allFacts, chainFact, known, mapFact, Reason, unknown, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Monitor } from "../../model";
import { boolean, number, text, texts } from "../../reader";
import { referenced } from "../../references";

/** A health check of Route 53. */
export const HEALTH_CHECK = "aws:route53/healthCheck:HealthCheck";
const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";

/**
 * From where Route 53 checks unless told otherwise (docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-creating-values.html:
 * all recommended regions).
 */
export const CHECKING_REGIONS: readonly string[] = [
  "ap-northeast-1",
  "ap-southeast-1",
  "ap-southeast-2",
  "eu-west-1",
  "sa-east-1",
  "us-east-1",
  "us-west-1",
  "us-west-2",
];

/** A check may be worked out from others, which may be worked out from others. */
const DEPTH_MAX = 3;

/** What Route 53 knows about an answer's health. */
export interface Watch {
  monitor: Fact<Monitor | undefined>;
  checkRegions: Fact<string[]>;
  isAnnounced: Fact<boolean>;
}

/** Nothing watches: Route 53 takes such an answer for healthy, whatever happens. */
export const unwatched: Watch = { monitor: known(undefined), checkRegions: known([]), isAnnounced: known(false) };

/**
 * What decides about a record's health: its health check, otherwise the health of an alias's target where that is asked for
 * (docs.aws.amazon.com/Route53/latest/DeveloperGuide/health-checks-how-route-53-chooses-records.html).
 */
export function watchOf(index: GraphIndex, record: Resource): Watch {
  const written = text(record, "healthCheckId");
  if (!written.known || written.value !== undefined) return checkOf(index, record, written.known);
  const ofTarget = withDefault(boolean(record, "aliases[0].evaluateTargetHealth"), false);
  return {
    ...unwatched,
    monitor: mapFact(ofTarget, (isAsked) =>
      isAsked ? targetsOwn(record.urn, "aliases[0].evaluateTargetHealth") : undefined,
    ),
  };
}

/**
 * The monitor of something whose health is that of what stands behind it: a balancer's own checks of its targets, at their own pace. Its
 * type is `target`.
 */
export function targetsOwn(urn: string, property: string): Monitor {
  const pace = unknown(urn, property, "is decided by the target's own health checks, at their pace");
  return {
    urn,
    type: known("target"),
    path: known(""),
    expectedCodes: known(""),
    expectedBody: known(""),
    followsRedirects: known(false),
    allowsInsecure: known(false),
    intervalSeconds: pace,
    timeoutSeconds: pace,
    retries: known(0),
    consecutiveDown: pace,
  };
}

function checkOf(index: GraphIndex, record: Resource, isWritten: boolean): Watch {
  const found = referenced(index, record, "healthCheckId", [HEALTH_CHECK]);
  const check = found.known ? found.value[0] : undefined;
  if (check === undefined) {
    const monitor = unknown(record.urn, "healthCheckId", isWritten ? Reason.Elsewhere : Reason.Later);
    return { monitor, checkRegions: monitor, isAnnounced: monitor };
  }
  return {
    monitor: monitorOf(index, check, 0),
    checkRegions: chainFact(texts(check, "regions"), (all) =>
      all.length === 0 ? known([...CHECKING_REGIONS]) : allFacts(all),
    ),
    isAnnounced: known(index.dependants(check.urn).some(({ type }) => type === ALARM)),
  };
}

/** docs.aws.amazon.com/Route53/latest/APIReference/API_HealthCheckConfig.html */
function monitorOf(index: GraphIndex, check: Resource, depth: number): Fact<Monitor | undefined> {
  const isInverted = withDefault(boolean(check, "invertHealthcheck"), false);
  if (!isInverted.known) return isInverted;
  if (isInverted.value) return unknown(check.urn, "invertHealthcheck", "turns health into sickness");
  // A disabled check counts as healthy for ever.
  const isDisabled = withDefault(boolean(check, "disabled"), false);
  return chainFact(isDisabled, (disabled) =>
    disabled
      ? known(undefined)
      : chainFact(withDefault(text(check, "type"), ""), (type) => typed(index, check, type.toUpperCase(), depth)),
  );
}

function typed(index: GraphIndex, check: Resource, type: string, depth: number): Fact<Monitor | undefined> {
  switch (type) {
    case "HTTP":
    case "HTTP_STR_MATCH":
    case "HTTPS":
    case "HTTPS_STR_MATCH":
    case "TCP":
      return known(endpointMonitor(check, type.replace("_STR_MATCH", "").toLowerCase()));
    case "CALCULATED":
      return slowest(index, check, depth);
    case "CLOUDWATCH_METRIC":
      return unknown(check.urn, "type", "follows a CloudWatch alarm, whose pace is not part of the check");
    case "RECOVERY_CONTROL":
      return unknown(check.urn, "type", "is a routing control, which somebody has to switch");
    default:
      return unknown(check.urn, "type", Reason.Malformed);
  }
}

/**
 * docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html: connected within 4 seconds and 2xx
 * or 3xx within 2 more; TCP within 10. Certificates are not checked.
 */
function endpointMonitor(check: Resource, type: string): Monitor {
  return {
    urn: check.urn,
    type: known(type),
    path: withDefault(text(check, "resourcePath"), "/"),
    expectedCodes: known(type === "tcp" ? "" : "200-399"),
    expectedBody: withDefault(text(check, "searchString"), ""),
    followsRedirects: known(false),
    allowsInsecure: known(type === "https"),
    intervalSeconds: withDefault(number(check, "requestInterval"), 30),
    timeoutSeconds: known(type === "tcp" ? 10 : 6),
    retries: known(0),
    consecutiveDown: withDefault(number(check, "failureThreshold"), 3),
  };
}

/** A check that is worked out from others fails, at the latest, with the slowest of them. */
function slowest(index: GraphIndex, check: Resource, depth: number): Fact<Monitor | undefined> {
  const children = referenced(index, check, "childHealthchecks", [HEALTH_CHECK]);
  if (!children.known) return children;
  if (children.value.length === 0 || depth >= DEPTH_MAX)
    return unknown(check.urn, "childHealthchecks", Reason.Elsewhere);
  return chainFact(allFacts(children.value.map((child) => monitorOf(index, child, depth + 1))), (monitors) => {
    const paced = monitors.flatMap((monitor) => (monitor === undefined ? [] : [paceOf(monitor)]));
    return mapFact(allFacts(paced), (all) => {
      const [last] = all.sort((a, b) => b.seconds - a.seconds);
      return last === undefined ? undefined : { ...last.monitor, urn: check.urn };
    });
  });
}

function paceOf(monitor: Monitor): Fact<{ monitor: Monitor; seconds: number }> {
  const { intervalSeconds, consecutiveDown, timeoutSeconds } = monitor;
  return mapFact(
    allFacts([intervalSeconds, consecutiveDown, timeoutSeconds]),
    ([interval = 0, down = 0, timeout = 0]) => ({
      monitor,
      seconds: interval * down + timeout,
    }),
  );
}
