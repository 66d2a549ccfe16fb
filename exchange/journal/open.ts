/** Opens the journal that the environment names. */
import type { Journal } from "./journal";
import { openEmbeddedJournal } from "./embedded/embedded-journal";

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

/**
 * Opens it. The caller closes it.
 *
 * @throws NotOwner, JournalDamaged, or AppendRefused `misconfigured` with what is wrong.
 */
export async function openJournal(settings: JournalSettings): Promise<Journal> {
  if (settings.url.startsWith("embedded:")) {
    return openEmbeddedJournal({ directory: settings.url.slice("embedded:".length) });
  }
  throw new Error("this kind of journal is not built yet");
}
