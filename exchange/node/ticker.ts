/** Lets the machine's time pass while something waits for it and nobody writes. */
import { type Time, repeat, wait } from "./time";

const LOOK_MS = 100;
/** Time without a frame after which one is written that says nothing but its time. The machine shifts switches when 5 s lie between two frames. */
export const TICK_MS = 1_000;
/** Spreads the nodes' ticks, so that the first one's makes the others' needless. */
const JITTER_MS = 300;

/** What the ticker needs of its node. */
export interface TickerParts {
  readonly time: Time;
  /** Chance for jitter, from 0 to 1. */
  readonly random: () => number;
  /** Whether this node serves and the machine has timers. */
  readonly isNeeded: () => boolean;
  /** By the monotonic clock. */
  readonly lastFrameMs: () => number;
  /** Writes one; resolves when that is done, whatever came of it. */
  readonly tick: () => Promise<void>;
}

/** Starts it; one tick at a time. Returns how to stop. */
export function startTicker(parts: TickerParts, onFault: (error: unknown) => void): () => void {
  const { time, random, isNeeded, lastFrameMs, tick } = parts;
  const isDue = (): boolean => isNeeded() && time.monotonicMs() - lastFrameMs() >= TICK_MS;
  let isTicking = false;
  const look = async (): Promise<void> => {
    await wait(time, random() * JITTER_MS);
    if (isDue()) await tick();
  };
  return repeat(
    time,
    () => LOOK_MS,
    () => {
      if (isTicking || !isDue()) return;
      isTicking = true;
      look()
        .catch(onFault)
        .finally(() => {
          isTicking = false;
        });
    },
    onFault,
  );
}
