/** Snapshots are written whole or not at all, and one that is damaged at any byte is skipped with a reason. Does not prove what a loss of power does. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSnapshots } from "../../../exchange/journal/snapshots";
import { faultyFiles } from "./embedded/faulty-files";
import { cleanAfterEach, newDirectory } from "./embedded/place";

cleanAfterEach();

const state = (text: string): Uint8Array => new TextEncoder().encode(text);

test("there is none before the first save, and no complaint", async () => {
  const directory = join(await newDirectory(), "not", "there");
  expect(await openSnapshots(directory).newest()).toEqual({ snapshot: undefined, skipped: [] });
});

test("the newest comes back, and the last three are kept", async () => {
  const directory = join(await newDirectory(), "a", "b");
  const store = openSnapshots(directory);
  for (const sequence of [5, 10, 15, 20, 9_007_199_254_740]) {
    await store.save({ sequence, pieces: [state(`state ${String(sequence)}`)] });
  }
  expect((await readdir(directory)).sort()).toEqual([
    "0000000000000015-v1.snap",
    "0000000000000020-v1.snap",
    "0009007199254740-v1.snap",
  ]);
  const { snapshot, skipped } = await openSnapshots(directory).newest();
  expect([snapshot?.sequence, new TextDecoder().decode(snapshot?.bytes), skipped]).toEqual([
    9_007_199_254_740,
    "state 9007199254740",
    [],
  ]);
});

test("an empty state and the same sequence again are fine", async () => {
  const directory = await newDirectory();
  const store = openSnapshots(directory);
  await store.save({ sequence: 7, pieces: [] });
  expect((await store.newest()).snapshot).toEqual({ sequence: 7, bytes: new Uint8Array(0) });
  await store.save({ sequence: 7, pieces: [state("again")] });
  expect((await store.newest()).snapshot).toEqual({ sequence: 7, bytes: state("again") });
});

test("damaged at any byte, cut at any length, it is skipped with file and reason, and the one before it serves", async () => {
  const directory = await newDirectory();
  const store = openSnapshots(directory);
  await store.save({ sequence: 1, pieces: [state("old")] });
  await store.save({ sequence: 2, pieces: [state("new"), state(""), state(" state")] });
  const path = join(directory, "0000000000000002-v1.snap");
  const whole = Uint8Array.from(await readFile(path));
  expect(whole.length).toBe(69);
  const damaged = [
    ...Array.from(whole, (byte, at) => replaced(whole, at, byte ^ 4)),
    ...Array.from(whole, (_, length) => whole.slice(0, length)),
    Uint8Array.from([...whole, 0]),
  ];
  for (const bytes of damaged) {
    await writeFile(path, bytes);
    const { snapshot, skipped } = await store.newest();
    expect(snapshot).toEqual({ sequence: 1, bytes: state("old") });
    expect(skipped).toHaveLength(1);
    expect(skipped[0]).toMatch(/^.*0000000000000002-v1\.snap: (?:no head|version|\d+ bytes|its checksum)/);
  }
});

test("under a wrong name it is skipped", async () => {
  const directory = await newDirectory();
  const store = openSnapshots(directory);
  await store.save({ sequence: 1, pieces: [state("old")] });
  await writeFile(
    join(directory, "0000000000000003-v1.snap"),
    Uint8Array.from(await readFile(join(directory, "0000000000000001-v1.snap"))),
  );
  expect(await store.newest()).toEqual({
    snapshot: { sequence: 1, bytes: state("old") },
    skipped: [`${join(directory, "0000000000000003-v1.snap")}: its head says sequence 1`],
  });
});

test.each([
  ["room", { room: 65 }, "ENOSPC"],
  ["a write", { writeFails: "EIO" }, "EIO"],
  ["a sync", { syncFails: "EIO" }, "EIO"],
])("a save that fails for want of %s says so and leaves what was there", async (_, fault, code) => {
  const { files, faults } = faultyFiles();
  const directory = await newDirectory();
  const store = openSnapshots(directory, files);
  await store.save({ sequence: 1, pieces: [state("old")] });
  Object.assign(faults, fault);
  await expect(store.save({ sequence: 2, pieces: [state("new state")] })).rejects.toThrow(code);
  expect(await store.newest()).toEqual({ snapshot: { sequence: 1, bytes: state("old") }, skipped: [] });
  Object.assign(faults, { room: Infinity, writeFails: undefined, syncFails: undefined });
  await store.save({ sequence: 3, pieces: [state("newer")] });
  expect((await readdir(directory)).sort()).toEqual(["0000000000000001-v1.snap", "0000000000000003-v1.snap"]);
});

function replaced(bytes: Uint8Array, at: number, byte: number): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[at] = byte;
  return copy;
}
