/** The file descriptor on which the preloaded code tells where errors come from: one JSON text a line. */
export const errorDescriptor = 3;

/**
 * Runs in the program's process before the SDK, for two things that the SDK does not do by itself.
 *
 * It tells us the stacks of errors that end the program: the SDK prints none for errors that it takes for messages (a missing
 * setting, refused arguments), and a person wants the line.
 *
 * It takes the colours out of `util.inspect` for errors. The SDK inspects every error in colours, and Node.js before the fix of
 * https://github.com/nodejs/node/issues/64011 then spends a minute of processor time on a stack through the SDK's own files
 * (source maps give them paths such as `node_modules/@pulumi/config.ts`, in which the package's name does not end).
 */
const source = `
import { writeSync } from "node:fs";
import util from "node:util";

const tell = (error) => {
  try {
    writeSync(${String(errorDescriptor)}, JSON.stringify(String(error?.stack ?? "")) + "\\n");
  } catch {
    // Nobody listens.
  }
};
process.on("uncaughtExceptionMonitor", tell);
process.on("unhandledRejection", (error) => {
  tell(error);
  // Until the SDK listens too, a rejection has to end the process as if nobody did.
  if (process.listenerCount("unhandledRejection") === 1) throw error;
});

const { inspect } = util;
const isOptions = (value) => typeof value === "object" && value !== null;
util.inspect = Object.assign(
  (value, options, ...rest) =>
    inspect(value, value instanceof Error && isOptions(options) ? { ...options, colors: false } : options, ...rest),
  inspect,
);
`;

/** The flag of `node` that preloads it. As one word, since the SDK takes a separate `--import` for a TypeScript loader. */
export const preloadFlag = `--import=data:text/javascript,${encodeURIComponent(source)}`;
