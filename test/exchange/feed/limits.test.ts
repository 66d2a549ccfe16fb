/**
 * Proves that what clients send is bounded: nonsense is answered and changes nothing, floods and silence are cut, sockets are counted and paced, and
 * everything is given back. Leaves out clients that do not read (slow.test.ts), the load of thousands (exchange/bench) and what stands in front of a node.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { FeedClient } from "./client";
import { cutsOf, refusedBy } from "./wire";
import { until, World } from "./world";

let world: World;
afterEach(() => world.stop());
const port = () => Number(new URL(world.url).port);

const cuts = (reason: string) => cutsOf(world, reason);
const refused = (path: string, headers?: Record<string, string>) => refusedBy(world, path, headers);

/** A socket after its handshake, for frames that no library sends. */
async function raw(): Promise<Socket> {
  const socket = connect(port(), "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(
    "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await once(socket, "data");
  return socket;
}

/** A client's frame: final unless `more`, masked with zeros, of a payload below 126 bytes. */
function frame(opcode: number, payload: Uint8Array, { more = false, reserved = 0, masked = true } = {}): Uint8Array {
  const head = [
    (more ? 0 : 0x80) | reserved | opcode,
    (masked ? 0x80 : 0) | payload.length,
    ...(masked ? [0, 0, 0, 0] : []),
  ];
  return Uint8Array.from([...head, ...payload]);
}

/** The code in the close frame that the server sends, after which it ends the connection. */
async function closeCode(socket: Socket): Promise<number | undefined> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "close");
  const bytes = chunks.flatMap((chunk) => [...chunk]);
  const at = bytes.indexOf(0x88);
  return at < 0 ? undefined : bytes[at + 2]! * 256 + bytes[at + 3]!;
}

describe("nonsense", () => {
  const NAMED: [string, string, string][] = [
    ["no JSON", "subscribe", "Malformed JSON"],
    ["nothing", "", "Malformed JSON"],
    ["deep nesting", "[".repeat(16_000), "Malformed JSON"],
    ["a number", "1e999", "Invalid message"],
    ["null", "null", "Invalid message"],
    ["a list", "[]", "Invalid message"],
    ["no type", "{}", "Invalid message"],
    ["a wrong type", '{"type":"SUBSCRIBE","channels":["level2"],"product_ids":["BTC-USD"]}', "Invalid message"],
    ["no channels", '{"type":"subscribe","product_ids":["BTC-USD"]}', "Invalid message"],
    ["channels that are none", '{"type":"subscribe","channels":[1e999,null,{}]}', "Invalid message"],
    ["a product that is a number", '{"type":"subscribe","channels":["level2"],"product_ids":[1]}', "Invalid message"],
    [
      "a name from the prototype",
      '{"type":"subscribe","channels":["constructor"],"product_ids":["BTC-USD"]}',
      "Failed to subscribe",
    ],
    [
      "a product from the prototype",
      '{"type":"subscribe","channels":["level2"],"product_ids":["__proto__"]}',
      "Failed to subscribe",
    ],
    [
      "a product in lower case",
      '{"type":"subscribe","channels":["level2"],"product_ids":["btc-usd"]}',
      "Failed to subscribe",
    ],
    [
      "an endless timestamp",
      '{"type":"subscribe","channels":["user"],"product_ids":["BTC-USD"],"key":"sandbox-1","signature":"x","timestamp":1e999}',
      "Invalid message",
    ],
    [
      "a timestamp of 40 digits",
      `{"type":"subscribe","channels":["user"],"product_ids":["BTC-USD"],"key":"sandbox-1","signature":"x","timestamp":"${"9".repeat(40)}"}`,
      "Authentication Failed",
    ],
    [
      "a negative trade",
      '{"type":"subscribe","channels":["user"],"product_ids":["BTC-USD"],"after_trade_id":-1}',
      "Invalid message",
    ],
  ];

  it("is answered with an error and what still holds, and changes nothing", async () => {
    world = await World.start();
    const hash = world.machine.hash();
    const client = await world.open();
    for (const [what, text, message] of NAMED) {
      client.send(text);
      expect([what, (await client.next("error"))["message"]]).toEqual([what, message]);
      expect(await client.next()).toEqual({ type: "subscriptions", channels: [] });
    }
    client.send(
      '{"type":"subscribe","channels":["heartbeat"],"product_ids":["BTC-USD"],"__proto__":{"polluted":1},"more":{"a":1}}',
    );
    expect((await client.next())["channels"]).toEqual([{ name: "heartbeat", product_ids: ["BTC-USD"] }]);
    expect(Object.keys(Object.prototype)).toEqual([]);
    expect([world.machine.hash(), world.lines]).toEqual([hash, []]);
  });

  it("of any kind gets one answer each, crashes nothing and is never sent back", { timeout: 60_000 }, async () => {
    world = await World.start({ messagesPerSecondMax: 1e6 });
    const hash = world.machine.hash();
    const name = fc.oneof(fc.constantFrom("level2", "user", "full", "status", "BTC-USD", "__proto__"), fc.string());
    const value = fc.oneof(fc.jsonValue(), fc.double(), fc.bigInt().map(String), name);
    const right = fc.record({
      type: fc.constant("subscribe"),
      product_ids: fc.constantFrom(["BTC-USD"], ["ETH-USD"], ["BTC-USD", "ETH-USD"]),
      channels: fc.subarray(["heartbeat", "status", "ticker", "level2", "level2_batch", "matches", "full"], {
        minLength: 1,
      }),
    });
    const like = fc.record(
      {
        type: fc.oneof(fc.constantFrom("subscribe", "unsubscribe"), value),
        product_ids: fc.oneof(fc.array(name), value),
        channels: fc.oneof(fc.array(fc.oneof(name, fc.record({ name, product_ids: fc.array(name) }))), value),
        key: fc.oneof(fc.constant("sandbox-1"), value),
        signature: value,
        timestamp: value,
        passphrase: value,
        after_trade_id: value,
      },
      { requiredKeys: [] },
    );
    const message = fc.oneof(
      fc.string(),
      fc.oneof(right, like).map((object) => JSON.stringify(object)),
      fc.json(),
    );
    const watcher = await world.open();
    await watcher.subscribe(["heartbeat"]);
    let followed = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(message, { minLength: 20, maxLength: 60 }), async (list) => {
        const client = await world.open();
        for (const text of list) client.send(text);
        // A ping may overtake messages that wait for the node to catch up: the answers themselves are counted.
        const answers = () => client.messages.filter(({ type }) => type === "subscriptions").length;
        await expect.poll(answers, { interval: 2, timeout: 5_000 }).toBe(list.length);
        await client.settled();
        expect(answers()).toBe(list.length);
        followed = Math.max(followed, world.feed.counts().topics);
        expect(world.feed.counts().topics).toBeLessThanOrEqual(1 + 9 * 2);
        await client.close();
      }),
      { numRuns: 40, endOnFailure: true },
    );
    await until(() => world.feed.counts().sockets === 1);
    expect([world.machine.hash(), world.lines, world.feed.counts().topics]).toEqual([hash, [], 1]);
    // So that "nothing is left" says something.
    expect(followed).toBeGreaterThan(5);
    expect((await watcher.next("heartbeat"))["product_id"]).toBe("BTC-USD");
  });

  it("on the wire ends with the code that says why", async () => {
    world = await World.start();
    const text = (value: string) => Uint8Array.from(Buffer.from(value));
    const cases: [string, Uint8Array[], number][] = [
      ["binary", [frame(2, text("{}"))], 1003],
      ["not UTF-8", [frame(1, Uint8Array.from([0xff, 0xfe]))], 1007],
      ["half a character", [frame(1, Uint8Array.from([0xe2, 0x82]))], 1007],
      ["not masked", [frame(1, text("{}"), { masked: false })], 1002],
      ["reserved bits", [frame(1, text("{}"), { reserved: 0x40 })], 1002],
      ["an opcode that is none", [frame(3, text("{}"))], 1002],
      ["a continuation of nothing", [frame(0, text("{}"))], 1002],
      ["a claimed length of 2^40", [Uint8Array.from([0x81, 0xff, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0])], 1009],
      [
        "too many fragments",
        [frame(1, text("{"), { more: true }), ...Array.from({ length: 64 }, () => frame(0, text(" "), { more: true }))],
        1008,
      ],
    ];
    for (const [what, frames, code] of cases) {
      const socket = await raw();
      const ended = closeCode(socket);
      for (const bytes of frames) socket.write(bytes);
      expect([what, await ended]).toEqual([what, code]);
    }
    const large = await world.open();
    large.send(" ".repeat(16 * 1024 + 1));
    expect((await large.ended).code).toBe(1009);
    await until(() => world.feed.counts().sockets === 0);
    expect(world.lines).toEqual([]);
  });
});

describe("floods and silence", () => {
  it("cuts a client above its rate, whether it sends messages or pings", async () => {
    world = await World.start({ messagesPerSecondMax: 10 });
    const talker = await world.open();
    const pinger = await world.open();
    for (let count = 0; count < 25; count += 1) {
      talker.send({ type: "unsubscribe", channels: ["status"] });
      pinger.socket.ping();
    }
    expect([await talker.ended, await pinger.ended]).toEqual(
      Array.from({ length: 2 }, () => ({ code: 1008, reason: "too many messages a second" })),
    );
    expect([talker.messages.length, await cuts("rate")]).toEqual([20, 2]);
  });

  it("cuts a client that does not subscribe in time, and not one that has", async () => {
    world = await World.start({ subscribeTimeoutMs: 100 });
    const silent = await world.open();
    const client = await world.open();
    await client.subscribe(["heartbeat"]);
    expect(await silent.ended).toEqual({ code: 1008, reason: "no subscription within 5 seconds" });
    expect((await client.next("heartbeat"))["product_id"]).toBe("BTC-USD");
  });

  it("cuts a client that does not answer a ping", async () => {
    world = await World.start({ pingIntervalMs: 60 });
    const dead = new FeedClient(world.url);
    const socket = new WebSocket(world.url, { autoPong: false });
    const ended = once(socket, "close");
    await Promise.all([once(dead.socket, "open"), once(socket, "open")]);
    await dead.subscribe(["heartbeat"]);
    socket.send(JSON.stringify({ type: "subscribe", channels: ["status"] }));
    expect((await ended).map(String)).toEqual(["1008", "no answer to a ping"]);
    expect([dead.socket.readyState, await cuts("silent")]).toEqual([WebSocket.OPEN, 1]);
  });

  it("refuses subscriptions beyond the bound of a socket, as a whole", async () => {
    world = await World.start({ subscriptionsPerSocketMax: 3 });
    const client = await world.open();
    await client.subscribe(["matches", "ticker"], ["BTC-USD"]);
    client.send({ type: "subscribe", channels: ["matches", "ticker"], product_ids: ["BTC-USD", "ETH-USD"] });
    expect((await client.next("error"))["reason"]).toBe("too many subscriptions on one socket");
    expect(world.feed.counts().topics).toBe(2);
    expect((await client.subscribe(["matches"], ["ETH-USD"]))["channels"]).toHaveLength(2);
  });
});

describe("sockets", () => {
  it("are refused on other paths, beyond the node's bound, and given back", async () => {
    world = await World.start({ socketsMax: 2 });
    const paths = ["/", "/?", "/ws", "/ws?a=1"];
    for (const path of paths) {
      const client = await world.open(path);
      await client.close();
    }
    await until(() => world.feed.counts().sockets === 0);
    expect(await refused("/orders")).toEqual([404, "NotFound"]);
    const [first] = [await world.open(), await world.open()];
    expect(await refused("/")).toEqual([503, "too many clients on this node: connect again"]);
    await first.close();
    await until(() => world.feed.counts().sockets === 1);
    expect((await refused("/"))[0]).toBe(101);
  });

  it("are bounded, and paced, for each client address", async () => {
    world = await World.start({ socketsPerAddressMax: 2 });
    const from = (address: string) => refused("/", { "X-Client-Address": address });
    const held = Array.from(
      { length: 2 },
      () => new WebSocket(world.url, { headers: { "X-Client-Address": "203.0.113.7" } }),
    );
    await Promise.all(held.map((socket) => once(socket, "open")));
    expect(await from("203.0.113.7")).toEqual([429, "Public rate limit exceeded"]);
    expect((await from("203.0.113.8"))[0]).toBe(101);
    held[0]!.terminate();
    await until(() => world.feed.counts().sockets === 1);
    const statuses: (number | undefined)[] = [];
    for (let count = 0; count < 40; count += 1) statuses.push((await from("203.0.113.9"))[0]);
    expect([statuses[0], statuses.includes(429)]).toEqual([101, true]);
    expect((await from("203.0.113.10"))[0]).toBe(101);
  });
});
