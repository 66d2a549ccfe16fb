/**
 * The dead man's switch. It is frozen, and says so, while a book in which the account has orders is not `full`: an owner who may not
 * be able to reach or to change that book is not to be punished for it. With the last such book back it gets its whole timeout again.
 */
import type { MachineEvent } from "./events";
import { GAP_MS_MAX } from "./limits";
import type { Account, Run, State } from "./state";

function say(run: Run, account: Account, state: Extract<MachineEvent, { type: "cancel-after" }>["state"]): void {
  run.events.push({ type: "cancel-after", accountId: account.id, at: run.state.now, state });
}

function isHeldUp(state: State, account: Account): boolean {
  for (const [productId, { open }] of account.stakes) {
    if (open > 0 && state.products.get(productId)?.mode !== "full") return true;
  }
  return false;
}

/** Arms the switch anew; 0 disarms it. */
export function arm(run: Run, account: Account, timeoutMs: number): void {
  if (timeoutMs === 0) {
    if (account.cancelAfter === undefined) return;
    disarm(run, account);
    say(run, account, "disarmed");
    return;
  }
  const frozen = isHeldUp(run.state, account);
  account.cancelAfter = { timeoutMs, deadline: run.state.now + timeoutMs, frozen };
  run.state.armed.set(account.id, account);
  say(run, account, frozen ? "frozen" : "armed");
}

function disarm(run: Run, account: Account): void {
  account.cancelAfter = undefined;
  run.state.armed.delete(account.id);
}

/** Freezes or thaws the account's switch after its orders or a book's mode changed. */
export function reviewFreeze(run: Run, account: Account): void {
  const armed = account.cancelAfter;
  if (armed === undefined) return;
  const frozen = isHeldUp(run.state, account);
  if (frozen === armed.frozen) return;
  armed.frozen = frozen;
  armed.deadline = run.state.now + armed.timeoutMs;
  say(run, account, frozen ? "frozen" : "armed");
}

/** The same for every account, after a book's mode changed. */
export function reviewAllFreezes(run: Run): void {
  for (const account of armedInOrder(run.state)) reviewFreeze(run, account);
}

/** Moves every deadline past a time in which nobody could reach the exchange: while a switch is armed, nodes let time pass each second. */
export function bridgeGap(state: State, gapMs: number): void {
  if (gapMs <= GAP_MS_MAX) return;
  for (const account of state.armed.values()) {
    if (account.cancelAfter !== undefined) account.cancelAfter.deadline += gapMs;
  }
}

/** Accounts whose switch is due, disarmed now, by (deadline, id). Their orders are the caller's to cancel. */
export function fireDue(run: Run): Account[] {
  const due = [...run.state.armed.values()].filter(
    ({ cancelAfter }) => cancelAfter !== undefined && !cancelAfter.frozen && cancelAfter.deadline <= run.state.now,
  );
  due.sort((one, other) => deadlineOf(one) - deadlineOf(other) || (one.id < other.id ? -1 : 1));
  for (const account of due) {
    disarm(run, account);
    say(run, account, "fired");
  }
  return due;
}

function deadlineOf(account: Account): number {
  return account.cancelAfter?.deadline ?? Infinity;
}

/** Not in the order in which they were armed: a snapshot would not know it. */
function armedInOrder(state: State): Account[] {
  return [...state.armed.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
}
