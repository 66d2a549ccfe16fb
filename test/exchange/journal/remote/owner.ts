/** An owner of a journal that can be stopped and started again behind one address, for the tests of `remote/`. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { EmbeddedJournal, EmbeddedOptions } from "../../../../exchange/journal/embedded/embedded-journal";
import {
  encodeFrame,
  FRAME_BYTES_MAX,
  FrameParser,
  json,
  KIND,
  PROTOCOL_VERSION,
  proofOf,
  toJson,
  type RemoteFrame,
} from "../../../../exchange/journal/remote/frames";
import { openRemoteJournal, type RemoteJournal } from "../../../../exchange/journal/remote/remote-journal";
import { serveJournal, type ServedJournal, type ServeOptions } from "../../../../exchange/journal/remote/serve";
import { CuttableProxy } from "../../support/cuttable-proxy";
import { afterTest, newDirectory, opened } from "../embedded/place";

/** Shared by owner and nodes of the tests. */
export const TOKEN = "a token that must never be seen on the connection";

/** The owner, the way to it, and what serves it now. */
export interface Owner {
  readonly proxy: CuttableProxy;
  readonly directory: string;
  journal: EmbeddedJournal;
  service: ServedJournal;
  /** Ends service and journal: connections break, and nobody answers. */
  stop(): Promise<void>;
  /** Starts anew, over `directory` where it is given. */
  start(directory?: string): Promise<void>;
  /** A node's journal, over the proxy. */
  node(name?: string): Promise<RemoteJournal>;
}

/** Starts an owner. `around` may change what is served. */
export async function startOwner(
  options: Partial<EmbeddedOptions> = {},
  around: (journal: EmbeddedJournal) => ServeOptions["journal"] = (journal) => journal,
): Promise<Owner> {
  const directory = options.directory ?? (await newDirectory());
  let port: number | undefined;
  const begin = async (where: string): Promise<{ journal: EmbeddedJournal; service: ServedJournal }> => {
    const journal = await opened({ ...options, directory: where });
    const served = { journal: around(journal), host: "127.0.0.1", port: 0, token: TOKEN, silenceMs: 5_000 };
    const service = await serveJournal(served);
    afterTest(() => service.close());
    port = service.port;
    return { journal, service };
  };
  const proxy = await new CuttableProxy(() => port).listen();
  afterTest(() => proxy.close());
  const owner: Owner = {
    ...(await begin(directory)),
    proxy,
    directory,
    stop: async () => {
      port = undefined;
      await owner.service.close();
      await owner.journal.close();
    },
    start: async (where = directory) => {
      Object.assign(owner, await begin(where));
    },
    node: async (name = "node") => {
      const journal = await openRemoteJournal({ host: "127.0.0.1", port: proxy.port, token: TOKEN, node: name });
      afterTest(() => journal.close());
      return journal;
    },
  };
  return owner;
}

/** A peer that says what it is told to say. */
export interface RawPeer {
  readonly socket: Socket;
  readonly frames: RemoteFrame[];
  /** Whether the other side has ended or cut the connection. */
  isEnded: boolean;
  send(kind: number, request: number, ...parts: Uint8Array[]): void;
  /** The next frame of this kind. */
  next(kind: number): Promise<RemoteFrame>;
}

/** Connects; nothing is said yet. */
export async function rawPeer(port: number): Promise<RawPeer> {
  const socket = connect(port, "127.0.0.1");
  afterTest(() => Promise.resolve(socket.destroy()));
  const parser = new FrameParser(FRAME_BYTES_MAX);
  const waiting: { kind: number; resolve: (frame: RemoteFrame) => void }[] = [];
  const peer: RawPeer = {
    socket,
    frames: [],
    isEnded: false,
    send: (kind, request, ...parts) => socket.write(encodeFrame(kind, request, ...parts)),
    next: (kind) => {
      const there = peer.frames.findIndex((frame) => frame.kind === kind);
      const [frame] = there < 0 ? [] : peer.frames.splice(there, 1);
      if (frame !== undefined) return Promise.resolve(frame);
      return new Promise((resolve) => waiting.push({ kind, resolve }));
    },
  };
  socket.on("data", (bytes: Buffer) => {
    for (const frame of parser.push(bytes)) {
      const at = waiting.findIndex(({ kind }) => kind === frame.kind);
      if (at < 0) peer.frames.push(frame);
      else waiting.splice(at, 1)[0]?.resolve(frame);
    }
  });
  socket.on("error", () => undefined);
  socket.on("close", () => {
    peer.isEnded = true;
  });
  await once(socket, "connect");
  return peer;
}

/** Says hello as a node does, with this token and version. */
export async function sayHello(peer: RawPeer, token = TOKEN, version: number = PROTOCOL_VERSION): Promise<void> {
  const nonce = String(toJson((await peer.next(KIND.challenge)).body)["nonce"]);
  peer.send(KIND.hello, 0, json({ version, nonce: "n", proof: proofOf(token, "node", nonce, "n"), node: "raw" }));
}
