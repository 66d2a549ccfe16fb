/**
 * What a journal finds when it starts. A file cut at every length and a bit flipped in every byte are told apart: a tail that nobody was told of is
 * cut and reported, everything else stops with file and offset. Does not prove what a disk does when power fails; files are changed by hand here.
 */
import { copyFile, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { describe, expect, test } from "vitest";
import { encodeGroup, saltOf } from "../../../exchange/journal/embedded/groups";
import { SEGMENT_HEAD_BYTES } from "../../../exchange/journal/embedded/segments";
import { JournalDamaged } from "../../../exchange/journal/journal";
import { readTo } from "./contract";
import { cleanAfterEach, entry, newDirectory, opened } from "./embedded/place";

cleanAfterEach();

const FIRST = "0000000000000001.seg";
const HEAD = SEGMENT_HEAD_BYTES;

/** Appends each text alone, so that each is a group, and closes. */
async function written(directory: string, texts: readonly string[], segmentBytes?: number): Promise<void> {
  const journal = await opened({ directory, ...(segmentBytes === undefined ? {} : { segmentBytes }) });
  for (const text of texts) await journal.append(entry(text), 5_000);
  await journal.close();
}

async function texts(directory: string): Promise<string[]> {
  const journal = await opened({ directory });
  const last = await journal.barrier();
  const entries = last === 0 ? [] : await readTo(journal, 1, last);
  await journal.close();
  return entries.map(({ payload }) => new TextDecoder().decode(payload));
}

/** A directory with the three groups "aa", "bb", "cc", without a mark behind, and the offsets where they end. */
async function threeGroups(): Promise<{ directory: string; bytes: Uint8Array; ends: number[] }> {
  const directory = await newDirectory();
  await written(directory, ["aa", "bb", "cc"]);
  const length = encodeGroup(0, 1, [entry("aa")]).length;
  const ends = [1, 2, 3].map((count) => HEAD + count * length);
  await truncate(join(directory, FIRST), ends[2] ?? 0);
  return { directory, bytes: Uint8Array.from(await readFile(join(directory, FIRST))), ends };
}

describe("the end of the last segment", () => {
  test("cut at every length: whole groups stay, the rest is cut, kept beside and reported", async () => {
    const { directory, bytes, ends } = await threeGroups();
    const path = join(directory, FIRST);
    const lengths = Array.from({ length: bytes.length - HEAD }, (_, index) => HEAD + index);
    expect(lengths.length).toBe(102);
    for (const length of lengths) {
      await writeFile(path, bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length);
      const torn = length - (whole.at(-1) ?? HEAD);
      const journal = await opened({ directory });
      const said = journal.status().detail["torn"];
      expect(await journal.barrier()).toBe(whole.length);
      expect(await journal.append(entry(`after ${String(length)}`), 5_000)).toEqual({
        sequence: whole.length + 1,
        duplicate: false,
      });
      await journal.close();
      const kept = (await readdir(directory)).filter((name) => name.endsWith(".torn"));
      if (torn === 0) expect([said, kept]).toEqual([undefined, []]);
      else {
        const offset = String(length - torn);
        expect(said).toBe(
          `${String(torn)} bytes at offset ${offset} of ${FIRST} were a group that nobody was told of, and were cut; they are in ${FIRST}.${offset}.torn`,
        );
        expect(kept).toEqual([`${FIRST}.${offset}.torn`]);
        const saved = Uint8Array.from(await readFile(join(directory, kept[0] ?? "")));
        expect(saved).toEqual(bytes.slice(length - torn, length));
      }
      for (const name of kept) await rm(join(directory, name));
    }
  });

  test("a bit flipped in every byte: only in the last group it is a torn tail, and anywhere else damage with its offset", async () => {
    const { directory, bytes, ends } = await threeGroups();
    const path = join(directory, FIRST);
    const outcomes = { head: 0, damaged: 0, torn: 0 };
    for (let at = 0; at < bytes.length; at += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
      await writeFile(path, flipped);
      const group = ends.findIndex((end) => at < end);
      const starts = [HEAD, ...ends];
      if (at < HEAD) {
        outcomes.head += 1;
        await expect(opened({ directory })).rejects.toThrow(`${path}, offset 0: the head of the segment is damaged`);
      } else if (group < 2) {
        outcomes.damaged += 1;
        const [offset, follows] = [String(starts[group]), String(starts[group + 1])];
        const refused = opened({ directory });
        await expect(refused).rejects.toBeInstanceOf(JournalDamaged);
        await expect(refused).rejects.toThrow(
          `${path}, offset ${offset}: damaged, and a whole group follows at offset ${follows}`,
        );
        expect(Uint8Array.from(await readFile(path))).toEqual(flipped);
      } else {
        outcomes.torn += 1;
        expect(await texts(directory)).toEqual(["aa", "bb"]);
      }
    }
    expect(outcomes).toEqual({ head: 40, damaged: 68, torn: 34 });
  });

  test("a bit flipped in the last group before a mark: damage, since the mark says that it was acknowledged", async () => {
    const directory = await newDirectory();
    await written(directory, ["aa", "bb", "cc"]);
    const path = join(directory, FIRST);
    const bytes = Uint8Array.from(await readFile(path));
    const length = encodeGroup(0, 1, [entry("aa")]).length;
    expect(bytes.length).toBe(HEAD + 3 * length + 24);
    for (let at = HEAD + 2 * length; at < HEAD + 3 * length; at += 1) {
      const flipped = Uint8Array.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 0x10;
      await writeFile(path, flipped);
      await expect(opened({ directory })).rejects.toThrow(
        `${path}, offset ${String(HEAD + 2 * length)}: damaged, and a whole group follows at offset ${String(HEAD + 3 * length)}`,
      );
    }
  });

  test("an idle journal marks its end without being closed", async () => {
    const directory = await newDirectory();
    const journal = await opened({ directory });
    await journal.append(entry("aa"), 5_000);
    const length = HEAD + encodeGroup(0, 1, [entry("aa")]).length + 24;
    await expect.poll(async () => (await readFile(join(directory, FIRST))).length).toBe(length);
    await journal.append(entry("bb"), 5_000);
    await journal.close();
    expect(await texts(directory)).toEqual(["aa", "bb"]);
  });

  test("bytes of a client that look like a group are not taken for one", async () => {
    const directory = await newDirectory();
    const inner = Uint8Array.from([...encodeGroup(saltOf(new Uint8Array(16)), 2, [entry("planted")]), 1, 2, 3]);
    const journal = await opened({ directory });
    await journal.append(entry("aa"), 5_000);
    await journal.append({ id: "evil", payload: inner }, 5_000);
    await journal.close();
    const path = join(directory, FIRST);
    const bytes = Uint8Array.from(await readFile(path));
    // Without its mark and its last byte: a torn tail, although what looks like a group stands whole in it.
    await writeFile(path, bytes.subarray(0, bytes.length - 24 - 1));
    expect(await texts(directory)).toEqual(["aa"]);
  });

  test("a whole group with the wrong sequence is damage, at the start and for a reader", async () => {
    const { directory, bytes } = await threeGroups();
    const wrong = encodeGroup(saltOf(bytes.subarray(20, 36)), 9, [entry("dd")]);
    const path = join(directory, FIRST);
    const message = `${path}, offset ${String(bytes.length)}: sequence 9 follows 3`;
    await writeFile(path, Uint8Array.from([...bytes, ...wrong]));
    await expect(opened({ directory })).rejects.toThrow(message);
    await writeFile(path, bytes);
    const journal = await opened({ directory });
    await writeFile(path, Uint8Array.from([...bytes.subarray(0, HEAD), ...bytes.subarray(HEAD + 34)]));
    await expect(readTo(journal, 1, 3)).rejects.toThrow(`${path}, offset ${String(HEAD)}: sequence 2 follows 0`);
  });

  test("keeps at most eight torn tails", async () => {
    const { directory, bytes } = await threeGroups();
    for (let index = 10; index < 22; index += 1) await writeFile(join(directory, `old-${String(index)}.torn`), "x");
    await writeFile(join(directory, FIRST), bytes.subarray(0, HEAD + 34 + 1));
    await (await opened({ directory })).close();
    const kept = (await readdir(directory)).filter((name) => name.endsWith(".torn")).sort();
    const names = [15, 16, 17, 18, 19, 20, 21].map((index) => `old-${String(index)}.torn`);
    expect(kept).toEqual([`${FIRST}.74.torn`, ...names]);
  });
});

describe("several segments", () => {
  /** Segments 1, 2, 3, 4 of one entry each. */
  async function four(): Promise<string> {
    const directory = await newDirectory();
    await written(directory, ["aa", "bb", "cc", "dd"], 1);
    expect((await readdir(directory)).filter((name) => name.endsWith(".seg"))).toEqual(
      [1, 2, 3, 4].map((first) => `000000000000000${String(first)}.seg`),
    );
    return directory;
  }

  test("are read as one", async () => {
    expect(await texts(await four())).toEqual(["aa", "bb", "cc", "dd"]);
  });

  test("know their ids again, over all of them", async () => {
    const directory = await four();
    const journal = await opened({ directory });
    for (const [index, text] of ["aa", "bb", "cc", "dd"].entries()) {
      expect(await journal.append(entry(text), 5_000)).toEqual({ sequence: index + 1, duplicate: true });
    }
  });

  test("know only as many ids as they may", async () => {
    const directory = await four();
    const journal = await opened({ directory, idsMax: 2 });
    expect(await journal.append(entry("cc"), 5_000)).toEqual({ sequence: 3, duplicate: true });
    expect(await journal.append(entry("bb"), 5_000)).toEqual({ sequence: 5, duplicate: false });
    expect(await journal.append(entry("cc"), 5_000)).toEqual({ sequence: 6, duplicate: false });
  });

  test("a damaged one in the middle stops the start when its ids are needed, and the read when not", async () => {
    const directory = await four();
    const path = join(directory, "0000000000000002.seg");
    const bytes = await readFile(path);
    await writeFile(path, Uint8Array.from(bytes.subarray(0, bytes.length - 1)));
    const message = `${path}, offset 40: damaged, and sequence 3 was acknowledged after it`;
    await expect(opened({ directory })).rejects.toThrow(message);
    const journal = await opened({ directory, idsMax: 2 });
    expect(await readTo(journal, 3, 4)).toHaveLength(2);
    const reading = readTo(journal, 1, 4);
    await expect(reading).rejects.toBeInstanceOf(JournalDamaged);
    await expect(reading).rejects.toThrow(`${path}, offset 40: damaged, and sequence 2 was acknowledged after it`);
  });

  test.each([
    ["0000000000000001.seg", "the segment with sequence 1 (0000000000000001.seg) is missing"],
    ["0000000000000002.seg", "damaged, and sequence 3 was acknowledged after it"],
  ])("a missing %s is damage", async (name, message) => {
    const directory = await four();
    await rm(join(directory, name));
    await expect(opened({ directory })).rejects.toThrow(message);
  });

  test("one of another journal is damage", async () => {
    const [directory, other] = [await four(), await four()];
    await copyFile(join(other, "0000000000000002.seg"), join(directory, "0000000000000002.seg"));
    await expect(opened({ directory })).rejects.toThrow(
      `${join(directory, "0000000000000002.seg")}, offset 20: a segment of another journal`,
    );
  });

  test("one under a wrong name is damage", async () => {
    const directory = await four();
    await copyFile(join(directory, "0000000000000004.seg"), join(directory, "0000000000000009.seg"));
    await expect(opened({ directory })).rejects.toThrow(
      "offset 12: begins with sequence 4, and its name says otherwise",
    );
  });

  test("one that was not made to its end is made again", async () => {
    const directory = await four();
    await writeFile(join(directory, "0000000000000005.seg.new"), "half a hea");
    expect(await texts(directory)).toEqual(["aa", "bb", "cc", "dd"]);
    expect((await readdir(directory)).filter((name) => name.endsWith(".new"))).toEqual([]);
  });

  test("a layout of a later release is refused by its number", async () => {
    const directory = await newDirectory();
    await written(directory, []);
    const path = join(directory, FIRST);
    const bytes = Uint8Array.from(await readFile(path));
    bytes[8] = 2;
    new DataView(bytes.buffer).setUint32(36, crc32(bytes.subarray(0, 36)), true);
    await writeFile(path, bytes);
    await expect(opened({ directory })).rejects.toThrow(`${path}, offset 0: layout 2, and this release reads layout 1`);
  });
});
