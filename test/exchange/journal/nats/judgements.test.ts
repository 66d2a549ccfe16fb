/**
 * The decisions of the NATS journal that need no server: what a failed publish says, when appends count as stalled, when an entry is lost, when a
 * stream is another, what settings and streams are refused. It does not prove that servers behave so: see the files beside this one.
 */
import { JetStreamApiError, type StreamInfo } from "@nats-io/jetstream";
import {
  InvalidArgumentError,
  nkeys,
  NoRespondersError,
  PermissionViolationError,
  RequestError,
  TimeoutError,
} from "@nats-io/transport-node";
import { describe, expect, test } from "vitest";
import { Barriers } from "../../../../exchange/journal/nats/barriers";
import { JournalMisconfigured } from "../../../../exchange/journal/issues";
import { Progress } from "../../../../exchange/journal/nats/progress";
import { connectionOptions, identity, voterAddresses } from "../../../../exchange/journal/nats/settings";
import { requiredConfig, streamProblems } from "../../../../exchange/journal/nats/stream";
import { GapWatch } from "../../../../exchange/journal/nats/tail";
import { verdictOf } from "../../../../exchange/journal/nats/verdict";
import { StreamWatch } from "../../../../exchange/journal/nats/watch";
import { AppendRefused, JournalDamaged, OutcomeUnknown } from "../../../../exchange/journal/journal";

const api = (code: number, description: string): Error =>
  new JetStreamApiError({ code: 400, err_code: code, description });

describe("what a failed publish says about the entry", () => {
  test.each<[string, unknown, string]>([
    ["a timeout", new TimeoutError(), "unknown"],
    ["a lost connection", new Error("disconnected"), "unknown"],
    ["something that is no error", "?", "unknown"],
    ["an error of the server that nobody listed", api(10999, "new in some version"), "unknown"],
    [
      "a disk of the leader that failed after the entry was agreed on",
      api(10077, "no space left on device"),
      "unknown",
    ],
    ["no leader", new RequestError("", { cause: new NoRespondersError("EXCHANGE.cmd") }), "unheard"],
    [
      "no leader, as the JetStream client tells it",
      new Error("jetstream is not enabled", { cause: new RequestError("", { cause: new NoRespondersError("x") }) }),
      "unheard",
    ],
    ["a system that is temporarily unavailable", api(10008, "JetStream system temporarily unavailable"), "unheard"],
    ["a full stream, by bytes", api(10077, "maximum bytes exceeded"), "refused full"],
    ["a full stream, by number", api(10077, "maximum messages exceeded"), "refused full"],
    ["a full account", api(10002, "resource limits exceeded for account"), "refused full"],
    ["a full server", api(10023, "insufficient resources"), "refused full"],
    ["a full disk", api(10047, "insufficient storage resources available"), "refused full"],
    ["an entry above the stream's maximum", api(10054, "message size exceeds maximum allowed"), "refused too-large"],
    [
      "an entry above the server's maximum",
      InvalidArgumentError.format("payload", "max_payload size exceeded"),
      "refused too-large",
    ],
    ["another stream's name", api(10060, "expected stream does not match"), "refused misconfigured"],
    ["a condition on the last sequence", api(10071, "wrong last sequence: 5"), "refused misconfigured"],
    ["a sealed stream", api(10109, "invalid operation on sealed stream"), "refused misconfigured"],
    [
      "missing rights",
      new PermissionViolationError("Permissions Violation", "publish", "EXCHANGE.cmd"),
      "refused misconfigured",
    ],
  ])("%s", (_, error, expected) => {
    const verdict = verdictOf(error);
    expect(verdict.kind === "refused" ? `refused ${verdict.reason}` : verdict.kind).toBe(expected);
  });
});

describe("whether appends are acknowledged", () => {
  const at = (ms: number): { now: number } => ({ now: ms });

  test("says no when one waits for 1.5 s, since when it waits; and yes from the next acknowledgement on", () => {
    const time = at(1_000);
    const progress = new Progress("S", () => time.now);
    expect(progress.state()).toEqual({ appending: true, sinceMs: 1_000 });
    time.now = 5_000;
    const waiting = progress.begin(5_000);
    time.now = 6_499;
    expect(progress.state().appending).toBe(true);
    time.now = 6_500;
    expect(progress.state()).toEqual({ appending: false, sinceMs: 5_000 });
    time.now = 9_000;
    progress.acknowledged({ sequence: 1, duplicate: false }, 0);
    waiting.end();
    expect(progress.state()).toEqual({ appending: true, sinceMs: 9_000 });
    expect(progress.lastSequence).toBe(1);
  });

  test("does not take a long queue for a stall while others are acknowledged", () => {
    const time = at(0);
    const progress = new Progress("S", () => time.now);
    progress.begin(0);
    for (let now = 1_000; now <= 10_000; now += 1_000) {
      time.now = now;
      progress.acknowledged({ sequence: now, duplicate: false }, 0);
      expect(progress.state().appending).toBe(true);
    }
  });

  test("keeps the finding of an append that gave up, until something is acknowledged", () => {
    const time = at(0);
    const progress = new Progress("S", () => time.now);
    const waiting = progress.begin(0);
    time.now = 2_000;
    waiting.end();
    time.now = 60_000;
    expect(progress.state()).toEqual({ appending: false, sinceMs: 0 });
    progress.refused();
    expect(progress.state()).toEqual({ appending: true, sinceMs: 60_000 });
  });

  test("calls it damage when a new entry gets a sequence that was read before it was sent; a duplicate may", () => {
    const progress = new Progress("S", () => 0);
    progress.read(10);
    progress.acknowledged({ sequence: 10, duplicate: true }, 10);
    progress.acknowledged({ sequence: 11, duplicate: false }, 10);
    expect(progress.damage).toBe(undefined);
    progress.acknowledged({ sequence: 10, duplicate: false }, 10);
    expect(progress.damage).toBeInstanceOf(JournalDamaged);
    expect(progress.damage?.message).toBe(
      "the stream S gave a new entry the sequence 10, although 10 had been read before it was sent: it was made anew or has lost its end",
    );
  });
});

describe("an entry that a replica skips", () => {
  test("is lost after 5 s and 30 tries, not before, and not while most voters are out of reach", () => {
    let now = 0;
    const gaps = new GapWatch(() => now);
    const tries = (count: number, stepMs: number, isMajorityReached = true): boolean[] =>
      Array.from({ length: count }, () => {
        now += stepMs;
        return gaps.skipped(7, isMajorityReached);
      });
    expect(tries(100, 10)).not.toContain(true);
    expect(tries(5, 1_000)).toEqual([false, false, false, false, true]);
    expect(gaps.skipped(8, true)).toBe(false);
    expect(tries(200, 1_000, false)).not.toContain(true);
    expect(tries(29, 1_000)).toEqual([...Array.from({ length: 28 }, () => false), true]);
  });
});

describe("the stream that was opened", () => {
  test("is another one when it was made at another time", () => {
    const watch = new StreamWatch("S", "then", () => 0);
    expect(watch.saw("then", 5, 5)).toBe(undefined);
    expect(watch.saw("now", 9, 5)).toBe("the stream S was made anew at now; the one that was read here is of then");
  });

  test("has lost its end when it stays below what was read for 20 s; an old leader that has not noticed may say so for a while", () => {
    let now = 0;
    const watch = new StreamWatch("S", "then", () => now);
    const saw = (ms: number, last: number): string | undefined => {
      now = ms;
      return watch.saw("then", last, 10);
    };
    expect(saw(0, 9)).toBe(undefined);
    expect(saw(19_999, 9)).toBe(undefined);
    expect(saw(20_000, 10)).toBe(undefined);
    expect(saw(21_000, 9)).toBe(undefined);
    expect(saw(41_000, 9)).toBe(
      "the stream S ends at 9, although 10 was already read: it was made anew or has lost its end",
    );
  });

  test("must reach as far as the snapshot from which the node started", () => {
    let now = 0;
    const watch = new StreamWatch("S", "then", () => now);
    watch.started(101);
    expect(watch.saw("then", 99, 0)).toBe(undefined);
    now = 20_000;
    expect(watch.saw("then", 99, 0)).toContain("ends at 99, although 100 was already read");
  });
});

describe("barriers", () => {
  /** Barriers over writes that a test settles by hand. */
  function held(): {
    barriers: Barriers;
    writes: { resolve: (sequence: number) => void; reject: (error: Error) => void }[];
  } {
    const writes: { resolve: (sequence: number) => void; reject: (error: Error) => void }[] = [];
    const barriers = new Barriers(() => new Promise((resolve, reject) => writes.push({ resolve, reject })));
    return { barriers, writes };
  }
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  test("one empty entry serves all who asked before it was sent, and nobody who asked after", async () => {
    const { barriers, writes } = held();
    const first = barriers.wait(5_000);
    const later = [barriers.wait(5_000), barriers.wait(5_000), barriers.wait(5_000)];
    await settle();
    expect(writes.length).toBe(1);
    writes[0]?.resolve(10);
    expect(await first).toBe(10);
    await settle();
    expect(writes.length).toBe(2);
    writes[1]?.resolve(20);
    expect(await Promise.all(later)).toEqual([20, 20, 20]);
    void barriers.wait(5_000);
    await settle();
    expect(writes.length).toBe(3);
    writes[2]?.resolve(30);
  });

  test("a failed one is followed by another while there is time; a refused one is unknown at once", async () => {
    const { barriers, writes } = held();
    const waiting = barriers.wait(5_000);
    writes[0]?.reject(new OutcomeUnknown("no leader"));
    await settle();
    expect(writes.length).toBe(2);
    writes[1]?.resolve(7);
    expect(await waiting).toBe(7);
    const refused = barriers.wait(5_000);
    writes[2]?.reject(new AppendRefused("closed", "this node's journal is closed"));
    await expect(refused).rejects.toMatchObject({ name: "OutcomeUnknown", message: "this node's journal is closed" });
    const began = performance.now();
    await expect(barriers.wait(50)).rejects.toBeInstanceOf(OutcomeUnknown);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

describe("settings", () => {
  test("names every wrong address at once, and never what was inside", () => {
    const refused = (): unknown =>
      voterAddresses(["http://a:1", "nats://user:hunter2@b:4222", "nats://c", "tls://c:4222"]);
    expect(refused).toThrow(JournalMisconfigured);
    try {
      refused();
    } catch (error) {
      const { problems, message } = error as JournalMisconfigured;
      expect(problems.map(({ path, expected }) => `${path}: ${expected}`)).toEqual([
        "JOURNAL_URL: each voter once",
        "JOURNAL_URL[0]: nats://HOST:PORT or tls://HOST:PORT",
        "JOURNAL_URL[1]: an address without credentials",
      ]);
      expect(message).not.toContain("hunter2");
    }
    expect(() => voterAddresses(["nats://a", "nats://b"])).toThrow("expected 1, 3 or 5 voters, got 2");
    expect(voterAddresses(["nats://a", "tls://b:1", "nats://c:2"])).toEqual([
      { address: "a:4222", usesTls: false },
      { address: "b:1", usesTls: true },
      { address: "c:2", usesTls: false },
    ]);
  });

  test("takes a seed and a .creds text; refuses anything else without repeating it", () => {
    const pair = nkeys.createUser();
    const seed = new TextDecoder().decode(pair.getSeed());
    expect(identity(`${seed}\n`).inboxPrefix).toBe(`_INBOX_${pair.getPublicKey()}`);
    const creds = `-----BEGIN NATS USER JWT-----\neyJ0\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\n${seed}\n------END USER NKEY SEED------\n`;
    expect(identity(creds).inboxPrefix).toBe(`_INBOX_${pair.getPublicKey()}`);
    expect(identity(undefined).inboxPrefix).toBe("_INBOX");
    // The last letter belongs to the checksum; one in eight seeds ends in A.
    const misspelt = `${seed.slice(0, -1)}${seed.endsWith("A") ? "E" : "A"}`;
    for (const text of ["", "hunter2", `${seed}x`, `x ${seed}`, seed.toLowerCase(), misspelt]) {
      let message = "accepted";
      try {
        identity(text);
      } catch (error) {
        message = error instanceof JournalMisconfigured ? error.message : "another error";
      }
      expect(message).toContain("JOURNAL_CREDENTIALS: expected an nkey user seed");
      expect(message).not.toContain(text === "" ? "undefined" : text);
    }
  });

  test("pings each second, comes back for ever, and learns no addresses from servers", () => {
    const options = connectionOptions({ address: "a:1", usesTls: false }, identity(undefined), {
      urls: ["nats://a:1"],
      stream: "S",
      name: "n",
    });
    expect(options).toMatchObject({
      servers: ["a:1"],
      pingInterval: 1_000,
      maxPingOut: 2,
      maxReconnectAttempts: -1,
      ignoreClusterUpdates: true,
      timeout: 2_000,
    });
    expect(options.tls).toBe(undefined);
  });
});

const fit = requiredConfig({ stream: "S", replicas: 3, bytesMax: -1 }) as StreamInfo["config"];

describe("a stream that may be the journal", () => {
  const cluster = {
    leader: "a",
    replicas: ["b", "c"].map((name) => ({ name, current: true, active: 0 })),
  } as StreamInfo["cluster"] & object;

  test("is what `create` makes", () => {
    expect(streamProblems({ config: fit, cluster }, 3)).toEqual([]);
  });

  test.each<[string, object, string]>([
    ["fewer replicas than voters", { num_replicas: 1 }, "num_replicas"],
    ["memory", { storage: "memory" }, "storage"],
    ["work queue", { retention: "workqueue" }, "retention"],
    ["the oldest is eaten", { discard: "old" }, "discard"],
    ["entries may be deleted", { deny_delete: false }, "deny_delete"],
    ["it may be purged", { deny_purge: false }, "deny_purge"],
    ["no direct get", { allow_direct: false }, "allow_direct"],
    ["entries grow old", { max_age: 1 }, "max_age"],
    ["a maximum of messages", { max_msgs: 5 }, "max_msgs"],
    ["a maximum of messages on a subject", { max_msgs_per_subject: 5 }, "max_msgs_per_subject"],
    ["roll-ups", { allow_rollup_hdrs: true }, "allow_rollup_hdrs"],
    ["entries that expire", { allow_msg_ttl: true }, "allow_msg_ttl"],
    ["no acknowledgements", { no_ack: true }, "no_ack"],
    ["sealed", { sealed: true }, "sealed"],
    ["acknowledged before the disk has it", { persist_mode: "async" }, "persist_mode"],
    ["other subjects", { subjects: ["S.>"] }, "subjects"],
    ["a short window for duplicates", { duplicate_window: 1e9 }, "duplicate_window"],
    ["a mirror", { mirror: { name: "T" } }, "mirror"],
    ["sources", { sources: [{ name: "T" }] }, "sources"],
  ])("is refused: %s", (_, change, field) => {
    const problems = streamProblems({ config: { ...fit, ...change }, cluster }, 3);
    expect(problems.map(({ path }) => path)).toEqual([`stream.${field}`]);
  });

  test("is refused with every problem at once, and when its members are not the voters", () => {
    const alone = { ...cluster, replicas: [] };
    expect(
      streamProblems({ config: { ...fit, max_age: 1, discard: "old" }, cluster: alone }, 3).map(
        ({ path, got }) => `${path} ${got}`,
      ),
    ).toEqual(['stream.discard "old"', "stream.max_age 1", "stream.cluster 1"]);
  });
});
