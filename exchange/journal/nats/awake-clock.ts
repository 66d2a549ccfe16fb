/** Time as a process lived through it, for silences that only count while somebody listened. Pure but for the clock it is given. */

/** How often the clock wants to be told that the process runs. */
export const TICK_MS = 100;
/** At most so much of the time between two ticks counts: the rest the process stood still, or had no processor. */
const COUNTED_MS_MAX = 200;

/**
 * A clock that stands while its process does (stopped, starved, collecting garbage): silence that nobody could have heard ended is nobody's silence.
 * On a process that runs it agrees with the clock it is given; where ticks come late it goes slower, never faster, and it never goes back.
 */
export class AwakeClock {
  readonly #clock: () => number;
  #tickedAtMs: number;
  #countedMs = 0;

  /** @param clock - milliseconds that only rise: `performance.now` or a test's own. */
  constructor(clock: () => number) {
    this.#clock = clock;
    this.#tickedAtMs = clock();
  }

  /** The process runs: to be called each 100 ms (`TICK_MS`) by a timer. */
  tick(): void {
    this.#countedMs = this.nowMs();
    this.#tickedAtMs = this.#clock();
  }

  /** Milliseconds since the clock was made, without those in which the process stood still. */
  nowMs(): number {
    return this.#countedMs + Math.min(COUNTED_MS_MAX, this.#clock() - this.#tickedAtMs);
  }
}
