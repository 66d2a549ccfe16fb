/** The few operations on files that the journal and the snapshots are made of, so that tests can let each of them fail. */
import { open, mkdir, readdir, rename, rm, type FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { newBytes } from "./bytes";

/** An open file. Positions and lengths are bytes. */
export interface JournalFile {
  /** Writes at `position`; answers how many bytes were taken, which may be fewer than given. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Reads at `position` into `bytes`; 0 at the end of the file. */
  read(bytes: Uint8Array, position: number): Promise<number>;
  /** Resolves when everything written, and the length, is on the disk. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

/** A file system. Paths are absolute or relative to the working directory, as Node takes them; errors carry Node's `code`. */
export interface JournalFiles {
  /** With its parents; an existing one is left alone. The parents are synced. */
  makeDirectory(path: string): Promise<void>;
  /** Names in a directory, in no order. */
  list(path: string): Promise<string[]>;
  /** `create`: empty, for writing, whatever was there; `write`: existing, for reading and writing; `read`. */
  open(path: string, mode: "create" | "write" | "read"): Promise<JournalFile>;
  rename(from: string, to: string): Promise<void>;
  /** A missing one is no error. */
  remove(path: string): Promise<void>;
  /** Makes created, renamed and removed names durable. */
  syncDirectory(path: string): Promise<void>;
}

const FLAGS = { create: "w+", write: "r+", read: "r" } as const;

class OpenFile implements JournalFile {
  readonly #handle: FileHandle;
  constructor(handle: FileHandle) {
    this.#handle = handle;
  }
  async write(bytes: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.write(bytes, 0, bytes.length, position)).bytesWritten;
  }
  async read(bytes: Uint8Array, position: number): Promise<number> {
    return (await this.#handle.read(bytes, 0, bytes.length, position)).bytesRead;
  }
  sync(): Promise<void> {
    // fdatasync also writes the length where that changed: "metadata … needed in order to allow a subsequent data retrieval" (man7.org, fsync(2)).
    return this.#handle.datasync();
  }
  truncate(length: number): Promise<void> {
    return this.#handle.truncate(length);
  }
  async size(): Promise<number> {
    return (await this.#handle.stat()).size;
  }
  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function syncDirectory(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The file system of this machine. */
export const localFiles: JournalFiles = {
  async makeDirectory(path) {
    const first = await mkdir(path, { recursive: true });
    if (first === undefined) return;
    const top = dirname(resolve(first));
    for (let made = resolve(path); made !== top; made = dirname(made)) await syncDirectory(dirname(made));
  },
  list: (path) => readdir(path),
  open: async (path, mode) => new OpenFile(await open(path, FLAGS[mode], 0o600)),
  rename: (from, to) => rename(from, to),
  remove: (path) => rm(path, { force: true }),
  syncDirectory,
};

/** Writes all of `bytes` at `position`, however few each write takes. */
export async function writeAll(file: JournalFile, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const taken = await file.write(bytes.subarray(done), position + done);
    if (taken === 0) throw Object.assign(new Error("the file takes no more bytes"), { code: "ENOSPC" });
    done += taken;
  }
}

/** Reads up to `length` bytes at `position`; fewer only at the end of the file. */
export async function readUpTo(file: JournalFile, position: number, length: number): Promise<Uint8Array> {
  const bytes = newBytes(length);
  let done = 0;
  while (done < length) {
    const taken = await file.read(bytes.subarray(done), position + done);
    if (taken === 0) break;
    done += taken;
  }
  return bytes.subarray(0, done);
}

/** A sync failed: what was written since the last one may be lost although it can still be read, and a later sync can succeed without it (PostgreSQL's wiki, "Fsync Errors"). */
export class SyncFailed extends Error {
  override readonly name = "SyncFailed";
}

/** Runs a sync. @throws SyncFailed */
export async function syncOrFail(sync: () => Promise<void>): Promise<void> {
  try {
    await sync();
  } catch (error) {
    throw new SyncFailed(`sync to disk failed: ${errorText(error)}`, { cause: error });
  }
}

/** Whether an error says that there is no room: on the device, for this user, or for a file of this size. */
export function saysFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(errorCode(error));
}

/** Node's `code` of an error, such as `ENOSPC`; empty where there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "";
}

/** Text of an error for operators. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
