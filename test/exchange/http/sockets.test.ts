/**
 * Proves, over real sockets, that slow, broken and oversized requests are cut in time and in the exchange's form, that idle connections outlive the
 * time for a head, that the defaults are longer than the balancers' in front, and that a node which goes away answers what is in flight. Times are shortened
 * for the test; the defaults are asserted as numbers.
 */
import { type Socket, connect } from "node:net";
import { performance } from "node:perf_hooks";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Surface, signatureHeaders, surface } from "./harness";

const HEAD_MS = 400;
const REQUEST_MS = 800;
const IDLE_MS = 2_500;
const STUCK_MS = 1_200;
const ANSWER_MS = 2_000;

let here: Surface;
const sockets: Socket[] = [];
beforeAll(async () => {
  here = await surface({
    patience: {
      headersMs: HEAD_MS,
      requestMs: REQUEST_MS,
      idleMs: IDLE_MS,
      stuckMs: STUCK_MS,
      answerMs: ANSWER_MS,
      lookMs: 50,
    },
  });
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});
afterAll(() => here.close());

interface Line {
  readonly socket: Socket;
  /** All that came until the other side closed, with the milliseconds that it took. */
  readonly closed: Promise<{ text: string; afterMs: number }>;
  /** Resolves once the text has come. */
  until(part: string): Promise<string>;
}

function open(port = here.port): Line {
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  const startedMs = performance.now();
  let text = "";
  const waiting = new Set<() => void>();
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => {
    text += String(chunk);
    for (const look of waiting) look();
  });
  socket.on("error", () => undefined);
  return {
    socket,
    closed: new Promise((resolve) => {
      socket.on("close", () => {
        resolve({ text, afterMs: performance.now() - startedMs });
      });
    }),
    until: (part) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!text.includes(part)) return;
          waiting.delete(look);
          resolve(text);
        };
        waiting.add(look);
        look();
      }),
  };
}

const bodyOf = (text: string): unknown => JSON.parse(text.slice(text.lastIndexOf("\r\n\r\n") + 4)) as unknown;
const statusOf = (text: string): string => text.slice(0, text.indexOf("\r\n"));

const connections = (on: Surface = here): Promise<number> =>
  new Promise((resolve) => {
    on.http.server.getConnections((_error, count) => {
      resolve(count);
    });
  });

describe("slow clients", () => {
  it("get no longer than the time for a head", async () => {
    const line = open();
    line.socket.write("GET /time HTTP/1.1\r\nhost: x\r\n");
    const drip = setInterval(() => line.socket.write("x: y\r\n"), 50);
    const { text, afterMs } = await line.closed;
    clearInterval(drip);
    expect([statusOf(text), bodyOf(text)]).toEqual([
      "HTTP/1.1 408 Request Timeout",
      { message: "the request took too long" },
    ]);
    expect(afterMs).toBeGreaterThan(HEAD_MS - 50);
    expect(afterMs).toBeLessThan(HEAD_MS + 1_500);
  });

  it("get no longer than the time for a request, while others are served", async () => {
    const line = open();
    line.socket.write(
      "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{",
    );
    const drip = setInterval(() => line.socket.write(" "), 50);
    expect((await fetch(`${here.url}/time`)).status).toBe(200);
    const { text, afterMs } = await line.closed;
    clearInterval(drip);
    expect(statusOf(text)).toBe("HTTP/1.1 408 Request Timeout");
    expect(afterMs).toBeGreaterThan(REQUEST_MS - 50);
    expect(afterMs).toBeLessThan(REQUEST_MS + 1_500);
  });

  it("that say nothing at all are cut too", async () => {
    const { afterMs } = await open().closed;
    expect(afterMs).toBeLessThan(HEAD_MS + 1_500);
  });

  it("that do not read their answers are cut, and what waits for them is let go", async () => {
    await expect.poll(() => connections()).toBe(0);
    const line = open();
    line.socket.pause();
    line.socket.write("GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(300));
    await expect.poll(() => connections()).toBe(1);
    const startedMs = performance.now();
    await expect.poll(() => connections(), { timeout: 20_000 }).toBe(0);
    expect(performance.now() - startedMs).toBeGreaterThan(STUCK_MS - 200);
  });

  it("that take too long over their answers are cut, however often something moves", async () => {
    // Nothing else here ends a connection before a minute
    const patient = await surface({ patience: { answerMs: ANSWER_MS } });
    const line = open(patient.port);
    const startedMs = performance.now();
    line.socket.pause();
    line.socket.write("GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(300));
    await expect.poll(() => connections(patient)).toBe(1);
    await expect.poll(() => connections(patient), { timeout: 10_000 }).toBe(0);
    expect(performance.now() - startedMs).toBeGreaterThan(ANSWER_MS - 100);
    await patient.close();
  });

  it("a hundred of them leave the node as fast as it was", async () => {
    const lines = Array.from({ length: 100 }, () => {
      const line = open();
      line.socket.write("GET /time HTTP/1.1\r\nhost: x\r\nx: ");
      return line;
    });
    expect((await fetch(`${here.url}/products`)).status).toBe(200);
    const closed = await Promise.all(lines.map((line) => line.closed));
    expect(closed.filter(({ text }) => statusOf(text) === "HTTP/1.1 408 Request Timeout")).toHaveLength(100);
  });
});

describe("broken requests", () => {
  it.each([
    ["what is not HTTP", "\x16\x03\x01\x02\x00\r\n\r\n", "400 Bad Request", "the request is not valid HTTP"],
    ["an unknown method", "FETCH / HTTP/1.1\r\n\r\n", "400 Bad Request", "the request is not valid HTTP"],
    [
      "two lengths",
      "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n",
      "400 Bad Request",
      "the request is not valid HTTP",
    ],
    [
      "length and chunks",
      "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n",
      "400 Bad Request",
      "the request is not valid HTTP",
    ],
    [
      "a head of 17 KB",
      `GET /time HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(17_000)}\r\n\r\n`,
      "431 Request Header Fields Too Large",
      "the head of the request is too large",
    ],
    [
      "a path of 17 KB",
      `GET /${"y".repeat(17_000)} HTTP/1.1\r\nhost: x\r\n\r\n`,
      "431 Request Header Fields Too Large",
      "the head of the request is too large",
    ],
  ])("%s", async (_what, bytes, status, message) => {
    const line = open();
    line.socket.write(bytes, "latin1");
    const { text } = await line.closed;
    expect([statusOf(text), bodyOf(text)]).toEqual([`HTTP/1.1 ${status}`, { message }]);
  });

  it("a body in endless chunks is cut at 16 KB", async () => {
    const line = open();
    line.socket.write(
      "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
    );
    for (let number = 0; number < 20; number += 1) line.socket.write(`400\r\n${"x".repeat(1_024)}\r\n`);
    const text = await line.until("16384 bytes");
    expect([statusOf(text), bodyOf(text)]).toEqual([
      "HTTP/1.1 413 Payload Too Large",
      { message: "the body is larger than 16384 bytes" },
    ]);
  });
});

describe("connections", () => {
  const ask = "GET /time HTTP/1.1\r\nhost: x\r\n\r\n";

  it("idle longer than the time for a head, and are used again", async () => {
    const line = open();
    line.socket.write(ask);
    await line.until("epoch");
    // Idling is what is tested: there is no condition to wait for
    await new Promise((resolve) => setTimeout(resolve, HEAD_MS * 3));
    line.socket.write(ask.replace("/time", "/healthz/region"));
    expect(await line.until("twodoor-ok")).toContain("twodoor-ok");
  });

  it("are closed when they idled too long", async () => {
    const line = open();
    line.socket.write(ask);
    const { afterMs } = await line.closed;
    expect(afterMs).toBeGreaterThan(IDLE_MS - 50);
    expect(afterMs).toBeLessThan(IDLE_MS + 3_000);
  });

  it("stay open by default for longer than AWS's 930 s and Google's 600 s, and are bounded in number", async () => {
    const plain = await surface();
    const { keepAliveTimeout, headersTimeout, requestTimeout, maxConnections, timeout } = plain.http.server;
    expect({ keepAliveTimeout, headersTimeout, requestTimeout, maxConnections, timeout }).toEqual({
      keepAliveTimeout: 960_000,
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      maxConnections: 10_000,
      timeout: 30_000,
    });
    await plain.close();
  });

  it("answers ten requests that come at once on one connection, in order", async () => {
    const line = open();
    line.socket.write(
      Array.from({ length: 10 }, (_, index) => ask.replace("/time", `/nowhere-${String(index)}`)).join("") + ask,
    );
    const text = await line.until("epoch");
    expect(text.match(/HTTP\/1\.1 (\d+)/g)).toEqual([
      ...Array.from({ length: 10 }, () => "HTTP/1.1 404"),
      "HTTP/1.1 200",
    ]);
  });
});

describe("going away", () => {
  it("answers what is in flight, sends clients elsewhere, closes idle connections", async () => {
    const going = await surface();
    const idle = open(going.port);
    idle.socket.write("GET /time HTTP/1.1\r\nhost: x\r\n\r\n");
    await idle.until("epoch");
    going.local.journal.appendMode = "hold";
    const before = going.local.journal.asked.length;
    const body = JSON.stringify({ side: "buy", product_id: "BTC-USD", price: "1", size: "1" });
    const timestamp = String(Math.floor(Date.now() / 1_000));
    const order = fetch(`${going.url}/orders`, {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        ...signatureHeaders("sandbox-1", timestamp, "POST", "/orders", body),
      },
    });
    await expect.poll(() => going.local.journal.asked.length).toBeGreaterThan(before);
    going.local.node.beginClosing();
    const still = await fetch(`${going.url}/time`);
    expect([still.status, still.headers.get("connection")]).toEqual([200, "close"]);
    const closing = going.http.close();
    await idle.closed;
    going.local.journal.appendMode = "ok";
    going.local.journal.release();
    const answer = await order;
    expect([answer.status, ((await answer.json()) as { status: string }).status]).toEqual([200, "open"]);
    await closing;
    await expect(fetch(`${going.url}/time`)).rejects.toThrow("fetch failed");
    await going.local.close();
  });
});
