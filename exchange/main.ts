/**
 * The exchange as a process. Exit codes: 0 stopped as told; 2 wrong settings; 3 the journal cannot be used; 4 a bug of ours.
 * SIGTERM and SIGINT end it gracefully (also as PID 1, where Node has no default handler to lean on); a second one ends it at once.
 */
import { AppendRefused, JournalDamaged } from "./journal/journal";
import { SettingsError } from "./node/issues";
import { readSettings } from "./node/settings";
import { type Running, startExchange } from "./node/start";

/** Longer than any graceful stop takes: what hangs after that is cut. */
const STOP_MS_MAX = 9_500;

let running: Running | undefined;
let isStopping = false;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function fail(error: unknown): void {
  if (error instanceof SettingsError) {
    say(error.message);
    process.exitCode = 2;
  } else if (error instanceof JournalDamaged || error instanceof AppendRefused || hasFix(error)) {
    say(`The journal cannot be used: ${error.message}`);
    process.exitCode = 3;
  } else {
    say(`This is a bug of ours.\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    process.exitCode = 4;
  }
}

/** Errors of the journal's implementations that carry what to mend. */
function hasFix(error: unknown): error is Error {
  return error instanceof Error && ["NotOwner", "JournalMisconfigured"].includes(error.name);
}

function onSignal(): void {
  if (isStopping) process.exit(process.exitCode ?? 0);
  isStopping = true;
  if (running === undefined) process.exit(0);
  const timer = setTimeout(() => {
    say("The graceful stop took too long; what was still open is cut.");
    process.exit(0);
  }, STOP_MS_MAX);
  timer.unref();
  running.stop().then(
    () => process.exit(process.exitCode ?? 0),
    (error: unknown) => {
      fail(error);
      process.exit();
    },
  );
}

function onBug(error: unknown): void {
  fail(error);
  process.exit();
}

process.on("SIGTERM", onSignal);
process.on("SIGINT", onSignal);
process.on("uncaughtException", onBug);
process.on("unhandledRejection", onBug);

async function main(): Promise<void> {
  running = await startExchange(readSettings(process.env));
}

main().catch((error: unknown) => {
  fail(error);
  process.exit();
});
