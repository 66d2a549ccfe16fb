/** One node as a real process with the sandbox and an operator, behind a door, for the clients' tests. */
import { createClient, sandboxKey, type Answer, type SigningKey } from "../support/client";
import { startExchangeProcess, temporaryFolder, type ExchangeProcess } from "../support/process";
import { openDoor, type Door } from "./door";

const OPERATOR = { name: "operator-1", secret: Buffer.from("a secret of the test's operator").toString("base64") };

/** What the tests of one file share. */
export interface World {
  readonly node: ExchangeProcess;
  readonly door: Door;
  /** A signed request straight to the node, not through the door. Fails unless it is answered. */
  ask(method: string, path: string, body?: unknown, account?: string): Promise<Answer>;
  /** A request of the operator's; fails unless it is done. */
  operate(path: string, body: unknown): Promise<void>;
  close(): Promise<void>;
}

/** Starts it, rates so high that they never matter unless `environment` says otherwise. */
export async function openWorld(environment: Record<string, string> = {}): Promise<World> {
  const folder = temporaryFolder();
  const node = await startExchangeProcess({
    environment: {
      JOURNAL_URL: `embedded:${folder.path}`,
      OPERATOR_KEYS: `${OPERATOR.name}:${OPERATOR.secret}`,
      ACCOUNT_REQUESTS_PER_SECOND: "100000",
      ADDRESS_REQUESTS_PER_SECOND: "100000",
      ...environment,
    },
  });
  const door = await openDoor(node.url);
  const client = createClient();
  const call = async (method: string, path: string, body: unknown, key: SigningKey): Promise<Answer> => {
    const answer = await client.call(node.url, method, path, body, key);
    if (answer.kind === "none") throw new Error(`${method} ${path}: ${answer.reason}`);
    return answer;
  };
  return {
    node,
    door,
    ask: (method, path, body, account = "sandbox-1") => call(method, path, body, sandboxKey(account)),
    operate: async (path, body) => {
      const key = { key: OPERATOR.name, secret: OPERATOR.secret, passphrase: "" };
      const { status, text } = await call("POST", path, body, key);
      if (status !== 200) throw new Error(`POST ${path}: ${String(status)} ${text}`);
    },
    close: async () => {
      client.close();
      await door.close();
      await node.kill();
      folder.remove();
    },
  };
}
