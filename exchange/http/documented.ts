/** Answers that many routes share, for the OpenAPI document. */
import { z } from "zod";
import type { Documented } from "./route";
import { error } from "./schemas";

/** A JSON answer. */
export function json(description: string, schema: z.ZodType): Documented {
  return { description, schema };
}

/** A list that CB-BEFORE and CB-AFTER page through. */
export function paged(description: string, item: z.ZodType): Documented {
  return { description, schema: z.array(item), isPaged: true };
}

/** A refusal in the exchange's form. */
export function refusal(description: string): Documented {
  return { description, schema: error };
}

/** What every metered route can answer. */
export const LIMITED = {
  400: refusal("Something in the request is wrong"),
  429: refusal("Too many requests"),
  503: refusal("This node cannot know at the moment; ask again"),
};
/** What every signed route can answer besides. */
export const SIGNED = {
  ...LIMITED,
  401: refusal("The signature, the key, the passphrase or the timestamp is wrong"),
};
/** What a route that changes something can answer besides. */
export const CHANGING = {
  ...SIGNED,
  403: refusal("The key may not do this"),
  413: refusal("The body is too large"),
  415: refusal("The body is not JSON"),
  503: refusal("Not taken (with retry-after: send it again), or the outcome is unknown (ask for it)"),
  504: refusal("The deadline passed and the outcome is unknown (ask for it)"),
};
