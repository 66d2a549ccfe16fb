/**
 * Wrote `golden-v1.jsonl`, once: `npx tsx test/exchange/machine/golden-write.ts > golden.jsonl`. The fixture is what counts and is never written anew for a change of the
 * machine: it stands for the logs that are out there. A new version of frames or commands gets a fixture of its own.
 */
import fc from "fast-check";
import type { Command } from "../../../exchange/machine/commands";
import { encodeFrame } from "../../../exchange/machine/frame";
import { ACCOUNTS, logOf, orderId, PRODUCTS, START, steps } from "./commands";

const operator = "op";
const text = (payload: Uint8Array): string => Buffer.from(payload).toString("utf8");

const [list = []] = fc.sample(steps(120), { seed: 42, numRuns: 1 });
const more = fc.sample(steps(120), { seed: 43, numRuns: 8 }).flat();
const lines = logOf(list).map(({ payload }) => text(payload));

let at = START + 1_000_000;
const add = (...commands: Command[]): void => {
  at += 250;
  lines.push(text(encodeFrame({ v: 1, id: `more-${lines.length}`, node: "node-b", at, commands })));
};
for (const accountId of ACCOUNTS)
  add({ type: "key-issue", operator, keyId: `key-${accountId}`, accountId, canTrade: accountId !== "cy" });
add({ type: "key-revoke", operator, keyId: "key-bob" });
add({ type: "epoch-start", operator, epoch: 7 });
add({ type: "mode-set", operator, productId: "BTC-USD", mode: "full", reason: 'Ünïcode — \u2028 and "quotes"' });
add({ type: "mode-set", operator, productId: "ETH-BTC", mode: "full", reason: "" });
for (const accountId of ACCOUNTS) {
  for (const currency of ["BTC", "ETH", "USD"]) {
    add({ type: "credit", operator, accountId, currency, amount: "9000000000", reference: `second-${currency}` });
  }
}
add({ type: "debit", operator, accountId: "ann", currency: "USD", amount: "123", reference: "out" });
// Orders that are numbered on, several to a frame.
let orders = 1_000;
for (let from = 0; from < more.length; from += 4) {
  if (from % 12 === 0) {
    add(...PRODUCTS.map((productId): Command => ({ type: "mode-set", operator, productId, mode: "full", reason: "" })));
  }
  add(
    ...more.slice(from, from + 4).map(({ command }): Command => {
      if (command.type !== "order-place") return command;
      orders += 1;
      const { clientOrderId, ...placed } = { ...command, orderId: orderId(orders) };
      const named = clientOrderId === undefined ? placed : { ...placed, clientOrderId: `m-${orders}` };
      return named.expiresAt === undefined ? named : { ...named, expiresAt: at + 5_000 };
    }),
  );
}
add({ type: "cancel-after", accountId: "ann", timeoutMs: 60_000 });
add({ type: "checkpoint", atSequence: 5, hash: "a hash" }, { type: "tick" });
lines.push(lines[5] ?? "", "no frame at all", '{"v":1}');
const wrong: unknown = { type: "order-cancel", accountId: 5 };
add(wrong as Command, { type: "orders-cancel-all", accountId: "cy", operator });
process.stdout.write(`${lines.join("\n")}\n`);
