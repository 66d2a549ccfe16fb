/** JSON logs. What signs, or lets somebody sign, is taken out wherever a log line could carry it. */
import { type DestinationStream, type Logger as PinoLogger, pino } from "pino";
import type { Settings } from "./settings";

/** A node's log. */
export type Logger = PinoLogger;

const HEADERS = [
  "cb-access-key",
  "cb-access-sign",
  "cb-access-passphrase",
  "cb-access-timestamp",
  "authorization",
  "cookie",
];
const FIELDS = ["secret", "passphrase", "signature", "password", "token", "credentials", "apiKeyMaster"];

/** Lines that nobody takes are dropped above this: a log driver that is stuck must not hold the exchange up, nor fill its memory. */
const WAITING_CHARACTERS_MAX = 4_194_304;

/** Paths that pino's redaction empties: the headers of any request that is logged, and fields by name at the first two levels. */
const REDACTED = [
  ...HEADERS.flatMap((name) => [
    `headers["${name}"]`,
    `req.headers["${name}"]`,
    `request.headers["${name}"]`,
    `err.headers["${name}"]`,
  ]),
  ...FIELDS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
];

/**
 * Makes the node's log: one JSON object a line on stdout, level and time as words, with cloud and region in each line.
 *
 * @param destination - where lines go instead, for tests.
 */
export function createLogger(
  settings: Pick<Settings, "logLevel" | "place">,
  node: string,
  destination?: DestinationStream,
): Logger {
  return pino(
    {
      level: settings.logLevel,
      base: { node, cloud: settings.place.cloud, region: settings.place.region },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: REDACTED, censor: "[secret]" },
    },
    destination ?? pino.destination({ fd: 1, sync: false, minLength: 0, maxLength: WAITING_CHARACTERS_MAX }),
  );
}
