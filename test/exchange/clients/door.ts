/** A door in front of a node that goes wrong as told: requests pass through it until it is told what to do with the next ones. */
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What happens to one request. `pass`; `lose-answer`: the node does it, the client's connection is reset before the answer; `hold-answer`:
 * the node does it, the client never hears; `lose-request`: reset before the node sees anything; a number: that status, from the door.
 */
export type Fate = "pass" | "lose-answer" | "hold-answer" | "lose-request" | number;

/** A request that came to the door. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

/** A door that listens. */
export interface Door {
  readonly url: string;
  /** Every request so far, in order. */
  readonly seen: Seen[];
  /** Fates of the next requests, first to last; `pass` when none is left. */
  readonly fates: Fate[];
  close(): Promise<void>;
}

/** Opens a door in front of `target`, such as `http://127.0.0.1:8080`. */
export async function openDoor(target: string): Promise<Door> {
  const seen: Seen[] = [];
  const fates: Fate[] = [];
  const server = createServer((incoming, answer) => {
    void bodyOf(incoming).then((body) => {
      const { method = "", url: path = "", headers } = incoming;
      seen.push({ method, path, body, headers });
      const fate = fates.shift() ?? "pass";
      if (fate === "lose-request") incoming.socket.destroy();
      else if (typeof fate === "number") answer.writeHead(fate).end("the door says so");
      else forward(target, { method, path, body, headers }, answer, fate);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    seen,
    fates,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(message: IncomingMessage): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of message.setEncoding("utf8")) chunks.push(String(chunk));
  return chunks.join("");
}

function forward(target: string, { method, path, body, headers }: Seen, answer: ServerResponse, fate: Fate): void {
  const onward = request(new URL(path, target), { method, headers }, (response) => {
    void bodyOf(response).then((text) => {
      if (fate === "lose-answer") answer.socket?.destroy();
      else if (fate === "pass") {
        answer.writeHead(response.statusCode ?? 500, { "content-type": response.headers["content-type"] ?? "" });
        answer.end(text);
      }
    });
  });
  onward.on("error", () => answer.socket?.destroy());
  onward.end(body);
}
