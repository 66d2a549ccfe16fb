import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openEmbeddedJournal } from "../../../exchange/journal/embedded/embedded-journal";

test("appends, reads, opens again", async () => {
  const directory = await mkdtemp(join(tmpdir(), "journal-"));
  const first = await openEmbeddedJournal({ directory });
  await expect(openEmbeddedJournal({ directory })).rejects.toThrow(String(process.pid));
  const at = performance.now();
  const all = await Promise.all(
    Array.from({ length: 5000 }, (_, i) => first.append({ id: `id-${i}`, payload: Buffer.from(`p${i}`) }, 5000)),
  );
  console.log("5000 concurrent", performance.now() - at);
  expect(all.map((a) => a.sequence)).toEqual(Array.from({ length: 5000 }, (_, i) => i + 1));
  const t2 = performance.now();
  for (let i = 0; i < 200; i += 1) await first.append({ id: `s-${i}`, payload: Buffer.from("x") }, 1000);
  console.log("200 serial", performance.now() - t2);
  await first.close();
  const second = await openEmbeddedJournal({ directory });
  expect(second.status().detail).toEqual({ journal: "embedded", directory, state: "appending", waiting: 0 });
  expect(await second.append({ id: "id-7", payload: Buffer.from("p7") }, 1000)).toEqual({
    sequence: 8,
    duplicate: true,
  });
  const seen: number[] = [];
  const stop = new AbortController();
  for await (const batch of second.read(1, stop.signal)) {
    seen.push(...batch.map((e) => e.sequence));
    if (seen.length === 5200) stop.abort();
  }
  expect(seen).toEqual(Array.from({ length: 5200 }, (_, i) => i + 1));
  await second.close();
  await rm(directory, { recursive: true });
});
