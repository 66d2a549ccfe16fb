/** Proves that logs are JSON without what signs, and that metrics count without naming anybody. Not: that surfaces log nothing else; their tests search their own lines. */
import { afterEach, expect, it } from "vitest";
import type { OrderPlace } from "../../../exchange/machine/commands";
import { createLogger } from "../../../exchange/node/logger";
import { settle } from "../support/manual-time";
import { type LocalExchange, localExchange } from "../support/local-exchange";

const open: LocalExchange[] = [];
afterEach(async () => {
  for (const local of open.splice(0)) await local.close();
});

it("logs JSON with place and node, and empties what signs wherever it stands", () => {
  const lines: string[] = [];
  const settings = { logLevel: "info", place: { cloud: "aws", region: "us-east-2" } } as const;
  const logger = createLogger(settings, "n1", { write: (line: string) => void lines.push(line) });
  const headers = {
    ...{ "cb-access-key": "S3CRET", "cb-access-sign": "S3CRET", "cb-access-passphrase": "S3CRET" },
    ...{ "cb-access-timestamp": "S3CRET", authorization: "S3CRET", cookie: "S3CRET", host: "shown" },
  };
  logger.info({ headers, req: { headers }, request: { headers } }, "one");
  logger.info(
    { secret: "S3CRET", key: { secret: "S3CRET", passphrase: "S3CRET" }, a: { b: { signature: "S3CRET" } } },
    "two",
  );
  logger.debug("not shown");
  expect(lines.length).toBe(2);
  expect(lines.join("")).not.toContain("S3CRET");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    ...{ level: "info", node: "n1", cloud: "aws", region: "us-east-2", msg: "one" },
    ...{ req: { headers: { host: "shown", authorization: "[secret]" } } },
  });
});

it("counts commands by type and result, frames and entries, and names nobody", async () => {
  const local = await localExchange({ name: "n1" });
  open.push(local);
  const order: OrderPlace = {
    type: "order-place",
    orderId: local.exchange.newId(),
    accountId: "sandbox-7",
    productId: "BTC-USD",
    clientOrderId: "my-own-id",
    side: "buy",
    orderType: "limit",
    price: 10_000,
    size: 100_000_000,
    timeInForce: "GTC",
    postOnly: false,
    selfTradePrevention: "dc",
  };
  await local.exchange.submit(order);
  await local.exchange.submit({ ...order, productId: "NO-SUCH", clientOrderId: "other" });
  expect(await local.metrics.registry.getSingleMetricAsString("exchange_journal_appending")).toMatch(/ 1$/);
  local.journal.appendMode = "full";
  await expect(local.exchange.submit(order)).rejects.toMatchObject({ name: "NotTaken", reason: "full" });
  local.journal.appendMode = "lost";
  local.journal.statusOverride = { appending: false };
  expect(await local.metrics.registry.getSingleMetricAsString("exchange_journal_appending")).toMatch(/ 0$/);
  const unknown = local.exchange.submit(order).catch((error: unknown) => error);
  await settle();
  await local.close();
  expect(await unknown).toMatchObject({ name: "OutcomeUnknown" });
  const text = await local.metrics.registry.metrics();
  const value = (name: string): string | undefined =>
    text
      .split("\n")
      .find((line) => line.startsWith(`${name} `))
      ?.split(" ")[1];
  const results = ["ok", "rejected", "not-taken", "unknown"].map((result) =>
    value(`exchange_commands_total{type="order-place",result="${result}"}`),
  );
  expect(results).toEqual(["1", "1", "1", "1"]);
  expect(value("exchange_applied_sequence")).toBe(String(local.machine.sequence));
  expect(value("exchange_journal_entries_applied_total")).toBe(String(local.machine.sequence));
  expect([value("exchange_voters"), value("exchange_voters_reached"), value("exchange_waiting_commands")]).toEqual([
    "1",
    "1",
    "0",
  ]);
  expect(value("exchange_command_seconds_count")).toBe("54"); // 50 make the sandbox
  for (const name of ["sandbox-7", "my-own-id", order.orderId]) expect(text).not.toContain(name);
});
