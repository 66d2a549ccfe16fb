/** From a command to what it did, or to the answer that says why not: the one way in which REST changes anything. */
import type { Command } from "../machine/commands";
import type { Outcome } from "../machine/events";
import type { Exchange } from "../node/exchange";
import { rejected, submitFailure } from "./errors";

/**
 * Submits, and turns everything but success into the answer for it.
 *
 * @param what - what the client asked for, such as "order".
 * @param ask - how the client learns an outcome that is not known, such as "ask by client_oid 7".
 * @throws HttpError
 */
export async function submitted(
  exchange: Exchange,
  command: Command,
  what: string,
  ask: string,
): Promise<Exclude<Outcome, { ok: false }>> {
  const startedMs = performance.now();
  let outcome: Outcome;
  try {
    outcome = await exchange.submit(command);
  } catch (error) {
    throw submitFailure(error, what, ask, performance.now() - startedMs);
  }
  if (!outcome.ok) throw rejected(outcome);
  return outcome;
}
