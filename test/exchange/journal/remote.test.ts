/**
 * A served journal when the connection, the owner or a peer misbehaves: lost answers, silence, restarts, another journal at the same address, wrong
 * tokens, rogue peers. All on loopback; nothing here encrypts, and no test says that it does.
 */
import { cp } from "node:fs/promises";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { JournalDamaged, OutcomeUnknown, type JournalEntry } from "../../../exchange/journal/journal";
import {
  appendBody,
  encodeFrame,
  json,
  KIND,
  PROTOCOL_VERSION,
  toBatch,
  toJson,
  uint32,
  uint64,
} from "../../../exchange/journal/remote/frames";
import { openRemoteJournal } from "../../../exchange/journal/remote/remote-journal";
import { serveJournal } from "../../../exchange/journal/remote/serve";
import { readTo } from "./contract";
import { faultyFiles } from "./embedded/faulty-files";
import { afterTest, cleanAfterEach, entry, newDirectory, opened } from "./embedded/place";
import { rawPeer, sayHello, startOwner, TOKEN } from "./remote/owner";

cleanAfterEach();

const text = ({ payload }: JournalEntry): string => new TextDecoder().decode(payload);

describe("a broken connection", () => {
  test("whose answer was lost: the append is sent again and answered with its first sequence", async () => {
    let cutAfterNext = false;
    const owner = await startOwner({}, (journal) => ({
      journalId: journal.journalId,
      payloadBytesMax: journal.payloadBytesMax,
      append: async (one, deadlineMs) => {
        const appended = await journal.append(one, deadlineMs);
        if (cutAfterNext) owner.proxy.cut();
        return appended;
      },
      read: (sequence, signal) => journal.read(sequence, signal),
      barrier: () => journal.barrier(),
      status: () => journal.status(),
      close: () => journal.close(),
    }));
    const node = await owner.node();
    cutAfterNext = true;
    const append = node.append(entry("once"), 20_000);
    await expect.poll(() => owner.journal.status().lastSequence).toBe(1);
    cutAfterNext = false;
    await expect.poll(() => node.status().detail["reason"], { timeout: 5_000 }).toBe("the owner says nothing");
    owner.proxy.heal();
    expect(await append).toEqual({ sequence: 1, duplicate: true });
    expect((await readTo(node, 1, 1)).map(text)).toEqual(["once"]);
    expect(await owner.journal.barrier()).toBe(1);
  });

  test("until the deadline: unknown, and the same id shows the truth later", async () => {
    const owner = await startOwner();
    const node = await owner.node();
    owner.proxy.cut();
    await expect(node.append(entry("lost"), 300)).rejects.toBeInstanceOf(OutcomeUnknown);
    await expect(node.barrier(300)).rejects.toBeInstanceOf(OutcomeUnknown);
    owner.proxy.heal();
    expect((await node.append(entry("lost"), 20_000)).sequence).toBe(1);
    expect(await owner.journal.barrier()).toBe(1);
  });

  test("that is silent is seen within 2 s, not before 1 s, and its end as well", async () => {
    const owner = await startOwner();
    const node = await owner.node();
    expect(node.status()).toMatchObject({ voters: 1, votersReached: 1, appending: true });
    owner.proxy.cut();
    const cutAt = performance.now();
    await expect.poll(() => node.status().votersReached, { interval: 10, timeout: 5_000 }).toBe(0);
    const seenAfterMs = performance.now() - cutAt;
    expect(seenAfterMs).toBeGreaterThan(1_000);
    expect(seenAfterMs).toBeLessThan(2_000);
    const { appending, sinceMs } = node.status();
    expect([appending, sinceMs > cutAt]).toEqual([false, true]);
    owner.proxy.heal();
    await expect.poll(() => node.status().votersReached, { timeout: 5_000 }).toBe(1);
    expect(node.status().appending).toBe(true);
  });

  test("again and again, with the owner's restarts: readers miss nothing and see nothing twice", async () => {
    const owner = await startOwner({ segmentBytes: 2_000 });
    const [writer, reader] = [await owner.node("writer"), await owner.node("reader")];
    const stop = new AbortController();
    const seen: JournalEntry[] = [];
    const reading = (async (): Promise<void> => {
      for await (const batch of reader.read(1, stop.signal)) seen.push(...batch);
    })();
    const appended: Promise<number>[] = [];
    for (let round = 0; round < 6; round += 1) {
      for (let index = 0; index < 50; index += 1) {
        appended.push(
          writer.append(entry(`${String(round)}-${String(index)}`), 60_000).then(({ sequence }) => sequence),
        );
      }
      await expect.poll(() => seen.length, { timeout: 20_000 }).toBeGreaterThan(round * 50);
      await owner.stop();
      await owner.start();
    }
    const sequences = await Promise.all(appended);
    expect([...sequences].sort((a, b) => a - b)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    await expect.poll(() => seen.length, { timeout: 20_000 }).toBe(300);
    stop.abort();
    await reading;
    expect(seen.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 300 }, (_, index) => index + 1));
    for (const [index, sequence] of sequences.entries()) {
      const there = seen[sequence - 1];
      expect(there === undefined ? "" : text(there)).toBe(`${String(Math.floor(index / 50))}-${String(index % 50)}`);
    }
  });
});

describe("another journal at the same address", () => {
  test("one that was made anew stops the node", async () => {
    const owner = await startOwner();
    const node = await owner.node();
    await node.append(entry("a"), 5_000);
    const reading = readTo(node, 1, 2);
    reading.catch(() => undefined);
    await owner.stop();
    await owner.start(await newDirectory());
    await expect(reading).rejects.toBeInstanceOf(JournalDamaged);
    await expect(reading).rejects.toThrow("is another one than before: it was made anew");
    await expect(node.append(entry("b"), 5_000)).rejects.toMatchObject({ reason: "closed" });
    expect(node.status()).toMatchObject({ appending: false, votersReached: 0 });
    const said = `the journal at 127.0.0.1:${String(owner.proxy.port)} is another one than before: it was made anew`;
    await expect.poll(() => owner.service.nodes()).toBe(0);
    expect(node.status().detail["reason"]).toBe(said);
  });

  test("one that lost acknowledged entries stops the node", async () => {
    const owner = await startOwner();
    const node = await owner.node();
    await node.append(entry("a"), 5_000);
    await owner.stop();
    const older = join(await newDirectory(), "copy");
    await cp(owner.directory, older, { recursive: true });
    await owner.start();
    await node.append(entry("b"), 20_000);
    const reading = readTo(node, 1, 3);
    reading.catch(() => undefined);
    await owner.stop();
    await owner.start(older);
    await expect(reading).rejects.toThrow("ends at sequence 1, and 2 was acknowledged");
  });
});

describe("the owner's refusals", () => {
  test("reach the node as they are: full, and urgent entries that still fit", async () => {
    const { files, faults } = faultyFiles();
    const owner = await startOwner({ files, reserveBytes: 65_536 });
    const node = await owner.node();
    faults.room = 0;
    await expect(node.append(entry("order"), 5_000)).rejects.toMatchObject({ name: "AppendRefused", reason: "full" });
    expect(await node.append(entry("cancel", true), 5_000)).toEqual({ sequence: 1, duplicate: false });
    await expect.poll(() => node.status().detail["state"], { timeout: 3_000 }).toBe("full");
    expect(node.status()).toMatchObject({ appending: false, votersReached: 1 });
  });

  test("a disk that failed is refused as closed, and its group as unknown", async () => {
    const { files, faults } = faultyFiles();
    const owner = await startOwner({ files });
    const node = await owner.node();
    faults.syncFails = "EIO";
    await expect(node.append(entry("x"), 5_000)).rejects.toMatchObject({ name: "OutcomeUnknown" });
    await expect(node.append(entry("y"), 5_000)).rejects.toMatchObject({ name: "AppendRefused", reason: "closed" });
    await expect.poll(() => node.status().votersReached, { timeout: 3_000 }).toBe(0);
  });
});

describe("who may speak", () => {
  test("a wrong token is refused by name of the setting, at once", async () => {
    const owner = await startOwner();
    const options = { host: "127.0.0.1", port: owner.proxy.port, node: "n" };
    const refused = openRemoteJournal({ ...options, token: "another" });
    await expect(refused).rejects.toMatchObject({ name: "AppendRefused", reason: "misconfigured" });
    await expect(refused).rejects.toThrow(
      `the journal at 127.0.0.1:${String(owner.proxy.port)}: the token is not the owner's: set JOURNAL_CREDENTIALS to the same text on every node`,
    );
    await expect(openRemoteJournal({ ...options, token: "" })).rejects.toThrow("the token is not the owner's");
  });

  test("the token never crosses the connection", async () => {
    const owner = await startOwner();
    let seen = "";
    owner.proxy.tap = (chunk) => {
      seen += chunk.toString("latin1");
    };
    await (await owner.node()).append(entry("a"), 5_000);
    expect(seen).toContain("proof");
    expect(seen).not.toContain(TOKEN);
    expect(seen).not.toContain(Buffer.from(TOKEN).toString("base64").slice(0, 20));
  });

  test("an owner that does not know the token is not believed", async () => {
    const welcome = { version: PROTOCOL_VERSION, proof: "guess", journalId: "00", payloadBytesMax: 1_000 };
    const status = { appending: true, votersReached: 1, lastSequence: 0, state: "appending" };
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.write(encodeFrame(KIND.challenge, 0, json({ version: PROTOCOL_VERSION, nonce: "n" })));
      socket.on("data", () => socket.write(encodeFrame(KIND.welcome, 0, json({ ...welcome, status }))));
    }).listen(0, "127.0.0.1");
    afterTest(async () => {
      server.close();
      await once(server, "close");
    });
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    await expect(openRemoteJournal({ host: "127.0.0.1", port, token: TOKEN, node: "n" })).rejects.toThrow(
      "whoever answers does not know the token",
    );
  });

  test("another version of the protocol is refused by its number", async () => {
    const owner = await startOwner();
    const peer = await rawPeer(owner.service.port);
    await sayHello(peer, TOKEN, 2);
    expect(toJson((await peer.next(KIND.failed)).body)["message"]).toBe(
      "version 1 of the protocol is spoken here; run the same release on every node",
    );
    await expect.poll(() => peer.isEnded).toBe(true);
  });

  test("nobody there: unknown after the time given", async () => {
    const owner = await startOwner();
    await owner.stop();
    await expect(
      openRemoteJournal({ host: "127.0.0.1", port: owner.proxy.port, token: TOKEN, node: "n", openMs: 300 }),
    ).rejects.toBeInstanceOf(OutcomeUnknown);
  });
});

describe("rogue peers", () => {
  const nonsense: [string, boolean, Uint8Array][] = [
    ["a web request", false, Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["a frame of 4 GB", false, uint32(0xffff_ffff)],
    ["a frame of no bytes", false, uint32(0)],
    ["a hello of 10 kB", false, encodeFrame(KIND.hello, 0, new Uint8Array(10_000))],
    ["a hello that is no JSON", false, encodeFrame(KIND.hello, 0, Buffer.from("{"))],
    ["a hello of null", false, encodeFrame(KIND.hello, 0, Buffer.from("null"))],
    ["a hello whose proof is a number", false, encodeFrame(KIND.hello, 0, json({ version: 1, nonce: "n", proof: 1 }))],
    ["an append before its hello", false, encodeFrame(KIND.append, 1, ...appendBody(1_000, entry("x")))],
    ["an append that is cut short", true, encodeFrame(KIND.append, 1, Uint8Array.of(1, 0, 0, 0, 0, 255, 255, 1))],
    ["an unknown kind", true, encodeFrame(99, 1)],
    ["a frame that only the owner sends", true, encodeFrame(KIND.batch, 1, uint64(1))],
    ["a barrier without a deadline", true, encodeFrame(KIND.barrier, 1)],
    ["a read without a sequence", true, encodeFrame(KIND.read, 1, Uint8Array.of(1, 2))],
    ["a frame of 3 MB", true, encodeFrame(KIND.append, 1, new Uint8Array(3_000_000))],
  ];
  test.each(nonsense)("%s ends that connection and nothing else", async (_, isAfterHello, bytes) => {
    const owner = await startOwner();
    const node = await owner.node();
    const peer = await rawPeer(owner.service.port);
    if (isAfterHello) {
      await sayHello(peer);
      await peer.next(KIND.welcome);
    }
    peer.socket.write(bytes);
    await expect.poll(() => peer.isEnded, { timeout: 5_000 }).toBe(true);
    expect(await node.append(entry("still"), 5_000)).toEqual({ sequence: 1, duplicate: false });
  });

  test("who says nothing is cut off", async () => {
    const journal = await opened({ directory: await newDirectory() });
    const service = await serveJournal({ journal, host: "127.0.0.1", port: 0, token: TOKEN, silenceMs: 200 });
    afterTest(() => service.close());
    const peer = await rawPeer(service.port);
    await expect.poll(() => peer.isEnded, { timeout: 5_000 }).toBe(true);
    await expect.poll(() => service.nodes()).toBe(0);
  });

  test("who takes nothing is sent no more than it asked for", async () => {
    const owner = await startOwner();
    for (let index = 0; index < 30; index += 1) {
      await owner.journal.append({ id: String(index), payload: new Uint8Array(900_000) }, 5_000);
    }
    const peer = await rawPeer(owner.service.port);
    await sayHello(peer);
    await peer.next(KIND.welcome);
    peer.send(KIND.read, 5, uint64(1));
    peer.send(KIND.credit, 5, uint32(3));
    const first = toBatch((await peer.next(KIND.batch)).body);
    expect(first.map(({ sequence, payload }) => [sequence, payload.length])).toEqual([[1, 900_000]]);
    await Promise.all([peer.next(KIND.batch), peer.next(KIND.batch)]);
    // A ping that is answered after them shows that nothing else was on its way.
    peer.send(KIND.ping, 0);
    await peer.next(KIND.status);
    expect(peer.frames.filter(({ kind }) => kind === KIND.batch).length).toBe(0);
    peer.send(KIND.credit, 5, uint32(1));
    expect(toBatch((await peer.next(KIND.batch)).body)[0]?.sequence).toBe(4);
    peer.send(KIND.stop, 5);
    peer.send(KIND.credit, 5, uint32(9));
    peer.send(KIND.ping, 0);
    await peer.next(KIND.status);
    expect(peer.frames.filter(({ kind }) => kind === KIND.batch).length).toBe(0);
  });

  test("the sixty-fifth connection is turned away, until one of them ends", async () => {
    const owner = await startOwner();
    const peers = await Promise.all(Array.from({ length: 64 }, () => rawPeer(owner.service.port)));
    await Promise.all(peers.map((peer) => peer.next(KIND.challenge)));
    const late = await rawPeer(owner.service.port);
    await expect.poll(() => late.isEnded).toBe(true);
    expect(late.frames).toEqual([]);
    peers[0]?.socket.destroy();
    await expect.poll(() => owner.service.nodes()).toBe(63);
    await (await rawPeer(owner.service.port)).next(KIND.challenge);
  });

  test("an entry of any bytes is an entry, whoever wrote it", async () => {
    const owner = await startOwner();
    const peer = await rawPeer(owner.service.port);
    await sayHello(peer);
    await peer.next(KIND.welcome);
    peer.send(KIND.append, 1, ...appendBody(5_000, { id: "", payload: Uint8Array.of(1) }));
    expect(toJson((await peer.next(KIND.failed)).body)).toMatchObject({
      error: "AppendRefused",
      reason: "misconfigured",
    });
    peer.send(KIND.append, 2, ...appendBody(5_000, { id: "x".repeat(257), payload: Uint8Array.of(1) }));
    expect(toJson((await peer.next(KIND.failed)).body)).toMatchObject({
      error: "AppendRefused",
      reason: "misconfigured",
    });
    peer.send(KIND.append, 3, ...appendBody(5_000, { id: "ok", payload: Uint8Array.of(255, 0, 254) }));
    expect((await peer.next(KIND.appended)).request).toBe(3);
    expect((await readTo(owner.journal, 1, 1)).map(({ payload }) => [...payload])).toEqual([[255, 0, 254]]);
  });
});
