/** Which requests of a connection have no answer yet. For what is written to a socket past Node's own order of answers. */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";

/** As many of each socket as Node reads ahead. */
const PENDING = new WeakMap<Duplex, Set<ServerResponse>>();

/** Watches a server's requests from here on. One whose answer is not taken whole within `answerMs` milliseconds ends its connection. */
export function watchAnswers(server: Server, answerMs: number): void {
  server.prependListener("request", ({ socket }: IncomingMessage, response: ServerResponse) => {
    const pending = PENDING.get(socket) ?? new Set();
    PENDING.set(socket, pending);
    pending.add(response);
    const timer = setTimeout(() => socket.destroy(), answerMs).unref();
    response.once("close", () => {
      clearTimeout(timer);
      pending.delete(response);
    });
  });
}

/** Calls when each request of the socket that came whole has its answer; at once where none waits. Never, where the socket is gone first. */
export function afterAnswers(socket: Duplex, call: () => void): void {
  const last = [...(PENDING.get(socket) ?? [])].filter(({ req }) => req.complete).at(-1);
  if (last === undefined) call();
  else {
    last.once("close", () => {
      if (!socket.destroyed) call();
    });
  }
}
