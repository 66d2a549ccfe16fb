/**
 * The feed under 2,000 subscribers: memory of each on the node, and the time from an applied frame to the last client. The clients are another process of
 * the same machine, which pays for their reading; both share its processors, so the times are an upper bound of what the node alone costs.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { pino } from "pino";
import { Registry } from "prom-client";
import { attachFeed } from "../feed/feed";
import type { Command } from "../machine/commands";
import type { Applied } from "../machine/events";
import { encodeFrame } from "../machine/frame";
import { Machine } from "../machine/machine";
import type { Exchange } from "../node/exchange";
import { sandboxCommands } from "../node/sandbox";

/** What was measured. Times in milliseconds. */
export interface FeedFigures {
  readonly subscribers: number;
  /** Of the node's resident memory, and of its heap, for each subscriber. */
  readonly residentBytesEach: number;
  readonly heapBytesEach: number;
  /** From the call that applies a frame to its message at the last of the subscribers. */
  readonly lastClientMsP50: number;
  readonly lastClientMsP99: number;
  /** What the node's own thread spends on one frame: apply, build, send to all. */
  readonly publishMsP50: number;
  /** Messages a second to all subscribers together, while frames follow each other without a pause. */
  readonly messagesPerSecond: number;
}

/** Opens the sockets, then says for each price how late the last of them saw it. Plain JavaScript, since it is a process of its own. */
const CLIENTS = `
const { WebSocket } = require("ws");
const [url, count] = process.argv.slice(1);
const seen = new Map();
let ready = 0;
const open = (left) => {
  if (left === 0) return;
  const socket = new WebSocket(url);
  socket.on("open", () => {
    socket.send(JSON.stringify({ type: "subscribe", product_ids: ["BTC-USD"], channels: ["level2"] }));
    open(left - 1);
  });
  socket.on("message", (data) => {
    const text = data.toString("latin1");
    if (text.startsWith('{"type":"snapshot"')) { ready += 1; if (ready === Number(count)) process.send({ ready }); return; }
    if (!text.startsWith('{"type":"l2update"')) return;
    const price = text.slice(text.indexOf('"buy","') + 7).split('"')[0];
    const times = (seen.get(price) ?? 0) + 1;
    seen.set(price, times);
    if (times === Number(count)) { seen.delete(price); process.send({ price, at: performance.timeOrigin + performance.now() }); }
  });
  socket.on("error", (error) => { process.send({ error: error.message }); });
};
for (let lane = 0; lane < 20; lane += 1) open(Number(count) / 20);
process.on("disconnect", () => process.exit());
`;

interface Said {
  readonly ready?: number;
  readonly price?: string;
  readonly at?: number;
  readonly error?: string;
}

/** As much of a node as the feed needs, without a journal. */
function bareExchange(): { exchange: Exchange; apply: (...commands: Command[]) => void } {
  const machine = Machine.empty();
  const listeners: ((applied: Applied) => void)[] = [];
  const ok = { ok: true, reasons: [], detail: {} };
  const none = (): (() => void) => () => undefined;
  const never = (): never => {
    throw new Error("not part of this measurement");
  };
  const exchange: Exchange = {
    view: machine,
    place: { cloud: "local", region: "local" },
    submit: never,
    caughtUp: () => Promise.resolve(true),
    onApplied: (listener) => {
      listeners.push(listener);
      return () => undefined;
    },
    onClosing: none,
    isServing: () => true,
    ready: () => ok,
    region: () => ok,
    peer: never,
    clock: () => Date.now(),
    newId: () => randomUUID(),
  };
  const apply = (...commands: Command[]): void => {
    const frame = { v: 1 as const, id: randomUUID(), node: "bench", at: Date.now(), commands };
    const applied = machine.apply(machine.sequence + 1, encodeFrame(frame));
    for (const listener of listeners) listener(applied);
  };
  return { exchange, apply };
}

function orderAt(price: number): Command {
  return {
    type: "order-place",
    orderId: randomUUID(),
    accountId: `sandbox-${String(1 + (price % 9))}`,
    productId: "BTC-USD",
    side: "buy",
    orderType: "limit",
    price,
    size: 1_000_000,
    timeInForce: "GTC",
    postOnly: false,
    selfTradePrevention: "dc",
  };
}

function memory(): { resident: number; heap: number } {
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return { resident: rss, heap: heapUsed };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** Hears of clients what they saw, by price. */
class Heard {
  readonly times = new Map<string, number>();
  readonly ready: Promise<void>;
  #wake: () => void = () => undefined;

  constructor(child: ChildProcess) {
    this.ready = new Promise((resolve, reject) => {
      child.on("message", (said: Said) => {
        if (said.error !== undefined) reject(new Error(said.error));
        if (said.ready !== undefined) resolve();
        if (said.price !== undefined && said.at !== undefined) this.times.set(said.price, said.at);
        this.#wake();
      });
    });
  }

  async of(price: string): Promise<number> {
    for (;;) {
      const time = this.times.get(price);
      if (time !== undefined) return time;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/**
 * Measures. Run node with `--expose-gc` for the memory figures to mean something.
 *
 * @param subscribers - a multiple of 20. @param frames - one order each, one after another.
 */
export async function measureFeed(subscribers = 2000, frames = 200): Promise<FeedFigures> {
  const { exchange, apply } = bareExchange();
  for (const command of sandboxCommands(exchange.view)) apply(command);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const feed = attachFeed({
    exchange,
    server,
    settings: { apiKeyMaster: undefined, isSandbox: true, clientAddressHeader: undefined },
    logger: pino({ level: "silent" }),
    metrics: { registry: new Registry() },
    limits: { closeSpreadMs: 0 },
  });
  const before = memory();
  const child = spawn(process.execPath, ["-e", CLIENTS, `ws://127.0.0.1:${String(port)}`, String(subscribers)], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  try {
    const heard = new Heard(child);
    await heard.ready;
    await wait(1_000);
    const after = memory();
    const text = (price: number): string => (price / 100).toFixed(2);
    const last: number[] = [];
    const publish: number[] = [];
    for (let frame = 0; frame < frames; frame += 1) {
      const price = 20_000 + frame;
      const began = performance.now();
      apply(orderAt(price));
      publish.push(performance.now() - began);
      last.push((await heard.of(text(price))) - performance.timeOrigin - began);
    }
    const began = performance.now();
    for (let frame = 0; frame < frames; frame += 1) {
      apply(orderAt(40_000 + frame));
      await wait(0);
    }
    const ended = (await heard.of(text(40_000 + frames - 1))) - performance.timeOrigin;
    return {
      subscribers,
      residentBytesEach: Math.round((after.resident - before.resident) / subscribers),
      heapBytesEach: Math.round((after.heap - before.heap) / subscribers),
      lastClientMsP50: quantile(last, 0.5),
      lastClientMsP99: quantile(last, 0.99),
      publishMsP50: quantile(publish, 0.5),
      messagesPerSecond: Math.round((frames * subscribers) / ((ended - began) / 1000)),
    };
  } finally {
    child.disconnect();
    await feed.close();
    server.close();
  }
}
