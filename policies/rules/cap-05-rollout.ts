import type { Design } from "../../resilience/design";
import { valueOr } from "../../resilience/fact";
import type { GraphIndex } from "../../resilience/index-of";
import { GLOBAL, type Compute } from "../../resilience/model";
import { boolean } from "../../resilience/reader";
import { outages } from "../outages";
import { placeName, servingParts } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { counted, listed } from "../../components/sizing/words";

/**
 * CAP-05. Three ways in which one change reaches more than one failure domain: all regions in the same update, more of a region than a lost
 * zone would take, and a failing version that nothing stops. The order of regions is read off what depends on what, a component's
 * dependencies counted for all that is in it; who deploys region by region with `--target` or from stacks of their own is not seen here.
 */
export const cap05: Rule = {
  id: "CAP-05",
  title: "A rollout takes one failure domain at a time, and stops by itself",
  level: Level.Advisory,
  severity: "medium",
  why: "A change of one's own can strike every region and both clouds in the same minute, which no provider's outage does. Independent regions that are changed together are one failure domain.",
  outages: [outages.serviceControl, outages.cloudflareProxy],
  fix: "Let each region depend on the one before it, wait until it is steady, and let the platform stop or take back a rollout that fails.",
  references: [
    "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
    "https://www.pulumi.com/docs/iac/concepts/resources/options/dependson/",
    "https://cloud.google.com/run/docs/rollouts-rollbacks-traffic-migration",
  ],
  otherTools: ["Nothing found that compares the regions of one update"],
  subsumedBy: [],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const computes = servingParts(design, "compute");
  if (computes.length === 0) return undefined;
  return [...computes.flatMap(judgeRollout), ...judgeOrder(design, computes)];
}

function judgeRollout(compute: Compute): RuleFinding[] {
  const { urn, label, unit, rollout } = compute;
  const { minimumHealthyPercent, stopsByItself } = rollout;
  const findings: RuleFinding[] = [];
  if (!minimumHealthyPercent.known) {
    findings.push(undecided(minimumHealthyPercent, `so nobody can say how much of ${label} a rollout takes at once`));
  } else if (minimumHealthyPercent.value !== undefined && minimumHealthyPercent.value < keptByZoneLoss(compute)) {
    findings.push(
      violation(
        urn,
        `a rollout of ${label} may leave ${String(minimumHealthyPercent.value)} % of its ${unit}s standing: that is fewer than the loss of a zone of ${placeName(compute.place)} leaves`,
        `let at least ${String(keptByZoneLoss(compute))} % of the ${unit}s of ${label} stay healthy during a rollout, 100 % if others are started first`,
      ),
    );
  }
  if (!stopsByItself.known) {
    findings.push(
      undecided(stopsByItself, `so nobody can say whether a version of ${label} that does not start is stopped`),
    );
  } else if (stopsByItself.value === false) {
    findings.push(
      violation(
        urn,
        `nothing stops a rollout of ${label} whose new ${unit}s do not become healthy: it goes on trying until somebody sees it`,
        `switch on what takes a failing rollout of ${label} back by itself (ECS: deploymentCircuitBreaker with rollback; Auto Scaling: instanceRefresh with autoRollback; Google's groups: autoHealingPolicies)`,
      ),
    );
  }
  return findings;
}

/** Percent that stay when the fullest zone is lost: half where the zones are not known. */
function keptByZoneLoss({ place }: Compute): number {
  const zones = valueOr(place.zones, []).length;
  return zones > 2 ? Math.floor((100 * (zones - 1)) / zones) : 50;
}

function judgeOrder({ index }: Design, computes: readonly Compute[]): RuleFinding[] {
  const units = regionalUnits(computes);
  if (new Set(units.map(({ place }) => place)).size < 2) return [];
  const before = new Map(units.map(({ urn }) => [urn, dependenciesOf(index, urn)]));
  const together = units.find((one, at) =>
    units.slice(at + 1).some((other) => other.place !== one.place && !isOrdered(before, one.urn, other.urn)),
  );
  if (together !== undefined) {
    const places = [...new Set(units.map(({ place }) => place))];
    const message = `one update changes ${listed(places)} at the same time: nothing in the program lets one of them wait for another, so a bad version reaches all ${counted(places.length, "region")} before anybody sees it`;
    return [
      violation(
        null,
        message,
        "let what runs in each region depend on that of the region before it (dependsOn), the load balancer on all of them",
      ),
    ];
  }
  return units.flatMap(({ urn, label }) => judgeWait(index, urn, label, before));
}

/** One compute for each region, the first by id: what is in order with one of a region is held to be so with all of it. */
function regionalUnits(computes: readonly Compute[]): { urn: string; label: string; place: string }[] {
  const found = new Map<string, { urn: string; label: string; place: string }>();
  // The machines on which tasks run carry no version of their own.
  const beneath = new Set(computes.flatMap(({ needs }) => needs.flatMap(({ of }) => of)));
  for (const { urn, label, place } of computes.filter(({ id }) => !beneath.has(id))) {
    const name = placeName(place);
    const isRegional = valueOr(place.region, GLOBAL) !== GLOBAL;
    if (urn !== null && isRegional && !found.has(name)) found.set(name, { urn, label, place: name });
  }
  return [...found.values()];
}

function isOrdered(before: ReadonlyMap<string, ReadonlySet<string>>, a: string, b: string): boolean {
  return before.get(a)?.has(b) === true || before.get(b)?.has(a) === true;
}

/** Everything that the engine finishes before a resource: what it depends on, by any number of steps, what its parents depend on included. */
function dependenciesOf({ byUrn }: GraphIndex, start: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [start];
  for (let urn = open.pop(); urn !== undefined; urn = open.pop()) {
    const resource = byUrn.get(urn);
    if (resource === undefined || seen.has(urn)) continue;
    seen.add(urn);
    open.push(...resource.dependencies, ...Object.values(resource.propertyDependencies).flat());
    if (resource.parent !== null) open.push(resource.parent);
  }
  seen.delete(start);
  return seen;
}

/** An ECS service counts as done once ECS has accepted it, unless it is waited for (registry page of `aws.ecs.Service`: default false). */
function judgeWait(
  { byUrn }: GraphIndex,
  urn: string,
  label: string,
  before: ReadonlyMap<string, ReadonlySet<string>>,
): RuleFinding[] {
  const resource = byUrn.get(urn);
  const isAwaited = [...before.values()].some((urns) => urns.has(urn));
  if (resource?.type !== "aws:ecs/service:Service" || !isAwaited) return [];
  const waits = boolean(resource, "waitForSteadyState");
  if (!waits.known)
    return [undecided(waits, `so nobody can say whether the next region waits until ${label} is steady`)];
  if (waits.value === true) return [];
  return [
    violation(
      urn,
      `the next region starts as soon as ECS has accepted the change of ${label}, whether its tasks come up or not: the order of the regions holds nothing back`,
      `set waitForSteadyState of ${label} to true`,
    ),
  ];
}
