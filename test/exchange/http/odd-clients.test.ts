/**
 * Proves, over real sockets, that nothing which a client sends after an order can take the order's answer away or put a refusal in its place, that headers
 * beyond a thousand still count, and that what Node itself refuses is refused in the exchange's form. Nothing here is about slow clients (see
 * `sockets.test.ts`).
 */
import { type Socket, connect } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Surface, orderRequest, surface } from "./harness";

let here: Surface;
const sockets: Socket[] = [];
beforeEach(async () => {
  here = await surface();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await here.close();
});

/** Sends bytes; resolves with all that came once the other side closed. */
function exchangeOf(bytes: string, on: Surface = here): Promise<string> {
  const socket = connect(on.port, "127.0.0.1");
  sockets.push(socket);
  let text = "";
  socket.setEncoding("latin1");
  socket.on("data", (chunk) => (text += String(chunk)));
  socket.on("error", () => undefined);
  socket.write(bytes, "latin1");
  return new Promise((resolve) => {
    socket.on("close", () => {
      resolve(text);
    });
  });
}

/** Statuses and bodies, in the order in which they came. */
function answersIn(text: string): [number, unknown][] {
  return text
    .split(/(?=HTTP\/1\.1 \d{3} )/)
    .filter((part) => part !== "")
    .map((part) => {
      const body = part.slice(part.indexOf("\r\n\r\n") + 4);
      return [Number(part.slice(9, 12)), body === "" ? "" : (JSON.parse(body) as unknown)];
    });
}

describe("what comes after an order on its connection", () => {
  const NOT_HTTP = [400, { message: "the request is not valid HTTP" }];

  it.each([
    ["garbage", "GARBAGE\r\n\r\n", NOT_HTTP],
    [
      "a request with broken chunks",
      "POST /orders HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n",
      NOT_HTTP,
    ],
    [
      "a request with too large a head",
      `GET /time HTTP/1.1\r\nhost: x\r\nx: ${"y".repeat(17_000)}\r\n\r\n`,
      [431, { message: "the head of the request is too large" }],
    ],
  ])("%s is answered after it, and the order's own answer comes", async (_what, after, last) => {
    const { journal } = here.local;
    const before = journal.asked.length;
    journal.appendMode = "hold";
    const asked = exchangeOf(orderRequest(here, "first") + orderRequest(here, "second") + after);
    // Both orders wait for the journal; what comes after them was read with them
    await expect.poll(() => journal.asked.length).toBeGreaterThan(before);
    journal.appendMode = "ok";
    journal.release();
    const answers = answersIn(await asked);
    expect(answers).toMatchObject([[200, { client_oid: "first" }], [200, { client_oid: "second" }], last]);
    expect(here.local.exchange.view.openOrderCount("sandbox-1")).toBe(2);
  });
});

describe("the client's address, as the proxy in front says it", () => {
  const ask = async (headers: string, later = headers): Promise<number | undefined> => {
    const limited = await surface({
      settings: { clientAddressHeader: "x-forwarded-for", addressRequestsPerSecond: 1 },
      monotonicMs: () => 0,
    });
    const text = await exchangeOf(
      `GET /time HTTP/1.1\r\nhost: x\r\n${headers}\r\nGET /time HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${later}\r\n`,
      limited,
    );
    await limited.close();
    return answersIn(text).at(-1)?.[0];
  };

  it("counts behind a thousand headers of the client's own", async () => {
    expect(await ask("x-forwarded-for: 198.51.100.7\r\n")).toBe(429);
    expect(await ask(`${"a:\r\n".repeat(1_200)}x-forwarded-for: 198.51.100.7\r\n`)).toBe(429);
  });

  it("is the last of several: the others are what the client said itself", async () => {
    const listed = (own: string, added: string): string => `x-forwarded-for: ${own}, ${added}\r\n`;
    const repeated = (own: string, added: string): string => `x-forwarded-for: ${own}\r\nx-forwarded-for: ${added}\r\n`;
    for (const said of [listed, repeated]) {
      expect(await ask(said("203.0.113.1", "198.51.100.7"), said("203.0.113.2", "198.51.100.7"))).toBe(429);
      expect(await ask(said("203.0.113.1", "198.51.100.7"), said("203.0.113.1", "198.51.100.8"))).toBe(200);
    }
  });
});

describe("what Node refuses by itself", () => {
  it.each([
    ["a request without Host", "GET /time HTTP/1.1\r\nconnection: close\r\n\r\n", 400, "the host header is required"],
    [
      "an expectation that nobody knows",
      "POST /orders HTTP/1.1\r\nhost: x\r\nexpect: a-miracle\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
      417,
      "of expectations only 100-continue is known",
    ],
    ["CONNECT", "CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n", 405, "Method not allowed"],
  ])("%s", async (_what, bytes, status, message) => {
    expect(answersIn(await exchangeOf(bytes))).toEqual([[status, { message }]]);
  });

  it("keeps no socket of a CONNECT whose client does not go", async () => {
    const socket = connect({ port: here.port, host: "127.0.0.1", allowHalfOpen: true });
    sockets.push(socket);
    socket.resume();
    socket.on("error", () => undefined);
    socket.write("CONNECT example.com:443 HTTP/1.1\r\nhost: x\r\n\r\n");
    await new Promise((resolve) => socket.on("end", resolve));
    const connections = (): Promise<number> =>
      new Promise((resolve) => {
        here.http.server.getConnections((_error, count) => {
          resolve(count);
        });
      });
    await expect.poll(connections).toBe(0);
  });

  it("takes HTTP/1.0 without Host", async () => {
    expect(await exchangeOf("GET /healthz/live HTTP/1.0\r\n\r\n")).toMatch(/^HTTP\/1\.1 200 OK\r\n.*\r\n\r\nok$/s);
  });
});
