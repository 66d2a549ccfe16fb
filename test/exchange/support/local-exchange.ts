/** A whole node in this process, over a journal in memory, with a clock that can be set and answers that can be bent. For tests of the surfaces. */
import type { SnapshotStore } from "../../../exchange/journal/journal";
import { type Machine } from "../../../exchange/machine/machine";
import { createLogger, type Logger } from "../../../exchange/node/logger";
import { createMetrics, type Metrics } from "../../../exchange/node/metrics";
import { ExchangeNode } from "../../../exchange/node/node";
import { makeSandbox } from "../../../exchange/node/sandbox";
import { readSettings, type Settings } from "../../../exchange/node/settings";
import { beginning } from "../../../exchange/node/saved-state";
import { systemTime, type Time } from "../../../exchange/node/time";
import type { Exchange } from "../../../exchange/node/exchange";
import type { Outcome } from "../../../exchange/machine/events";
import { MemoryJournal } from "./memory-journal";

/** What is bent; members that are `undefined` are the node's own. */
export interface Overrides {
  ready?: ReturnType<Exchange["ready"]>;
  region?: ReturnType<Exchange["region"]>;
  caughtUp?: boolean;
  isServing?: boolean;
  /** Thrown by `submit` instead of submitting. */
  submitError?: Error;
}

/** A node and everything that it is made of. */
export interface LocalExchange {
  /** What the surfaces get. */
  readonly exchange: Exchange;
  /** The node itself, without what is bent. */
  readonly node: ExchangeNode;
  readonly machine: Machine;
  readonly journal: MemoryJournal;
  readonly settings: Settings;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly overrides: Overrides;
  /** Every line that was logged, at the level `trace`. */
  readonly logLines: string[];
  /** Sets the wall clock to stand still at that time; `undefined`: the machine's own again. */
  setClock(clockMs: number | undefined): void;
  close(): Promise<void>;
}

/** How the local exchange is made. */
export interface LocalOptions {
  /** Products, accounts and keys of the sandbox; default `true`. */
  sandbox?: boolean;
  /** More environment, such as `OPERATOR_KEYS`. */
  environment?: Record<string, string>;
  /** A journal that several nodes share; default: a new one. */
  journal?: MemoryJournal;
  /** Name in frames; default `local`. */
  name?: string;
  snapshots?: SnapshotStore;
  /** Where the wall clock stands at first; default: it goes. */
  clockMs?: number;
  time?: Time;
}

/** Starts it; serves when this resolves. The caller closes it. */
export async function localExchange(options: LocalOptions = {}): Promise<LocalExchange> {
  const { sandbox = true, journal = new MemoryJournal(), name = "local", snapshots } = options;
  let clockMs = options.clockMs;
  const base = options.time ?? systemTime;
  const time: Time = { ...base, clock: () => clockMs ?? base.clock() };
  const settings = readSettings({
    JOURNAL_URL: "embedded:/nowhere",
    LOG_LEVEL: "trace",
    EXCHANGE_SANDBOX: sandbox ? "1" : "0",
    API_KEY_MASTER: "a-master-secret-for-tests-only-0123456789",
    ...options.environment,
  });
  const logLines: string[] = [];
  const logger = createLogger(settings, name, {
    write: (line: string) => {
      logLines.push(line);
    },
  });
  const metrics = createMetrics(false);
  const start = await beginning(snapshots, logger);
  const node = new ExchangeNode({ journal, beginning: start, snapshots, settings, time, logger, metrics, name });
  const isServing = await node.start(10_000);
  if (!isServing) throw new Error(`the local exchange does not serve: ${node.ready().reasons.join("; ")}`);
  if (sandbox) await makeSandbox(node);
  const overrides: Overrides = {};
  return {
    ...{ node, machine: start.machine, journal, settings, logger, metrics, overrides, logLines },
    exchange: bent(node, overrides),
    setClock: (toMs) => {
      clockMs = toMs;
    },
    close: () => node.close(),
  };
}

function bent(node: ExchangeNode, overrides: Overrides): Exchange {
  return {
    view: node.view,
    place: node.place,
    submit: (command): Promise<Outcome> =>
      overrides.submitError === undefined ? node.submit(command) : Promise.reject(overrides.submitError),
    caughtUp: () => (overrides.caughtUp === undefined ? node.caughtUp() : Promise.resolve(overrides.caughtUp)),
    onApplied: (listener) => node.onApplied(listener),
    onClosing: (listener) => node.onClosing(listener),
    isServing: () => overrides.isServing ?? node.isServing(),
    ready: () => overrides.ready ?? node.ready(),
    region: () => overrides.region ?? node.region(),
    peer: () => node.peer(),
    clock: () => node.clock(),
    newId: () => node.newId(),
  };
}
