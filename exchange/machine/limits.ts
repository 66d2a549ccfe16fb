/**
 * Every bound of the machine. What goes beyond a bound is dropped, or refused, by count alone, so that every node drops and refuses the same.
 * A change here changes what an old log replays to: it needs a new version of the frame.
 */

/** Open orders of one account in one product, as Coinbase Exchange documents: https://docs.cdp.coinbase.com/api-reference/exchange-api/rest-api/orders/create-new-order */
export const OPEN_ORDERS_MAX = 500;
/** Closed orders kept for each account, the last ones: what a client can still ask for, and how long a client order id stays taken. */
export const CLOSED_ORDERS_KEPT = 10_000;
/** Fills kept for each account: as many as closed orders, since most orders close with one. */
export const FILLS_KEPT = 10_000;
/** Fills and transfers kept in each account's ledger. A fill is an entry for each currency and one for its fee. */
export const LEDGER_KEPT = 10_000;
/** References of credits and debits remembered for each account, so that a repeated one changes nothing. */
export const REFERENCES_KEPT = 10_000;
/** Trades kept for each product: Coinbase Exchange serves at most 1,000 a page. */
export const TRADES_KEPT = 1_000;
/** Candles kept for each granularity: Coinbase Exchange serves at most 300 a request. The 24 hours of the statistics are read from the 289 newest of 300 s. */
export const CANDLES_KEPT = 300;
/** Seconds of a candle that Coinbase Exchange knows. */
export const GRANULARITIES: readonly number[] = [60, 300, 900, 3600, 21_600, 86_400];
/** Operators' commands kept. */
export const AUDIT_KEPT = 10_000;
/** Frame ids remembered: at a thousand frames a second, 100 s of retries, far beyond any append's deadline. */
export const FRAMES_KEPT = 100_000;
/** Currencies, products, accounts and keys are made by operators; these bounds keep a slip of theirs from filling the memory. */
export const CURRENCIES_MAX = 1_000;
/** Products in all. */
export const PRODUCTS_MAX = 1_000;
/** Accounts in all. */
export const ACCOUNTS_MAX = 100_000;
/** Keys in all, revoked ones too: a revoked id must never come back. */
export const KEYS_MAX = 200_000;
/** Events that one epoch has room for in each product's sequence. */
export const EPOCH_SPAN = 2 ** 40;
/** Highest epoch: `2^53 / 2^40` is 8,192, and sequences must stay safe integers. */
export const EPOCH_MAX = 8_000;
/** Basis points of a whole: fees are whole basis points of the value. */
export const BASIS_POINTS = 10_000n;
/** Nodes let time pass each second while a switch is armed: a longer gap means that nobody could reach the exchange. */
export const GAP_MS_MAX = 5_000;
/** Longest dead man's switch: one day, like other venues' (Kraken documents 86,400 s). */
export const CANCEL_AFTER_MS_MAX = 86_400_000;
/** Last millisecond of the year 9999: later ones have no ISO text of four digits. */
export const TIME_MAX = 253_402_300_799_999;
