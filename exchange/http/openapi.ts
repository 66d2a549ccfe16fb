/** The OpenAPI 3.1 document, made from the routes and from the very schemas that check requests. */
import { z } from "zod";
import type { Documented, Route } from "./route";
import * as schemas from "./schemas";

type Json = Record<string, unknown>;

/** Headers of each signed request. */
const SIGNATURE_HEADERS: readonly [name: string, header: string, description: string][] = [
  ["key", "CB-ACCESS-KEY", "The key's id"],
  [
    "sign",
    "CB-ACCESS-SIGN",
    "base64(HMAC-SHA-256(base64-decoded secret, timestamp + METHOD + path with query + body))",
  ],
  ["timestamp", "CB-ACCESS-TIMESTAMP", "Seconds of the epoch, at most 30 off"],
  ["passphrase", "CB-ACCESS-PASSPHRASE", "The key's passphrase; operators have none"],
];
const CUSTOMER: Json[] = [{ key: [], sign: [], timestamp: [], passphrase: [] }];
const OPERATOR: Json[] = [{ key: [], sign: [], timestamp: [] }];

const SECURITY: Record<Route["access"], Json[]> = {
  open: [],
  public: [],
  view: CUSTOMER,
  trade: CUSTOMER,
  operator: OPERATOR,
  // Nothing, for a process of the same machine
  metrics: [{}, ...OPERATOR],
};

/** Schemas that are named once in the document and referred to from everywhere. */
class Components {
  readonly schemas: Json = {};

  /** The JSON schema, with what it names moved into the document's components. */
  add(schema: z.ZodType, io: "input" | "output"): Json {
    const made: Json = z.toJSONSchema(schema, {
      io,
      unrepresentable: "any",
      reused: "inline",
      override: ({ jsonSchema }) => {
        withoutNoise(jsonSchema);
      },
    });
    const { $schema: _dialect, $defs, id, ...rest } = made;
    const moved = this.#moved(rest);
    if (typeof $defs === "object" && $defs !== null) {
      for (const [name, inner] of Object.entries($defs)) {
        const { id: _id, ...body } = inner as Json;
        this.schemas[name] = this.#moved(body);
      }
    }
    if (typeof id !== "string") return moved;
    this.schemas[id] = moved;
    return { $ref: `#/components/schemas/${id}` };
  }

  #moved(schema: Json): Json {
    return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/')) as Json;
  }
}

/** A format says what zod's pattern for it says, in one word; the bounds of safe integers say nothing about the exchange. */
function withoutNoise(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format === "date-time" || schema.format === "uuid") delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/**
 * Makes the document. The same routes give the same bytes.
 *
 * @param routes - every operation but those of the document itself.
 */
export function openApiDocument(routes: readonly Route[]): Json {
  const components = new Components();
  components.add(schemas.error, "output");
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operationOf(route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Twodoor exchange",
      version: "1",
      description:
        "An exchange over a replicated journal, with the public surface of Coinbase Exchange. An order is acknowledged after a majority of the journal's voters has it. 503 and 504 that say that the outcome is unknown mean just that: ask by client_oid, or send the same order with the same client_oid again. Every answer carries exchange-sequence, the last entry of the journal that this node had applied, and exchange-stale: true where it could not learn whether there is more. Members that a schema does not name are ignored in customers' requests and may be added to answers. The WebSocket feed is at / and /ws, in the shapes of Coinbase Exchange's.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    paths,
    components: {
      schemas: components.schemas,
      securitySchemes: Object.fromEntries(
        SIGNATURE_HEADERS.map(([name, header, description]) => [
          name,
          { type: "apiKey", in: "header", name: header, description },
        ]),
      ),
    },
  };
}

function operationOf(route: Route, components: Components): Json {
  return {
    operationId: operationId(route),
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: SECURITY[route.access],
    parameters: [...parametersOf(route.params, "path", components), ...parametersOf(route.query, "query", components)],
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: !route.isBodyOptional,
            content: { "application/json": { schema: components.add(route.body, "input") } },
          },
        }),
    responses: Object.fromEntries(
      Object.entries(route.responses).map(([status, documented]) => [status, responseOf(documented, components)]),
    ),
  };
}

/** `get-products-product_id-book` and the like: stable, and unique since method and path are. */
function operationId(route: Route): string {
  const path = route.path
    .replace(/[{}]/g, "")
    .split(/[/:]/)
    .filter((part) => part !== "");
  return [route.method.toLowerCase(), ...path].join("-");
}

function parametersOf(schema: z.ZodType | undefined, where: "path" | "query", components: Components): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = components.add(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, { description, ...inner }]) => ({
    name,
    in: where,
    required: where === "path" || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: inner,
  }));
}

const CURSORS: Json = Object.fromEntries(
  ["CB-BEFORE", "CB-AFTER"].map((name) => [
    name,
    { description: "Cursor; absent on an empty page", schema: { type: "string" } },
  ]),
);
const SEQUENCE: Json = {
  "exchange-sequence": {
    description: "Sequence of the journal that this node had applied",
    schema: { type: "string", pattern: "^[0-9]+$" },
  },
};

function responseOf({ description, schema, contentType, isPaged }: Documented, components: Components): Json {
  return {
    description,
    headers: isPaged === true ? { ...SEQUENCE, ...CURSORS } : SEQUENCE,
    ...(schema === undefined ? {} : { content: { "application/json": { schema: components.add(schema, "output") } } }),
    ...(contentType === undefined ? {} : { content: { [contentType]: { schema: { type: "string" } } } }),
  };
}
