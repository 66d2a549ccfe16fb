/**
 * One process owns a journal's directory. Node cannot lock a file (no flock, no fcntl), but it can hold what the kernel takes away from a dead
 * process, whatever killed it: a listening Unix socket. The owner listens on `owner-<n>.sock` in the directory; who wants to own it
 * connects, and only "connection refused" means that nobody is there. A paused owner still accepts, so it is never taken for dead; a
 * process id that was given anew, or that belongs to another container, confuses nobody.
 *
 * Taking over is a race that one wins: a challenger makes the next number, which only one can make, then looks again at everything else in the
 * directory, and withdraws when a higher number is there or a lower one answers after all. Two challengers may both withdraw; two never both own.
 *
 * For directories on a disk of this machine: over NFS a socket of another machine looks dead. Not for Windows.
 */
import { open, readdir, rm, type FileHandle } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { errorCode, errorText } from "./files";

/** Somebody else has the directory, or it cannot be locked at all. */
export class NotOwner extends Error {
  override readonly name = "NotOwner";
}

/** A directory that is owned. */
export interface OwnerLock {
  release(): Promise<void>;
}

const NAME = /^owner-(\d{1,15})\.sock$/;
const ANSWER_MS = 500;
/** Longest path of a Unix socket that every system takes (`sun_path`: 104 bytes on macOS, 108 on Linux, one of them for the end). */
const PATH_BYTES_MAX = 103;

/**
 * Owns the directory until `release`, or until this process ends.
 *
 * @param between - awaited between making the number and looking again: tests let others come in here.
 * @throws NotOwner with the owner's process id and what to do.
 */
export async function lockDirectory(
  directory: string,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<OwnerLock> {
  const base = await socketBase(directory);
  try {
    const before = await numbersIn(directory);
    await refuseLiving(directory, base.path, before);
    const mine = (before.at(-1) ?? 0) + 1;
    const server = await listen(directory, join(base.path, nameOf(mine)));
    try {
      await between();
      const now = await numbersIn(directory);
      if (now.some((other) => other > mine)) throw new NotOwner(taken(directory, undefined));
      await refuseLiving(
        directory,
        base.path,
        now.filter((other) => other < mine),
      );
      for (const dead of now) if (dead < mine) await rm(join(directory, nameOf(dead)), { force: true });
    } catch (error) {
      await stop(server);
      throw error;
    }
    return {
      release: async () => {
        await stop(server);
        await base.handle?.close();
      },
    };
  } catch (error) {
    await base.handle?.close();
    throw error;
  }
}

function nameOf(number: number): string {
  return `owner-${String(number)}.sock`;
}

async function numbersIn(directory: string): Promise<number[]> {
  const names = await readdir(directory);
  return names
    .map((name) => NAME.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
    .sort((a, b) => a - b);
}

/** A directory's path that is short enough for sockets: its own, or on Linux that of an open handle to it. */
async function socketBase(directory: string): Promise<{ path: string; handle: FileHandle | undefined }> {
  if (Buffer.byteLength(join(directory, nameOf(1e15))) <= PATH_BYTES_MAX) return { path: directory, handle: undefined };
  if (process.platform !== "linux") {
    throw new NotOwner(`${directory}: the path is too long to be locked by a Unix socket. Use a shorter one`);
  }
  const handle = await open(directory, "r");
  return { path: `/proc/self/fd/${String(handle.fd)}`, handle };
}

async function refuseLiving(directory: string, base: string, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    const owner = await ask(join(base, nameOf(number)));
    if (owner !== "dead") throw new NotOwner(taken(directory, owner));
  }
}

function taken(directory: string, owner: string | undefined): string {
  const who = owner === undefined || owner === "" ? "another process" : `the process ${owner}`;
  return `${directory} is owned by ${who}. Stop it first, or give this one JOURNAL_URL=journal://HOST:PORT of the owner (which serves with JOURNAL_LISTEN)`;
}

/** Process id of who listens, empty when it does not say, `dead` when nobody listens. */
function ask(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    let said = "";
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.on("data", (bytes: Buffer) => {
      said = (said + bytes.toString("latin1")).slice(0, 20);
    });
    socket.on("error", (error) => {
      const code = errorCode(error);
      // EAGAIN: the owner's queue of connections is full, so there is one.
      if (code === "ECONNREFUSED" || code === "ENOENT") resolve("dead");
      else if (code === "EAGAIN" || code === "ECONNRESET") resolve(said);
      else reject(new NotOwner(`${path}: nobody can tell whether it is owned: ${errorText(error)}`, { cause: error }));
    });
    socket.on("close", () => {
      resolve(/^\d+$/.test(said) ? said : "");
    });
  });
}

function listen(directory: string, path: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end(String(process.pid));
    });
    server.unref();
    server.once("error", (error) => {
      reject(
        errorCode(error) === "EADDRINUSE"
          ? new NotOwner(taken(directory, undefined), { cause: error })
          : new NotOwner(
              `${directory} cannot be locked: ${errorText(error)}. Use a directory of a file system that takes Unix sockets`,
              { cause: error },
            ),
      );
    });
    server.listen(path, () => {
      resolve(server);
    });
  });
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
  });
}
