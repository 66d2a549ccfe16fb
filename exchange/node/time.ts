/** Time as a node knows it: passed in, so that tests move it by hand. */
import { performance } from "node:perf_hooks";

/** Clocks and timers. */
export interface Time {
  /** Wall clock in milliseconds of the epoch, whole. */
  clock(): number;
  /** Milliseconds that only rise, whatever happens to the wall clock. */
  monotonicMs(): number;
  /** Calls once after so many milliseconds; returns how to call it off. */
  after(delayMs: number, call: () => void): () => void;
}

/** The machine's own. Its timers keep the process alive: a node that waits for its journal has nothing else that would. */
export const systemTime: Time = {
  clock: () => Date.now(),
  monotonicMs: () => performance.now(),
  after: (delayMs, call) => {
    const timer = setTimeout(call, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

/**
 * Calls again and again, the next time so many milliseconds after the last call returned. A call that throws ends nothing.
 *
 * @param delayMs - asked before each wait, so that it may vary.
 * @returns how to stop.
 */
export function repeat(
  time: Time,
  delayMs: () => number,
  call: () => void,
  onError: (error: unknown) => void,
): () => void {
  let stop = (): void => undefined;
  let stopped = false;
  const next = (): void => {
    stop = time.after(delayMs(), () => {
      try {
        call();
      } catch (error) {
        onError(error);
      }
      if (!stopped) next();
    });
  };
  next();
  return () => {
    stopped = true;
    stop();
  };
}

/** Resolves after so many milliseconds. */
export function wait(time: Time, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    time.after(delayMs, resolve);
  });
}
