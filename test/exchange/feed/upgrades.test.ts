/**
 * Proves, over real sockets against REST and feed on one server, that a client which offers another protocol than WebSocket (Java's HttpClient offers h2c with
 * each request over plain http, https://docs.oracle.com/en/java/javase/21/docs/api/java.net.http/java/net/http/HttpClient.html#version()) is answered as if it
 * had not, as RFC 9110 §7.8 asks, and that a broken handshake is refused in the exchange's form.
 */
import { type Socket, connect } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { attachFeed, type Feed } from "../../../exchange/feed/feed";
import { type Surface, orderRequest, surface } from "../http/harness";

let here: Surface;
let feed: Feed;
const sockets: Socket[] = [];
beforeEach(async () => {
  here = await surface();
  const { exchange, settings, logger, metrics } = here.local;
  feed = attachFeed({ exchange, server: here.http.server, settings, logger, metrics });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await feed.close();
  await here.close();
});

/** Sends the parts one after another; resolves with all that came once the other side closed. */
function answerTo(...parts: string[]): Promise<string> {
  const socket = connect(here.port, "127.0.0.1");
  sockets.push(socket);
  let text = "";
  socket.setNoDelay(true);
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => (text += String(chunk)));
  socket.on("error", () => undefined);
  const rest = [...parts];
  const send = (): void => {
    const part = rest.shift();
    if (part !== undefined) socket.write(part, "latin1", () => setImmediate(send));
  };
  send();
  return new Promise((resolve) => {
    socket.on("close", () => {
      resolve(text);
    });
  });
}

const bodyOf = (text: string): unknown => JSON.parse(text.slice(text.indexOf("\r\n\r\n") + 4)) as unknown;
const H2C = "connection: Upgrade, HTTP2-Settings, close\r\nupgrade: h2c\r\nhttp2-settings: AAEAAEAA\r\n";

it("a request that offers h2c is answered in HTTP/1.1", async () => {
  const text = await answerTo(`GET /products/ETH-USD HTTP/1.1\r\nhost: x\r\n${H2C}\r\n`);
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(bodyOf(text)).toMatchObject({ id: "ETH-USD" });
});

it.each([1, 40])("an order that offers h2c is placed, its body whole (in pieces of %d)", async (pieces) => {
  const request = orderRequest(here, "java", H2C);
  const length = Math.ceil(request.length / pieces);
  const text = await answerTo(...(request.match(new RegExp(`[^]{1,${String(length)}}`, "g")) ?? []));
  expect(text).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(bodyOf(text)).toMatchObject({ client_oid: "java", status: "open" });
  expect(here.local.exchange.view.openOrderCount("sandbox-1")).toBe(1);
});

it.each([
  ["one that offers h2c", `GET /time HTTP/1.1\r\nhost: x\r\n${H2C}\r\n`, "200 OK"],
  [
    "a handshake that is refused",
    "GET /no HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n",
    "404 Not Found",
  ],
])("an order's answer comes before that to the request after it: %s", async (_what, after, status) => {
  const { journal } = here.local;
  const before = journal.asked.length;
  journal.appendMode = "hold";
  const asked = answerTo(orderRequest(here, "first", "") + after);
  await expect.poll(() => journal.asked.length).toBeGreaterThan(before);
  journal.release();
  expect((await asked).match(/HTTP\/1\.1 .*(?=\r)/g)).toEqual(["HTTP/1.1 200 OK", `HTTP/1.1 ${status}`]);
});

it("keeps the bounds of the head, and of what is not HTTP", async () => {
  expect(await answerTo(`GET /time HTTP/1.1\r\nhost: x\r\n${H2C}x: ${"y".repeat(17_000)}\r\n\r\n`)).toMatch(
    /^HTTP\/1\.1 431 /,
  );
  expect(await answerTo(`GET /nothing HTTP/1.1\r\nhost: x\r\n${H2C}\r\n`)).toMatch(/^HTTP\/1\.1 404 /);
});

it.each([
  ["without a key", "GET", "sec-websocket-version: 13\r\n", "Missing or invalid Sec-WebSocket-Key header"],
  [
    "of another version",
    "GET",
    "sec-websocket-version: 99\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    "Missing or invalid Sec-WebSocket-Version header",
  ],
  [
    "with another method",
    "POST",
    "sec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n",
    "Invalid HTTP method",
  ],
])("a handshake %s is refused in the exchange's form", async (_what, method, headers, message) => {
  const text = await answerTo(
    `${method} /ws HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\n${headers}\r\n`,
  );
  expect(text).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
  expect(text).toMatch(/\r\nSec-WebSocket-Version: 13\r\n/);
  expect(bodyOf(text)).toEqual({ message });
  expect(feed.counts().sockets).toBe(0);
});
