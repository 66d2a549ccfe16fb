import type { Design } from "../../resilience/design";
import type { Unknown } from "../../resilience/fact";
import type { Quorum, Voter } from "../../resilience/model";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { listed } from "../../components/sizing/words";

/**
 * DAT-03. A cluster placement group (AWS), or a collocated placement policy (Google), puts machines into one room for a short network. Two
 * voters of a quorum in the same one fall together. A single voter among other machines passes, and so do spread and partition groups.
 */
export const dat03: Rule = {
  id: "DAT-03",
  title: "No two voters of a quorum are packed together",
  level: Level.Mandatory,
  severity: "critical",
  why: "Placement groups buy microseconds by putting machines next to one another, under the same cooling and the same switch. Coinbase lost three of five voters in one of them, and with them trading for eight hours.",
  outages: [outages.coinbase],
  fix: "Take the voters out of the placement group, or use one with the spread strategy.",
  references: [
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/placement-groups.html",
    "https://cloud.google.com/compute/docs/instances/use-compact-placement-policies",
  ],
  otherTools: ["Nothing found"],
  subsumedBy: [
    { id: "DAT-02", stays: "zones may look well spread while a placement group keeps the majority in one room" },
  ],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const quorums = design.of("quorum").filter(({ voters }) => voters.length > 1);
  if (quorums.length === 0) return undefined;
  return quorums.flatMap((quorum) => judgeQuorum(design, quorum));
}

function judgeQuorum({ parts }: Design, quorum: Quorum): RuleFinding[] {
  const packs = new Map<string, Voter[]>();
  const open: Unknown[] = [];
  for (const id of quorum.voters) {
    const voter = parts.get(id);
    if (voter?.role !== "voter") continue;
    if (!voter.packedBy.known) open.push(voter.packedBy);
    else if (voter.packedBy.value !== undefined) {
      packs.set(voter.packedBy.value, [...(packs.get(voter.packedBy.value) ?? []), voter]);
    }
  }
  const packed = [...packs].filter(([, voters]) => voters.length > 1);
  if (packed.length > 0) return packed.map(([pack, voters]) => packedTogether(quorum, pack, voters));
  const [first] = open;
  if (first === undefined || open.length + packs.size < 2) return [];
  return [undecided(first, `so nobody can say whether voters of ${quorum.label} stand in one room`)];
}

function packedTogether(quorum: Quorum, pack: string, voters: readonly Voter[]): RuleFinding {
  const name = pack.split("::").at(-1) ?? pack;
  const left = quorum.voters.length - voters.length;
  const majority = Math.floor(quorum.voters.length / 2) + 1;
  const labels = voters.map(({ label }) => label).sort();
  const end =
    left < majority ? `, and the quorum ${quorum.label} with them` : `, for no gain to the quorum ${quorum.label}`;
  return violation(
    voters[0]?.urn ?? null,
    `${listed(labels)} stand in one room (${name}): they fall together${end}`,
    `take them out of ${name}, or let it spread them instead of packing them`,
  );
}
