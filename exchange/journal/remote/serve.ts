/** Serves an embedded journal to other nodes on the same machine or the same private network: see `frames.ts` for what is said. */
import { randomBytes } from "node:crypto";
import { createServer, type Server, type Socket } from "node:net";
import { errorText } from "../embedded/files";
import { AppendRefused, JournalDamaged, OutcomeUnknown, type Journal } from "../journal";
import {
  batchBody,
  encodeFrame,
  FRAME_BYTES_MAX,
  FrameParser,
  HELLO_BYTES_MAX,
  json,
  KIND,
  PROTOCOL_VERSION,
  ProtocolError,
  proofOf,
  sameProof,
  toAppend,
  toJson,
  toUint32,
  toUint64,
  uint64,
  type OwnerStatus,
  type RemoteFrame,
} from "./frames";

/** Most nodes at a time; more are turned away. */
const CONNECTIONS_MAX = 64;
/** Most requests of one node that are under way, reads apart. */
const REQUESTS_MAX = 32_768;
/** Most reads of one node at a time. */
const READS_MAX = 64;
/** Answers that a node does not take, in bytes: above this it is cut off. */
const UNSENT_BYTES_MAX = 67_108_864;
/** Longest deadline that a node may ask for. */
const DEADLINE_MS_MAX = 60_000;

/** How to serve one. */
export interface ServeOptions {
  /** The journal, and the id by which nodes know that it is still the same one. */
  readonly journal: Journal & { readonly journalId: string };
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** Shared with the nodes; empty only where `host` is a loopback address. */
  readonly token: string;
  /** A node that has not proved itself, or says nothing, for so long is cut off; default 5,000 ms. Nodes ping each 500 ms. */
  readonly silenceMs?: number;
}

/** A journal that is served. */
export interface ServedJournal {
  readonly port: number;
  /** How many nodes are connected. */
  nodes(): number;
  /** Cuts the nodes off, which then do not know the outcome of what was under way until they reach an owner again; the journal stays open. */
  close(): Promise<void>;
}

/**
 * Listens and serves until `close`.
 *
 * @throws what the network says: the address is taken, or not of this machine.
 */
export async function serveJournal(options: ServeOptions): Promise<ServedJournal> {
  const connections = new Set<ServedNode>();
  const server = createServer({ noDelay: true }, (socket) => {
    if (connections.size >= CONNECTIONS_MAX) {
      socket.destroy();
      return;
    }
    const node = new ServedNode(socket, options);
    connections.add(node);
    socket.on("close", () => connections.delete(node));
  });
  await listening(server, options);
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : options.port,
    nodes: () => connections.size,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        for (const node of connections) node.end();
      }),
  };
}

function listening(server: Server, { host, port }: ServeOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

interface ServedRead {
  readonly stop: AbortController;
  credit: number;
  wake: () => void;
}

class ServedNode {
  readonly #socket: Socket;
  readonly #journal: Journal & { readonly journalId: string };
  readonly #token: string;
  readonly #nonce = randomBytes(24).toString("base64");
  readonly #parser = new FrameParser(HELLO_BYTES_MAX);
  readonly #reads = new Map<number, ServedRead>();
  #requests = 0;
  #isKnown = false;
  #isCorked = false;

  constructor(socket: Socket, options: ServeOptions) {
    this.#socket = socket;
    this.#journal = options.journal;
    this.#token = options.token;
    socket.setTimeout(options.silenceMs ?? 5_000, () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("data", (bytes: Buffer) => {
      this.#take(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    });
    socket.on("close", () => {
      for (const read of this.#reads.values()) read.stop.abort();
      for (const read of this.#reads.values()) read.wake();
    });
    this.#send(KIND.challenge, 0, json({ version: PROTOCOL_VERSION, nonce: this.#nonce }));
  }

  end(): void {
    this.#socket.destroy();
  }

  #take(bytes: Uint8Array): void {
    try {
      for (const frame of this.#parser.push(bytes)) {
        if (this.#isKnown) this.#handle(frame);
        else this.#greet(frame);
      }
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#refuse(error.message);
    }
  }

  /** Tells why, and ends. */
  #refuse(message: string): void {
    this.#send(KIND.failed, 0, json({ error: "AppendRefused", reason: "misconfigured", message }));
    this.#socket.end();
    this.#socket.removeAllListeners("data");
    this.#socket.resume();
  }

  #greet(frame: RemoteFrame): void {
    if (frame.kind !== KIND.hello) throw new ProtocolError("a hello was expected");
    const { version, nonce, proof } = toJson(frame.body);
    if (version !== PROTOCOL_VERSION) {
      throw new ProtocolError(
        `version ${String(PROTOCOL_VERSION)} of the protocol is spoken here; run the same release on every node`,
      );
    }
    if (typeof nonce !== "string" || !sameProof(proofOf(this.#token, "node", this.#nonce, nonce), proof)) {
      throw new ProtocolError("the token is not the owner's: set JOURNAL_CREDENTIALS to the same text on every node");
    }
    this.#isKnown = true;
    this.#parser.bytesMax = FRAME_BYTES_MAX;
    const { journalId, payloadBytesMax } = this.#journal;
    const own = proofOf(this.#token, "owner", this.#nonce, nonce);
    const welcome = { version: PROTOCOL_VERSION, proof: own, journalId, payloadBytesMax };
    this.#send(KIND.welcome, 0, json({ ...welcome, status: this.#status() }));
  }

  #handle({ kind, request, body }: RemoteFrame): void {
    if (kind === KIND.ping) this.#send(KIND.status, request, json(this.#status()));
    else if (kind === KIND.append) this.#append(request, body);
    else if (kind === KIND.barrier) this.#barrier(request, body);
    else if (kind === KIND.read) this.#read(request, toUint64(body));
    else if (kind === KIND.credit) this.#credit(request, toUint32(body));
    else if (kind === KIND.stop) this.#stop(request);
    else throw new ProtocolError(`a frame of kind ${String(kind)}`);
  }

  #status(): OwnerStatus {
    const { appending, votersReached, lastSequence, detail } = this.#journal.status();
    return { appending, votersReached, lastSequence, state: String(detail["state"] ?? "") };
  }

  #append(request: number, body: Uint8Array): void {
    const { deadlineMs, entry } = toAppend(body);
    this.#answer(request, async () => {
      const { sequence, duplicate } = await this.#journal.append(entry, Math.min(deadlineMs, DEADLINE_MS_MAX));
      this.#send(KIND.appended, request, uint64(sequence), Uint8Array.of(duplicate ? 1 : 0));
    });
  }

  #barrier(request: number, body: Uint8Array): void {
    const deadlineMs = Math.min(toUint32(body), DEADLINE_MS_MAX);
    this.#answer(request, async () => {
      this.#send(KIND.sequence, request, uint64(await this.#journal.barrier(deadlineMs)));
    });
  }

  #answer(request: number, work: () => Promise<void>): void {
    if (this.#requests >= REQUESTS_MAX) throw new ProtocolError("too many requests under way");
    this.#requests += 1;
    work()
      .catch((error: unknown) => {
        this.#fail(request, error);
      })
      .finally(() => {
        this.#requests -= 1;
      })
      .catch(() => this.#socket.destroy());
  }

  #read(request: number, sequence: number): void {
    if (this.#reads.size >= READS_MAX || this.#reads.has(request)) throw new ProtocolError("too many reads under way");
    const read: ServedRead = { stop: new AbortController(), credit: 0, wake: () => undefined };
    this.#reads.set(request, read);
    this.#stream(request, sequence, read)
      .catch((error: unknown) => {
        this.#fail(request, error);
      })
      .finally(() => this.#reads.delete(request))
      .catch(() => this.#socket.destroy());
  }

  async #stream(request: number, sequence: number, read: ServedRead): Promise<void> {
    for await (const batch of this.#journal.read(sequence, read.stop.signal)) {
      while (read.credit === 0 && !read.stop.signal.aborted) {
        await new Promise<void>((resolve) => {
          read.wake = resolve;
        });
      }
      if (read.stop.signal.aborted) return;
      read.credit -= 1;
      this.#send(KIND.batch, request, ...batchBody(batch));
    }
  }

  #credit(request: number, batches: number): void {
    const read = this.#reads.get(request);
    if (read === undefined) return;
    read.credit = Math.min(read.credit + batches, 64);
    read.wake();
  }

  #stop(request: number): void {
    const read = this.#reads.get(request);
    read?.stop.abort();
    read?.wake();
  }

  #fail(request: number, error: unknown): void {
    const isOurs = error instanceof AppendRefused || error instanceof OutcomeUnknown || error instanceof JournalDamaged;
    const reason = error instanceof AppendRefused ? error.reason : "";
    this.#send(KIND.failed, request, json({ error: isOurs ? error.name : "", reason, message: errorText(error) }));
  }

  #send(kind: number, request: number, ...parts: readonly Uint8Array[]): void {
    if (this.#socket.destroyed) return;
    if (this.#socket.writableLength > UNSENT_BYTES_MAX) {
      this.#socket.destroy();
      return;
    }
    // One packet for all answers of one group.
    if (!this.#isCorked) {
      this.#isCorked = true;
      this.#socket.cork();
      setImmediate(() => {
        this.#isCorked = false;
        this.#socket.uncork();
      });
    }
    this.#socket.write(encodeFrame(kind, request, ...parts));
  }
}
