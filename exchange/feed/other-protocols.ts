/** Upgrades to protocols that are not spoken here. */
import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";

/** Headers that are about the one connection and the upgrade. */
const HOP = /^(?:connection|upgrade|http2-settings)$/i;

/** Whether the request asks for a WebSocket, and not for something else that Node calls an upgrade as soon as somebody takes upgrades. */
export function asksForWebSocket(request: IncomingMessage): boolean {
  return request.headers.upgrade?.toLowerCase() === "websocket";
}

/**
 * Lets the server read the request again as if it offered no upgrade: whoever does not know the protocol must answer like that (RFC 9110 §7.8), and
 * Java's HttpClient offers h2c with each request over plain http. It can come here only once, since the offer is gone.
 *
 * @param head - what the socket had brought beyond the request's head.
 */
export function withoutUpgrade(server: Server, request: IncomingMessage, socket: Duplex, head: Buffer): void {
  const { method = "GET", url = "/", httpVersion, rawHeaders } = request;
  const isLast = /(?:^|,)\s*close\s*(?:,|$)/i.test(request.headers.connection ?? "");
  const lines = [`${method} ${url} HTTP/${httpVersion}`];
  rawHeaders.forEach((name, index) => {
    if (index % 2 === 0 && !HOP.test(name)) lines.push(`${name}: ${rawHeaders[index + 1] ?? ""}`);
  });
  if (isLast) lines.push("connection: close");
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit("connection", socket);
}
