/** Long work in short slices: between two of them the event loop has its turn, so that requests, healths and feeds go on. */
import type { Time } from "./time";

/** How long one slice takes, in milliseconds, give or take one step. */
export const SLICE_MS = 10;
/** Steps of one slice at most, however quick they seem: a clock that stands still must not make one slice of it all. */
export const SLICE_STEPS_MAX = 16;

/** What slicing needs. */
export interface Slicing {
  readonly time: Pick<Time, "monotonicMs">;
  /** Asked before each slice but the first; `false` ends the work. */
  readonly mayGoOn: () => boolean;
  /** Lets others have their turn; default: one turn of the event loop. */
  readonly turn?: () => Promise<void>;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/**
 * Takes every step of the work, each within a slice.
 *
 * @returns what the steps gave, in order; `undefined` when the work was ended first.
 */
export async function inSlices<T>(work: Iterable<T>, slicing: Slicing): Promise<T[] | undefined> {
  const { time, mayGoOn, turn = nextTurn } = slicing;
  const found: T[] = [];
  let [startedMs, steps] = [time.monotonicMs(), 0];
  for (const step of work) {
    found.push(step);
    steps += 1;
    if (steps < SLICE_STEPS_MAX && time.monotonicMs() - startedMs < SLICE_MS) continue;
    await turn();
    if (!mayGoOn()) return undefined;
    [startedMs, steps] = [time.monotonicMs(), 0];
  }
  return found;
}
