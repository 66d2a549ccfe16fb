/**
 * Proves that a client that does not read costs no more than its bounds: it is cut while others get everything, books larger than the bound may drain, and
 * all clients together have a bound as well. Bytes are counted, not the process's memory. Leaves out what clients send (limits.test.ts).
 */
import { afterEach, describe, expect, it } from "vitest";
import type { Command } from "../../../exchange/machine/commands";
import { type FeedClient, type Json, signature } from "./client";
import { cutsOf, refusedBy } from "./wire";
import { NOW_MS, placed, until, World } from "./world";

let world: World;
afterEach(() => world.stop());
const cuts = (reason: string) => cutsOf(world, reason);
const refused = (path: string) => refusedBy(world, path);

describe("slow consumers", () => {
  const PAIRS = 200;
  /** Places and cancels: three messages of `full` for each pair. */
  const busy = (): Command[] =>
    Array.from({ length: PAIRS }, () => placed(1, "buy", 200_00, 1_000_000)).flatMap((order) => [
      order,
      { type: "order-cancel", accountId: order.accountId, orderId: order.orderId } as const,
    ]);
  const full = (messages: readonly Json[]) => messages.filter(({ sequence }) => sequence !== undefined);

  it(
    "are cut, while others get every message, and no more than the bound waits for them",
    { timeout: 60_000 },
    async () => {
      const bufferedBytesMax = 256 * 1024;
      world = await World.start({ bufferedBytesMax, closeTimeoutMs: 50 });
      const slow = await world.open();
      const quick = await world.open();
      await Promise.all([slow.subscribe(["full"]), quick.subscribe(["full"])]);
      slow.socket.pause();
      let peak = 0;
      for (let frames = 0; world.feed.counts().sockets === 2 && frames < 400; frames += 1) {
        world.apply(...busy());
        peak = Math.max(peak, world.feed.counts().bufferedBytes);
        await quick.settled();
      }
      expect(world.feed.counts()).toEqual({ sockets: 1, topics: 1, bufferedBytes: 0 });
      expect(await cuts("slow")).toBe(1);
      expect(peak).toBeLessThan(2 * bufferedBytesMax + 1024);
      const sequences = full(quick.messages).map(({ sequence }) => sequence);
      expect(sequences.length).toBe(world.machine.product("BTC-USD")!.sequence);
      expect(sequences).toEqual(sequences.map((_sequence, index) => index + 1));
      slow.socket.resume();
      expect((await slow.ended).code).not.toBe(1000);
    },
  );

  /** Asks for the whole book again and again without reading, until so much waits, or the client is cut. */
  const asking = async (client: FeedClient, bytes: number): Promise<{ asked: number; peak: number }> => {
    let asked = 0;
    let peak = 0;
    for (; peak < bytes && world.feed.counts().sockets === 1 && asked < 1_000; asked += 1) {
      client.send({ type: "subscribe", channels: ["level2"], product_ids: ["BTC-USD"] });
      await new Promise((resolve) => setTimeout(resolve, 1));
      peak = Math.max(peak, world.feed.counts().bufferedBytes);
    }
    return { asked, peak };
  };
  const largeBook = (): void => {
    for (let price = 1; price <= 2_000; price += 500)
      world.apply(
        ...Array.from({ length: 500 }, (_none, at) =>
          placed(Math.ceil(price / 500), "buy", 20_000 + price + at, 1_000_000),
        ),
      );
  };

  it(
    "are not those who were sent larger books than the bound, and read them in the end",
    { timeout: 60_000 },
    async () => {
      const bufferedBytesMax = 16 * 1024;
      world = await World.start({ bufferedBytesMax, messagesPerSecondMax: 1e6 });
      largeBook();
      const client = await world.open();
      await client.subscribe(["level2"]);
      client.socket.pause();
      const { asked } = await asking(client, 20 * bufferedBytesMax);
      expect(world.feed.counts().bufferedBytes).toBeGreaterThan(10 * bufferedBytesMax);
      world.order(9, "sell", 900_00, 1_000_000);
      client.socket.resume();
      await client.next("l2update");
      await client.settled();
      const snapshots = client.messages.filter(({ type }) => type === "snapshot");
      expect([snapshots.length, snapshots[0]!["bids"].length, world.feed.counts().sockets]).toEqual([
        1 + asked,
        2_000,
        1,
      ]);
    },
  );

  it("are those who ask for books without end and read none", { timeout: 60_000 }, async () => {
    const bufferedBytesMax = 16 * 1024;
    const firstBytesMax = 512 * 1024;
    world = await World.start({ bufferedBytesMax, firstBytesMax, messagesPerSecondMax: 1e6, closeTimeoutMs: 50 });
    largeBook();
    const client = await world.open();
    await client.subscribe(["level2"]);
    client.socket.pause();
    const { peak } = await asking(client, 1e9);
    // Both bounds, and the one book that was sent before they were passed.
    expect(peak).toBeLessThan(firstBytesMax + bufferedBytesMax + 64 * 1024);
    expect([await cuts("slow"), world.feed.counts()]).toEqual([1, { sockets: 0, topics: 0, bufferedBytes: 0 }]);
  });

  it("are cut, those furthest behind first, while too much waits for all", { timeout: 60_000 }, async () => {
    const bufferedBytesAllMax = 1024 * 1024;
    const times = { heartbeatIntervalMs: 20, closeTimeoutMs: 20 };
    world = await World.start({ bufferedBytesAllMax, bufferedBytesMax: 64 * 1024 * 1024, ...times });
    const slow = await Promise.all(Array.from({ length: 3 }, () => world.open()));
    const quick = await world.open();
    await Promise.all([...slow, quick].map((client) => client.subscribe(["full"])));
    for (const client of slow) client.socket.pause();
    for (let frames = 0; world.feed.counts().sockets === 4 && frames < 400; frames += 1) {
      world.apply(...busy());
      await quick.settled();
    }
    expect(await cuts("slow")).toBeGreaterThanOrEqual(1);
    await until(() => world.feed.counts().bufferedBytes <= bufferedBytesAllMax);
    expect(full(quick.messages).length).toBe(world.machine.product("BTC-USD")!.sequence);
  });

  it("keep new clients out while they fill half of the room, until they have read", { timeout: 60_000 }, async () => {
    const bufferedBytesAllMax = 2 * 1024 * 1024;
    world = await World.start({ bufferedBytesAllMax, bufferedBytesMax: bufferedBytesAllMax, heartbeatIntervalMs: 20 });
    const slow = await world.open();
    await slow.subscribe(["full"]);
    slow.socket.pause();
    while (world.feed.counts().bufferedBytes <= bufferedBytesAllMax / 2) {
      world.apply(...busy());
      await new Promise((resolve) => setImmediate(resolve));
    }
    await expect.poll(() => refused("/")).toEqual([503, "too many clients on this node: connect again"]);
    slow.socket.resume();
    await expect.poll(() => refused("/"), { timeout: 5_000 }).toEqual([101, ""]);
    await slow.settled();
    expect(full(slow.messages).length).toBe(world.machine.product("BTC-USD")!.sequence);
    expect(await cuts("slow")).toBe(0);
  });

  it("of their own orders are told at most the bound, and that some were left out", async () => {
    world = await World.start({ recentMax: 5 });
    world.order(2, "sell", 200_00, 100_000_000);
    for (let count = 0; count < 7; count += 1) world.order(1, "buy", 200_00, 1_000_000);
    const client = await world.open();
    await client.subscribe(["user"], ["BTC-USD"], { ...signature("sandbox-1", NOW_MS), after_trade_id: 0 });
    await client.settled();
    const told = client.rest();
    expect(told.map(({ type, trade_id: id }) => [type, id])).toEqual([
      ["left_out", undefined],
      ...Array.from({ length: 5 }, () => ["done", undefined]),
      ["left_out", undefined],
      ...[3, 4, 5, 6, 7].map((id) => ["match", id]),
    ]);
    expect(told[6]).toEqual({
      type: "left_out",
      product_id: "BTC-USD",
      what: "fills",
      message: "older fills were left out: ask GET /fills",
    });
  });
});
