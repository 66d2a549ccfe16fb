import type { Design } from "../../resilience/design";
import { valueOr, type Unknown } from "../../resilience/fact";
import { GLOBAL, type Quorum, type Voter } from "../../resilience/model";
import { geographyOf } from "../../resilience/places";
import { outages } from "../outages";

import { Level, undecided, violation, type Judged, type Rule, type RuleFinding } from "../rule";
import { counted, listed } from "../../components/sizing/words";

/**
 * DAT-02. For every group that decides by majority: whatever is lost as one (a zone, a region, a geography, an account, a cloud, any other
 * provider), the voters elsewhere still are a majority of all. Two clouds alone cannot pass, however many voters they have: one of them
 * holds at least half. Three sites do (1 + 1 + 1, or 2 + 2 + 1 with the fifth at a third provider). A store that its vendor runs over several
 * regions (a DynamoDB table with a witness) stands in one cloud by its nature: what goes with that cloud is TOP-05's row.
 */
export const dat02: Rule = {
  id: "DAT-02",
  title: "No failure domain holds what a quorum needs for its majority",
  level: Level.Mandatory,
  severity: "critical",
  why: "A quorum goes on as long as more than half of all its voters can speak to one another. If one zone, account or cloud can take that half away, everything that is decided by it stops with that domain.",
  outages: [outages.coinbase, outages.railway],
  fix: "Spread the voters so that the loss of any one zone, region, account, cloud or provider leaves a majority: with two clouds, a witness at a third provider.",
  references: [
    "https://docs.nats.io/running-a-nats-service/configuration/clustering/jetstream_clustering",
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/multi-region-strong-consistency-gt.html",
    "https://raft.github.io/raft.pdf",
  ],
  otherTools: ["Nothing found: scanners count the zones of managed databases, not the voters of a group"],
  subsumedBy: [
    {
      id: "TOP-05",
      stays:
        "the survival table sees quorums that something serving needs; this judges every group, and says how its voters are spread",
    },
  ],
  judge,
};

function judge({ design }: Judged): RuleFinding[] | undefined {
  const quorums = design.of("quorum");
  if (quorums.length === 0) return undefined;
  return quorums.flatMap((quorum) => judgeQuorum(design, quorum));
}

/** A scope in which things fail as one, from the narrowest. */
interface Scope {
  kind: string;
  /** The domain of a voter in this scope; undefined where it has none of its own. */
  of: (voter: Voter) => string | undefined;
  /**
   * What is not known of a voter's place in this scope. Zones, regions and accounts lie within a cloud: where no cloud holds too many, none of
   * them does, whatever is not known about them.
   */
  missing: (voter: Voter) => Unknown | undefined;
}

const SCOPES: readonly Scope[] = [
  {
    kind: "zone",
    of: ({ place }) => {
      const [zone, ...others] = valueOr(place.zones, []);
      return zone === undefined || others.length > 0 ? undefined : `${place.cloud}:${zone}`;
    },
    missing: () => undefined,
  },
  {
    kind: "region",
    of: ({ place }) => regional(valueOr(place.region, GLOBAL), (region) => `${place.cloud}:${region}`),
    missing: () => undefined,
  },
  {
    kind: "geography",
    of: ({ place }) =>
      regional(valueOr(place.region, GLOBAL), (region) => {
        const geography = geographyOf(place.cloud, region);
        return geography === undefined ? undefined : `geography:${geography}`;
      }),
    missing: ({ place }) => (place.region.known ? undefined : place.region),
  },
  {
    kind: "account",
    of: ({ place }) => {
      const account = valueOr(place.account, "");
      return account === "" || place.cloud === "other" ? undefined : `account:${place.cloud}:${account}`;
    },
    missing: () => undefined,
  },
  {
    kind: "provider",
    of: (voter) => (voter.place.cloud === "other" ? providerOf(voter) : voter.place.cloud),
    missing: () => undefined,
  },
];

function regional(region: string, name: (region: string) => string | undefined): string | undefined {
  return region === GLOBAL ? undefined : name(region);
}

/** Who runs a voter outside of the clouds: as declared, otherwise by its resource's package. Those without a name are held to be one. */
function providerOf({ place, urn }: Voter): string {
  const type = urn?.split("::")[2]?.split("$").at(-1) ?? "";
  return valueOr(place.account, "") || type.split(":")[0] || "a provider that is not named";
}

function judgeQuorum({ parts }: Design, quorum: Quorum): RuleFinding[] {
  const voters = quorum.voters.flatMap((id): Voter[] => {
    const part = parts.get(id);
    return part?.role === "voter" ? [part] : [];
  });
  const urn = quorum.urn ?? voters.find((voter) => voter.urn !== null)?.urn ?? null;
  const majority = Math.floor(voters.length / 2) + 1;
  if (voters.length === 0) return [];
  if (voters.length === 1) return [onlyVoter(quorum, urn)];
  const scopes = quorum.urn === null ? SCOPES : SCOPES.filter(({ kind }) => kind !== "account" && kind !== "provider");
  for (const scope of scopes) {
    const [domain, inside] = fullest(scope, voters);
    if (voters.length - inside.length < majority) return [heldBy(quorum, urn, voters.length, domain, inside)];
  }
  for (const scope of scopes) {
    const missing = voters.flatMap((voter) => scope.missing(voter) ?? []);
    const [, inside] = fullest(scope, voters);
    const [first] = missing;
    if (first !== undefined && voters.length - inside.length - missing.length < majority) {
      return [
        undecided(first, `so nobody can say whether one ${scope.kind} holds what the quorum ${quorum.label} needs`),
      ];
    }
  }
  return [];
}

function fullest({ of }: Scope, voters: readonly Voter[]): [string, Voter[]] {
  const groups = new Map<string, Voter[]>();
  for (const voter of voters) {
    const domain = of(voter);
    if (domain !== undefined) groups.set(domain, [...(groups.get(domain) ?? []), voter]);
  }
  const sorted = [...groups].sort(([a, left], [b, right]) => right.length - left.length || (a < b ? -1 : 1));
  return sorted[0] ?? ["", []];
}

function onlyVoter(quorum: Quorum, urn: string | null): RuleFinding {
  const message = `the quorum ${quorum.label} has a single voter: when that is lost, nothing more is decided`;
  return violation(urn, message, `give ${quorum.label} three voters at three sites, or five as 2 + 2 + 1`);
}

function heldBy(
  quorum: Quorum,
  urn: string | null,
  all: number,
  domain: string,
  inside: readonly Voter[],
): RuleFinding {
  const majority = Math.floor(all / 2) + 1;
  const labels = inside.map(({ label }) => label).sort();
  const most = all - majority;
  return violation(
    urn,
    `${domain} holds ${String(inside.length)} of the ${counted(all, "voter")} of the quorum ${quorum.label} (${listed(labels)}): when it is lost, ${String(all - inside.length)} are left and ${String(majority)} are needed, so nothing more is decided`,
    all % 2 === 0
      ? `add one voter to ${quorum.label} at a third provider, so that no domain holds half of them`
      : `let no zone, region, account, cloud or provider hold more than ${String(most)} of the ${counted(all, "voter")} of ${quorum.label}`,
  );
}
