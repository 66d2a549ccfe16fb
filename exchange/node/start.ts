/** A whole process: settings, journal, snapshot, replay, then the door opens; and the way back out. */
import { createHash, randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { attachFeed } from "../feed/feed";
import { createHttpServer } from "../http/server";
import { OutcomeUnknown } from "../journal/journal";
import { openJournal } from "../journal/open";
import { openSnapshots } from "../journal/snapshots";
import { SettingsError } from "./issues";
import { type Logger, createLogger } from "./logger";
import { createMetrics } from "./metrics";
import { ExchangeNode } from "./node";
import { makeSandbox } from "./sandbox";
import { beginning } from "./saved-state";
import type { Settings } from "./settings";
import { type Time, systemTime, wait } from "./time";

/** How long a node that cannot catch up keeps its door shut. After that it answers, and says that it is not ready. */
const DOOR_SHUT_MS = 15_000;
/** How long everything goes on after a node said that it goes away, so that balancers notice first. Only where there is one: see `stop`. */
export const LAME_DUCK_MS = 3_000;
/** How long commands on their way may still take: as long as any command may. */
export const DRAIN_MS = 5_000;
/** How long sockets may take to close by themselves. */
const SOCKETS_MS = 1_000;
const AGAIN_MS = 1_000;

/** A process that serves. */
export interface Running {
  readonly node: ExchangeNode;
  /** The port it listens on. */
  readonly port: number;
  /**
   * Goes away: not ready and feeds say goodbye; then, where a cloud's balancer is in front, all works on for 3 s; then no command is taken and those on their
   * way are answered (at most 5 s); then sockets, state and journal are closed. 9 s in all at most, inside Cloud Run's 10 s after SIGTERM
   * (cloud.google.com/run/docs/container-contract, "Container instance shutdown") and ECS's `stopTimeout` of 60 s.
   */
  stop(): Promise<void>;
}

/** A name that no other node has: the host's, cut, and four random bytes. */
export function nodeName(): string {
  return `${hostname().slice(0, 24)}-${randomBytes(4).toString("hex")}`;
}

/**
 * Starts a node. Resolves when it listens; `node.ready()` says whether it serves.
 *
 * @throws what opening the journal throws, but for a journal that cannot be reached: that is waited for.
 */
export async function startExchange(settings: Settings, time: Time = systemTime): Promise<Running> {
  const name = nodeName();
  const logger = createLogger(settings, name);
  const metrics = createMetrics(true);
  const { kind, ...journalSettings } = settings.journal;
  logger.info({ journal: kind, journalId: shortDigest(journalSettings.url) }, "starting");
  const journal = await untilReached(() => openJournal({ ...journalSettings, node: name }), time, logger);
  logger.info({ detail: journal.status().detail }, "the journal is open");
  const snapshots = openSnapshots(settings.snapshotDir);
  const parts = { journal, beginning: await beginning(snapshots, logger), snapshots };
  logger.info({ sequence: parts.beginning.machine.sequence }, "reading the journal from its snapshot on");
  const node = new ExchangeNode({ ...parts, settings, time, logger, metrics, name });
  const isServing = await node.start(DOOR_SHUT_MS);
  const sandbox = settings.isSandbox ? fillSandbox(node, time, logger) : Promise.resolve();
  if (isServing) await sandbox;
  const http = createHttpServer({ exchange: node, settings, logger, metrics });
  const feed = attachFeed({ exchange: node, server: http.server, settings, logger, metrics });
  const port = await http.listen(settings.port, settings.host).catch((error: unknown) => {
    throw listenProblem(error, settings) ?? error;
  });
  logger.info({ port, ready: node.ready().ok, reasons: node.ready().reasons }, "listening");
  const stop = async (): Promise<void> => {
    logger.info("going away");
    node.beginClosing();
    if (settings.place.cloud !== "local") await wait(time, LAME_DUCK_MS);
    await node.drain(DRAIN_MS);
    const doorShut = feed.close().then(() => http.close());
    await Promise.race([doorShut, wait(time, SOCKETS_MS)]);
    await node.close();
    logger.info("gone");
  };
  let stopping: Promise<void> | undefined;
  return { node, port, stop: () => (stopping ??= stop()) };
}

/** An address that cannot be listened on, as a problem of the settings; `undefined` for any other error. */
function listenProblem(error: unknown, { host, port }: Settings): SettingsError | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  const address = `${host}:${String(port)}`;
  const headline = "The environment of the exchange";
  switch (code) {
    case "EADDRINUSE": {
      const got = `${address}, on which another process listens`;
      return new SettingsError(headline, [
        { path: "PORT", expected: "a free port", got, fix: "end that process, or set another PORT" },
      ]);
    }
    case "EACCES": {
      const got = `${address}, which needs more rights`;
      return new SettingsError(headline, [
        { path: "PORT", expected: "a port that this user may listen on", got, fix: "set one above 1023" },
      ]);
    }
    case "EADDRNOTAVAIL":
    case "ENOTFOUND": {
      const fix = "set HOST to 127.0.0.1 or 0.0.0.0";
      return new SettingsError(headline, [{ path: "HOST", expected: "an address of this machine", got: address, fix }]);
    }
    default:
      return undefined;
  }
}

/** Once the node serves. A sandbox that cannot be made is no reason to serve nothing: the log says why. */
async function fillSandbox(node: ExchangeNode, time: Time, logger: Logger): Promise<void> {
  try {
    if (await node.whenServing()) await untilReached(() => makeSandbox(node), time, logger);
  } catch (error) {
    logger.error({ err: error }, "the sandbox is not whole");
  }
}

async function untilReached<T>(open: () => Promise<T>, time: Time, logger: Logger): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error;
      logger.warn({ err: error }, "the journal does not answer yet; trying again");
      await wait(time, AGAIN_MS);
    }
  }
}

/** Tells journals apart in logs without their addresses. */
const shortDigest = (url: string): string => createHash("sha256").update(url).digest("hex").slice(0, 8);
