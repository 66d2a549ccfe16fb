import { allFacts, mapFact, valueOr, type Fact } from "../../resilience/fact";
import type { Compute } from "../../resilience/model";
import { outages } from "../outages";
import { isMachine, placeName, replicaSets, type ReplicaSet } from "../queries";
import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { counted } from "../../components/sizing/words";

/**
 * CAP-04. What may fall to nothing serves nobody in the minute in which it is needed, and a single unit turns the loss of one machine into
 * the loss of its region. Units that may be taken away at any time (Spot) do not count. Machines without a group count together with the
 * others behind the same balancer. Whether the running minimum is enough is CAP-02's question.
 */
export const cap04: Rule = {
  id: "CAP-04",
  title: "What serves never scales to zero or to one",
  level: Level.Mandatory,
  severity: "high",
  why: "Failover sends a region's whole load to another within seconds. Units that have to be started then come too late, and on the days that matter they do not come at all: in October 2025 launches failed for eight hours after the outage itself.",
  outages: [outages.dynamoDb, outages.s3],
  fix: "Set a minimum of at least two units for every compute that clients are sent to, and a maximum that is not below it.",
  references: [
    "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/static-stability.html",
    "https://cloud.google.com/run/docs/configuring/min-instances",
    "https://docs.aws.amazon.com/autoscaling/application/userguide/target-tracking-scaling-policy-overview.html",
  ],
  otherTools: ["Nothing found that looks at minimums in a serving path"],
  subsumedBy: [
    {
      id: "CAP-02",
      stays: "without a declared peak CAP-02 cannot be judged, and a minimum of nothing is wrong whatever the peak is",
    },
  ],
  judge,
};

function judge({ design, settings }: Judged): RuleFinding[] | undefined {
  const sets = replicaSets(design);
  if (sets.length === 0) return undefined;
  return sets.flatMap((set) => [...judgeMinimum(set, settings.unitsMin), ...set.computes.flatMap(judgeMaximum)]);
}

function judgeMinimum(set: ReplicaSet, unitsMin: number): RuleFinding[] {
  return isGroupOfMachines(set)
    ? judgeMachines(set, unitsMin)
    : set.computes.flatMap((compute) => judgeUnits(compute, unitsMin));
}

function isGroupOfMachines({ computes }: ReplicaSet): boolean {
  return computes.length > 1 && computes.every(isMachine);
}

function judgeMachines({ urn, label, place, computes }: ReplicaSet, unitsMin: number): RuleFinding[] {
  if (computes.length >= unitsMin) return [];
  const message = `behind ${label} in ${placeName(place)} stand ${counted(computes.length, "machine")}, and ${String(unitsMin)} are asked for`;
  return [violation(urn, message, `put at least ${counted(unitsMin, "machine")} behind ${label}`)];
}

function judgeUnits(compute: Compute, unitsMin: number): RuleFinding[] {
  const { urn, label, place, unit, minimum } = compute;
  if (!minimum.known)
    return [undecided(minimum, `so nobody can say how many ${unit}s of ${label} run when a region's load arrives`)];
  const count = minimum.value;
  if (count >= unitsMin) return [];
  const where = placeName(place);
  const consequence =
    count <= 0
      ? `it may have no ${unit} running in ${where} when another region's load arrives, and starting one then is what fails on such a day`
      : count === 1
        ? `the one ${unit} that runs in ${where} is all of it: when its machine fails, ${where} serves nobody`
        : `${counted(count, unit)} run in ${where}, and ${String(unitsMin)} are asked for`;
  const fix = isMachine(compute)
    ? `put a second machine behind the same balancer, or let a group with a minimum of ${String(unitsMin)} make them`
    : `raise the minimum of ${label} to ${String(unitsMin)} or more`;
  return [violation(urn, `${label} has a minimum of ${String(Math.max(0, count))}: ${consequence}`, fix)];
}

/** A maximum below the minimum is a slip that an autoscaler refuses, or settles in favour of the smaller number. */
function judgeMaximum({ urn, label, minimum, maximum }: Compute): RuleFinding[] {
  if (minimum.known && !maximum.known)
    return [undecided(maximum, `so nobody can say whether the minimum of ${label} holds`)];
  const both: Fact<[number, number] | undefined> = mapFact(
    allFacts<number | undefined>([minimum, maximum]),
    ([least, most]) => (least === undefined || most === undefined ? undefined : [least, most]),
  );
  const pair = valueOr(both, undefined);
  if (pair === undefined || pair[1] >= pair[0]) return [];
  const [least, most] = pair;
  return [
    violation(
      urn,
      `${label} may grow to ${String(most)} and is to run at least ${String(least)}: the minimum does not hold`,
      `raise the maximum of ${label} above ${String(least)}`,
    ),
  ];
}
