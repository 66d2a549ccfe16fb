/**
 * One process owns a journal's directory: a second is refused with the owner's process id, also while the owner is paused; a killed owner is followed
 * by exactly one of many that want to be next. Real processes. Does not prove anything of network file systems.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, rename } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, describe, expect, test } from "vitest";
import { openEmbeddedJournal } from "../../../exchange/journal/embedded/embedded-journal";
import { lockDirectory, NotOwner } from "../../../exchange/journal/embedded/owner-lock";
import { afterTest, cleanAfterEach, entry, newDirectory, opened } from "./embedded/place";

cleanAfterEach();

let bundle = "";
beforeAll(async () => {
  const { outputFiles } = await build({
    entryPoints: [join(__dirname, "embedded/owner-child.ts")],
    ...{ write: false, bundle: true, platform: "node", format: "cjs", target: "node20", logLevel: "error" },
  });
  bundle = outputFiles[0]?.text ?? "";
});

/** Starts a process that wants to own the directory; answers with its first line. */
async function contender(directory: string): Promise<{ child: ChildProcess; said: string }> {
  const child = spawn(process.execPath, ["-e", bundle, "owner-child", directory], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  afterTest(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "close");
  });
  let said = "";
  for await (const bytes of child.stdout) {
    said += String(bytes);
    if (said.includes("\n")) break;
  }
  return { child, said: said.trim() };
}

async function sockets(directory: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith(".sock")).sort();
}

async function killed(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

describe("the owner of a directory", () => {
  test("is told by its process id to whoever comes second, with what to do", async () => {
    const directory = await newDirectory();
    const { child, said } = await contender(directory);
    expect(said).toBe("open");
    const refused = openEmbeddedJournal({ directory });
    await expect(refused).rejects.toBeInstanceOf(NotOwner);
    await expect(refused).rejects.toThrow(
      `${directory} is owned by the process ${String(child.pid)}. Stop it first, or give this one JOURNAL_URL=journal://HOST:PORT of the owner (which serves with JOURNAL_LISTEN)`,
    );
  });

  test("stays the owner while it is paused", async () => {
    const directory = await newDirectory();
    const { child } = await contender(directory);
    child.kill("SIGSTOP");
    await expect(openEmbeddedJournal({ directory })).rejects.toThrow(`${directory} is owned by another process.`);
    child.kill("SIGCONT");
    await expect(openEmbeddedJournal({ directory })).rejects.toThrow(`is owned by the process ${String(child.pid)}.`);
  });

  test("that was killed is followed, and what it left of its lock is removed", async () => {
    const directory = await newDirectory();
    await killed((await contender(directory)).child);
    expect(await sockets(directory)).toEqual(["owner-1.sock"]);
    const journal = await opened({ directory });
    expect(await sockets(directory)).toEqual(["owner-2.sock"]);
    expect((await journal.append(entry("a"), 5_000)).sequence).toBe(1);
    await journal.close();
    expect(await sockets(directory)).toEqual([]);
  });

  test("is at most one of sixteen that come at once after a kill, and one comes after them", async () => {
    const directory = await newDirectory();
    await killed((await contender(directory)).child);
    for (let round = 0; round < 20; round += 1) {
      const all = await Promise.allSettled(Array.from({ length: 16 }, () => lockDirectory(directory)));
      const owners = all.filter((one) => one.status === "fulfilled");
      const refused = all.filter((one) => one.status === "rejected");
      expect(owners.length).toBeLessThanOrEqual(1);
      for (const { reason } of refused) expect(reason).toBeInstanceOf(NotOwner);
      for (const { value } of owners) await value.release();
      const next = await lockDirectory(directory);
      await next.release();
    }
  });

  test("is at most one of four processes that come at once", async () => {
    const directory = await newDirectory();
    await killed((await contender(directory)).child);
    const all = await Promise.all(Array.from({ length: 4 }, () => contender(directory)));
    expect(all.filter(({ said }) => said === "open").length).toBeLessThanOrEqual(1);
    for (const { said } of all) if (said !== "open") expect(said).toMatch(/^NotOwner: .* is owned by /);
  });

  test.each([
    ["a lower number answers after all", 3, "is owned by the process 4711."],
    ["a higher number was made meanwhile", 9, "is owned by another process."],
  ])("withdraws when %s", async (_, number, message) => {
    const directory = await newDirectory();
    await killed((await contender(directory)).child);
    await rename(join(directory, "owner-1.sock"), join(directory, "owner-4.sock"));
    const server = createServer((socket) => socket.end("4711"));
    afterTest(async () => {
      server.close();
      await once(server, "close");
    });
    const lock = lockDirectory(directory, async () => {
      expect(await sockets(directory)).toEqual(["owner-4.sock", "owner-5.sock"]);
      await once(server.listen(join(directory, `owner-${String(number)}.sock`)), "listening");
    });
    await expect(lock).rejects.toThrow(`${directory} ${message}`);
    expect(await sockets(directory)).toEqual([`owner-${String(number)}.sock`, "owner-4.sock"].sort());
  });

  test("owns a directory whose path is longer than a socket's may be", async () => {
    const parent = await newDirectory();
    const directory = join(parent, "d".repeat(120));
    await mkdir(directory);
    if (process.platform !== "linux") {
      await expect(lockDirectory(directory)).rejects.toThrow("too long");
      return;
    }
    const lock = await lockDirectory(directory);
    expect(await readdir(directory)).toEqual(["owner-1.sock"]);
    await expect(lockDirectory(directory)).rejects.toThrow(`is owned by the process ${String(process.pid)}.`);
    await lock.release();
    await (await lockDirectory(directory)).release();
    expect(await readdir(directory)).toEqual([]);
  });
});
