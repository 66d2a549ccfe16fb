/** What a client that is refused or cut gets to see, and what the node counts of it. */
import { request } from "node:http";
import type { World } from "./world";

/** The value of a counter `exchange_feed_cuts_total`. */
export async function cutsOf(world: World, reason: string): Promise<number> {
  const values = (await world.registry.getSingleMetric("exchange_feed_cuts_total")!.get()).values;
  return values.find(({ labels }) => labels["reason"] === reason)?.value ?? 0;
}

/** Tries to open a socket; the status and the message of the answer when it is refused. */
export function refusedBy(
  world: World,
  path: string,
  headers: Record<string, string> = {},
): Promise<[number | undefined, string]> {
  return new Promise((resolve, reject) => {
    const upgrade = {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    };
    const asked = request({
      port: Number(new URL(world.url).port),
      host: "127.0.0.1",
      path,
      headers: { ...upgrade, ...headers },
    });
    asked.on("response", (answer) => {
      let body = "";
      answer.on("data", (chunk: Buffer) => (body += chunk.toString()));
      answer.on("end", () => {
        resolve([answer.statusCode, JSON.parse(body).message]);
      });
    });
    asked.on("upgrade", (_answer, socket) => {
      socket.destroy();
      resolve([101, ""]);
    });
    asked.on("error", reject);
    asked.end();
  });
}
