import { closureOf } from "../design";
import { known, Reason, unknown, valueOr, type Fact, type Unknown } from "../fact";
import type { Resource } from "../graph";
import {
  GLOBAL,
  type CloudName,
  type Compute,
  type Need,
  type Part,
  type Place,
  type Surroundings,
  type Voter,
} from "../model";
import { property, text } from "../reader";
import { referenced } from "../references";
import { tagOf } from "../tags";

/** Whether a resource is a voter, by its owner's word. */
export function isVoter(resource: Resource): boolean {
  return groupOf(resource) !== undefined;
}

/**
 * Adds the quorums of a design: resources tagged `twodoor:quorum=<group>`, one vote for each unit that runs at all times, and the voters
 * that a manifest or the settings name. A quorum works while more than half of its voters do. What serves cannot do without it: an order
 * counts only when the journal has it.
 *
 * Tags that are not known make no voter: there is nothing to tell that they would.
 */
export function addQuorums(parts: Map<string, Part>, around: Surroundings): void {
  const votes = new Map<string, Vote[]>();
  const add = (group: string, vote: Vote): void => void votes.set(group, [...(votes.get(group) ?? []), vote]);
  for (const resource of around.index.graph.resources) {
    const group = groupOf(resource);
    if (group !== undefined) add(group, votesOf(resource, group, parts, around));
  }
  for (const { group, voters } of around.declared.quorums) {
    voters.forEach((voter, place) => {
      add(group, { voters: [declaredVoter(group, voter, place)], unknown: undefined });
    });
  }
  for (const [group, all] of [...votes].sort(([a], [b]) => (a < b ? -1 : 1))) addQuorum(parts, group, all, around);
}

/** What one resource, or one declaration, brings to a quorum. */
interface Vote {
  voters: Voter[];
  /** Set where it is not known how many votes these are. */
  unknown: Unknown | undefined;
}

function groupOf(resource: Resource): string | undefined {
  const tag = tagOf(resource, "quorum");
  return tag.known && tag.value !== "" ? tag.value : undefined;
}

function addQuorum(parts: Map<string, Part>, group: string, votes: readonly Vote[], around: Surroundings): void {
  const voters = votes.flatMap((vote) => vote.voters);
  const ids = voters.map(({ id }) => id).sort();
  const missing = votes.find((vote) => vote.unknown !== undefined)?.unknown;
  const id = `quorum:${group}`;
  for (const voter of voters) parts.set(voter.id, voter);
  const majority = Math.floor(ids.length / 2) + 1;
  parts.set(id, {
    role: "quorum",
    id,
    urn: null,
    label: group,
    place: { cloud: "other", region: known(GLOBAL), account: known(""), zones: known([]) },
    needs: [
      {
        what: "a majority of its voters",
        atLeast: majority,
        of: ids,
        ...(missing === undefined ? {} : { unknown: missing }),
      },
    ],
    voters: ids,
  });
  const need: Need = { what: `the quorum ${group}`, atLeast: 1, of: [id] };
  for (const compute of servingComputes(parts, hostnameOf(group, around))) {
    parts.set(compute.id, { ...compute, needs: [...compute.needs, need] });
  }
}

/** The hostname of which a manifest says that this is its journal; undefined where it is everybody's. */
function hostnameOf(group: string, { declared }: Surroundings): string | undefined {
  const named = declared.quorums.filter((quorum) => quorum.group === group);
  return named.length === 1 ? named[0]?.hostname : undefined;
}

function servingComputes(parts: ReadonlyMap<string, Part>, hostname: string | undefined): Compute[] {
  const doors = [...parts.values()].filter(
    (part) => part.role === "door" && (hostname === undefined || valueOr(part.hostname, part.label) === hostname),
  );
  const ids = closureOf(
    parts,
    doors.map(({ id }) => id),
  );
  return [...parts.values()].filter((part): part is Compute => part.role === "compute" && ids.has(part.id));
}

/** More units than this are no quorum, whatever a tag says. */
const VOTES_MAX = 99;

/** One vote for each unit that a resource keeps running, dealt out over its zones as a cloud does it. */
function votesOf(resource: Resource, group: string, parts: ReadonlyMap<string, Part>, around: Surroundings): Vote {
  const part = parts.get(resource.urn);
  const place = part?.place ?? around.placeOf(resource);
  const packedBy = packedByOf(resource, around);
  const units: Fact<number> = part?.role === "compute" ? part.minimum : known(1);
  const count = Math.min(VOTES_MAX, Math.max(1, valueOr(units, 1)));
  const voters = Array.from({ length: count }, (_, number): Voter => {
    const suffix = count === 1 ? "" : `-${String(number + 1)}`;
    return {
      role: "voter",
      id: `${resource.urn}#voter${suffix}`,
      urn: resource.urn,
      label: `${resource.name}${suffix}`,
      place: { ...place, zones: zoneOf(resource, place, number) },
      needs: [],
      group,
      packedBy,
    };
  });
  return { voters, unknown: units.known ? undefined : units };
}

/** The zone of one unit: a machine is in one, however many its group uses. */
function zoneOf(resource: Resource, { zones }: Place, number: number): Place["zones"] {
  if (!zones.known) return zones;
  const { value } = zones;
  const zone = value[number % Math.max(1, value.length)];
  return zone === undefined ? unknown(resource.urn, "zone", "is chosen by the cloud") : known([zone]);
}

function declaredVoter(
  group: string,
  { provider, region }: { provider: string; region: string },
  place: number,
): Voter {
  const number = String(place + 1);
  const cloud: CloudName = provider === "aws" || provider === "gcp" ? provider : "other";
  const id = `quorum:${group}#${number}`;
  return {
    role: "voter",
    id,
    urn: null,
    label: `voter ${number} of ${group} (${provider} ${region})`,
    place: {
      cloud,
      region: known(region),
      account: known(cloud === "other" ? provider : ""),
      zones: unknown(id, "zone", "is not declared"),
    },
    needs: [],
    group,
    packedBy: known(undefined),
  };
}

/** What packs machines close together, with the property of the machine that names it and the value that says so. */
const PACKERS = [
  {
    type: "aws:ec2/placementGroup:PlacementGroup",
    names: ["placementGroup", "placementGroupId"],
    path: "strategy",
    packed: "cluster",
  },
  {
    type: "gcp:compute/resourcePolicy:ResourcePolicy",
    names: ["resourcePolicies"],
    path: "groupPlacementPolicy.collocation",
    packed: "COLLOCATED",
  },
];

/**
 * The placement group that packs a voter together with others: `cluster` on AWS
 * (docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-strategies.html), `COLLOCATED` on Google
 * (docs.cloud.google.com/compute/docs/instances/placement-policies-overview).
 */
function packedByOf(resource: Resource, { index }: Surroundings): Fact<string | undefined> {
  for (const { type, names, path, packed } of PACKERS) {
    for (const name of names) {
      const found = referenced(index, resource, name, [type]);
      if (!found.known) return found;
      for (const group of found.value) {
        const strategy = text(group, path);
        if (!strategy.known) return strategy;
        if (strategy.value === packed) return known(group.urn);
      }
      if (found.value.length > 0) continue;
      const written = property(resource, name);
      // A group that is made elsewhere may pack or spread.
      const isEmpty =
        written.known && (written.value === undefined || (Array.isArray(written.value) && written.value.length === 0));
      if (!isEmpty) return unknown(resource.urn, name, Reason.Elsewhere);
    }
  }
  return known(undefined);
}
