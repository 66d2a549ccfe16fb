/** ccxt pro, unmodified, as its users make it and watch with it. */
import ccxt from "ccxt";

type ProClient = InstanceType<typeof ccxt.pro.coinbaseexchange>;

/** A client of a sandbox account behind a port of this machine, its markets loaded. `options` are ccxt's own. */
export async function proClient(port: number, account: string, options: object = {}): Promise<ProClient> {
  const base = `127.0.0.1:${String(port)}`;
  const client = new ccxt.pro.coinbaseexchange({
    apiKey: account,
    secret: Buffer.from(`${account}-secret`).toString("base64"),
    password: account,
    enableRateLimit: false,
    options,
    urls: { api: { public: `http://${base}`, private: `http://${base}`, ws: `ws://${base}` } },
  });
  // Plain ws:// needs an agent, which ccxt loads here.
  await client.loadHttpProxyAgent();
  await client.loadMarkets();
  return client;
}

/** Watches until stopped, through lost sockets as a careful user does: a lost connection is an error of ccxt's class NetworkError, and is watched again. */
export function watching(watch: () => Promise<unknown>): { errors: string[]; stop: () => void } {
  const stopping = new AbortController();
  const isStopped = (): boolean => stopping.signal.aborted;
  const errors: string[] = [];
  void (async () => {
    while (!isStopped()) {
      try {
        await watch();
      } catch (error) {
        if (!isStopped()) errors.push(error instanceof Error ? error.constructor.name : String(error));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  })();
  return {
    errors,
    stop: () => {
      stopping.abort();
    },
  };
}
