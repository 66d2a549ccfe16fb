/** Request bodies and queries: bytes to values, strictly. Numbers stay the text that the client sent. */
import { parse } from "lossless-json";
import { HttpError } from "./errors";

/** Largest body in bytes. An order is below 1 KB. */
export const BODY_BYTES_MAX = 16_384;

/** A JSON number as the client wrote it: `1e999` and forty digits are neither rounded nor infinite. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

const UTF8 = new TextDecoder("utf-8", { fatal: true });

/**
 * Reads a JSON body.
 *
 * @returns `{}` for an empty body: ccxt sends DELETE with the JSON content type and without one.
 * @throws HttpError 400 for invalid UTF-8, for what is not JSON, and for a key that comes twice with different values. `__proto__` is a key
 * like any other, which no schema names.
 */
export function parseBody(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  const value = parseJson(decode(body));
  // A number alone would pass for an object with one member
  return value instanceof NumberText ? value.text : value;
}

function decode(body: Uint8Array): string {
  try {
    return UTF8.decode(body);
  } catch {
    throw new HttpError(400, "the body is not valid UTF-8");
  }
}

function parseJson(text: string): unknown {
  try {
    return parse(text, null, (number: string) => new NumberText(number));
  } catch (error) {
    // Thousands of nested brackets end the parser's recursion with a RangeError: as bad a body as one with a syntax error
    const isDuplicate = error instanceof SyntaxError && error.message.startsWith("Duplicate key");
    throw new HttpError(400, isDuplicate ? "a key comes twice in the body" : "the body is not valid JSON");
  }
}

/** The query of a request's target: each name with its value, or with a list where it comes more than once. */
export function parseQuery(target: string): Record<string, string | string[]> {
  const start = target.indexOf("?");
  const query = Object.create(null) as Record<string, string | string[]>;
  if (start < 0) return query;
  for (const [name, value] of new URLSearchParams(target.slice(start + 1))) {
    const before = query[name];
    if (before === undefined) query[name] = value;
    else if (Array.isArray(before)) before.push(value);
    else query[name] = [before, value];
  }
  return query;
}
