/**
 * What the journal does when its disk is full, slow or failing, each made by a file system that fails on demand: nothing acknowledged is lost, nothing
 * refused appears, urgent entries use the room kept back. A real full disk is the last test, where one can be mounted.
 */
import { execFileSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AppendRefused, OutcomeUnknown, type Journal } from "../../../exchange/journal/journal";
import { skipped } from "../../support/skip";
import { readTo } from "./contract";
import { faultyFiles } from "./embedded/faulty-files";
import { afterTest, cleanAfterEach, entry, newDirectory, opened } from "./embedded/place";

cleanAfterEach();

/** "sequence" of an acknowledged append, or how it was refused. */
function outcome(journal: Journal, text: string, isUrgent = false): Promise<number | string> {
  return journal.append(entry(text, isUrgent), 5_000).then(
    ({ sequence }) => sequence,
    (error: unknown) => {
      if (error instanceof AppendRefused) return error.reason;
      return error instanceof OutcomeUnknown ? "unknown" : String(error);
    },
  );
}

async function texts(journal: Journal): Promise<string[]> {
  const last = await journal.barrier(5_000);
  const entries = last === 0 ? [] : await readTo(journal, 1, last);
  return entries.map(({ payload }) => new TextDecoder().decode(payload));
}

describe("group commit", () => {
  test("writes all that waits with one write and one sync", async () => {
    const { files, faults } = faultyFiles();
    const journal = await opened({ directory: await newDirectory(), files });
    const [writes, syncs] = [faults.writes, faults.syncs];
    const all = await Promise.all(Array.from({ length: 500 }, (_, index) => outcome(journal, String(index))));
    expect(all).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
    expect([faults.writes - writes, faults.syncs - syncs]).toEqual([1, 1]);
  });

  test("forms the next group while one is written, and acknowledges none before its sync", async () => {
    const { files, faults } = faultyFiles();
    const journal = await opened({ directory: await newDirectory(), files });
    const syncs = faults.syncs;
    let release = (): void => undefined;
    faults.syncWaits = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = outcome(journal, "first");
    await expect.poll(() => faults.syncs).toBe(syncs + 1);
    const rest = Array.from({ length: 100 }, (_, index) => outcome(journal, String(index)));
    const settled: unknown[] = [];
    void first.then((value) => settled.push(value));
    await new Promise((resolve) => setImmediate(resolve));
    expect([settled, await journal.barrier(), journal.status().lastSequence]).toEqual([[], 0, 0]);
    release();
    expect(await Promise.all([first, ...rest])).toEqual(Array.from({ length: 101 }, (_, index) => index + 1));
    expect(faults.syncs - syncs).toBe(2);
  });

  test("survives writes that take a few bytes at a time", async () => {
    const { files, faults } = faultyFiles();
    const directory = await newDirectory();
    const journal = await opened({ directory, files });
    faults.writeTakes = 3;
    expect(await Promise.all(["a", "b", "c"].map((text) => outcome(journal, text)))).toEqual([1, 2, 3]);
    await journal.close();
    expect(await texts(await opened({ directory }))).toEqual(["a", "b", "c"]);
  });

  test("a disk that does not answer by the deadline leaves the outcome unknown, and the id shows it later", async () => {
    const { files, faults } = faultyFiles();
    const journal = await opened({ directory: await newDirectory(), files });
    let release = (): void => undefined;
    faults.syncWaits = new Promise<void>((resolve) => {
      release = resolve;
    });
    await expect(journal.append(entry("slow"), 30)).rejects.toBeInstanceOf(OutcomeUnknown);
    release();
    const { sequence } = await journal.append(entry("slow"), 5_000);
    expect(sequence).toBe(1);
    expect(await texts(journal)).toEqual(["slow"]);
  });
});

describe("a full disk", () => {
  test.each([0, 1, 23, 24, 40])(
    "with %i bytes left refuses, cuts off what it wrote, reads on, and takes appends again with room",
    async (room) => {
      const { files, faults } = faultyFiles();
      const directory = await newDirectory();
      const journal = await opened({ directory, files });
      expect(await outcome(journal, "before")).toBe(1);
      const size = (await readFile(join(directory, "0000000000000001.seg"))).length;
      faults.room = room;
      expect(await Promise.all(["x", "y", "z"].map((text) => outcome(journal, text)))).toEqual([
        "full",
        "full",
        "full",
      ]);
      expect((await readFile(join(directory, "0000000000000001.seg"))).length).toBe(size);
      const { appending, votersReached, detail } = journal.status();
      expect([appending, votersReached, detail["state"]]).toEqual([false, 1, "full"]);
      expect(await texts(journal)).toEqual(["before"]);
      faults.room = Infinity;
      expect(await outcome(journal, "after")).toBe(2);
      expect(journal.status().appending).toBe(true);
      expect(await outcome(journal, "x")).toBe(3);
      await journal.close();
      expect(await texts(await opened({ directory }))).toEqual(["before", "after", "x"]);
    },
  );

  test("takes urgent entries into the room kept back, nothing else, and takes that room back first", async () => {
    const { files, faults } = faultyFiles();
    const directory = await newDirectory();
    const journal = await opened({ directory, files, reserveBytes: 262_144 });
    faults.room = 10;
    const urgent = Array.from({ length: 20 }, (_, index) => outcome(journal, `cancel ${String(index)}`, true));
    const orders = Array.from({ length: 20 }, (_, index) => outcome(journal, `order ${String(index)}`));
    expect(await Promise.all(orders)).toEqual(orders.map(() => "full"));
    expect(await Promise.all(urgent)).toEqual(urgent.map((_, index) => index + 1));
    expect(journal.status().detail).toMatchObject({ state: "full", reserveBytes: 196_608 });
    // The rest of the piece that was given back is not for orders.
    expect(await outcome(journal, "order")).toBe("full");
    expect(await outcome(journal, "cancel", true)).toBe(21);
    faults.room = 1_000_000;
    expect(await outcome(journal, "order")).toBe(22);
    expect(journal.status().detail).toMatchObject({ state: "appending", reserveBytes: 262_144 });
  });

  test("ends also the urgent ones when the reserve is used up", async () => {
    const { files, faults } = faultyFiles();
    const journal = await opened({ directory: await newDirectory(), files, reserveBytes: 65_536 });
    faults.room = 0;
    const payload = new Uint8Array(10_000);
    const ends: string[] = [];
    for (let index = 0; index < 10; index += 1) {
      const append = journal.append({ id: String(index), payload, isUrgent: true }, 5_000);
      ends.push(
        await append.then(
          () => "taken",
          (error: unknown) => (error instanceof AppendRefused ? error.reason : "other"),
        ),
      );
    }
    expect(ends).toEqual([...Array.from({ length: 6 }, () => "taken"), "full", "full", "full", "full"]);
  });

  test("notices by itself that there is room again", async () => {
    const { files, faults } = faultyFiles();
    const journal = await opened({ directory: await newDirectory(), files, reserveBytes: 65_536 });
    faults.room = 0;
    expect(await outcome(journal, "order")).toBe("full");
    expect(await outcome(journal, "cancel", true)).toBe(1);
    faults.room = Infinity;
    await expect.poll(() => journal.status().appending, { timeout: 10_000 }).toBe(true);
  });

  test("that has no room for a new segment refuses, and makes it later", async () => {
    const { files, faults } = faultyFiles();
    const directory = await newDirectory();
    const journal = await opened({ directory, files, segmentBytes: 1 });
    expect(await outcome(journal, "a")).toBe(1);
    faults.room = 12;
    expect(await outcome(journal, "b")).toBe("full");
    faults.room = Infinity;
    expect(await outcome(journal, "b")).toBe(2);
    await journal.close();
    expect(await texts(await opened({ directory }))).toEqual(["a", "b"]);
  });

  test("a disk that is full at the start takes what is urgent only", async () => {
    const { files, faults } = faultyFiles();
    const directory = await newDirectory();
    await (await opened({ directory })).close();
    faults.room = 10_000;
    const journal = await opened({ directory, files, reserveBytes: 65_536 });
    expect(journal.status()).toMatchObject({ appending: false, votersReached: 1 });
    expect(await outcome(journal, "order")).toBe("full");
    expect(await outcome(journal, "cancel", true)).toBe(1);
  });
});

describe("a failing disk", () => {
  test("a failed sync ends the journal: unknown for its group, refused for all after it, and reads go on", async () => {
    const { files, faults } = faultyFiles();
    const directory = await newDirectory();
    const journal = await opened({ directory, files });
    expect(await outcome(journal, "before")).toBe(1);
    faults.syncFails = "EIO";
    expect(await Promise.all([outcome(journal, "x"), outcome(journal, "y")])).toEqual(["unknown", "unknown"]);
    // A later sync that succeeds proves nothing about what the failed one lost.
    faults.syncFails = undefined;
    expect(await outcome(journal, "later")).toBe("closed");
    // What may be there after the next start is not refused when it is sent again.
    expect(await outcome(journal, "x")).toBe("unknown");
    const { appending, votersReached, lastSequence, detail } = journal.status();
    expect([appending, votersReached, lastSequence]).toEqual([false, 0, 1]);
    expect(detail).toMatchObject({ state: "broken", reason: "sync to disk failed: EIO: made by the test" });
    expect(await texts(journal)).toEqual(["before"]);
    await journal.close();
    // The next start writes the last group again before it tells readers of it: the page cache calls clean what the disk may not have.
    const { files: later, faults: none } = faultyFiles();
    const again = await opened({ directory, files: later });
    expect([none.writes, none.syncs]).toEqual([1, 1]);
    expect(await texts(again)).toEqual(["before", "x", "y"]);
    expect(await outcome(again, "x")).toBe(2);
  });

  test("a failed write ends it too, whether or not its bytes can be cut off", async () => {
    for (const truncateFails of [undefined, "EIO"]) {
      const { files, faults } = faultyFiles();
      const journal = await opened({ directory: await newDirectory(), files });
      Object.assign(faults, { writeFails: "EIO", truncateFails });
      expect(await outcome(journal, "x")).toBe("unknown");
      Object.assign(faults, { writeFails: undefined, truncateFails: undefined });
      expect(await outcome(journal, "y")).toBe("closed");
    }
  });

  test("a full disk whose rest cannot be cut off ends it: half a group may not stand before the next one", async () => {
    const { files, faults } = faultyFiles();
    const directory = await newDirectory();
    const journal = await opened({ directory, files });
    expect(await outcome(journal, "before")).toBe(1);
    Object.assign(faults, { room: 10, truncateFails: "EIO" });
    expect(await outcome(journal, "x")).toBe("unknown");
    Object.assign(faults, { room: Infinity, truncateFails: undefined });
    expect(await outcome(journal, "y")).toBe("closed");
    await journal.close();
    expect(await texts(await opened({ directory }))).toEqual(["before"]);
  });

  test("what waits behind a failing group is refused, not forgotten", async () => {
    const { files, faults } = faultyFiles();
    const journal = await opened({ directory: await newDirectory(), files });
    const syncs = faults.syncs;
    let release = (): void => undefined;
    faults.syncWaits = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = outcome(journal, "first");
    await expect.poll(() => faults.syncs).toBe(syncs + 1);
    const second = outcome(journal, "second");
    faults.syncFails = "EIO";
    release();
    expect(await Promise.all([first, second])).toEqual(["unknown", "closed"]);
  });
});

describe("a real full disk", () => {
  test("of 8 MiB: every acknowledged entry is there after it, nothing else", async (context) => {
    const mount = await newDirectory();
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=8m", "tmpfs", mount], { stdio: "pipe" });
    } catch (error) {
      const reason = error instanceof Error ? error.message.split("\n").slice(0, 2).join(" ") : String(error);
      skipped(`a tmpfs cannot be mounted here: ${reason}`);
      context.skip();
    }
    afterTest(() => Promise.resolve(execFileSync("umount", [mount])));
    const directory = join(mount, "journal");
    const journal = await opened({ directory, reserveBytes: 1_048_576 });
    const kept: string[] = [];
    let refused = 0;
    for (let index = 0; refused < 3; index += 1) {
      const text = `${String(index)} ${"x".repeat(20_000 + ((index * 7_919) % 30_000))}`;
      const payload = new TextEncoder().encode(text);
      const append = journal.append({ id: String(index), payload }, 5_000);
      const result = await append.then(
        ({ sequence }) => sequence,
        (error: unknown) => String(error),
      );
      if (result === kept.length + 1) kept.push(text);
      else {
        expect(result).toContain("the disk has no room");
        refused += 1;
      }
    }
    expect(kept.length).toBeGreaterThan(100);
    expect(await outcome(journal, "cancel", true)).toBe(kept.push("cancel"));
    await journal.close();
    expect(await texts(await opened({ directory }))).toEqual(kept);
  });
});
