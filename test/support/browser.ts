/**
 * A real Chromium, driven over its DevTools pipe (https://chromedevtools.github.io/devtools-protocol/, `--remote-debugging-pipe`: JSON messages that end
 * with a NUL, to its file descriptor 3 and from its 4), so that a test needs no driver of its own.
 */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";

const COMMANDS = ["chromium", "chromium-browser", "google-chrome"];

/** Why no browser can be had, or nothing where one can. */
export function browserMissing(): string | undefined {
  return commandOf() === undefined ? "no Chromium; install one with `apt-get install chromium`" : undefined;
}

function commandOf(): string | undefined {
  return COMMANDS.find((command) => spawnSync(command, ["--version"]).status === 0);
}

interface Answer {
  id?: number;
  sessionId?: string;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
  error?: { message: string };
}

/** One page of a browser. */
export class BrowserPage {
  /** Addresses that the page asked for, and what it said on its console. */
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  readonly #process: ChildProcess;
  readonly #input: Writable;
  readonly #directory: string;
  readonly #waiting = new Map<number, (answer: Answer) => void>();
  readonly #events: { method: string; resolve: () => void }[] = [];
  #sessionId: string | undefined;
  #last = 0;

  private constructor(command: string) {
    this.#directory = mkdtempSync(join(tmpdir(), "twodoor-browser-"));
    const flags = ["--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"];
    this.#process = spawn(command, [...flags, `--user-data-dir=${this.#directory}`, "about:blank"], {
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
    });
    this.#input = this.#process.stdio[3] as Writable;
    let text = "";
    (this.#process.stdio[4] as Readable).setEncoding("utf8").on("data", (chunk: string) => {
      const messages = (text + chunk).split("\0");
      text = messages.pop() ?? "";
      for (const message of messages) this.#receive(JSON.parse(message));
    });
  }

  /** Starts a browser with one empty page. */
  static async open(): Promise<BrowserPage> {
    const command = commandOf();
    if (command === undefined) throw new Error(browserMissing());
    const page = new BrowserPage(command);
    const { targetId } = await page.send("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await page.send("Target.attachToTarget", { targetId, flatten: true });
    page.#sessionId = String(sessionId);
    for (const domain of ["Page", "Runtime", "Network", "Log"]) await page.send(`${domain}.enable`);
    return page;
  }

  /** Sends one command of the protocol and waits for its answer. */
  async send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    const answered = new Promise<Answer>((resolve) => this.#waiting.set(id, resolve));
    const session = this.#sessionId === undefined ? {} : { sessionId: this.#sessionId };
    this.#input.write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    const { result, error } = await answered;
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result ?? {};
  }

  /** Opens an address and waits until it is loaded. */
  async goto(url: string): Promise<void> {
    const loaded = new Promise<void>((resolve) => this.#events.push({ method: "Page.loadEventFired", resolve }));
    await this.send("Page.navigate", { url });
    await loaded;
  }

  /** What an expression comes to in the page. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.send("Runtime.evaluate", { expression, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value?: unknown }).value;
  }

  /** Presses and releases a key that types nothing, by its name: `ArrowDown`, `Tab`. */
  async press(key: string): Promise<void> {
    const code = { ArrowDown: 40, ArrowUp: 38, Tab: 9, Enter: 13 }[key];
    for (const type of ["rawKeyDown", "keyUp"])
      await this.send("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code });
  }

  /** Clicks into the middle of what a selector finds. */
  async click(selector: string): Promise<void> {
    const place = await this.evaluate(
      `(() => { const found = document.querySelector(${JSON.stringify(selector)}); found.scrollIntoView({ block: "center", behavior: "instant" }); const { x, y, width, height } = found.getBoundingClientRect(); return { x: x + width / 2, y: y + height / 2 }; })()`,
    );
    for (const type of ["mousePressed", "mouseReleased"])
      await this.send("Input.dispatchMouseEvent", { type, ...(place as object), button: "left", clickCount: 1 });
  }

  /** Ends the browser. */
  async close(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once("exit", resolve));
    this.#sessionId = undefined;
    // It may be gone before it answers.
    void this.send("Browser.close");
    await ended;
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  #receive(answer: Answer): void {
    const { id, method, params } = answer;
    if (id !== undefined) this.#waiting.get(id)?.(answer);
    if (method === "Network.requestWillBeSent") this.requests.push((params?.["request"] as { url: string }).url);
    if (method === "Log.entryAdded" || method === "Runtime.exceptionThrown")
      this.complaints.push(JSON.stringify(params));
    const at = this.#events.findIndex((event) => event.method === method);
    if (at >= 0) this.#events.splice(at, 1)[0]?.resolve();
  }
}
