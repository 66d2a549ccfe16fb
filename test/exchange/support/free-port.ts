/** Addresses for processes that tests start. */
import { type AddressInfo, createServer } from "node:net";

/** A port that was free a moment ago, for what must be told its address before it listens, or come back at the same one. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
