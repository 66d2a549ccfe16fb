/**
 * Pages by cursor, as Coinbase Exchange has them (https://docs.cdp.coinbase.com/exchange/rest-api/pagination): newest first; CB-BEFORE is the
 * cursor of the first entry, and `before=` asks for what is newer; CB-AFTER that of the last, and `after=` asks for what is older.
 */
import type { Page } from "../machine/view";

/** Entries of a page when the client does not say: as many as there can be, as Coinbase Exchange documents. */
export const PAGE_LIMIT = 1_000;

/** What a client asks for. */
export interface PageQuery {
  readonly before?: number | undefined;
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

/** The same in the machine's words, in which `before` is older and `after` newer. */
export function pageOf({ before, after, limit = PAGE_LIMIT }: PageQuery): Page {
  return {
    ...(after === undefined ? {} : { before: after }),
    ...(before === undefined ? {} : { after: before }),
    limit,
  };
}

/** The two headers for a page with these cursors, in its order; none for an empty page. */
export function cursorHeaders(cursors: readonly (number | string)[]): Record<string, string> {
  const first = cursors[0];
  const last = cursors.at(-1);
  return first === undefined || last === undefined ? {} : { "cb-before": String(first), "cb-after": String(last) };
}
