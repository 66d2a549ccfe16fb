/** The sandbox: two products and nine funded accounts with public keys, made through the journal like everything else. */
import type { Command } from "../machine/commands";
import type { MachineView } from "../machine/view";
import { SANDBOX_ACCOUNTS } from "./api-keys";
import type { Exchange } from "./exchange";

const OPERATOR = "sandbox";
/** Coinbase Exchange shows dollars with 16 decimals; at cents times 10^-8 lots no value and no fee in basis points is ever rounded. */
const CURRENCIES = [
  { id: "BTC", name: "Bitcoin", scale: 8, funds: 1_000n },
  { id: "ETH", name: "Ether", scale: 8, funds: 10_000n },
  { id: "USD", name: "United States Dollar", scale: 16, funds: 100_000_000n },
] as const;
const DOLLAR = 10n ** 16n;
const PRICE_SCALE = 2;
const SIZE_SCALE = 8;
/** What Coinbase Exchange asks in its lowest tier. */
const MAKER_FEE_BASIS_POINTS = 40;
const TAKER_FEE_BASIS_POINTS = 60;

/** The commands that are still missing, in an order in which each finds what it needs. None when the sandbox is whole. */
export function sandboxCommands(view: Pick<MachineView, "currency" | "product" | "hasAccount" | "key">): Command[] {
  const commands: Command[] = [];
  for (const { id, name, scale } of CURRENCIES) {
    if (view.currency(id) === undefined)
      commands.push({ type: "currency-create", operator: OPERATOR, id, name, scale });
  }
  for (const baseCurrency of ["BTC", "ETH"]) {
    const id = `${baseCurrency}-USD`;
    if (view.product(id) === undefined) commands.push(productCommand(id, baseCurrency));
  }
  for (let number = 1; number <= SANDBOX_ACCOUNTS; number += 1) {
    const accountId = `sandbox-${String(number)}`;
    if (!view.hasAccount(accountId)) commands.push({ type: "account-create", operator: OPERATOR, accountId });
    if (view.key(accountId) === undefined) {
      commands.push({ type: "key-issue", operator: OPERATOR, keyId: accountId, accountId, canTrade: true });
    }
    for (const { id: currency, scale, funds } of CURRENCIES) {
      const amount = String(funds * 10n ** BigInt(scale));
      // The reference makes the credit happen once, however many nodes start at the same time, and however often.
      commands.push({
        type: "credit",
        operator: OPERATOR,
        accountId,
        currency,
        amount,
        reference: `sandbox-${currency}`,
      });
    }
  }
  // Accounts are funded in the frame that makes them or in a later one of the same list; a whole sandbox needs no credits again.
  return view.key(`sandbox-${String(SANDBOX_ACCOUNTS)}`) === undefined ? commands : [];
}

function productCommand(id: string, baseCurrency: string): Command {
  return {
    type: "product-create",
    operator: OPERATOR,
    id,
    baseCurrency,
    quoteCurrency: "USD",
    priceScale: PRICE_SCALE,
    sizeScale: SIZE_SCALE,
    minMarketFunds: String(DOLLAR),
    makerFeeBasisPoints: MAKER_FEE_BASIS_POINTS,
    takerFeeBasisPoints: TAKER_FEE_BASIS_POINTS,
  };
}

/**
 * Makes what is missing. Several nodes may do so at once: what exists already is refused and changes nothing.
 *
 * @throws OutcomeUnknown, NotTaken as `Exchange.submit`; to be called again then.
 */
export async function makeSandbox(exchange: Pick<Exchange, "view" | "submit">): Promise<void> {
  const outcomes = await Promise.all(sandboxCommands(exchange.view).map((command) => exchange.submit(command)));
  const wrong = outcomes.find((outcome) => !outcome.ok && outcome.code !== "exists");
  if (wrong?.ok === false) throw new Error(`the sandbox could not be made: ${wrong.message}`);
}
