/**
 * Proves that `/openapi.json` is an OpenAPI 3.1 document with every operation that is served, whose references resolve, which gives the same bytes each
 * time; and that `/docs` shows all of it as a page without scripts, assets from elsewhere or unescaped text. That replies are as documented is checked
 * on every request of this folder's tests (harness.ts) and by schemathesis. Does not prove that a browser shows the page well.
 */
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openApiDocument } from "../../../exchange/http/openapi";
import { docsPage } from "../../../exchange/http/docs-page";
import { type Surface, surface } from "./harness";

type Json = Record<string, unknown>;

let here: Surface;
let document: Json;
beforeAll(async () => {
  here = await surface();
  document = (await here.ask({ path: "/openapi.json" })).body as Json;
});
afterAll(() => here.close());

describe("/openapi.json", () => {
  it("has every operation that is served, and no other, each with an id of its own", () => {
    const paths = document["paths"] as Record<string, Record<string, Json>>;
    const documented = Object.entries(paths).flatMap(([path, item]) =>
      Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const served = here.http.routes
      .map(({ method, path }) => `${method} ${path}`)
      .filter((name) => !/ \/(?:docs|openapi\.json)$/.test(name));
    expect(documented.sort()).toEqual(served.sort());
    expect(documented).toHaveLength(50);
    const ids = Object.values(paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId));
    expect(new Set(ids).size).toBe(50);
  });

  it("names nothing that it does not hold, and has no member that says nothing", () => {
    const text = JSON.stringify(document);
    const schemas = Object.keys((document["components"] as { schemas: Json }).schemas);
    const references = new Set(Array.from(text.matchAll(/"\$ref":"([^"]+)"/g), ([, reference]) => reference));
    expect(
      [...references].filter((reference) => !schemas.includes(String(reference).replace("#/components/schemas/", ""))),
    ).toEqual([]);
    expect(schemas.sort()).toEqual([
      ...["Account", "Book", "CancelAfter", "Currency", "Error", "Fill", "Hold", "LedgerEntry", "NewOrder", "Order"],
      ...["Product", "Profile", "Stats", "Ticker", "Trade", "Transfer"],
    ]);
    expect(document["openapi"]).toBe("3.1.0");
    expect(text).not.toContain("undefined");
    expect(text).not.toContain('"schema":{}');
    expect(text).not.toContain("9007199254740991");
    expect((document["components"] as { schemas: { Trade: Json } }).schemas.Trade["properties"]).toMatchObject({
      time: { type: "string", format: "date-time" },
      trade_id: { type: "integer" },
    });
    expect(text.match(/"format":"date-time","pattern"/g)).toBeNull();
    expect(text.match(/"format":"uuid","pattern"/g)).toBeNull();
  });

  it("asks for what the server asks for: the order's body", () => {
    const { schemas } = document["components"] as {
      schemas: Record<string, { required: string[]; properties: Record<string, Json> }>;
    };
    expect(schemas["NewOrder"]?.required).toEqual(["side", "product_id"]);
    expect(schemas["NewOrder"]?.properties["price"]).toEqual({
      anyOf: [{ type: "string", pattern: "^\\d{1,40}(?:\\.\\d{1,40})?$" }, { type: "number" }],
      description: "Of a limit order",
    });
    expect(schemas["NewOrder"]?.properties["stp"]).toEqual({
      type: "string",
      enum: ["dc", "co", "cn", "cb"],
      description: "Self-trade prevention; dc without",
    });
    const post = ((document["paths"] as Json)["/orders"] as Json)["post"] as { security: unknown; responses: Json };
    expect(post.security).toEqual([{ key: [], sign: [], timestamp: [], passphrase: [] }]);
    expect(Object.keys(post.responses)).toEqual(["200", "400", "401", "403", "413", "415", "429", "503", "504"]);
  });

  it("gives the same bytes each time", async () => {
    const first = await here.ask({ path: "/openapi.json" });
    expect((await here.ask({ path: "/openapi.json" })).text).toBe(first.text);
    const again = openApiDocument(here.http.routes.filter(({ tag }) => tag !== "Documents"));
    expect(JSON.stringify(again)).toBe(first.text);
  });
});

describe("/docs", () => {
  it("shows every operation and schema, and loads nothing", async () => {
    const { text, headers } = await here.ask({ path: "/docs" });
    expect(text.match(/<article id="(?!schema-)/g)).toHaveLength(50);
    expect(text.match(/<article id="schema-/g)).toHaveLength(16);
    expect(
      text.match(/<(?:script|img|link|iframe|object|embed|form)|\son[a-z]+=|javascript:|https?:\/\//gi),
    ).toBeNull();
    const style = /<style>([\s\S]*)<\/style>/.exec(text)?.[1] ?? "";
    const hash = createHash("sha256").update(style).digest("base64");
    expect(headers["content-security-policy"]).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
  });

  it("is a page that a screen reader can walk: language, title, one h1, no skipped level, targets for all links", async () => {
    const { text } = await here.ask({ path: "/docs" });
    expect(text.startsWith('<!doctype html><html lang="en">')).toBe(true);
    const levels = Array.from(text.matchAll(/<h(\d)/g), ([, level]) => Number(level));
    expect(levels.filter((level) => level === 1)).toHaveLength(1);
    expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    const ids = new Set(Array.from(text.matchAll(/\sid="([^"]+)"/g), ([, id]) => id));
    const targets = Array.from(text.matchAll(/href="#([^"]+)"/g), ([, target]) => target);
    expect(targets.filter((target) => !ids.has(target))).toEqual([]);
    expect(text.match(/<th(?! scope=)/g)?.filter((tag) => tag === "<th") ?? []).toHaveLength(
      text.match(/<thead/g)?.length ?? 0,
    );
  });

  it("escapes whatever stands in the document", () => {
    const { html } = docsPage({
      info: { title: "<script>alert(1)</script>", description: '"&' },
      components: { schemas: {}, securitySchemes: {} },
      paths: {
        "/<b>": {
          get: {
            operationId: 'a"b',
            tags: ["<i>"],
            summary: "<u>",
            security: [],
            parameters: [],
            responses: { 200: { description: "<s>" } },
          },
        },
      },
    });
    expect(html.match(/<(?:script|b|i|u|s)>/g)).toBeNull();
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });
});
