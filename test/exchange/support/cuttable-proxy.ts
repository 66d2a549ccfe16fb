/** A TCP proxy that can go silent: while it is cut, nothing passes and nobody is told, as on a lost link. New connections are accepted and stay mute. */
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";

interface Pair {
  readonly near: Socket;
  far: Socket | undefined;
}

/** One way to one server. */
export class CuttableProxy {
  readonly #target: () => number | undefined;
  readonly #server: Server;
  readonly #pairs = new Set<Pair>();
  /** Sees what passes, when set. */
  tap: ((chunk: Buffer, towards: "server" | "client") => void) | undefined;
  #isCut = false;
  #port = 0;

  /** @param target - the server's port on this machine at this moment; `undefined` while it is down: the connection is then closed at once. */
  constructor(target: () => number | undefined) {
    this.#target = target;
    this.#server = createServer((near) => {
      this.#accept(near);
    });
  }

  /** Port on 127.0.0.1. */
  get port(): number {
    return this.#port;
  }

  get isCut(): boolean {
    return this.#isCut;
  }

  async listen(): Promise<this> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(0, "127.0.0.1", resolve);
    });
    this.#port = (this.#server.address() as AddressInfo).port;
    return this;
  }

  /** From now on nothing passes. */
  cut(): void {
    this.#isCut = true;
    for (const { near, far } of this.#pairs) {
      near.unpipe();
      near.pause();
      far?.unpipe();
      far?.pause();
    }
  }

  /** What waited goes on, as TCP does when a link comes back. */
  heal(): void {
    this.#isCut = false;
    for (const pair of this.#pairs) this.#join(pair);
  }

  async close(): Promise<void> {
    for (const { near, far } of this.#pairs) {
      near.destroy();
      far?.destroy();
    }
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
    });
  }

  #accept(near: Socket): void {
    const pair: Pair = { near, far: undefined };
    this.#pairs.add(pair);
    near.setNoDelay(true);
    near.pause();
    near.on("data", (chunk: Buffer) => this.tap?.(chunk, "server"));
    near.on("error", () => undefined);
    near.on("close", () => {
      this.#ended(pair, pair.far);
    });
    if (!this.#isCut) this.#join(pair);
  }

  #join(pair: Pair): void {
    if (pair.near.destroyed || pair.far?.destroyed === true) {
      this.#ended(pair, pair.near.destroyed ? pair.far : pair.near);
      return;
    }
    if (pair.far === undefined) {
      const port = this.#target();
      if (port === undefined) {
        pair.near.destroy();
        return;
      }
      const far = connect(port, "127.0.0.1");
      pair.far = far;
      far.setNoDelay(true);
      far.on("data", (chunk: Buffer) => this.tap?.(chunk, "client"));
      far.on("error", () => undefined);
      far.on("close", () => {
        this.#ended(pair, pair.near);
      });
    }
    pair.near.pipe(pair.far);
    pair.far.pipe(pair.near);
  }

  /** One side is gone. While the way is cut the other side does not learn it. */
  #ended(pair: Pair, other: Socket | undefined): void {
    if (this.#isCut && other !== undefined && !other.destroyed) return;
    other?.destroy();
    if (pair.near.destroyed && pair.far?.destroyed !== false) this.#pairs.delete(pair);
  }
}
