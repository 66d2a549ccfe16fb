/**
 * The traps of a NATS journal that are met on three real servers (R3): what our publisher sends, what a node's key may do, a flipped bit on one
 * disk, a stream that is made anew, and the header that stops a replicated stream for good. Kills of processes stand for crashes; power loss is not tried.
 */
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { headers, type NatsConnection } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Journal, JournalEntry } from "../../../../exchange/journal/journal";
import { AppendRefused, JournalDamaged, OutcomeUnknown } from "../../../../exchange/journal/journal";
import { openNatsJournal } from "../../../../exchange/journal/nats/open";
import { main } from "../../../../exchange/journal/nats/operate/main";
import { skipped } from "../../../support/skip";
import { natsMissing, startCluster, until, type NatsCluster } from "../../support/nats";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Runs `exchange-journal` in this process against the cluster. */
async function command(
  cluster: NatsCluster,
  as: "operator" | "system",
  args: string[],
): Promise<{ code: number; out: string; said: string }> {
  let out = "";
  const said: string[] = [];
  const environment = {
    JOURNAL_URL: (await cluster.urls("operator")).join(","),
    JOURNAL_STREAM: cluster.stream,
    JOURNAL_CREDENTIALS: as === "operator" ? cluster.operatorSeed : cluster.systemSeed,
    OPERATOR_CREDENTIALS: cluster.operatorSeed,
  };
  const code = await main(
    args,
    environment,
    (text) => (out += text),
    (line) => said.push(line),
  );
  return { code, out, said: said.join("\n") };
}

/** Reads from 1 until `last`, and holds that no sequence is left out. */
async function readAll(journal: Journal, last: number): Promise<JournalEntry[]> {
  const stop = new AbortController();
  const entries: JournalEntry[] = [];
  for await (const batch of journal.read(1, stop.signal)) {
    entries.push(...batch);
    if ((entries.at(-1)?.sequence ?? 0) >= last) stop.abort();
  }
  expect(entries.map(({ sequence }) => sequence)).toEqual(entries.map((_, index) => index + 1));
  return entries;
}

describe.skipIf(skipped(natsMissing()))("three voters", () => {
  let cluster: NatsCluster;
  beforeAll(async () => {
    cluster = await startCluster({ voters: 3 });
  });
  afterAll(async () => {
    await cluster.close();
  });

  test("a node that stood still for 2 s still reaches its voters, and misses them when they fall silent", async () => {
    const journal = await openNatsJournal(await cluster.settings("stalled", "aws"));
    try {
      await until("all to be reached", () => (journal.status().votersReached === 3 ? true : undefined));
      // Nothing runs in this process meanwhile, as under SIGSTOP or a long collection of garbage.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2_000);
      expect(journal.status().votersReached).toBe(3);
      cluster.cutClient("stalled");
      const beganMs = performance.now();
      await until("none to be reached", () => (journal.status().votersReached === 0 ? true : undefined), 10_000);
      const missedMs = performance.now() - beganMs;
      console.log(`silent voters were missed after ${missedMs.toFixed(0)} ms`);
      expect(missedMs).toBeGreaterThan(500);
    } finally {
      cluster.heal();
      await journal.close();
    }
  });

  test("our publisher sends the id and no other header, on the wire, in first tries and in retries", async () => {
    const settings = await cluster.settings("tapped", "aws");
    let sent = "";
    cluster.tapClient("tapped", (chunk) => (sent += chunk.toString("latin1")));
    const journal = await openNatsJournal(settings);
    try {
      await journal.append({ id: "wire-1", payload: bytes("a") }, 5_000);
      const leader = await cluster.leader();
      leader.pause();
      const waiting = journal.append({ id: "wire-2", payload: bytes("b") }, 20_000);
      await until("a second try", () => (sent.split("Nats-Msg-Id: wire-2").length > 2 ? true : undefined));
      leader.resume();
      await waiting;
      await journal.barrier(5_000);
    } finally {
      await journal.close();
    }
    const blocks = [...sent.matchAll(/NATS\/1\.0\r\n([\s\S]*?)\r\n\r\n/g)].map((match) =>
      (match[1] ?? "").split("\r\n"),
    );
    expect(blocks.length).toBeGreaterThanOrEqual(4);
    for (const block of blocks) {
      expect(block.length).toBe(1);
      expect(block[0]).toMatch(/^Nats-Msg-Id: /);
    }
    expect([...sent.matchAll(/HPUB (\S+) /g)].map((match) => match[1])).toEqual(blocks.map(() => "EXCHANGE.cmd"));
  });

  describe("a node's key", () => {
    let node: NatsConnection;
    beforeAll(async () => {
      node = await cluster.connect("node");
    });
    const attempt = async (work: () => Promise<unknown>): Promise<string> => {
      try {
        return `done: ${JSON.stringify(await work())}`;
      } catch (error) {
        return error instanceof Error ? error.message : "?";
      }
    };
    const request =
      (subject: string, body: object = {}) =>
      () =>
        node.request(subject, JSON.stringify(body), { timeout: 1_000 }).then((message) => message.string());

    test.each<[string, () => () => Promise<unknown>]>([
      ["purge", () => request("$JS.API.STREAM.PURGE.EXCHANGE")],
      ["delete the stream", () => request("$JS.API.STREAM.DELETE.EXCHANGE")],
      ["delete an entry", () => request("$JS.API.STREAM.MSG.DELETE.EXCHANGE", { seq: 1 })],
      ["update the stream", () => request("$JS.API.STREAM.UPDATE.EXCHANGE", { name: "EXCHANGE", max_msgs: 1 })],
      ["make a stream", () => request("$JS.API.STREAM.CREATE.OTHER", { name: "OTHER", subjects: ["other"] })],
      [
        "make a consumer",
        () =>
          request("$JS.API.CONSUMER.CREATE.EXCHANGE.c", {
            stream_name: "EXCHANGE",
            config: { name: "c", ack_policy: "none" },
          }),
      ],
      [
        "make a durable consumer",
        () =>
          request("$JS.API.CONSUMER.DURABLE.CREATE.EXCHANGE.c", {
            stream_name: "EXCHANGE",
            config: { durable_name: "c" },
          }),
      ],
      ["step the leader down", () => request("$JS.API.STREAM.LEADER.STEPDOWN.EXCHANGE")],
      ["remove a peer", () => request("$JS.API.STREAM.PEER.REMOVE.EXCHANGE", { peer: "gcp-1" })],
      ["take a snapshot", () => request("$JS.API.STREAM.SNAPSHOT.EXCHANGE", { deliver_subject: "x" })],
      ["restore", () => request("$JS.API.STREAM.RESTORE.EXCHANGE", { config: { name: "EXCHANGE" } })],
      ["ask for the account", () => request("$JS.API.INFO")],
      ["remove a server", () => request("$JS.API.SERVER.REMOVE", { peer: "gcp-1" })],
      ["write on another subject", () => request("EXCHANGE.other")],
    ])("cannot %s", async (_, make) => {
      expect(await attempt(make())).toMatch(/^Permissions Violation for Publish to "/);
    });

    test("cannot hear another node's answers, nor the entries as they are written", async () => {
      for (const subject of ["_INBOX.>", "_INBOX_*.>", "EXCHANGE.cmd", "$JS.>", ">"]) {
        const heard = new Promise<string>((resolve) => {
          node.subscribe(subject, {
            callback: (error) => {
              resolve(error === null ? "heard" : error.message);
            },
          });
        });
        expect(await heard).toMatch(/^Permissions Violation for Subscription to "/);
      }
    });

    test("the operator cannot purge, delete or update either", async () => {
      const operator = await cluster.connect("operator");
      for (const verb of ["PURGE", "DELETE", "UPDATE", "MSG.DELETE"]) {
        const subject = `$JS.API.STREAM.${verb}.EXCHANGE`;
        expect(await attempt(() => operator.request(subject, "{}", { timeout: 1_000 }))).toBe(
          `Permissions Violation for Publish to "${subject}"`,
        );
      }
    });

    test("append is refused as misconfigured where a key may not write, and says so at once", async () => {
      const settings = { ...(await cluster.settings("as-operator")), credentials: cluster.operatorSeed };
      const journal = await openNatsJournal(settings);
      const began = performance.now();
      const refused = journal.append({ id: "no", payload: bytes("x") }, 10_000);
      await expect(refused).rejects.toMatchObject({ name: "AppendRefused", reason: "misconfigured" });
      expect(performance.now() - began).toBeLessThan(2_000);
      await journal.close();
    });
  });

  test("`create` leaves a fit stream alone, and the audit finds every copy whole", async () => {
    const again = await command(cluster, "operator", ["create"]);
    expect({ code: again.code, out: again.out.replace(/made \d.*/, "made …") }).toEqual({
      code: 0,
      out: "already there: stream EXCHANGE, 3 replicas, made …\n",
    });
    const audit = await command(cluster, "system", ["audit"]);
    expect(audit).toEqual({ code: 0, out: "3 voters, every copy whole\n", said: "" });
  });

  test("a flipped bit on one disk: every reader gets every entry, and the audit names the voter; wiped, it is whole again", async () => {
    const journal = await openNatsJournal(await cluster.settings("flip", "gcp"));
    // More than one block of 8 MB: the end of the last one would be mended from the Raft log.
    const filler = "z".repeat(30_000);
    const acks = await Promise.all(
      Array.from({ length: 600 }, (_, index) =>
        journal.append({ id: `flip-${String(index)}`, payload: bytes(`m${String(index)} ${filler}`) }, 20_000),
      ),
    );
    const last = Math.max(...acks.map(({ sequence }) => sequence));
    await cluster.settled();
    const leader = await cluster.leader();
    const victim = cluster.servers.find((server) => server !== leader && server.site !== "witness") ?? leader;
    // An orderly stop ends its Raft log with a snapshot, so that the log cannot mend the blocks; the index goes, as after a crash before it was written.
    await victim.kill("SIGTERM");
    await victim.start();
    await cluster.settled();
    await victim.kill();
    victim.flipBit();
    await victim.start();
    await cluster.settled();
    const audit = await until("the audit to see the damage", async () => {
      const found = await command(cluster, "system", ["audit"]);
      return found.code === 1 && /missing on this disk/.test(found.out) ? found : undefined;
    });
    const named = audit.out.split("\n").filter((line) => line.includes("are missing on this disk"));
    console.log(named.join("\n"));
    expect(named.map((line) => line.slice(0, line.indexOf(":")))).toEqual([`voter ${victim.name}`]);

    // The trap is there: whoever asks plainly gets the hole from time to time, whichever server it asks.
    const plain = await jetstreamManager(await cluster.connect("node", leader), { checkAPI: false, timeout: 1_000 });
    await until("a hole", async () => {
      for (let sequence = 1; sequence <= last; sequence += 20) {
        if ((await plain.direct.getMessage("EXCHANGE", { seq: sequence })) === null) return true;
      }
      return undefined;
    });

    // A node whose own voter is the damaged one, and one whose is not: both read everything, several times over.
    for (const site of [victim.site, leader.site]) {
      const reader = await openNatsJournal(await cluster.settings(`reader-${site}`, site));
      for (let round = 0; round < 3; round += 1) {
        const entries = await readAll(reader, last);
        for (const [index, { sequence }] of acks.entries()) {
          const payload = entries[sequence - 1]?.payload ?? bytes("");
          expect(new TextDecoder().decode(payload.subarray(0, 10)).split(" ")[0]).toBe(`m${String(index)}`);
        }
      }
      await reader.close();
    }
    await victim.kill();
    victim.wipe();
    await victim.start();
    await until("the copy to be whole again", async () => {
      const found = await command(cluster, "system", ["audit"]);
      return found.out === "3 voters, every copy whole\n" ? true : undefined;
    });
    await journal.close();
  });

  test("a stream that is made anew under the same name stops readers and appends of a node that has read the old one", async () => {
    const journal = await openNatsJournal(await cluster.settings("anew", "aws"));
    const { sequence } = await journal.append({ id: "old", payload: bytes("old") }, 5_000);
    const stop = new AbortController();
    let read = 0;
    const reading = (async (): Promise<void> => {
      for await (const batch of journal.read(1, stop.signal)) read = batch.at(-1)?.sequence ?? read;
    })();
    const failed = reading.then(
      () => "ended",
      (error: unknown) => error,
    );
    await until("the reader to be there", () => (read >= sequence ? true : undefined));
    await Promise.all(cluster.servers.map((server) => server.kill()));
    for (const server of cluster.servers) server.wipe();
    await Promise.all(cluster.servers.map((server) => server.start()));
    await cluster.createStream();
    const error = await failed;
    expect(error).toBeInstanceOf(JournalDamaged);
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /^the stream EXCHANGE (?:was made anew at|gave a new entry the sequence)/,
      ) as string,
    });
    expect(journal.status().detail["damage"]).toBe((error as Error).message);
    const late = journal.append({ id: "late", payload: bytes("late") }, 5_000);
    await expect(late).rejects.toMatchObject({ name: "AppendRefused", reason: "misconfigured" });
    await journal.close();
  });

  test("the header that stops a replicated stream for good: seen as no progress, told as unknown, never as refused", async () => {
    const journal = await openNatsJournal(await cluster.settings("poisoned", "aws"));
    const before = await journal.append({ id: "before", payload: bytes("before") }, 10_000);
    expect(journal.status().appending).toBe(true);
    const foreign = await cluster.connect("node");
    const poison = headers();
    poison.set("Nats-Expected-Last-Msg-Id", "not-the-last");
    await jetstream(foreign, { checkAPI: false, timeout: 2_000 })
      .publish("EXCHANGE.cmd", "poison", { headers: poison, msgID: "poison" })
      .catch(() => undefined);
    const version = foreign.info?.version ?? "";
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, (_, index) =>
        journal.append({ id: `after-${String(index)}`, payload: bytes("after") }, 4_000).then(
          () => "acknowledged",
          (error: unknown) =>
            error instanceof OutcomeUnknown ? "unknown" : error instanceof AppendRefused ? "refused" : "other",
        ),
      ),
    );
    // 2.14 and 2.15 stop; a server that has been mended acknowledges. Never is anything refused.
    console.log(`server ${version} after the header: ${outcomes.join(", ")}`);
    expect(outcomes).not.toContain("refused");
    expect(outcomes).not.toContain("other");
    const isStopped = outcomes.every((outcome) => outcome === "unknown");
    expect(journal.status().appending).toBe(!isStopped);
    if (version.startsWith("2.15.1")) expect(isStopped).toBe(true);
    // What was acknowledged is still there, at its place.
    const manager = await jetstreamManager(foreign, { checkAPI: false, timeout: 2_000 });
    const stored = await until(
      "the entry",
      async () => (await manager.direct.getMessage("EXCHANGE", { seq: before.sequence })) ?? undefined,
    );
    expect(new TextDecoder().decode(stored.data)).toBe("before");
    await journal.close();
  });
});
