import { hidden, isSecret, unknownValue, type Json } from "../../resilience/values";
import type { UnansweredCall } from "../plan-types";

/** Thrown by a strict plan when data sources had no answer. */
export class UnansweredError extends Error {
  /** The calls, in the order of the plan. */
  readonly calls: UnansweredCall[];

  /** @param calls - at least one call. */
  constructor(calls: UnansweredCall[]) {
    const count = calls.length === 1 ? "1 data source has" : `${String(calls.length)} data sources have`;
    const lines = calls.map(({ token, args }) => `  ${token} ${JSON.stringify(args, readable)}`);
    super(
      `${count} no answer:\n${lines.join("\n")}\nWrite what to fill in with --save-questions FILE, and hand it back with --answers FILE`,
    );
    this.name = "UnansweredError";
    this.calls = calls;
  }
}

/** Unknown values and secrets are marks that nobody knows by sight. */
export function readable(_key: string, value: Json): Json {
  if (isSecret(value)) return hidden;
  return value === unknownValue ? "(unknown)" : value;
}
