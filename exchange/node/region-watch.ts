/** The thin part of the region's health: looks ten times a second, asks the other regions, remembers, and logs each change of the verdict. */
import type { Journal } from "../journal/journal";
import type { Applied } from "../machine/events";
import { ClockWatch } from "./clock-watch";
import type { HealthReport } from "./exchange";
import type { Logger } from "./logger";
import { PeerWatch } from "./peers";
import { type Lack, type RegionMemory, judgeRegion, lacksOf, noMemory } from "./region-health";
import { type Time, repeat } from "./time";

const SAMPLE_MS = 100;

/** What the watch needs of its node. */
export interface RegionWatchParts {
  readonly journal: Journal;
  readonly peers: readonly string[];
  readonly time: Time;
  readonly logger: Logger;
  readonly node: string;
  readonly ownFault: () => string | undefined;
  readonly appliedSequence: () => number;
  /** Whether this node applies nothing for a moment because its state is being written down. */
  readonly isPausing: () => boolean;
}

/** One node's view of its region. */
export class RegionWatch {
  readonly #parts: RegionWatchParts;
  readonly #peers: PeerWatch;
  readonly #clockWatch: ClockWatch;
  #memory: RegionMemory = noMemory;
  #lastOk: boolean | undefined;
  #stop: () => void = () => undefined;

  constructor(parts: RegionWatchParts) {
    this.#parts = parts;
    this.#peers = new PeerWatch(parts.peers, parts.time);
    this.#clockWatch = new ClockWatch(parts.node);
  }

  start(onFault: (error: unknown) => void): void {
    this.#peers.start(() => this.lacks().length > 0, onFault);
    this.#stop = repeat(
      this.#parts.time,
      () => SAMPLE_MS,
      () => {
        this.report();
      },
      onFault,
    );
  }

  close(): void {
    this.#stop();
    this.#peers.close();
  }

  /** A frame that was applied as it came. */
  sawFrame(applied: Applied): void {
    this.#clockWatch.observe(applied, this.#parts.time.clock(), this.#parts.time.monotonicMs());
  }

  /** What this region lacks by its own observation, at this moment: what is lost everywhere must not look ours because others tell of it late. */
  lacks(): Lack[] {
    this.report();
    return lacksOf(this.#memory);
  }

  /** The verdict of this moment. */
  report(): HealthReport {
    const { journal, time, ownFault, appliedSequence, isPausing } = this.#parts;
    const nowMs = time.monotonicMs();
    const status = journal.status();
    const { memory, report } = judgeRegion(this.#memory, {
      ...{ nowMs, ownFault: ownFault(), appliedSequence: appliedSequence(), isPausing: isPausing() },
      ...{ journal: status, peers: this.#peers.answers() },
    });
    this.#memory = memory;
    this.#logChange(report);
    const skewMs = this.#clockWatch.skewMs(nowMs);
    const clock = skewMs === undefined ? {} : { clockSkewMs: skewMs, clockIsRight: this.#clockWatch.isRight(nowMs) };
    return { ...report, detail: { ...status.detail, ...report.detail, ...clock } };
  }

  #logChange({ ok, reasons, detail }: HealthReport): void {
    if (ok === this.#lastOk) return;
    this.#lastOk = ok;
    if (ok) this.#parts.logger.info({ detail }, "this region takes traffic");
    else this.#parts.logger.warn({ reasons, detail }, "this region does not take traffic");
  }
}
