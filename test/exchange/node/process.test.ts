/** Proves with real processes how a node starts, stops, crashes and starts again, alone and with a second one over the same book. Not: faults of journals under load. */
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { type Answer, createClient, sandboxKey } from "../support/client";
import { type ExchangeProcess, runToEnd, startExchangeProcess, temporaryFolder } from "../support/process";

const running: ExchangeProcess[] = [];
const undo: (() => void)[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.kill()));
  for (const one of undo.splice(0)) one();
});

function folder(): string {
  const { path, remove } = temporaryFolder();
  undo.push(remove);
  return path;
}

async function start(environment: Record<string, string>, waitReady = true): Promise<ExchangeProcess> {
  const rates = { ACCOUNT_REQUESTS_PER_SECOND: "10000", ADDRESS_REQUESTS_PER_SECOND: "10000" };
  const one = await startExchangeProcess({ environment: { ...rates, ...environment }, waitReady });
  running.push(one);
  return one;
}

function client() {
  const made = createClient();
  undo.push(() => {
    made.close();
  });
  const key = sandboxKey("sandbox-1");
  const call = async (node: ExchangeProcess, method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await made.call(node.url, method, path, body, key);
    if (answer.kind === "none") throw new Error(`${method} ${path}: ${answer.reason}`);
    return answer;
  };
  const order = (price: number): Record<string, string> => ({
    ...{ type: "limit", side: "buy", product_id: "BTC-USD", price: `${String(price)}.00`, size: "1" },
    client_oid: randomUUID(),
  });
  return { call, order };
}

const openIds = (answer: Answer): string[] => (answer.body as { id: string }[]).map(({ id }) => id);

describe("a node with an empty book", () => {
  it("is ready soon (the figure is printed), and stops cleanly", async () => {
    const node = await start({ JOURNAL_URL: `embedded:${folder()}` });
    console.log(`ready after ${node.startMs.toFixed(0)} ms`);
    expect(node.startMs).toBeLessThan(10_000);
    expect(await (await fetch(`${node.url}/healthz/region`)).text()).toBe("twodoor-ok");
    expect(await node.kill("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(node.logs.at(-1)).toContain('"msg":"gone"');
  });

  it("has the sandbox of DESIGN's, made once however often it starts", async () => {
    const JOURNAL_URL = `embedded:${folder()}`;
    const { call } = client();
    const balances = async (node: ExchangeProcess): Promise<string[][]> => {
      const accounts = (await call(node, "GET", "/accounts")).body as { currency: string; available: string }[];
      return accounts.map(({ currency, available }) => [currency, String(Number(available))]).sort();
    };
    const funded = [
      ["BTC", "1000"],
      ["ETH", "10000"],
      ["USD", "100000000"],
    ];
    const node = await start({ JOURNAL_URL });
    expect(await balances(node)).toEqual(funded);
    await node.kill("SIGTERM");
    const again = await start({ JOURNAL_URL });
    expect(await balances(again)).toEqual(funded);
    const products = (await call(again, "GET", "/products")).body as { id: string }[];
    expect(products.map(({ id }) => id).sort()).toEqual(["BTC-USD", "ETH-USD"]);
  });
});

describe("going away", () => {
  it("where a balancer is in front, is not ready at once, works on for 3 s, and ends inside 10 s", async () => {
    const { call, order } = client();
    const node = await start({ JOURNAL_URL: `embedded:${folder()}`, CLOUD: "aws", REGION: "us-east-2" });
    node.send("SIGTERM");
    const toldMs = performance.now();
    await expect.poll(async () => (await fetch(`${node.url}/healthz/ready`)).status, { interval: 20 }).toBe(503);
    expect(await (await fetch(`${node.url}/healthz/region`)).text()).toBe("twodoor-ok");
    const placed = await call(node, "POST", "/orders", order(100));
    expect(placed.status).toBe(200);
    expect(openIds(await call(node, "GET", "/orders")).length).toBe(1);
    expect(await node.ended).toEqual({ code: 0, signal: null });
    const tookMs = performance.now() - toldMs;
    console.log(`gone ${tookMs.toFixed(0)} ms after SIGTERM`);
    expect(tookMs).toBeGreaterThan(2_900);
    expect(tookMs).toBeLessThan(10_000);
  });

  it("ends at once with a second signal", async () => {
    const node = await start({ JOURNAL_URL: `embedded:${folder()}`, CLOUD: "gcp" });
    node.send("SIGINT");
    await expect.poll(() => node.logs.some((line) => line.includes("going away"))).toBe(true);
    const toldMs = performance.now();
    expect(await node.kill("SIGINT")).toEqual({ code: 0, signal: null });
    expect(performance.now() - toldMs).toBeLessThan(2_500);
  });
});

describe("starting again", () => {
  it("after a kill, has every acknowledged order in its place and its sequences go on", async () => {
    const JOURNAL_URL = `embedded:${folder()}`;
    const { call, order } = client();
    const before = await start({ JOURNAL_URL });
    const ids: string[] = [];
    for (let price = 1; price <= 150; price += 1) {
      ids.push(((await call(before, "POST", "/orders", order(price))).body as { id: string }).id);
    }
    const sequence = (await call(before, "GET", "/orders")).sequence ?? Number.NaN;
    await before.kill();
    const after = await start({ JOURNAL_URL });
    const listed = await call(after, "GET", "/orders?limit=1000");
    expect(openIds(listed)).toEqual([...ids].reverse());
    expect(listed.sequence).toBeGreaterThanOrEqual(sequence);
    const book = (await call(after, "GET", "/products/BTC-USD/book?level=3")).body as { bids: string[][] };
    expect(book.bids.map(([, , id]) => id)).toEqual([...ids].reverse());
  });

  it("after a clean stop, begins at its snapshot, and refuses a journal that lost entries under it", async () => {
    const directory = folder();
    const SNAPSHOT_DIR = folder();
    const environment = { JOURNAL_URL: `embedded:${directory}/a`, SNAPSHOT_DIR };
    const { call, order } = client();
    const first = await start(environment);
    for (let price = 1; price <= 120; price += 1) await call(first, "POST", "/orders", order(price));
    await first.kill("SIGTERM");
    const second = await start(environment);
    const [, from] =
      /"sequence":(\d+),"msg":"reading the journal from its snapshot on"/.exec(second.logs.join("\n")) ?? [];
    expect(Number(from)).toBeGreaterThanOrEqual(120);
    expect(((await call(second, "GET", "/products/BTC-USD/book?level=3")).body as { bids: [] }).bids.length).toBe(120);
    await second.kill("SIGTERM");
    // The same node, and a journal that was made anew.
    const third = await start({ JOURNAL_URL: `embedded:${directory}/b`, SNAPSHOT_DIR }, false);
    expect((await fetch(`${third.url}/healthz/live`)).status).toBe(200);
    expect((await fetch(`${third.url}/healthz/ready`)).status).toBe(503);
    expect((await fetch(`${third.url}/products/BTC-USD/book`)).status).toBe(503);
    expect(third.logs.some((line) => line.includes("entries were lost, or the journal was made anew"))).toBe(true);
    expect(await third.kill("SIGTERM")).toEqual({ code: 0, signal: null });
  });
});

describe("two nodes over one book", () => {
  it("see each other's orders, and the second outlives a restart of the first", async () => {
    const { call, order } = client();
    const owner = {
      ...{ JOURNAL_URL: `embedded:${folder()}`, JOURNAL_LISTEN: "127.0.0.1:0" },
      JOURNAL_CREDENTIALS: "a-token-for-tests-0123456789",
    };
    const first = await start(owner);
    const port = /"detail":.*"port":(\d+).*"msg":"the journal is open"/.exec(first.logs.join("\n"))?.[1] ?? "";
    const second = await start({
      JOURNAL_URL: `journal://127.0.0.1:${port}`,
      JOURNAL_CREDENTIALS: owner.JOURNAL_CREDENTIALS,
    });
    const placed = ((await call(first, "POST", "/orders", order(100))).body as { id: string }).id;
    // Acknowledged by one, at once seen on the other: reads of the account wait until the node has caught up.
    expect((await call(second, "GET", `/orders/${placed}`)).status).toBe(200);
    const other = ((await call(second, "POST", "/orders", order(101))).body as { id: string }).id;
    expect(openIds(await call(first, "GET", "/orders"))).toEqual([other, placed]);
    await first.kill();
    const refused = await call(second, "POST", "/orders", order(102));
    expect([503, 504]).toContain(refused.status);
    const region = async (): Promise<string> => (await fetch(`${second.url}/healthz/region`)).text();
    expect(await region()).toBe("twodoor-not-ok");
    expect((await fetch(`${second.url}/healthz/ready`)).status).toBe(200);
    const stale = await call(second, "GET", `/orders/${placed}`);
    expect([stale.status, stale.stale]).toEqual([200, true]);
    await start({ ...owner, JOURNAL_LISTEN: `127.0.0.1:${port}` });
    await expect.poll(region, { timeout: 20_000 }).toBe("twodoor-ok");
    expect((await call(second, "POST", "/orders", order(103))).status).toBe(200);
  });
});

describe("what cannot start", () => {
  it("tells wrong settings at once and ends with 2, without a stack", async () => {
    const { code, stderr, stdout } = await runToEnd({ PORT: "x", LOG_LEVEL: "loud" });
    expect([code, stdout, stderr.split("\n").length]).toEqual([2, "", 5]);
    expect(stderr).not.toContain("    at ");
  });

  it("ends with 2 when the port is taken, or the address is another machine's", async () => {
    const owner = await start({ JOURNAL_URL: `embedded:${folder()}` });
    const taken = await runToEnd({
      JOURNAL_URL: `embedded:${folder()}`,
      PORT: String(owner.port),
      LOG_LEVEL: "silent",
    });
    const elsewhere = await runToEnd({ JOURNAL_URL: `embedded:${folder()}`, HOST: "192.0.2.1", LOG_LEVEL: "silent" });
    expect([taken.code, elsewhere.code]).toEqual([2, 2]);
    expect(taken.stderr).toBe(
      "The environment of the exchange: 1 problem\n" +
        `  PORT   expected a free port, got 127.0.0.1:${String(owner.port)}, on which another process listens; end that process, or set another PORT\n`,
    );
    expect(elsewhere.stderr).toContain("  HOST   expected an address of this machine, got 192.0.2.1:0; ");
  });

  it("ends with 4 and a stack that it calls its own after an error that nothing foresaw", async () => {
    const preload = join(folder(), "planted.js");
    writeFileSync(preload, 'setTimeout(() => { throw new Error("planted"); }, 200);');
    const { code, stderr } = await runToEnd({ JOURNAL_URL: `embedded:${folder()}`, NODE_OPTIONS: `-r ${preload}` });
    expect(code).toBe(4);
    expect(stderr).toMatch(/^This is a bug of ours\.\nError: planted\n {4}at /);
  });

  it("ends with 3 and a sentence when the journal's directory cannot be one", async () => {
    const file = join(folder(), "file");
    writeFileSync(file, "");
    for (const [directory, got] of [
      [file, "a file"],
      [join(file, "inner"), "a path through a file"],
      [join(folder(), "x".repeat(300)), "too long a name"],
    ] as const) {
      const { code, stderr } = await runToEnd({ JOURNAL_URL: `embedded:${directory}`, LOG_LEVEL: "silent" });
      expect({ code, stderr }).toEqual({
        code: 3,
        stderr:
          "The journal cannot be used: the journal is not set up as it must be: JOURNAL_URL: expected a directory that this process " +
          `may write to, got ${directory}: ${got}; give another directory, or its rights to this user\n`,
      });
    }
  });

  it("ends with 3 when another process owns the journal", async () => {
    const JOURNAL_URL = `embedded:${folder()}`;
    const owner = await start({ JOURNAL_URL });
    const { code, stderr } = await runToEnd({ JOURNAL_URL });
    expect(code).toBe(3);
    expect(stderr).toContain(String(owner.pid));
    expect(stderr).not.toContain("    at ");
  });
});
