/**
 * Whether this node's clock agrees with the others'. A frame comes after it was written, so that `at - own clock` is the clocks' difference less the
 * time on the way; the largest within a minute, over fresh frames of other nodes, is close to the difference itself.
 */
import type { Applied } from "../machine/events";

/** Difference that is told, in milliseconds. Clients' signatures are good for 30 s: no node should use up much of that. */
export const SKEW_MS_MAX = 2_000;
const WINDOW_MS = 60_000;
/** Frames before a negative difference means anything: a single one may just have been late. */
const FRAMES_MIN = 20;

/** The largest difference of this and the last window. */
export class ClockWatch {
  readonly #node: string;
  #windows: { startMs: number; largestMs: number; frames: number }[] = [];

  constructor(node: string) {
    this.#node = node;
  }

  /** A frame that was applied as it came, by wall clock and monotonic clock. */
  observe({ node, at }: Partial<Pick<Applied, "node" | "at">>, clockMs: number, nowMs: number): void {
    if (node === undefined || node === "" || node === this.#node || at === undefined || at === 0) return;
    this.#forget(nowMs);
    const [current] = this.#windows;
    if (current === undefined || nowMs - current.startMs > WINDOW_MS) {
      this.#windows = [{ startMs: nowMs, largestMs: at - clockMs, frames: 1 }, ...this.#windows.slice(0, 1)];
      return;
    }
    current.largestMs = Math.max(current.largestMs, at - clockMs);
    current.frames += 1;
  }

  /** How far the others' clocks are ahead of this one, negative where they are behind; `undefined` while it is not known. */
  skewMs(nowMs: number): number | undefined {
    this.#forget(nowMs);
    if (this.#windows.length === 0) return undefined;
    const largestMs = Math.max(...this.#windows.map((window) => window.largestMs));
    const frames = this.#windows.reduce((sum, window) => sum + window.frames, 0);
    return largestMs >= 0 || frames >= FRAMES_MIN ? largestMs : undefined;
  }

  /** Whether the difference is small, or not known. */
  isRight(nowMs: number): boolean {
    return Math.abs(this.skewMs(nowMs) ?? 0) <= SKEW_MS_MAX;
  }

  #forget(nowMs: number): void {
    this.#windows = this.#windows.filter(({ startMs }) => nowMs - startMs <= 2 * WINDOW_MS);
  }
}
