import { allFacts, chainFact, known, mapFact, Reason, unknown, valueOr, withDefault, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { GraphIndex } from "../../index-of";
import type { Need } from "../../model";
import { count, number, object, text } from "../../reader";
import { dependenciesAt } from "../../references";
import { oncePerGraph, push } from "../once";
import { launchOf, onDemandShareOf } from "./launch";
import { pointed, uncertainty } from "./pointers";
import { ECS_CAPACITY_PROVIDER, ECS_CLUSTER, ECS_CLUSTER_PROVIDERS, GROUP } from "./types";

/** On what the tasks of a service run. */
export interface Capacity {
  /** Of that many tasks, those that nobody takes back at any time: not on Spot. */
  steady: (tasks: number) => Fact<number>;
  /** What has to be there for a task to run; none on Fargate. */
  needs: Need[];
  /** The Auto Scaling groups whose instances they run on; none on Fargate. */
  groups: Resource[];
}

/** One capacity provider's part in a strategy. */
interface Share {
  base: number;
  weight: number;
  /** Share (0 to 1) of its tasks that is not on Spot. */
  steadyShare: Fact<number>;
}

/**
 * What a service runs on: its capacity providers, otherwise those that its cluster has for a default, otherwise its launch type
 * (docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html).
 */
export function capacityOf(service: Resource, index: GraphIndex): Capacity {
  const own = count(service, "capacityProviderStrategies");
  if (!own.known) return { steady: () => own, needs: [], groups: [] };
  if (own.value > 0) return byStrategy(service, "capacityProviderStrategies", own.value, index);
  const launchType = text(service, "launchType");
  if (launchType.known && launchType.value === undefined) {
    for (const providers of providersOfCluster(service, index)) {
      const defaults = "defaultCapacityProviderStrategies";
      const length = count(providers, defaults);
      if (!length.known) return { steady: () => length, needs: [], groups: [] };
      if (length.value > 0) return byStrategy(providers, defaults, length.value, index);
    }
  }
  return byLaunchType(service, withDefault(launchType, "EC2"), index);
}

function byLaunchType(service: Resource, launchType: Fact<string>, index: GraphIndex): Capacity {
  if (!launchType.known) return { steady: () => launchType, needs: [], groups: [] };
  if (launchType.value === "FARGATE") return { steady: known, needs: [], groups: [] };
  if (launchType.value !== "EC2") {
    const elsewhere = unknown(service.urn, "launchType", "puts tasks on machines outside AWS");
    return { steady: known, needs: [{ what: "a machine", atLeast: 1, of: [], unknown: elsewhere }], groups: [] };
  }
  const groups = groupsOfCluster(service, index);
  return { steady: steadyOn(groups, index), needs: [needOfGroups(service, "launchType", groups)], groups };
}

/** Tasks on several groups: any of them may hold the Spot instances, so the smallest share counts. */
function steadyOn(groups: readonly Resource[], index: GraphIndex): (tasks: number) => Fact<number> {
  return (tasks) => mapFact(smallestShareOf(groups, index), (share) => Math.floor(tasks * share + 1e-9));
}

function smallestShareOf(groups: readonly Resource[], index: GraphIndex): Fact<number> {
  const shares = allFacts(groups.map((group) => onDemandShareOf(group, index)));
  return mapFact(shares, (percents) => Math.min(100, ...percents) / 100);
}

function needOfGroups(service: Resource, path: string, groups: readonly Resource[]): Need {
  const of = groups.map(({ urn }) => urn).sort();
  const what = "an instance to run on";
  if (of.length > 0) return { what, atLeast: 1, of };
  return {
    what,
    atLeast: 1,
    of,
    unknown: unknown(service.urn, path, "puts tasks on instances that nothing in this design starts"),
  };
}

function byStrategy(holder: Resource, path: string, length: number, index: GraphIndex): Capacity {
  const groups: Resource[] = [];
  const missing: Need[] = [];
  const shares = Array.from({ length }, (_, place): Fact<Share> => {
    const item = `${path}[${String(place)}]`;
    const name = `${item}.capacityProvider`;
    const written = text(holder, name);
    const numbers = allFacts([
      withDefault(number(holder, `${item}.base`), 0),
      // A single provider takes everything; of several, one without a weight takes nothing.
      withDefault(number(holder, `${item}.weight`), length === 1 ? 1 : 0),
    ]);
    const share = (steadyShare: Fact<number>): Fact<Share> =>
      mapFact(numbers, ([base = 0, weight = 0]) => ({ base, weight, steadyShare }));
    if (written.known && written.value === "FARGATE") return share(known(1));
    if (written.known && written.value === "FARGATE_SPOT") return share(known(0));
    const found = pointed(index, holder, name, [ECS_CAPACITY_PROVIDER]);
    const [provider] = found.resources;
    if (provider === undefined) {
      const why = uncertainty(holder, name, found) ?? unknown(holder.urn, name, Reason.Malformed);
      missing.push({ what: "an instance to run on", atLeast: 1, of: [], unknown: why });
      return share(why);
    }
    // Instances that ECS itself starts and replaces are not in the program.
    if (isManaged(provider)) return share(known(1));
    const behind = groupOfProvider(provider, index);
    groups.push(...behind);
    if (behind.length === 0) missing.push(needOfGroups(provider, "autoScalingGroupProvider", []));
    return share(smallestShareOf(behind, index));
  });
  const isFargate = shares.length > 0 && groups.length === 0 && missing.length === 0;
  return {
    steady: (tasks) => chainFact(allFacts(shares), (all) => steadyTasks(tasks, all)),
    needs: isFargate ? [] : missing.length > 0 ? missing : [needOfGroups(holder, path, groups)],
    groups,
  };
}

/** The base comes first, what is over is spread by weight; both as `CapacityProviderStrategyItem` of the ECS API says. */
function steadyTasks(tasks: number, shares: readonly Share[]): Fact<number> {
  const bases = shares.reduce((sum, { base }) => sum + base, 0);
  const weights = shares.reduce((sum, { weight }) => sum + weight, 0);
  const over = Math.max(0, tasks - bases);
  const counts = shares.map(({ base, weight, steadyShare }) => {
    const placed = Math.min(base, tasks) + (weights === 0 ? 0 : (over * weight) / weights);
    return placed === 0 ? known(0) : mapFact(steadyShare, (share) => placed * share);
  });
  // Which of two providers gets the odd task is not known: it is not counted for either.
  return mapFact(allFacts(counts), (all) =>
    Math.min(tasks, Math.floor(all.reduce((sum, each) => sum + each, 0) + 1e-9)),
  );
}

function isManaged(provider: Resource): boolean {
  const managed = object(provider, "managedInstancesProvider");
  return !managed.known || Object.keys(managed.value).length > 0;
}

function groupOfProvider(provider: Resource, index: GraphIndex): Resource[] {
  return pointed(index, provider, "autoScalingGroupProvider.autoScalingGroupArn", [GROUP]).resources;
}

function clustersOf(service: Resource, index: GraphIndex): Resource[] {
  return pointed(index, service, "cluster", [ECS_CLUSTER]).resources;
}

const providersByCluster = oncePerGraph((index) => {
  const providers = new Map<string, Resource[]>();
  for (const each of index.ofType(ECS_CLUSTER_PROVIDERS)) {
    for (const { urn } of pointed(index, each, "clusterName", [ECS_CLUSTER]).resources) push(providers, urn, each);
  }
  return providers;
});

function providersOfCluster(service: Resource, index: GraphIndex): Resource[] {
  return clustersOf(service, index).flatMap(({ urn }) => providersByCluster(index).get(urn) ?? []);
}

/** Groups whose instances join a cluster because their user data names it. */
const joiningGroups = oncePerGraph((index) => {
  const groups = new Map<string, Resource[]>();
  for (const group of index.ofType(GROUP)) {
    for (const launch of launchOf(group, index).resources) {
      for (const urn of dependenciesAt(launch, "userData").urns) {
        if (index.byUrn.get(urn)?.type === ECS_CLUSTER) push(groups, urn, group);
      }
    }
  }
  return groups;
});

/** The groups behind a cluster's capacity providers, and those whose instances join it by their user data. */
function groupsOfCluster(service: Resource, index: GraphIndex): Resource[] {
  const providers = providersOfCluster(service, index).flatMap((each) =>
    pointed(index, each, "capacityProviders", [ECS_CAPACITY_PROVIDER]).resources.flatMap((provider) =>
      groupOfProvider(provider, index),
    ),
  );
  const joining = clustersOf(service, index).flatMap(({ urn }) => joiningGroups(index).get(urn) ?? []);
  return [...new Set([...providers, ...joining])];
}

/** Zones of all the groups together. */
export function groupsAsOne(zones: readonly Fact<string[]>[]): Fact<string[]> {
  return mapFact(allFacts(zones), (all) => [...new Set(all.flat())].sort());
}

/** The name of a cluster as Application Auto Scaling spells it; the default cluster where a service names none. */
export function clusterNameOf(service: Resource, index: GraphIndex): string | undefined {
  const written = text(service, "cluster");
  if (written.known && written.value === undefined) return "default";
  const [cluster] = clustersOf(service, index);
  const name = cluster === undefined ? undefined : valueOr(text(cluster, "name"), undefined);
  const arn = valueOr(written, undefined);
  return name ?? (arn === undefined ? undefined : arn.slice(arn.lastIndexOf("/") + 1));
}
