/** One connection to each voter, all open at once: entries go over the first that works, so that no failover waits for a connection to be made. */
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { AwakeClock, TICK_MS } from "./awake-clock";
import { QUIET_MS, ranked } from "./ranking";
import { connectionOptions, type Identity, type NatsSettings, type VoterAddress } from "./settings";

/** A voter counts as reached for this long after its last answer, by the time in which this process ran: one that stood still has not listened. */
const REACHED_MS = 1_500;
/** Two nodes that lose the same voter notice it at most so far apart: regions compare what they lack within 450 ms (`GRACE_MS` of their health). */
const PING_EVERY_MS = 250;
/** A voter through which an append failed comes after the others for at least this long: a server looks every 10 s whether it has lost its quorum. */
const DEMOTED_MS = 10_000;

/** Between two attempts to make a connection: a refused key must not become a flood. */
const PAUSE_FIRST_MS = 200;
const PAUSE_MAX_MS = 1_600;

/** The connection was lost while somebody waited for an answer over it. */
export class LinkLost extends Error {
  override readonly name = "LinkLost";
}

/** The connection to one voter. Made again as often as it is lost, until it is closed. */
export class VoterLink {
  readonly address: string;
  readonly #options: ReturnType<typeof connectionOptions>;
  #connection: NatsConnection | undefined;
  #isConnected = false;
  #isClosed = false;
  #isPinging = false;
  #answeredAtMs = Number.NEGATIVE_INFINITY;
  #demotedAtMs: number | undefined;
  #lastError = "";
  #wake: (() => void) | undefined;
  readonly #lostWaiters = new Set<(error: LinkLost) => void>();
  readonly #timer: NodeJS.Timeout;
  readonly #awake: AwakeClock;
  readonly #onChange: () => void;

  /** @param awake - shared by all links of a journal, ticked by whoever made it. */
  constructor(voter: VoterAddress, who: Identity, settings: NatsSettings, awake: AwakeClock, onChange: () => void) {
    this.address = voter.address;
    this.#options = connectionOptions(voter, who, settings);
    this.#awake = awake;
    this.#onChange = onChange;
    this.#timer = setInterval(() => {
      this.#ping();
    }, PING_EVERY_MS);
    void this.#run();
  }

  /** The connection, while it is up. */
  get connection(): NatsConnection | undefined {
    return this.#isConnected ? this.#connection : undefined;
  }

  /** Whether the voter answered within the last 1.5 s in which this process ran. */
  get isReached(): boolean {
    return this.#awake.nowMs() - this.#answeredAtMs <= REACHED_MS;
  }

  /** Whether the voter has not answered for longer than a ping takes, by the same time. */
  get isQuiet(): boolean {
    return this.#awake.nowMs() - this.#answeredAtMs > QUIET_MS;
  }

  /** Since when the link comes after the others (`performance.now()`); `undefined` while it does not. */
  get demotedAtMs(): number | undefined {
    return this.#demotedAtMs;
  }

  /** What last went wrong, for operators. */
  get lastError(): string {
    return this.#lastError;
  }

  /** Puts the link behind the others: an append over it was not acknowledged. */
  demote(): void {
    this.#demotedAtMs = performance.now();
  }

  /** Takes the demotion back, when it has lasted long enough and the voter was seen to work. */
  promote(): void {
    if (this.#demotedAtMs !== undefined && performance.now() - this.#demotedAtMs >= DEMOTED_MS)
      this.#demotedAtMs = undefined;
  }

  /** Calls back once when the connection is lost. Returns how to stop. */
  onLost(listener: (error: LinkLost) => void): () => void {
    this.#lostWaiters.add(listener);
    return () => {
      this.#lostWaiters.delete(listener);
    };
  }

  /** The promise, or a `LinkLost` as soon as the connection is lost: nobody waits for an answer that cannot come. */
  async whileUp<T>(answer: Promise<T>): Promise<T> {
    let stop: (() => void) | undefined;
    const lost = new Promise<never>((_, reject) => {
      stop = this.onLost(reject);
    });
    try {
      return await Promise.race([answer, lost]);
    } finally {
      stop?.();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearInterval(this.#timer);
    this.#wake?.();
    this.#down("closed");
    await this.#connection?.close();
  }

  #down(reason: string): void {
    this.#isConnected = false;
    this.#isPinging = false;
    for (const reject of this.#lostWaiters) reject(new LinkLost(`connection to ${this.address} lost: ${reason}`));
    this.#lostWaiters.clear();
    this.#onChange();
  }

  #up(): void {
    this.#isConnected = true;
    this.#isPinging = false;
    this.#ping();
    this.#onChange();
  }

  #ping(): void {
    const connection = this.connection;
    if (connection === undefined || this.#isPinging) return;
    this.#isPinging = true;
    connection.rtt().then(
      () => {
        this.#isPinging = false;
        this.#answeredAtMs = this.#awake.nowMs();
      },
      () => {
        this.#isPinging = false;
      },
    );
  }

  async #run(): Promise<void> {
    // Closing happens while this waits.
    const isOver = (): boolean => this.#isClosed;
    let pauseMs = PAUSE_FIRST_MS;
    while (!isOver()) {
      try {
        const connection = await connect(this.#options);
        this.#connection = connection;
        if (isOver()) {
          await connection.close();
          return;
        }
        pauseMs = PAUSE_FIRST_MS;
        this.#up();
        await this.#watch(connection);
        this.#down("connection closed");
      } catch (error) {
        this.#lastError = error instanceof Error ? error.message : "unknown error";
      }
      if (!isOver()) await this.#pause(pauseMs);
      pauseMs = Math.min(PAUSE_MAX_MS, pauseMs * 2);
    }
  }

  async #watch(connection: NatsConnection): Promise<void> {
    for await (const status of connection.status()) {
      if (status.type === "disconnect" || status.type === "staleConnection") this.#down(status.type);
      else if (status.type === "reconnect") this.#up();
      else if (status.type === "error") this.#lastError = status.error.message;
    }
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** All voters of a journal. */
export class Voters {
  readonly links: readonly VoterLink[];
  readonly #waiters = new Set<() => void>();
  readonly #ticking: NodeJS.Timeout;

  constructor(addresses: readonly VoterAddress[], who: Identity, settings: NatsSettings) {
    const awake = new AwakeClock(() => performance.now());
    this.#ticking = setInterval(() => {
      awake.tick();
    }, TICK_MS);
    this.links = addresses.map(
      (address) =>
        new VoterLink(address, who, settings, awake, () => {
          for (const resolve of this.#waiters) resolve();
          this.#waiters.clear();
        }),
    );
  }

  /** Voters reached within the last 1.5 s in which this process ran. */
  get reached(): number {
    return this.links.filter((link) => link.isReached).length;
  }

  /** Connected links in the order in which to use them. */
  ranked(): VoterLink[] {
    return ranked(this.links.filter((link) => link.connection !== undefined));
  }

  /** Resolves when a link comes up or goes down, or after `milliseconds`. */
  changed(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        this.#waiters.delete(done);
        resolve();
      };
      const timer = setTimeout(done, milliseconds);
      this.#waiters.add(done);
    });
  }

  async close(): Promise<void> {
    clearInterval(this.#ticking);
    await Promise.allSettled(this.links.map((link) => link.close()));
  }
}
