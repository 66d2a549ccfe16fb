/**
 * Whether nodes that applied the same entries hold the same state. At agreed sequences each node hashes its state and writes the hash to the
 * journal; a node that most others contradict stops serving. Where as many contradict it as agree (two nodes that differ, say), nobody
 * can tell who is right, and it stops too: wrong balances are worse than none.
 */

/** Entries between two hashes of a small state. */
export const CHECKPOINT_EVERY = 10_000;
/** A hash that took this long doubles the distance to the next, so that hashing takes about 2 µs of an entry however large the state is. */
const HASH_MS_ALLOWED = 20;
const DOUBLINGS_MAX = 10;
/** Own hashes that are still compared. */
const KEPT_MAX = 16;
/** Other nodes' hashes of one sequence that are counted. */
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

/** The node's own hashes and what the others said of the same sequences. */
export class Checkpoints {
  readonly #node: string;
  readonly #own = new Map<number, Own>();
  #doublings = 0;

  constructor(node: string) {
    this.#node = node;
  }

  /** Whether the state after this entry is to be hashed. Distances are powers of two times `CHECKPOINT_EVERY`, so that slow and quick nodes meet. */
  isDue(sequence: number): boolean {
    return sequence > 0 && sequence % (CHECKPOINT_EVERY * 2 ** this.#doublings) === 0;
  }

  /** The own hash, and how long it took. */
  add(sequence: number, hash: string, tookMs: number): void {
    const wanted = Math.ceil(Math.log2(Math.max(1, tookMs / HASH_MS_ALLOWED)));
    this.#doublings = Math.min(DOUBLINGS_MAX, wanted);
    this.#own.set(sequence, { hash, agreeing: new Set(), differing: new Set() });
    const [oldest] = this.#own.keys();
    if (this.#own.size > KEPT_MAX && oldest !== undefined) this.#own.delete(oldest);
  }

  /** Another node's hash, as the journal gives it. Sequences that this node did not hash say nothing. */
  compare(sequence: number, node: string, hash: string): Comparison {
    const own = this.#own.get(sequence);
    if (own === undefined || node === this.#node) return "agrees";
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
