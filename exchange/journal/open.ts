/** Opens the journal that the environment names. */
import { isIP } from "node:net";
import { openEmbeddedJournal } from "./embedded/embedded-journal";
import type { Journal } from "./journal";
import { openNatsJournal } from "./nats/open";
import { JournalMisconfigured } from "./issues";
import { openRemoteJournal } from "./remote/remote-journal";
import { serveJournal, type ServedJournal } from "./remote/serve";

/** What of the environment concerns the journal; see `node/settings.ts`. */
export interface JournalSettings {
  /** `embedded:DIR`, `journal://HOST:PORT`, or `nats://…` / `tls://…`, which may be a comma list. */
  readonly url: string;
  /** NATS: nkey seed or the text of a creds file; `journal://`, and where the embedded journal is served: the shared token. */
  readonly credentials: string | undefined;
  /** Name of the NATS stream. */
  readonly stream: string;
  /** `HOST:PORT` on which the embedded journal is served to other nodes. */
  readonly listen: string | undefined;
  /** PEM texts, for NATS over TLS. */
  readonly tlsCa: string | undefined;
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  /** This node's name, for operators. */
  readonly node: string;
}

/** Where a journal is served. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/**
 * Reads `HOST:PORT`; an IPv6 address stands in brackets. `undefined` where it is neither.
 */
export function endpointOf(text: string): Endpoint | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([0-9a-f:.]+)\]|([^\s:/@[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  const port = Number(digits);
  if (host === undefined || port > 65_535 || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined;
  return { host, port };
}

/** Whether only this machine reaches the address. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/**
 * Opens it. The caller closes it.
 *
 * @throws JournalMisconfigured, NotOwner, JournalDamaged, AppendRefused `misconfigured` (a wrong token), OutcomeUnknown (nobody answers within 30 s),
 * or what the file system or the network says.
 */
export async function openJournal(settings: JournalSettings): Promise<Journal> {
  const { url } = settings;
  if (settings.listen !== undefined && !url.startsWith("embedded:")) {
    throw misconfigured(
      "JOURNAL_LISTEN",
      "to be unset: only the owner of an embedded journal serves it",
      settings.listen,
      "unset it, or set JOURNAL_URL=embedded:DIR",
    );
  }
  if (url.startsWith("embedded:")) return openEmbedded(settings, url.slice("embedded:".length));
  if (url.startsWith("journal://")) return openRemote(settings, url.slice("journal://".length));
  return openNatsJournal({
    urls: url.split(",").map((one) => one.trim()),
    stream: settings.stream,
    name: settings.node,
    ...(settings.credentials === undefined ? {} : { credentials: settings.credentials }),
    ...tlsOf(settings),
  });
}

function tlsOf({ tlsCa, tlsCert, tlsKey }: JournalSettings): { tls?: { ca?: string; cert?: string; key?: string } } {
  const tls = {
    ...(tlsCa === undefined ? {} : { ca: tlsCa }),
    ...(tlsCert === undefined ? {} : { cert: tlsCert }),
    ...(tlsKey === undefined ? {} : { key: tlsKey }),
  };
  return Object.keys(tls).length === 0 ? {} : { tls };
}

function misconfigured(path: string, expected: string, got: string, fix: string): JournalMisconfigured {
  return new JournalMisconfigured([{ path, expected, got, fix }]);
}

function endpoint(path: string, text: string): Endpoint {
  const found = endpointOf(text);
  if (found !== undefined) return found;
  throw misconfigured(path, "HOST:PORT", text, `give a host and a port, such as 127.0.0.1:4700`);
}

async function openRemote(settings: JournalSettings, address: string): Promise<Journal> {
  const { host, port } = endpoint("JOURNAL_URL", address);
  return openRemoteJournal({ host, port, token: tokenFor(host, settings), node: settings.node });
}

/** @throws JournalMisconfigured where an address that others reach has no token. */
function tokenFor(host: string, { credentials }: JournalSettings): string {
  if ((credentials === undefined || credentials === "") && !isLoopback(host)) {
    throw misconfigured(
      "JOURNAL_CREDENTIALS",
      "a token that all nodes share",
      "nothing",
      `set it to the same random text on every node, or use a loopback address instead of ${host}`,
    );
  }
  return credentials ?? "";
}

async function openEmbedded(settings: JournalSettings, directory: string): Promise<Journal> {
  if (directory === "") {
    throw misconfigured("JOURNAL_URL", "embedded:DIR", "embedded:", "name a directory on a disk of this machine");
  }
  const listen = settings.listen === undefined ? undefined : endpoint("JOURNAL_LISTEN", settings.listen);
  const token = listen === undefined ? "" : tokenFor(listen.host, settings);
  const journal = await openEmbeddedJournal({ directory }).catch((error: unknown) => {
    throw directoryProblem(error, directory) ?? error;
  });
  if (listen === undefined) return journal;
  try {
    return served(journal, await serveJournal({ journal, ...listen, token }));
  } catch (error) {
    await journal.close();
    throw error;
  }
}

const DIRECTORY_PROBLEMS: Readonly<Record<string, string>> = {
  EACCES: "one for which this user has no rights",
  EPERM: "one for which this user has no rights",
  EROFS: "one on a file system that can only be read",
  ENOTDIR: "a path through a file",
  EEXIST: "a file",
  ENAMETOOLONG: "too long a name",
  ELOOP: "links that lead to themselves",
};

/** What the system says about a directory, as a problem of the settings; `undefined` for any other error. */
function directoryProblem(error: unknown, directory: string): JournalMisconfigured | undefined {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const got = Object.hasOwn(DIRECTORY_PROBLEMS, code) ? DIRECTORY_PROBLEMS[code] : undefined;
  if (got === undefined) return undefined;
  const fix = "give another directory, or its rights to this user";
  return misconfigured("JOURNAL_URL", "a directory that this process may write to", `${directory}: ${got}`, fix);
}

/** The same journal, which also ends its service when it is closed. */
function served(journal: Journal, service: ServedJournal): Journal {
  return {
    append: (entry, deadlineMs) => journal.append(entry, deadlineMs),
    read: (sequence, signal) => journal.read(sequence, signal),
    barrier: (deadlineMs) => journal.barrier(deadlineMs),
    status: () => {
      const status = journal.status();
      return { ...status, detail: { ...status.detail, port: service.port, nodes: service.nodes() } };
    },
    payloadBytesMax: journal.payloadBytesMax,
    close: async () => {
      await service.close();
      await journal.close();
    },
  };
}
