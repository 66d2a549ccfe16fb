/**
 * Proves how feeds end: a node that goes away says so first and closes its sockets over a while; one that has stopped, one whose region is behind, and
 * a key that was revoked end their feeds; new sockets are refused meanwhile; a bug of ours ends nothing. Leaves out when a node decides so.
 */
import { afterEach, expect, it } from "vitest";
import { signature } from "./client";
import { NOT_OK, NOW_MS, until, World } from "./world";

const GOODBYE = "this node is going away: connect again";
let world: World;
afterEach(() => world.stop());

it("says goodbye first, then closes one socket after another with 1001", async () => {
  world = await World.start({ closeSpreadMs: 400 });
  const clients = await Promise.all(Array.from({ length: 8 }, () => world.open()));
  await Promise.all(clients.map((client, index) => client.subscribe(index === 0 ? ["status"] : ["level2"])));
  for (const client of clients) await client.next();
  const times = clients.map((client) => client.ended.then(() => performance.now()));
  const began = performance.now();
  world.goAway();
  expect(await clients[0]!.next()).toMatchObject({ type: "status", message: GOODBYE });
  for (const client of clients)
    expect(await client.next()).toEqual({ type: "closing", message: GOODBYE, within_ms: 400 });
  await expect(world.open()).rejects.toThrow("503");
  world.order(1, "buy", 200_00, 1_000_000);
  expect((await clients[7]!.next("l2update"))["changes"]).toEqual([["buy", "200.00", "0.01000000"]]);
  for (const client of clients) expect(await client.ended).toEqual({ code: 1001, reason: GOODBYE });
  const ended = (await Promise.all(times)).map((time) => time - began);
  // The last of eight leaves after 7/8 of the time; the first at once.
  expect(Math.max(...ended)).toBeGreaterThanOrEqual(345);
  expect(Math.min(...ended)).toBeLessThan(Math.max(...ended) - 200);
  await world.feed.close();
  expect(world.feed.counts()).toEqual({ sockets: 0, topics: 0, bufferedBytes: 0 });
});

it("waits for no client that does not answer", async () => {
  world = await World.start({ closeTimeoutMs: 100 });
  const client = await world.open();
  await client.subscribe(["level2"]);
  client.socket.pause();
  await world.feed.close();
  expect(world.feed.counts().sockets).toBe(0);
});

it("ends the feeds of a node that has stopped at once, and takes none", async () => {
  world = await World.start({ closeSpreadMs: 60_000 });
  const client = await world.open();
  await client.subscribe(["heartbeat", "status"]);
  await client.next("status");
  world.serving = false;
  world.goAway();
  expect(client.rest()).toEqual([]);
  expect(await client.ended).toEqual({ code: 1013, reason: "this node has stopped: connect again" });
  await expect(world.open()).rejects.toThrow("503");
});

it("ends the feeds of a region that stays behind, not of one that was for a moment", async () => {
  world = await World.start({ heartbeatIntervalMs: 10, staleTimeoutMs: 150 });
  const client = await world.open();
  await client.subscribe(["heartbeat"]);
  world.regionReport = NOT_OK;
  for (let beat = 0; beat < 3; beat += 1) await client.next("heartbeat");
  world.regionReport = { ok: true, reasons: [], detail: {} };
  for (let beat = 0; beat < 25; beat += 1) await client.next("heartbeat");
  world.regionReport = NOT_OK;
  expect(await client.ended).toEqual({ code: 1013, reason: "this region is behind: connect again" });
  await expect(world.open()).rejects.toThrow("503");
  world.regionReport = { ok: true, reasons: [], detail: {} };
  await expect.poll(() => world.open().then(() => "open", String)).toBe("open");
});

it("ends what a revoked key opened, and nothing else", async () => {
  world = await World.start({ heartbeatIntervalMs: 20 });
  const [own, other, nobody] = [await world.open(), await world.open(), await world.open()];
  await own.subscribe(["user"], ["BTC-USD"], signature("sandbox-1", NOW_MS));
  await other.subscribe(["user"], ["BTC-USD"], signature("sandbox-2", NOW_MS));
  await nobody.subscribe(["heartbeat"]);
  world.apply({ type: "key-revoke", operator: "ops", keyId: "sandbox-1" });
  expect(await own.ended).toEqual({ code: 1008, reason: "the key was revoked" });
  await nobody.next("heartbeat");
  await other.settled();
  expect(world.feed.counts().sockets).toBe(2);
});

it("goes on after a bug of ours, says that it is ours, and logs it without what the client sent", async () => {
  world = await World.start({ heartbeatIntervalMs: 20 });
  const client = await world.open();
  const key = world.machine.key.bind(world.machine);
  world.machine.key = () => {
    throw new Error("planted");
  };
  const signed = signature("sandbox-1", NOW_MS);
  client.send({ type: "subscribe", product_ids: ["BTC-USD"], channels: ["user"], ...signed });
  expect(await client.next("error")).toEqual({
    type: "error",
    message: "Internal error",
    reason: "a bug of ours: it was logged",
  });
  world.machine.key = key;
  await client.subscribe(["user"], ["BTC-USD"], signed);
  expect(world.lines).toHaveLength(1);
  expect(world.lines[0]).toContain("planted");
  expect(world.lines[0]).not.toContain(signed["signature"]);
});

it("lets nobody go on with a hole after a bug of ours", async () => {
  world = await World.start();
  const client = await world.open();
  await client.subscribe(["level2"]);
  world.machine.levelSize = () => {
    throw new Error("planted");
  };
  world.order(1, "buy", 200_00, 1_000_000);
  expect(await client.ended).toEqual({ code: 1011, reason: "a bug of ours: connect again" });
  expect(world.lines.map((line) => JSON.parse(line).err.message)).toEqual(["planted"]);
});

it("writes no secret, signature or account into logs and metrics", async () => {
  world = await World.start();
  const client = await world.open();
  const signed = signature("sandbox-1", NOW_MS);
  await client.subscribe(["user"], ["BTC-USD"], signed);
  await client.close();
  await until(() => world.feed.counts().sockets === 0);
  const metrics = await world.registry.metrics();
  expect(metrics).toContain("exchange_feed_sockets 0");
  expect(metrics + world.lines.join()).not.toMatch(/sandbox|signature|passphrase/);
  expect(metrics + world.lines.join()).not.toContain(signed["signature"]);
});
