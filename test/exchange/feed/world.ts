/**
 * A node for the feed's tests: the real machine and the real feed on a real HTTP server, and a journal that is a list in memory, so that a test
 * says what is applied when. Several nodes may share one log; a node may be held back.
 */
import { randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { pino } from "pino";
import { Registry } from "prom-client";
import { attachFeed, type Feed } from "../../../exchange/feed/feed";
import type { FeedLimits } from "../../../exchange/feed/limits";
import type { Command, OrderPlace, Side } from "../../../exchange/machine/commands";
import type { Applied, OrderView, Outcome } from "../../../exchange/machine/events";
import { encodeFrame } from "../../../exchange/machine/frame";
import { Machine } from "../../../exchange/machine/machine";
import type { Exchange, HealthReport } from "../../../exchange/node/exchange";
import { sandboxCommands } from "../../../exchange/node/sandbox";
import { FeedClient } from "./client";

/** Wall clock of every world: whole seconds, so that signatures are easy to make. */
export const NOW_MS = Date.parse("2026-11-26T12:00:00.000Z");
const OK: HealthReport = { ok: true, reasons: [], detail: {} };
export const NOT_OK: HealthReport = { ok: false, reasons: ["said so by the test"], detail: {} };

/** The shared log. */
export class Log {
  readonly entries: Uint8Array[] = [];
  readonly nodes: World[] = [];

  append(payload: Uint8Array): Applied | undefined {
    this.entries.push(payload);
    return this.nodes.map((node) => node.catchUp()).find((applied) => applied !== undefined);
  }
}

/** One node. */
export class World implements Exchange {
  readonly machine = Machine.empty();
  readonly view = this.machine;
  readonly place = { cloud: "local", region: "local" };
  readonly server: Server = createServer();
  readonly registry = new Registry();
  readonly lines: string[] = [];
  feed!: Feed;
  serving = true;
  regionReport = OK;
  nowMs = NOW_MS;
  held = false;
  readonly #log: Log;
  readonly #listeners = new Set<(applied: Applied) => void>();
  readonly #closing = new Set<() => void>();

  private constructor(log: Log) {
    this.#log = log;
  }

  static async start(limits: Partial<FeedLimits> = {}, log = new Log()): Promise<World> {
    const world = new World(log);
    log.nodes.push(world);
    world.catchUp();
    await new Promise<void>((resolve) => world.server.listen(0, "127.0.0.1", resolve));
    world.feed = attachFeed({
      exchange: world,
      server: world.server,
      settings: { apiKeyMaster: undefined, isSandbox: true, clientAddressHeader: "x-client-address" },
      logger: pino({ level: "debug" }, { write: (line: string) => world.lines.push(line) }),
      metrics: { registry: world.registry },
      limits: { closeSpreadMs: 0, ...limits },
    });
    if (log.entries.length === 0) for (const command of sandboxCommands(world.machine)) world.apply(command);
    return world;
  }

  get url(): string {
    return `ws://127.0.0.1:${String((this.server.address() as AddressInfo).port)}`;
  }

  open(path = "/"): Promise<FeedClient> {
    return FeedClient.open(this.url + path);
  }

  /** Appends one frame, and applies it on every node that is not held back. */
  apply(...commands: Command[]): Applied {
    const frame = { v: 1 as const, id: randomUUID(), node: "test", at: this.nowMs, commands };
    const applied = this.#log.append(encodeFrame(frame));
    if (applied === undefined) throw new Error("no node applied the frame");
    return applied;
  }

  /** Applies what this node lacks. */
  catchUp(): Applied | undefined {
    let last: Applied | undefined;
    while (!this.held && this.machine.sequence < this.#log.entries.length) {
      const sequence = this.machine.sequence + 1;
      const applied = this.machine.apply(sequence, this.#log.entries[sequence - 1]!);
      for (const listener of this.#listeners) listener(applied);
      last = applied;
    }
    return last;
  }

  /** Places an order; a limit one at `price` ticks for `size` lots unless `more` says otherwise. */
  order(account: number, side: Side, price: number, size: number, more: Partial<OrderPlace> = {}): OrderView {
    const outcome = this.apply(placed(account, side, price, size, more)).outcomes[0]!;
    if (!outcome.ok || outcome.kind !== "order") throw new Error(`no order: ${JSON.stringify(outcome)}`);
    return outcome.order;
  }

  cancel(order: OrderView): void {
    this.apply({ type: "order-cancel", accountId: order.accountId, orderId: order.orderId });
  }

  submit(command: Command): Promise<Outcome> {
    return Promise.resolve(this.apply(command).outcomes[0]!);
  }

  caughtUp: Exchange["caughtUp"] = () => Promise.resolve(true);
  onApplied = (listener: (applied: Applied) => void): (() => void) => added(this.#listeners, listener);
  onClosing = (listener: () => void): (() => void) => added(this.#closing, listener);
  ready = (): HealthReport => (this.serving ? OK : NOT_OK);
  region = (): HealthReport => this.regionReport;
  isServing = (): boolean => this.serving;
  peer = (): never => {
    throw new Error("not asked by the feed");
  };
  clock = (): number => this.nowMs;
  newId = (): string => randomUUID();

  /** As a node that begins to go away. */
  goAway(): void {
    for (const listener of this.#closing) listener();
  }

  async stop(): Promise<void> {
    await this.feed.close();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** A limit order of a sandbox account. */
export function placed(
  account: number,
  side: Side,
  price: number,
  size: number,
  more: Partial<OrderPlace> = {},
): OrderPlace {
  return {
    type: "order-place",
    orderId: randomUUID(),
    accountId: `sandbox-${String(account)}`,
    productId: "BTC-USD",
    side,
    orderType: "limit",
    ...(more.orderType === "market" ? {} : { price }),
    size,
    timeInForce: "GTC",
    postOnly: false,
    selfTradePrevention: "dc",
    ...more,
  };
}

/** Waits until something holds, asking each turn of the event loop. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

function added<T>(set: Set<T>, item: T): () => void {
  set.add(item);
  return () => {
    set.delete(item);
  };
}
