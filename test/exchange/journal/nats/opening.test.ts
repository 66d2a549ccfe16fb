/**
 * Opening a NATS journal, on real servers: TLS with certificates on both sides, also between the servers; what is refused (another authority, no
 * certificate, another key, a stream that is not as it must be, no stream, nobody there); a full stream; and the operator's command from keys to audit.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetstreamManager, type StreamConfig } from "@nats-io/jetstream";
import { nkeys } from "@nats-io/transport-node";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { AppendRefused, OutcomeUnknown } from "../../../../exchange/journal/journal";
import { openNatsJournal } from "../../../../exchange/journal/nats/open";
import { main } from "../../../../exchange/journal/nats/operate/main";
import { JournalMisconfigured } from "../../../../exchange/journal/issues";
import type { NatsSettings } from "../../../../exchange/journal/nats/settings";
import { requiredConfig } from "../../../../exchange/journal/nats/stream";
import { skipped } from "../../../support/skip";
import { natsMissing, startCluster, until, type NatsCluster } from "../../support/nats";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** The error of an opening that must fail. */
async function failure(settings: NatsSettings, openMs: number): Promise<Error> {
  try {
    await (await openNatsJournal(settings, openMs)).close();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error("it opened");
}

async function run(
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number; out: string; said: string[] }> {
  let out = "";
  const said: string[] = [];
  const code = await main(
    args,
    environment,
    (text) => (out += text),
    (line) => said.push(line),
  );
  return { code, out, said };
}

describe.skipIf(skipped(natsMissing()))("TLS, three voters", () => {
  let cluster: NatsCluster;
  beforeAll(async () => {
    cluster = await startCluster({ voters: 3, tls: true });
  });
  afterAll(async () => {
    await cluster.close();
  });

  test("appends and reads over it, and every way between the servers is encrypted and verified", async () => {
    const journal = await openNatsJournal(await cluster.settings("node", "gcp"));
    let seen = "";
    cluster.tapRoutes((chunk) => (seen += chunk.toString("latin1")));
    const marker = "what must not be read on the way";
    const { sequence } = await journal.append({ id: "a", payload: bytes(marker) }, 5_000);
    expect(sequence).toBe(1);
    await until("all voters", () => (journal.status().votersReached === 3 ? true : undefined));
    expect(seen.length).toBeGreaterThan(marker.length);
    expect(seen).not.toContain(marker);
    expect(seen).not.toMatch(/\b(?:RMSG|HMSG|PING)\b/);
    await journal.close();
  });

  test("a server of another authority is not trusted, nor a client without a certificate, nor a plain one; each says so, and no secret", async () => {
    const settings = await cluster.settings("stranger", "gcp");
    const otherAuthority = { ...settings.tls, ca: cluster.certificates?.otherCa ?? "" };
    const [otherCa, noCertificate, plain] = await Promise.all([
      failure({ ...settings, tls: otherAuthority }, 2_500),
      failure({ ...settings, tls: { ca: settings.tls?.ca ?? "" } }, 2_500),
      failure({ ...settings, urls: settings.urls.map((url) => url.replace("tls:", "nats:")) }, 2_500),
    ]);
    expect(otherCa).toBeInstanceOf(OutcomeUnknown);
    expect(otherCa.message).toMatch(/certificate|self[- ]signed|unable to verify/i);
    expect(noCertificate).toBeInstanceOf(OutcomeUnknown);
    expect(plain).toBeInstanceOf(OutcomeUnknown);
    for (const error of [otherCa, noCertificate, plain]) {
      expect(error.message).not.toContain(settings.credentials ?? "?");
      expect(error.message).not.toContain("PRIVATE KEY");
      expect(error.message).toMatch(/^the journal did not answer within 2500 ms: 127\.0\.0\.1:\d+: /);
    }
  });

  test("a key that the voters do not know is refused, whatever certificate it shows", async () => {
    const stranger = new TextDecoder().decode(nkeys.createUser().getSeed());
    const error = await failure({ ...(await cluster.settings("unknown key")), credentials: stranger }, 2_500);
    expect(error).toBeInstanceOf(OutcomeUnknown);
    expect(error.message).toMatch(/authorization violation/i);
  });
});

describe.skipIf(skipped(natsMissing()))("one voter", () => {
  let cluster: NatsCluster;
  const environment = async (seed: string): Promise<Record<string, string>> => ({
    JOURNAL_URL: (await cluster.urls("operator")).join(","),
    JOURNAL_CREDENTIALS: seed,
  });
  afterEach(async () => {
    await cluster.close();
  });

  test("a stream that is not there, then one that is not as it must be: every problem at once, and nothing is changed", async () => {
    cluster = await startCluster({ voters: 1, stream: false });
    const settings = await cluster.settings("node");
    const absent = await failure(settings, 5_000);
    expect(absent).toMatchObject({
      name: "JournalMisconfigured",
      problems: [{ path: "JOURNAL_STREAM", got: "EXCHANGE" }],
    });
    const operator = await cluster.connect("operator");
    const manager = await jetstreamManager(operator, { checkAPI: false });
    const wrong = {
      ...requiredConfig({ stream: "EXCHANGE", replicas: 1, bytesMax: -1 }),
      discard: "old",
      deny_purge: false,
      max_age: 1e12,
      duplicate_window: 1e9,
    };
    await manager.streams.add(wrong as Partial<StreamConfig> & { name: string });
    const before = (await manager.streams.info("EXCHANGE")).config;
    const error = await failure(settings, 5_000);
    expect(error).toBeInstanceOf(JournalMisconfigured);
    expect((error as JournalMisconfigured).problems.map(({ path, got }) => `${path} ${got}`)).toEqual([
      "stream.deny_purge false",
      'stream.discard "old"',
      "stream.duplicate_window 1000000000",
      "stream.max_age 1000000000000",
    ]);
    const created = await run(["create"], await environment(cluster.operatorSeed));
    expect({ code: created.code, out: created.out, first: created.said[0] }).toEqual({
      code: 2,
      out: "",
      first:
        'stream.deny_purge: expected true, got false; the stream may not be purged; make a new stream with "exchange-journal create"',
    });
    expect((await manager.streams.info("EXCHANGE")).config).toEqual(before);
  });

  test("a full stream refuses entries as certainly not written, keeps its last room for cancels, and reads go on", async () => {
    cluster = await startCluster({ voters: 1, bytesMax: 1_000_000 });
    const journal = await openNatsJournal(await cluster.settings("node"));
    const payload = new Uint8Array(20_000);
    const put = (id: string, size: number, isUrgent: boolean): Promise<string> =>
      journal.append({ id, payload: payload.subarray(0, size), isUrgent }, 5_000).then(
        () => "written",
        (error: unknown) => (error instanceof AppendRefused ? error.reason : "other"),
      );
    let written = 0;
    for (; written < 60 && (await put(`fill-${String(written)}`, 20_000, true)) === "written"; written += 1);
    expect(written).toBe(49);
    expect(await put("one more", 20_000, true)).toBe("full");
    await until("the node to know", () => (journal.status().detail["state"] === "full" ? true : undefined));
    expect(await put("an order", 100, false)).toBe("full");
    expect(await put("a cancel", 100, true)).toBe("written");
    expect(journal.status().appending).toBe(true);
    const last = await journal.barrier(5_000);
    expect(last).toBe(51);
    const stop = new AbortController();
    let read = 0;
    for await (const batch of journal.read(1, stop.signal)) {
      read += batch.length;
      if (read >= last) stop.abort();
    }
    expect(read).toBe(51);

    // A refusal after a try that nobody answered proves nothing about that try.
    const other = await openNatsJournal(await cluster.settings("other node"));
    cluster.cutClient("other node");
    const doubtful = other.append({ id: "doubtful", payload: payload.subarray(0, 20_000), isUrgent: true }, 4_000);
    await until("the append to be noticed", () => (other.status().appending ? undefined : true));
    cluster.heal();
    await expect(doubtful).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(await put("certain", 20_000, true)).toBe("full");
    await other.close();
    await journal.close();
  });

  test("a hole that no replica fills: the reader gets what is before it, then the journal counts as damaged, by stream and sequence", async () => {
    cluster = await startCluster({ voters: 1 });
    const writer = await openNatsJournal(await cluster.settings("writer"));
    const payload = new Uint8Array(30_000);
    await Promise.all(Array.from({ length: 400 }, (_, index) => writer.append({ id: String(index), payload }, 20_000)));
    await writer.close();
    const server = cluster.server("aws-1");
    await server.kill();
    server.flipBit();
    await server.start();
    const journal = await openNatsJournal(await cluster.settings("reader"));
    let read = 0;
    const reading = (async (): Promise<void> => {
      for await (const batch of journal.read(1, new AbortController().signal)) {
        expect(batch[0]?.sequence).toBe(read + 1);
        read += batch.length;
      }
    })();
    const began = performance.now();
    await expect(reading).rejects.toMatchObject({
      name: "JournalDamaged",
      message: expect.stringMatching(
        /^the stream EXCHANGE has no entry \d+, although it has \d+; no replica fills the gap$/,
      ) as string,
    });
    expect(performance.now() - began).toBeGreaterThan(4_900);
    const [, missing, next] =
      /no entry (\d+), although it has (\d+)/.exec(String(journal.status().detail["damage"])) ?? [];
    expect(Number(missing)).toBe(read + 1);
    expect(Number(next)).toBeGreaterThan(Number(missing));
    expect(read).toBeGreaterThan(50);
    await journal.close();
  });

  test("leaves no subscription behind on the servers, however often it looks for new entries", async () => {
    cluster = await startCluster({ voters: 1 });
    const journal = await openNatsJournal(await cluster.settings("node"));
    const system = await cluster.connect("system");
    const subscriptions = async (): Promise<number> => {
      const answer = await system.request("$SYS.REQ.SERVER.PING.VARZ", "{}", { timeout: 2_000 });
      return answer.json<{ data: { subscriptions: number } }>().data.subscriptions;
    };
    const stop = new AbortController();
    const texts: string[] = [];
    const reading = (async (): Promise<void> => {
      for await (const batch of journal.read(1, stop.signal))
        texts.push(...batch.map(({ payload }) => new TextDecoder().decode(payload)));
    })();
    await journal.append({ id: "0", payload: bytes("0") }, 5_000);
    const before = await subscriptions();
    for (let index = 1; index <= 100; index += 1) {
      await journal.append({ id: String(index), payload: bytes(String(index)) }, 5_000);
      await until("the entry", () => (texts.includes(String(index)) ? true : undefined));
    }
    expect((await subscriptions()) - before).toBeLessThanOrEqual(2);
    stop.abort();
    await reading;
    await journal.close();
  });

  test("the operator's way: keys, configuration, stream, audit", async () => {
    const keys = await run(["keys"]);
    const [, seed, publicKey] = /^seed (SU[A-Z2-7]{56})\npublic (U[A-Z2-7]{55})\n$/.exec(keys.out) ?? [];
    expect(nkeys.fromSeed(bytes(seed ?? "")).getPublicKey()).toBe(publicKey);
    cluster = await startCluster({ voters: 1, stream: false });
    const made = await run(
      ["create", "--bytes-max", "100000000", "--first-sequence", "5000"],
      await environment(cluster.operatorSeed),
    );
    expect(made.out).toMatch(/^made: stream EXCHANGE, 1 replicas, made \d{4}-/);
    const journal = await openNatsJournal(await cluster.settings("node"));
    expect(await journal.append({ id: "first of the epoch", payload: bytes("x") }, 5_000)).toEqual({
      sequence: 5_000,
      duplicate: false,
    });
    for await (const batch of journal.read(1, new AbortController().signal)) {
      expect(batch.map(({ sequence }) => sequence)).toEqual([5_000]);
      break;
    }
    await journal.close();
    expect(await run(["audit"], await environment(cluster.systemSeed))).toEqual({
      code: 0,
      out: "1 voters, every copy whole\n",
      said: [],
    });
    const json = JSON.parse((await run(["audit", "--json"], await environment(cluster.systemSeed))).out) as object;
    expect(json).toMatchObject({
      version: 1,
      verdict: "pass",
      problems: [],
      voters: [
        {
          server: "aws-1",
          site: "aws",
          hasSyncAlways: true,
          state: { messages: 1, first_seq: 5_000, last_seq: 5_000 },
        },
      ],
    });
    await cluster.server("aws-1").kill();
    const nobody = await run(["audit"], await environment(cluster.systemSeed));
    expect({ code: nobody.code, out: nobody.out }).toEqual({ code: 3, out: "" });
  });
});

describe("the operator's command without servers", () => {
  test.each<[string[], Record<string, string>, number, string]>([
    [[], {}, 2, ""],
    [["--help"], {}, 0, ""],
    [["nonsense"], {}, 2, "there is no command nonsense"],
    [["audit", "--nonsense"], {}, 2, "Unknown option '--nonsense'"],
    [["audit"], {}, 2, "JOURNAL_URL must name every voter"],
    [["audit"], { JOURNAL_URL: "nats://a,nats://b" }, 2, "JOURNAL_URL: expected 1, 3 or 5 voters, got 2"],
    [["create", "--bytes-max", "many"], { JOURNAL_URL: "nats://127.0.0.1:1" }, 2, "--bytes-max must be a whole number"],
    [["supervise"], { JOURNAL_URL: "nats://127.0.0.1:1" }, 2, "supervise needs --sites"],
    [["config"], {}, 2, "config needs --file and --voter"],
    [["config", "--file", "/nowhere.json", "--voter", "a"], {}, 2, "--file /nowhere.json cannot be read: ENOENT"],
    [["config", "--file", __filename, "--voter", "a"], {}, 2, `--file ${__filename} cannot be read: it is not JSON`],
    [["create"], { JOURNAL_URL: "nats://127.0.0.1:1" }, 3, "no voter could be reached"],
  ])("%j ends with %j and code %i", async (args, environment, code, said) => {
    const result = await run(args, environment);
    expect(result.code).toBe(code);
    expect(result.said.join("\n")).toContain(said);
    expect(result.out.startsWith("exchange-journal: ")).toBe(args.length === 0 || args[0] === "--help");
  });

  test("`config` prints a voter's configuration with every other voter as a route, and refuses a file with unknown or missing fields", async () => {
    const folder = mkdtempSync(join(tmpdir(), "twodoor-config-"));
    try {
      const file = join(folder, "cluster.json");
      const key = `U${"A".repeat(55)}`;
      const voter = (server: string, site: string): object => ({
        server,
        site,
        listen: "0.0.0.0:4222",
        clusterListen: "0.0.0.0:6222",
        clusterAdvertise: `${server}.example.net:6222`,
        storeDir: "/data",
        storeBytesMax: 1e9,
        tls: { ca: "/ca", cert: "/cert", key: "/key" },
      });
      const whole = {
        cluster: "journal",
        nodeKeys: [key],
        operatorKey: key,
        systemKey: key,
        voters: [voter("a", "aws"), voter("b", "gcp"), voter("c", "witness")],
      };
      writeFileSync(file, JSON.stringify(whole));
      const printed = await run(["config", "--file", file, "--voter", "b"]);
      expect(printed.code).toBe(0);
      expect(printed.out).toContain('routes: ["nats-route://a.example.net:6222", "nats-route://c.example.net:6222"]');
      expect(printed.out).toContain("sync_interval: always");
      expect((await run(["config", "--file", file, "--voter", "d"])).said).toEqual([
        `${file} names no voter d`,
        '"exchange-journal --help" shows the commands',
      ]);
      writeFileSync(file, JSON.stringify({ ...whole, operatorKey: "secret-by-mistake", extra: 1 }));
      const refused = await run(["config", "--file", file, "--voter", "b"]);
      expect(refused.code).toBe(2);
      expect(refused.said.map((line) => line.replaceAll(file, "FILE"))).toEqual([
        "extra: expected nothing, got something that nothing here reads; change it in FILE",
        "operatorKey: expected a public nkey of a user, as `exchange-journal keys` prints it, got something else; change it in FILE",
      ]);
      expect(refused.said.join("\n")).not.toContain("secret-by-mistake");
      writeFileSync(file, JSON.stringify({ cluster: "journal", operatorKey: key, systemKey: key, voters: "all" }));
      expect(
        (await run(["config", "--file", file, "--voter", "b"])).said.map((line) => line.replaceAll(file, "FILE")),
      ).toEqual([
        "nodeKeys: expected array, got nothing; change it in FILE",
        "voters: expected array, got something else; change it in FILE",
      ]);
      writeFileSync(file, "secret-by-mistake");
      expect((await run(["config", "--file", file, "--voter", "b"])).said[0]).toBe(
        `--file ${file} cannot be read: it is not JSON`,
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
