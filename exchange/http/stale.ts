/** Private reads on a node that cannot learn whether it has seen everything that was acknowledged. */
import { HttpError } from "./errors";

/** Comes with what is found and may be old. */
export const STALE: Readonly<Record<string, string>> = { "exchange-stale": "true" };

/**
 * What was found. Where nothing was, "there is none" is only said by a node that knows.
 *
 * @throws HttpError 404 with this message, or 503 where the node may be behind.
 */
export function orMissing<T>(found: T | undefined, isCurrent: boolean, message: string): T {
  if (found !== undefined) return found;
  if (isCurrent) throw new HttpError(404, message);
  throw new HttpError(503, "this node may be behind and does not know it; ask again");
}
