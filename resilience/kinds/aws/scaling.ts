import { known, mapFact, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import { number } from "../../reader";
import { oncePerGraph, push } from "../once";
import { pointed } from "./pointers";
import { ECS_SERVICE, FUNCTION, FUNCTION_ALIAS, SCALING_SCHEDULE, SCALING_TARGET } from "./types";

/** What is scaled and read here: services, and the provisioned concurrency of functions. */
const SCALED = [ECS_SERVICE, FUNCTION, FUNCTION_ALIAS];

/** What Application Auto Scaling may do with one resource. */
export interface Bounds {
  minimum: Fact<number>;
  maximum: Fact<number | undefined>;
}

interface Targets {
  /** By the URN of what is scaled. */
  byUrn: ReadonlyMap<string, Resource[]>;
  /** By `resourceId`, where that names nothing by its edges. */
  byText: ReadonlyMap<string, Resource[]>;
  /** Scheduled actions by the URN of their target. */
  schedules: ReadonlyMap<string, Resource[]>;
}

const targets = oncePerGraph((index): Targets => {
  const byUrn = new Map<string, Resource[]>();
  const byText = new Map<string, Resource[]>();
  const schedules = new Map<string, Resource[]>();
  for (const target of index.ofType(SCALING_TARGET)) {
    const found = pointed(index, target, "resourceId", SCALED);
    for (const { urn } of found.resources) push(byUrn, urn, target);
    for (const text of found.outside) push(byText, text, target);
  }
  for (const schedule of index.ofType(SCALING_SCHEDULE)) {
    for (const { urn } of pointed(index, schedule, "resourceId", [SCALING_TARGET]).resources)
      push(schedules, urn, schedule);
  }
  return { byUrn, byText, schedules };
});

/**
 * The bounds within which a resource is scaled, if it is. The minimum is the lowest that a schedule ever sets: at that hour it is what
 * runs.
 *
 * @param resourceId - how Application Auto Scaling names it: `service/CLUSTER/NAME`; undefined where that is not known.
 * @param isHere - whether a target stands in the region of what is scaled, since ids repeat in every region.
 */
export function boundsOf(
  index: GraphIndex,
  scaled: Resource,
  resourceId: string | undefined,
  isHere: (target: Resource) => boolean,
): Bounds | undefined {
  const { byUrn, byText, schedules } = targets(index);
  const named = resourceId === undefined ? [] : (byText.get(resourceId) ?? []).filter(isHere);
  const target = byUrn.get(scaled.urn)?.[0] ?? named[0];
  if (target === undefined) return undefined;
  const floors = (schedules.get(target.urn) ?? []).map((schedule) =>
    number(schedule, "scalableTargetAction.minCapacity"),
  );
  return {
    minimum: lowest(withDefault(number(target, "minCapacity"), 0), floors),
    maximum: number(target, "maxCapacity"),
  };
}

/** The smallest of a number and of others that may be absent; not known as soon as one of them is not. */
export function lowest(first: Fact<number>, others: readonly Fact<number | undefined>[]): Fact<number> {
  return others.reduce<Fact<number>>(
    (least, other) => {
      if (!least.known) return least;
      return other.known ? known(Math.min(least.value, other.value ?? least.value)) : other;
    },
    mapFact(first, (value) => value),
  );
}
