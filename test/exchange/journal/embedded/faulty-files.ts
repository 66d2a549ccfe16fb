/** A file system of which each operation can be made to fail, over the real one, for the tests of the embedded journal and of the snapshots. */
import { localFiles, type JournalFile, type JournalFiles } from "../../../../exchange/journal/embedded/files";

/** What goes wrong; change it at any time. */
export interface Faults {
  /** Bytes that may still be written to all files together; a write that needs more takes what there is, and the next one fails. Truncating gives room back. */
  room: number;
  /** Code with which writes fail, before anything is written. */
  writeFails?: string | undefined;
  /** Largest number of bytes that one write takes. */
  writeTakes: number;
  /** Code with which syncs fail. */
  syncFails?: string | undefined;
  truncateFails?: string | undefined;
  /** While set, syncs wait for it. */
  syncWaits?: Promise<void> | undefined;
  /** Counted: syncs of files, and writes. */
  syncs: number;
  writes: number;
}

/** The error that Node throws. */
export function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: made by the test`), { code });
}

/** A file system and its faults; none at first. */
export function faultyFiles(): { files: JournalFiles; faults: Faults } {
  const faults: Faults = { room: Infinity, writeTakes: Infinity, syncs: 0, writes: 0 };
  const wrap = (file: JournalFile): JournalFile => ({
    write: async (bytes, position) => {
      faults.writes += 1;
      if (faults.writeFails !== undefined) throw systemError(faults.writeFails);
      const size = await file.size();
      const grows = Math.max(0, position + bytes.length - size);
      const taken = Math.min(bytes.length - Math.max(0, grows - faults.room), faults.writeTakes);
      if (taken <= 0) throw systemError("ENOSPC");
      const done = await file.write(bytes.subarray(0, taken), position);
      faults.room -= Math.max(0, position + done - size);
      return done;
    },
    read: (bytes, position) => file.read(bytes, position),
    sync: async () => {
      faults.syncs += 1;
      await faults.syncWaits;
      if (faults.syncFails !== undefined) throw systemError(faults.syncFails);
      await file.sync();
    },
    truncate: async (length) => {
      if (faults.truncateFails !== undefined) throw systemError(faults.truncateFails);
      const size = await file.size();
      await file.truncate(length);
      faults.room += size - length;
    },
    size: () => file.size(),
    close: () => file.close(),
  });
  return { faults, files: { ...localFiles, open: async (path, mode) => wrap(await localFiles.open(path, mode)) } };
}
