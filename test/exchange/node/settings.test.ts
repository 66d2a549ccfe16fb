/** Proves how the environment is read: defaults, every refusal at once, secrets by their length alone. Not: what the values then do. */
import { describe, expect, it } from "vitest";
import { SettingsError } from "../../../exchange/node/issues";
import { EMBEDDED_RISK, readSettings } from "../../../exchange/node/settings";

const SECRET = "c2VjcmV0LW9mLWFuLW9wZXJhdG9y";
const MASTER = "0123456789abcdef0123456789abcdef";

function refusal(environment: Record<string, string>): SettingsError {
  try {
    readSettings(environment);
  } catch (error) {
    if (error instanceof SettingsError) return error;
    throw error;
  }
  throw new Error("it was accepted");
}

const pathsOf = (environment: Record<string, string>): string[] => refusal(environment).issues.map(({ path }) => path);

describe("what is accepted", () => {
  it("needs the journal alone", () => {
    expect(readSettings({ JOURNAL_URL: "embedded:/data/exchange" })).toEqual({
      host: "0.0.0.0",
      port: 8080,
      journal: {
        ...{ url: "embedded:/data/exchange", kind: "embedded", credentials: undefined, stream: "EXCHANGE" },
        ...{ listen: undefined, tlsCa: undefined, tlsCert: undefined, tlsKey: undefined },
      },
      place: { cloud: "local", region: "local" },
      peers: [],
      logLevel: "info",
      isProduction: false,
      isSandbox: false,
      apiKeyMaster: undefined,
      operatorKeys: new Map(),
      snapshotDir: "/data/exchange/snapshots",
      clientAddressHeader: undefined,
      accountRequestsPerSecond: 15,
      addressRequestsPerSecond: 10,
    });
  });

  it("reads everything", () => {
    const settings = readSettings({
      ...{ PORT: "0", HOST: "127.0.0.1", JOURNAL_URL: "tls://a:4222,tls://b:4222,tls://c:4222", JOURNAL_STREAM: "X" },
      ...{ CLOUD: "aws", REGION: "us-east-2", PEERS: "https://b.example.net/, http://c.example.net:8080" },
      ...{ LOG_LEVEL: "debug", NODE_ENV: "production", API_KEY_MASTER: MASTER, SNAPSHOT_DIR: "/s" },
      ...{ OPERATOR_KEYS: `ann:${SECRET},bob:${SECRET}`, CLIENT_ADDRESS_HEADER: "CF-Connecting-IP" },
      ...{ ACCOUNT_REQUESTS_PER_SECOND: "100", ADDRESS_REQUESTS_PER_SECOND: "50" },
    });
    expect(settings).toMatchObject({
      ...{ port: 0, host: "127.0.0.1", place: { cloud: "aws", region: "us-east-2" }, logLevel: "debug" },
      ...{ peers: ["https://b.example.net", "http://c.example.net:8080"], isProduction: true, snapshotDir: "/s" },
      ...{ clientAddressHeader: "cf-connecting-ip", accountRequestsPerSecond: 100, addressRequestsPerSecond: 50 },
    });
    expect(settings.journal).toMatchObject({ kind: "nats", stream: "X" });
    expect([...settings.operatorKeys]).toEqual([
      ["ann", SECRET],
      ["bob", SECRET],
    ]);
  });

  it("takes an empty variable as one that is not there", () => {
    expect(readSettings({ JOURNAL_URL: "journal://127.0.0.1:7000", PORT: "", PEERS: "" })).toMatchObject({
      port: 8080,
      peers: [],
      journal: { kind: "remote" },
    });
  });

  it("takes one machine in production when the words name the risk", () => {
    const production = { JOURNAL_URL: "embedded:/d", NODE_ENV: "production", API_KEY_MASTER: MASTER };
    expect(readSettings({ ...production, EMBEDDED_JOURNAL_IN_PRODUCTION: EMBEDDED_RISK }).isProduction).toBe(true);
    expect(pathsOf(production)).toEqual(["JOURNAL_URL"]);
    expect(pathsOf({ ...production, EMBEDDED_JOURNAL_IN_PRODUCTION: "yes" })).toEqual([
      "EMBEDDED_JOURNAL_IN_PRODUCTION",
    ]);
    expect(pathsOf({ ...production, JOURNAL_URL: "journal://h:1" })).toEqual(["JOURNAL_URL"]);
  });

  it("keeps snapshots of other journals and other ports elsewhere", () => {
    const folder = (environment: Record<string, string>): string => readSettings(environment).snapshotDir;
    const folders = [
      folder({ JOURNAL_URL: "nats://a:1" }),
      folder({ JOURNAL_URL: "nats://b:1" }),
      folder({ JOURNAL_URL: "nats://a:1", JOURNAL_STREAM: "Y" }),
      folder({ JOURNAL_URL: "nats://a:1", PORT: "81" }),
    ];
    expect(new Set(folders).size).toBe(4);
    expect(folder({ JOURNAL_URL: "nats://a:1" })).toBe(folders[0]);
  });
});

describe("what is refused", () => {
  it("tells everything at once, sorted", () => {
    const error = refusal({ PORT: "70000", LOG_LEVEL: "loud", JOURNAL_URL: "ftp://x", API_KEY_MASTER: "short" });
    expect(error.message).toMatchInlineSnapshot(`
      "The environment of the exchange: 4 problems
        API_KEY_MASTER   expected a secret of at least 32 characters, got a secret of 5 characters; take 32 random bytes in base64, the same for all nodes
        JOURNAL_URL   expected embedded:DIR, journal://HOST:PORT, or nats:// or tls:// addresses with commas between, got a secret of 7 characters; name the journal; credentials go into JOURNAL_CREDENTIALS, never into the address
        LOG_LEVEL   expected fatal, error, warn, info, debug, trace or silent, got "loud"; leave it out for info
        PORT   expected a port from 0 to 65535, got "70000"; leave it out for 8080"
    `);
  });

  it.each([
    [{}, ["JOURNAL_URL"]],
    [{ JOURNAL_URL: "nats://user:password@host:4222" }, ["JOURNAL_URL"]],
    [{ JOURNAL_URL: "embedded:" }, ["JOURNAL_URL"]],
    [{ JOURNAL_URL: "journal://host" }, ["JOURNAL_URL"]],
    [{ JOURNAL_URL: "nats://a:1,embedded:/d" }, ["JOURNAL_URL"]],
    [{ JOURNAL_URL: "embedded:/d", JOURNAL_LISTEN: "7000" }, ["JOURNAL_LISTEN"]],
    [{ JOURNAL_URL: "nats://a:1", JOURNAL_LISTEN: "0.0.0.0:7000" }, ["JOURNAL_LISTEN"]],
    [{ JOURNAL_URL: "embedded:/d", NODE_ENV: "production" }, ["API_KEY_MASTER", "JOURNAL_URL"]],
    [
      { JOURNAL_URL: "nats://a:1", NODE_ENV: "production", EXCHANGE_SANDBOX: "1", API_KEY_MASTER: MASTER },
      ["EXCHANGE_SANDBOX"],
    ],
    [{ JOURNAL_URL: "embedded:/d", EXCHANGE_SANDBOX: "true" }, ["EXCHANGE_SANDBOX"]],
    [{ JOURNAL_URL: "embedded:/d", PEERS: "https://a.example.net,b.example.net" }, ["PEERS"]],
    [{ JOURNAL_URL: "embedded:/d", PEERS: "https://u:p@a.example.net" }, ["PEERS"]],
    [{ JOURNAL_URL: "embedded:/d", OPERATOR_KEYS: `ann:${SECRET},ann:${SECRET}` }, ["OPERATOR_KEYS"]],
    [{ JOURNAL_URL: "embedded:/d", OPERATOR_KEYS: "ann:tooshort" }, ["OPERATOR_KEYS"]],
    [{ JOURNAL_URL: "tls://a:1", JOURNAL_TLS_CA: "/etc/ca.pem" }, ["JOURNAL_TLS_CA"]],
    [
      { JOURNAL_URL: "tls://a:1", JOURNAL_TLS_CERT: "-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----" },
      ["JOURNAL_TLS_CERT"],
    ],
    [{ JOURNAL_URL: "embedded:/d", ACCOUNT_REQUESTS_PER_SECOND: "0" }, ["ACCOUNT_REQUESTS_PER_SECOND"]],
    [{ JOURNAL_URL: "embedded:/d", ADDRESS_REQUESTS_PER_SECOND: "1e3" }, ["ADDRESS_REQUESTS_PER_SECOND"]],
  ])("%j: %j", (environment, paths) => {
    expect(pathsOf(environment as Record<string, string>).sort()).toEqual(paths);
  });

  it("echoes no secret", () => {
    const secret = "swordfish";
    const { message } = refusal({
      ...{ JOURNAL_URL: `nats://u:${secret}@h:1`, JOURNAL_CREDENTIALS: secret, API_KEY_MASTER: secret },
      ...{ OPERATOR_KEYS: `ann:${secret}`, JOURNAL_TLS_KEY: secret, JOURNAL_TLS_CA: secret },
    });
    expect(message).not.toContain(secret);
  });
});
