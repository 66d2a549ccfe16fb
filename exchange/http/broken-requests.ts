/**
 * What Node's parser refuses: too large a head, too slow a client, what is not HTTP. The refusal is written to the socket itself, past every answer that is
 * still being made; so it waits for the answers to the requests before it. Otherwise a client that sent an order, and something broken after it, would read the
 * refusal as the order's, while the order stands.
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { afterAnswers, watchAnswers } from "./pending-answers";

const KNOWN: ReadonlyMap<string, readonly [status: string, message: string]> = new Map([
  ["HPE_HEADER_OVERFLOW", ["431 Request Header Fields Too Large", "the head of the request is too large"]],
  ["ERR_HTTP_REQUEST_TIMEOUT", ["408 Request Timeout", "the request took too long"]],
]);
const JSON_TYPE = "application/json; charset=utf-8";
const NOT_HTTP = ["400 Bad Request", "the request is not valid HTTP"] as const;

/** Answers on a bare socket, in the exchange's form, and ends it. */
function answerAndEnd(socket: Duplex, status: string, message: string): void {
  const body = JSON.stringify({ message });
  socket.end(
    `HTTP/1.1 ${status}\r\ncontent-type: ${JSON_TYPE}\r\ncontent-length: ${String(Buffer.byteLength(body))}\r\nconnection: close\r\n\r\n${body}`,
  );
}

/** Refuses broken requests, each in its turn. */
export class BrokenRequests {
  /** Sockets whose refusal waits. */
  readonly #refused = new WeakSet<Duplex>();

  /** Watches the server's requests, and refuses those that Node would answer without a body, or not at all. */
  watch(server: Server, answerMs: number): void {
    server.on("connect", (_request: IncomingMessage, socket: Duplex) => {
      socket.on("error", () => undefined);
      afterAnswers(socket, () => {
        // Node's own timeouts do not watch this socket any more
        socket.once("finish", () => socket.destroy());
        answerAndEnd(socket, "405 Method Not Allowed", "Method not allowed");
      });
    });
    server.on("checkExpectation", (_request: IncomingMessage, response: ServerResponse) => {
      const body = JSON.stringify({ message: "of expectations only 100-continue is known" });
      response.writeHead(417, { "content-type": JSON_TYPE, "content-length": Buffer.byteLength(body) }).end(body);
    });
    watchAnswers(server, answerMs);
  }

  /** Node's `clientError`. */
  refuse(error: Error & { code?: string }, socket: Duplex): void {
    if (!socket.writable || error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    if (this.#refused.has(socket)) return;
    this.#refused.add(socket);
    const [status, message] = KNOWN.get(error.code ?? "") ?? NOT_HTTP;
    afterAnswers(socket, () => {
      if (socket.writable) answerAndEnd(socket, status, message);
      else socket.destroy();
    });
  }
}
