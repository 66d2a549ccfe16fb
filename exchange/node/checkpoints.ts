/**
 * Whether nodes that applied the same entries did the same with them. After each span of entries every node writes the digest of what they did
 * (`span-digest.ts`) to the journal; a node that most others contradict stops serving. Where as many contradict it as agree (two nodes that differ, say),
 * nobody can tell who is right, and it stops too: wrong balances are worse than none.
 */

/** Own digests that are still compared: of as many entries as the busiest journal takes while a tie is waited for. */
const KEPT_MAX = 128;
/** Other nodes' digests of one sequence that are counted. */
const NODES_MAX = 256;
/** How long others may take to agree before a tie counts. */
export const TIE_MS = 5_000;

interface Own {
  readonly hash: string;
  readonly agreeing: Set<string>;
  readonly differing: Set<string>;
}

/** What the comparison says so far. `tie`: as many contradict as agree. */
export type Comparison = "agrees" | "tie" | "diverged";

/** The node's own digests and what the others said of the same sequences. */
export class Checkpoints {
  readonly #node: string;
  readonly #own = new Map<number, Own>();

  constructor(node: string) {
    this.#node = node;
  }

  /** The own digest of the span that ends with this entry. */
  add(sequence: number, hash: string): void {
    this.#own.set(sequence, { hash, agreeing: new Set(), differing: new Set() });
    const [oldest] = this.#own.keys();
    if (this.#own.size > KEPT_MAX && oldest !== undefined) this.#own.delete(oldest);
  }

  /** Another node's digest, as the journal gives it. Sequences of which this node has none say nothing, nor do releases that take in something else. */
  compare(sequence: number, node: string, hash: string): Comparison {
    const own = this.#own.get(sequence);
    if (own === undefined || node === this.#node || versionOf(hash) !== versionOf(own.hash)) return "agrees";
    const side = hash === own.hash ? own.agreeing : own.differing;
    if (side.size < NODES_MAX) side.add(node);
    return this.verdict(sequence);
  }

  /** What is known of a sequence by now. */
  verdict(sequence: number): Comparison {
    const own = this.#own.get(sequence);
    if (own === undefined || own.differing.size === 0) return "agrees";
    const agreeing = own.agreeing.size + 1;
    if (own.differing.size === agreeing) return "tie";
    return own.differing.size > agreeing ? "diverged" : "agrees";
  }
}

function versionOf(hash: string): string {
  return hash.slice(0, Math.max(0, hash.indexOf(":")));
}
