import { spawn, type ChildProcess } from "node:child_process";
import { closedEnvironment } from "./child";
import { deferred } from "../engine/callbacks";
import type { Standing } from "./ending";

/** How long Node.js may take to listen, in milliseconds; a program that catches the signal never lets it. */
const listenPatience = 3000;
/** How long the answer may take then, in milliseconds: the program is stopped after it in any case. A busy machine takes seconds. */
const answerPatience = 10_000;

/**
 * Asks a program that does not end what it does: SIGUSR1 makes Node.js listen for its inspector, also in the middle of a loop
 * (https://nodejs.org/en/learn/getting-started/debugging), and the inspector's protocol pauses it wherever it is. Answers `undefined`
 * where that does not work: on Windows, or when the program catches the signal.
 *
 * @param said - the address that Node.js writes to the program's standard error, once it is there.
 */
export async function standingOf(child: ChildProcess, said: Promise<string>): Promise<Standing | undefined> {
  // One that has stopped itself answers nothing before it goes on.
  if (process.platform === "win32" || !child.kill("SIGCONT") || !child.kill("SIGUSR1")) return undefined;
  const address = await within(listenPatience, said);
  if (address === undefined) return undefined;
  const stop = new AbortController();
  try {
    return await within(answerPatience, ask(address, stop.signal));
  } finally {
    stop.abort();
  }
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = deferred<undefined>();
  const timer = setTimeout(() => {
    resolve(undefined);
  }, milliseconds);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The line with which Node.js says where its inspector listens. */
export const inspectorLine = /^Debugger listening on (ws:\/\/\S+)$/m;

/** What a program is asked, where it stands. */
const question = `JSON.stringify({
  stack: String(new Error("").stack),
  open: globalThis[Symbol.for("twodoor.open")]?.() ?? [],
})`;

/**
 * Runs in a process of its own, since a client for web sockets is built into Node.js 22 and hidden behind a flag in 20. A program that waits
 * is paused by the evaluation itself, one that runs by the pause.
 */
const client = `
const socket = new WebSocket(process.argv[1]);
let id = 0;
const send = (method, params = {}) => socket.send(JSON.stringify({ id: ++id, method, params }));
socket.onopen = () => {
  send("Debugger.enable");
  send("Debugger.pause");
  setTimeout(() => send("Runtime.evaluate", { expression: "0" }), 200);
};
let asked;
socket.onmessage = ({ data }) => {
  const { id: answers, method, params, result } = JSON.parse(data);
  if (method === "Debugger.paused" && asked === undefined) {
    send("Debugger.evaluateOnCallFrame", {
      callFrameId: params.callFrames[0].callFrameId,
      expression: ${JSON.stringify(question)},
      returnByValue: true,
    });
    asked = id;
  }
  if (asked !== undefined && answers === asked) process.stdout.write(String(result?.result?.value ?? ""), () => process.exit());
};
socket.onerror = () => process.exit();
`;

async function ask(address: string, signal: AbortSignal): Promise<Standing | undefined> {
  const flags = ["--no-warnings", ...(process.versions.node.startsWith("20.") ? ["--experimental-websocket"] : [])];
  const asking = spawn(process.execPath, [...flags, "-e", client, address], {
    stdio: ["ignore", "pipe", "ignore"],
    env: closedEnvironment(),
    signal,
    killSignal: "SIGKILL",
  });
  let answer = "";
  asking.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    answer += chunk;
  });
  const { promise, resolve } = deferred<undefined>();
  const done = () => {
    resolve(undefined);
  };
  asking.once("close", done).once("error", done);
  await promise;
  return standingIn(answer);
}

function standingIn(answer: string): Standing | undefined {
  try {
    const { stack, open } = JSON.parse(answer) as Standing;
    return { stack, open };
  } catch {
    return undefined;
  }
}
