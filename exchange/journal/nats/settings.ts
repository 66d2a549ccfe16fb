/** What a node or an operator must say to reach the voters of a NATS journal, and how it becomes options of the NATS client. */
import {
  credsAuthenticator,
  nkeyAuthenticator,
  nkeys,
  type Authenticator,
  type NodeConnectionOptions,
} from "@nats-io/transport-node";
import { JournalMisconfigured, type Issue } from "../issues";

/** Certificates as PEM texts. `ca` is whom the client trusts; `cert` and `key` are the client's own, where the voters ask for them. */
export interface NatsTls {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** How to reach a journal. */
export interface NatsSettings {
  /** `nats://HOST:PORT` or `tls://HOST:PORT` of every voter and of nothing else, the own site's first. 1, 3 or 5 of them. */
  readonly urls: readonly string[];
  /** Name of the stream: letters, digits, `_`, `-`. */
  readonly stream: string;
  /** An nkey seed (`SU…`) or the text of a `.creds` file. Left out where the voters ask for none. Never logged. */
  readonly credentials?: string;
  readonly tls?: NatsTls;
  /** Shown to the voters' operators as the connection's name. */
  readonly name: string;
}

/** One voter's address. */
export interface VoterAddress {
  /** `HOST:PORT`, without the scheme. */
  readonly address: string;
  readonly usesTls: boolean;
}

const VOTER_COUNTS = [1, 3, 5];
const PORT_DEFAULT = 4222;

/**
 * The voters' addresses.
 *
 * @param urls - as in `NatsSettings`.
 * @param isWhole - whether they are to be all voters, so that their number is judged. Defaults to true.
 * @throws JournalMisconfigured with every problem: another scheme, credentials inside the address, a repeated voter, a count that is not 1, 3 or 5.
 */
export function voterAddresses(urls: readonly string[], isWhole = true): VoterAddress[] {
  const problems: Issue[] = [];
  const voters: VoterAddress[] = [];
  urls.forEach((text, index) => {
    const path = `JOURNAL_URL[${String(index)}]`;
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (url === undefined || (url.protocol !== "nats:" && url.protocol !== "tls:") || url.hostname === "") {
      problems.push({
        path,
        expected: "nats://HOST:PORT or tls://HOST:PORT",
        got: "something else",
        fix: "name each voter by its address",
      });
      return;
    }
    if (url.username !== "" || url.password !== "") {
      problems.push({
        path,
        expected: "an address without credentials",
        got: "credentials inside the address",
        fix: "move them to JOURNAL_CREDENTIALS",
      });
    }
    voters.push({
      address: `${url.hostname}:${url.port === "" ? String(PORT_DEFAULT) : url.port}`,
      usesTls: url.protocol === "tls:",
    });
  });
  const distinct = new Set(voters.map((voter) => voter.address)).size;
  if (distinct !== voters.length) {
    problems.push({
      path: "JOURNAL_URL",
      expected: "each voter once",
      got: "one of them twice",
      fix: "remove the repeated address",
    });
  }
  if (isWhole && problems.length === 0 && !VOTER_COUNTS.includes(voters.length)) {
    problems.push({
      path: "JOURNAL_URL",
      expected: "1, 3 or 5 voters",
      got: String(voters.length),
      fix: "name every voter, and nothing else",
    });
  }
  if (problems.length > 0) throw new JournalMisconfigured(problems);
  return voters;
}

/** How a connection says who it is. */
export interface Identity {
  readonly authenticator: Authenticator | undefined;
  /** Prefix of the inboxes in which answers arrive; rights are given for `<prefix>.>` alone, so that no node reads another's answers. */
  readonly inboxPrefix: string;
}

/** The inbox prefix that belongs to a public nkey; `serverConfig` gives rights for it. */
export function inboxPrefix(publicKey: string): string {
  return `_INBOX_${publicKey}`;
}

/**
 * Reads `NatsSettings.credentials`.
 *
 * @throws JournalMisconfigured when it is neither a seed nor a `.creds` text; the message never holds the value.
 */
export function identity(credentials: string | undefined): Identity {
  if (credentials === undefined) return { authenticator: undefined, inboxPrefix: "_INBOX" };
  const text = credentials.trim();
  const isCreds = text.includes("BEGIN USER NKEY SEED");
  const seed = /\bSU[A-Z2-7]{56}\b/.exec(text)?.[0];
  try {
    if (seed === undefined || (!isCreds && seed !== text)) throw new Error("no seed");
    const bytes = new TextEncoder().encode(seed);
    const publicKey = nkeys.fromSeed(bytes).getPublicKey();
    const authenticator = isCreds ? credsAuthenticator(new TextEncoder().encode(text)) : nkeyAuthenticator(bytes);
    return { authenticator, inboxPrefix: inboxPrefix(publicKey) };
  } catch {
    // The library's own error may quote what it was given.
    throw new JournalMisconfigured([
      {
        path: "JOURNAL_CREDENTIALS",
        expected: "an nkey user seed (SU…, 58 characters) or the text of a .creds file",
        got: `${String(text.length)} characters of something else`,
        fix: "paste the seed that belongs to a public key in the voters' configuration",
      },
    ]);
  }
}

/**
 * Options for a connection to exactly one voter, which comes back by itself as long as it is open. Times are short, because a client's own
 * default takes minutes to notice a silent link (https://docs.nats.io/using-nats/developer/connecting/pingpong).
 */
export function connectionOptions(voter: VoterAddress, who: Identity, settings: NatsSettings): NodeConnectionOptions {
  return {
    servers: [voter.address],
    name: settings.name,
    inboxPrefix: who.inboxPrefix,
    ...(who.authenticator === undefined ? {} : { authenticator: who.authenticator }),
    ...(voter.usesTls ? { tls: { ...settings.tls } } : {}),
    timeout: 2_000,
    pingInterval: 1_000,
    maxPingOut: 2,
    reconnect: true,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 100,
    reconnectJitter: 50,
    reconnectJitterTLS: 50,
    ignoreClusterUpdates: true,
    ignoreAuthErrorAbort: true,
    noRandomize: true,
    noAsyncTraces: true,
  };
}
