/**
 * The judge of a history. Pure: no clock, no network. It looks at each order alone (orders share no state but money, which is judged as
 * sums), so the search for a legal serial order, exponential in general, stays small.
 */
import { feedFindings } from "./feeds-judged";
import type { Finding, History } from "./history";
import { ledgerFindings } from "./money-judged";
import { nodeFindings } from "./nodes-judged";
import { orderFindings } from "./orders-judged";

/**
 * Judges a history. Empty: nothing wrong was found. An order whose history is too large to search gives `undecided`, which is a finding:
 * what was not judged is not a pass.
 */
export function judge(history: History): Finding[] {
  return [...nodeFindings(history), ...orderFindings(history), ...feedFindings(history), ...ledgerFindings(history)];
}
