import { known, type Fact } from "../../fact";
import type { Resource } from "../../graph";
import type { Door, Monitor, PoolOverride } from "../../model";

/** All answers of one DNS provider for one hostname and record type: what a client that asks for the name may get. */
export interface NameSet {
  /** URN of its first record; the id of the door that it is. */
  id: string;
  /** Its records, by URN. */
  records: readonly Resource[];
  hostname: Fact<string>;
  kind: Door["kind"];
  /** `A`, `AAAA`, `CNAME`, …; `AAAA` beside an `A` is another way to the same name, and no name of its own. */
  type: string;
  /** Whether the answers of a private zone are meant, which no client outside gets. */
  isPrivate: boolean;
  /** Whether somebody chose which answer a client gets: a routing policy. Otherwise each client takes any of them. */
  isSteered: boolean;
  isProxied: Fact<boolean>;
  ttlSeconds: Fact<number>;
  answers: readonly Answer[];
  steering: Fact<string>;
  /** Ids of the answers for clients that no override is about. */
  pools: Fact<string[]>;
  isOrdered: boolean;
  weights: Fact<Record<string, number>>;
  overrides: readonly PoolOverride[];
}

/** One answer of a name. */
export interface Answer {
  /** Id of the pool that stands for it where there are several. */
  id: string;
  record: Resource;
  /** What tells it from the others, for people: a set identifier, a path. */
  label: string;
  /** Paths of the addresses in it; all of them are given to every client. */
  addresses: readonly string[];
  monitor: Fact<Monitor | undefined>;
  checkRegions: Fact<string[]>;
  isAnnounced: Fact<boolean>;
}

/** A set of answers among which nothing chooses: each client takes any of them. */
export function simpleSet(
  set: Pick<NameSet, "kind" | "records" | "hostname" | "type" | "isProxied" | "ttlSeconds" | "answers"> & {
    isPrivate?: boolean;
  },
): NameSet {
  return {
    isPrivate: false,
    ...set,
    id: set.records[0]?.urn ?? "",
    isSteered: false,
    steering: known("random"),
    pools: known(set.answers.map(({ id }) => id)),
    isOrdered: false,
    weights: known({}),
    overrides: [],
  };
}
