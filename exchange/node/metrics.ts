/** What a node counts, for Prometheus. One registry for each node, so that several nodes of one process (tests) do not mix. */
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";

/** The node's own metrics; the surfaces add theirs to `registry`. No label ever holds an account, a key or an order. */
export interface Metrics {
  readonly registry: Registry;
  /** By the command's type and what became of it: `ok`, `rejected`, `not-taken`, `unknown`. */
  readonly commands: Counter<"type" | "result">;
  /** From `submit` to its answer. */
  readonly commandSeconds: Histogram;
  readonly commandsPerFrame: Histogram;
  readonly entriesApplied: Counter;
  readonly listenerErrors: Counter;
  /** By result: `ok`, `failed`, `skipped` (orders would have waited too long), `gave-up` (it took too long). */
  readonly snapshots: Counter<"result">;
  /** How long no entry was applied for a snapshot. */
  readonly snapshotPauseSeconds: Histogram;
}

/** What gauges ask when somebody looks. */
export interface Gauged {
  appliedSequence(): number;
  journalSequence(): number;
  waitingCommands(): number;
  appendsInFlight(): number;
  votersReached(): number;
  voters(): number;
  isAppending(): boolean;
  isReady(): boolean;
  isRegionOk(): boolean;
}

/**
 * Makes the metrics of one node.
 *
 * @param withProcess - adds memory, event-loop and collector figures of the process.
 */
export function createMetrics(withProcess: boolean): Metrics {
  const registry = new Registry();
  const registers = [registry];
  if (withProcess) collectDefaultMetrics({ register: registry });
  const named = <T extends string>(name: string, help: string, labelNames: T[] = []): Counter<T> =>
    new Counter({ name: `exchange_${name}`, help, labelNames, registers });
  return {
    registry,
    commands: named("commands_total", "Commands submitted, by type and result", ["type", "result"]),
    commandSeconds: new Histogram({
      name: "exchange_command_seconds",
      help: "From submit to the answer",
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
    commandsPerFrame: new Histogram({
      name: "exchange_frame_commands",
      help: "Commands in one frame",
      buckets: [1, 2, 5, 10, 20, 50, 100, 200, 500],
      registers,
    }),
    entriesApplied: named("journal_entries_applied_total", "Entries of the journal that this node applied"),
    listenerErrors: named("listener_errors_total", "Listeners that threw: bugs of ours"),
    snapshots: named("snapshots_total", "Snapshots, by result", ["result"]),
    snapshotPauseSeconds: new Histogram({
      name: "exchange_snapshot_pause_seconds",
      help: "How long no entry was applied while a snapshot was written down",
      buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.8, 1, 3],
      registers,
    }),
  };
}

/** Adds the gauges, which are read when somebody looks. */
export function addGauges(metrics: Metrics, gauged: Gauged): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name: `exchange_${name}`,
      help,
      registers: [metrics.registry],
      collect() {
        this.set(read());
      },
    });
  };
  gauge("applied_sequence", "Sequence of the last applied entry", () => gauged.appliedSequence());
  gauge("journal_sequence", "Highest sequence known to exist", () => gauged.journalSequence());
  gauge("waiting_commands", "Commands that no frame has taken yet", () => gauged.waitingCommands());
  gauge("appends_in_flight", "Frames that the journal has not acknowledged yet", () => gauged.appendsInFlight());
  gauge("voters_reached", "Voters of the journal that answer", () => gauged.votersReached());
  gauge("voters", "Voters of the journal", () => gauged.voters());
  gauge("journal_appending", "0 while the journal acknowledges nothing, whoever is to blame: alarm after 10 s", () =>
    Number(gauged.isAppending()),
  );
  gauge("ready", "1 while this process takes traffic", () => Number(gauged.isReady()));
  gauge("region_ok", "1 while this region takes traffic", () => Number(gauged.isRegionOk()));
}
