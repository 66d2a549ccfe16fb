/** A node's connection to the owner of the journal: made, proved, watched, and made again for as long as the journal is open. */
import { randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { errorText } from "../embedded/files";
import {
  encodeFrame,
  FRAME_BYTES_MAX,
  FrameParser,
  json,
  KIND,
  PROTOCOL_VERSION,
  ProtocolError,
  proofOf,
  sameProof,
  toJson,
  type OwnerStatus,
  type RemoteFrame,
} from "./frames";

/** The owner is asked each 500 ms, and gone after 1.5 s without a word. */
export const PING_MS = 500;
/** See `PING_MS`. */
export const SILENCE_MS = 1_500;
const AGAIN_MS_MIN = 25;
const AGAIN_MS_MAX = 500;

/** Where the owner is. */
export interface LinkOptions {
  readonly host: string;
  readonly port: number;
  readonly token: string;
  /** This node's name, for operators. */
  readonly node: string;
}

/** What the owner says when it lets a node in. */
export interface Welcome {
  readonly journalId: string;
  readonly payloadBytesMax: number;
  readonly status: OwnerStatus;
}

/** Whoever uses the connection. */
export interface LinkUser {
  /** A connection stands: what was under way is to be sent again. */
  welcomed(welcome: Welcome): void;
  /** Any other frame. @throws ProtocolError, which ends the connection. */
  received(frame: RemoteFrame): void;
  /** The connection is gone, or could not be made. `isFinal`: trying again is no use, such as with a wrong token. */
  lost(reason: string, isFinal: boolean): void;
}

/** One connection at a time, made by `start`, made again until `stop`. */
export class Link {
  readonly #options: LinkOptions;
  readonly #user: LinkUser;
  #socket: Socket | undefined;
  #isWelcomed = false;
  #isStopped = false;
  #againMs = AGAIN_MS_MIN;
  #heardMs = 0;
  #tickedMs = 0;
  #isCorked = false;
  #pings: NodeJS.Timeout | undefined;
  #again: NodeJS.Timeout | undefined;

  constructor(options: LinkOptions, user: LinkUser) {
    this.#options = options;
    this.#user = user;
  }

  /** Whether the owner has let this node in and has been heard within 1.5 s. */
  get isAlive(): boolean {
    return this.#isWelcomed && !this.#isStopped && performance.now() - this.#heardMs <= SILENCE_MS;
  }

  start(): void {
    this.#tickedMs = performance.now();
    this.#pings = setInterval(() => {
      this.#tick();
    }, PING_MS);
    this.#connect();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#pings);
    clearTimeout(this.#again);
    this.#socket?.destroy();
  }

  /** Sends, or forgets where no connection stands: `welcomed` is the time to send again. */
  send(kind: number, request: number, ...parts: readonly Uint8Array[]): void {
    if (this.#isWelcomed) this.#write(kind, request, parts);
  }

  #write(kind: number, request: number, parts: readonly Uint8Array[]): void {
    const socket = this.#socket;
    if (socket === undefined || socket.destroyed) return;
    if (!this.#isCorked) {
      this.#isCorked = true;
      socket.cork();
      setImmediate(() => {
        this.#isCorked = false;
        socket.uncork();
      });
    }
    socket.write(encodeFrame(kind, request, ...parts));
  }

  #connect(): void {
    const { host, port, token } = this.#options;
    const socket = connect({ host, port, noDelay: true });
    const parser = new FrameParser(FRAME_BYTES_MAX);
    const nonce = randomBytes(24).toString("base64");
    let ownerNonce = "";
    let reason = "the owner closed the connection";
    let isFinal = false;
    this.#socket = socket;
    this.#isCorked = false;
    this.#heardMs = performance.now();
    const take = (frame: RemoteFrame): void => {
      if (frame.kind === KIND.challenge && ownerNonce === "") {
        ownerNonce = String(toJson(frame.body)["nonce"]);
        const proof = proofOf(token, "node", ownerNonce, nonce);
        const hello = { version: PROTOCOL_VERSION, nonce, proof, node: this.#options.node };
        this.#write(KIND.hello, 0, [json(hello)]);
      } else if (frame.kind === KIND.welcome && ownerNonce !== "" && !this.#isWelcomed) {
        const body = toJson(frame.body);
        isFinal = !sameProof(proofOf(token, "owner", ownerNonce, nonce), body["proof"]);
        if (isFinal) throw new ProtocolError("whoever answers does not know the token");
        this.#isWelcomed = true;
        this.#againMs = AGAIN_MS_MIN;
        this.#user.welcomed(toWelcome(body));
      } else if (frame.kind === KIND.failed && frame.request === 0) {
        isFinal = true;
        throw new ProtocolError(String(toJson(frame.body)["message"]));
      } else if (this.#isWelcomed) this.#user.received(frame);
      else throw new ProtocolError("a frame before the welcome");
    };
    socket.on("data", (bytes: Buffer) => {
      this.#heardMs = performance.now();
      try {
        for (const frame of parser.push(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength))) take(frame);
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        reason = error.message;
        socket.destroy();
      }
    });
    socket.on("error", (error) => {
      reason = errorText(error);
    });
    socket.on("close", () => {
      this.#isWelcomed = false;
      this.#user.lost(reason, isFinal);
      if (this.#isStopped) return;
      this.#again = setTimeout(() => {
        this.#connect();
      }, this.#againMs);
      this.#againMs = Math.min(this.#againMs * 2, AGAIN_MS_MAX);
    });
  }

  #tick(): void {
    const now = performance.now();
    const isLate = now - this.#tickedMs > 2 * PING_MS;
    this.#tickedMs = now;
    this.send(KIND.ping, 0);
    // This process was busy itself: what the owner said meanwhile has not been read yet.
    if (isLate) this.#heardMs = Math.max(this.#heardMs, now - PING_MS);
    else if (now - this.#heardMs > SILENCE_MS) this.#socket?.destroy(new Error("the owner says nothing"));
  }
}

/** Reads a status. @throws ProtocolError */
export function toStatus(value: unknown): OwnerStatus {
  const status: Record<string, unknown> = typeof value === "object" && value !== null ? { ...value } : {};
  const { appending, votersReached, lastSequence, state } = status;
  if (
    typeof appending !== "boolean" ||
    typeof votersReached !== "number" ||
    typeof lastSequence !== "number" ||
    typeof state !== "string"
  ) {
    throw new ProtocolError("a status that is none");
  }
  return { appending, votersReached, lastSequence, state };
}

function toWelcome(body: Record<string, unknown>): Welcome {
  const { journalId, payloadBytesMax } = body;
  if (typeof journalId !== "string" || typeof payloadBytesMax !== "number") {
    throw new ProtocolError("a welcome that is none");
  }
  return { journalId, payloadBytesMax, status: toStatus(body["status"]) };
}
