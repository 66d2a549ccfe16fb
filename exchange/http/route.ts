/** What a route is: one value from which the server takes the handler and the OpenAPI document its page. */
import type { IncomingMessage } from "node:http";
import type { z } from "zod";
import { type Issue, shown, sortedByPath } from "../node/issues";
import { NumberText } from "./body";
import { HttpError } from "./errors";

/**
 * Who may ask. `open`: anybody, unmetered (healths); `public`: anybody, by the address's rate; `view` and `trade`: a customer's key with that
 * right; `operator`: an operator's key; `metrics`: an operator's key, or a process of this machine.
 */
export type Access = "open" | "public" | "view" | "trade" | "operator" | "metrics";

/** An answer. `body` becomes JSON unless `text` says otherwise. */
export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** Sent as it is, with this content type. */
  readonly text?: { readonly type: string; readonly content: string | Buffer };
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who asks. */
export interface Caller {
  /** Of a customer's key; empty elsewhere. */
  readonly accountId: string;
  /** Name of the operator; empty elsewhere. */
  readonly operator: string;
  readonly request: IncomingMessage;
}

/** A documented answer. */
export interface Documented {
  readonly description: string;
  /** Of a JSON body. */
  readonly schema?: z.ZodType;
  /** Of another body. */
  readonly contentType?: string;
  /** Whether it carries CB-BEFORE and CB-AFTER. */
  readonly isPaged?: boolean;
}

/** What a client sent, before it is checked. */
export interface Sent {
  readonly params: unknown;
  readonly query: unknown;
  /** Bytes as sent; read when the route has a body. */
  readonly body: () => unknown;
}

/** One operation of the API. */
export interface Route {
  readonly method: "GET" | "POST" | "DELETE";
  /** OpenAPI form: `/products/{product_id}/book`. */
  readonly path: string;
  readonly access: Access;
  /** Which rate of the account it counts against. */
  readonly rate: "account" | "fills";
  /** Whether it is refused while this node does not know the state: before it has caught up, and after it has stopped for good. */
  readonly needsState: boolean;
  readonly tag: string;
  readonly summary: string;
  readonly description: string | undefined;
  readonly params: z.ZodType | undefined;
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  readonly isBodyOptional: boolean;
  readonly responses: Readonly<Record<number, Documented>>;
  /** Checks what was sent and answers. @throws HttpError */
  run(sent: Sent, caller: Caller): Promise<Answer>;
}

/** What `route` takes. */
export interface RouteDefinition<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  readonly method: Route["method"];
  readonly path: string;
  readonly access: Access;
  readonly rate?: Route["rate"];
  /** Defaults to true. */
  readonly needsState?: boolean;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  /** Whether the request may come without a body. Defaults to false. */
  readonly isBodyOptional?: boolean;
  readonly responses: Readonly<Record<number, Documented>>;
  handle(
    input: { readonly params: z.output<P>; readonly query: z.output<Q>; readonly body: z.output<B> },
    caller: Caller,
  ): Answer | Promise<Answer>;
}

/** Makes a route whose handler gets what its schemas let through. */
export function route<
  P extends z.ZodType = z.ZodUnknown,
  Q extends z.ZodType = z.ZodUnknown,
  B extends z.ZodType = z.ZodUnknown,
>(definition: RouteDefinition<P, Q, B>): Route {
  const { params, query, body } = definition;
  const isOperator = definition.access === "operator";
  return {
    method: definition.method,
    path: definition.path,
    access: definition.access,
    rate: definition.rate ?? "account",
    needsState: definition.needsState ?? true,
    tag: definition.tag,
    summary: definition.summary,
    description: definition.description,
    params,
    query,
    body,
    isBodyOptional: definition.isBodyOptional ?? false,
    responses: definition.responses,
    run: async (sent, caller) => {
      const issues: Issue[] = [];
      const input = {
        params: checked(params, sent.params, issues),
        query: checked(query, sent.query, issues),
        body: body === undefined ? undefined : checked(body, sent.body(), issues),
      };
      if (issues.length > 0) throw refusal(issues, isOperator);
      // The three were let through by the very schemas that give these types; what is absent is typed as an empty object and never read
      return await definition.handle(input as Parameters<typeof definition.handle>[0], caller);
    },
  };
}

function checked(schema: z.ZodType | undefined, value: unknown, issues: Issue[]): unknown {
  if (schema === undefined) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  issues.push(...result.error.issues.flatMap((issue) => issuesOf(issue, value)));
  return undefined;
}

/** A name that no schema has is a problem of its own, so that each problem has one path. */
function issuesOf(issue: z.core.$ZodIssue, value: unknown): Issue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      path: [...issue.path.map(String), key.slice(0, 40)].join("."),
      expected: "left out: nothing here has that name",
      got: shownValue(at(value, [...issue.path, key])),
      fix: "see /docs",
    }));
  }
  const expected = issue.path.length === 0 && issue.code === "invalid_type" ? "a JSON object" : issue.message;
  return [
    { path: issue.path.map(String).join("."), expected, got: shownValue(at(value, issue.path)), fix: "see /docs" },
  ];
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, key) ? Reflect.get(inner, key) : undefined,
    value,
  );
}

/** Values as a message may show them: texts and numbers cut, everything else by its kind. */
function shownValue(value: unknown): string {
  if (value instanceof NumberText) return shown(value.text);
  if (typeof value === "string") return shown(value);
  if (value === undefined) return "nothing";
  if (value === null || typeof value === "boolean" || typeof value === "number") return String(value);
  return Array.isArray(value) ? "a list" : "an object";
}

/** Problems that are told at most: a body has room for thousands of names without a meaning. */
const CUSTOMER_PROBLEMS_MAX = 5;
const OPERATOR_PROBLEMS_MAX = 20;

/** Clients get one sentence in the exchange's form, operators every problem (at most 20, and no body here has that many members), sorted by path. */
function refusal(issues: readonly Issue[], isOperator: boolean): HttpError {
  const told = sortedByPath(issues).slice(0, isOperator ? OPERATOR_PROBLEMS_MAX : CUSTOMER_PROBLEMS_MAX);
  const message = told
    .map(({ path, expected, got }) => `${path === "" ? "body" : path} must be ${expected}, got ${got}`)
    .join("; ");
  return new HttpError(400, message, {}, isOperator ? told : []);
}
