/**
 * The OpenAPI document as one page: no script, no asset from elsewhere, one style whose hash the content policy names. A viewer such as
 * swagger-ui would be 1.5 MB of scripts with the right to run on the API's own origin, for the same tables.
 */
import { createHash } from "node:crypto";

type Json = Record<string, unknown>;

const STYLE = `
:root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
nav ul{columns:2;padding-left:1.2rem}h2{margin-top:2.5rem;border-bottom:1px solid}article{margin:1.5rem 0;padding-left:1rem;border-left:3px solid}
code,pre{font-family:ui-monospace,monospace;font-size:.9em}pre{overflow-x:auto;padding:.75rem;border:1px solid}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0;border-bottom:1px solid}
.skip{position:absolute;left:-999px}.skip:focus{left:1rem}@media(max-width:40rem){nav ul{columns:1}}`;

/** What the page may load: its own style, nothing else. */
export function contentPolicy(styleHash: string): string {
  return `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;
}

interface Operation {
  readonly method: string;
  readonly path: string;
  readonly id: string;
  readonly tag: string;
  readonly value: Json;
}

/** The page, and the hash of its style for the content policy. */
export function docsPage(document: Json): { html: string; styleHash: string } {
  const operations = operationsIn(document);
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  const components = objectAt(document, "components");
  const info = objectAt(document, "info");
  const sections = tags.map(
    (tag) =>
      `<section aria-labelledby="${slug(tag)}"><h2 id="${slug(tag)}">${escaped(tag)}</h2>${operations
        .filter((operation) => operation.tag === tag)
        .map(operationHtml)
        .join("")}</section>`,
  );
  const schemas = Object.entries(objectAt(components, "schemas")).map(
    ([name, schema]) => `<article id="schema-${escaped(name)}"><h3>${escaped(name)}</h3>${code(schema)}</article>`,
  );
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${textAt(info, "title")}</title><style>${STYLE}</style></head><body><a class="skip" href="#main">To the operations</a><header><h1>${textAt(info, "title")}</h1><p>${textAt(info, "description")}</p><p>As a document: <a href="/openapi.json">/openapi.json</a></p>${signingHtml(objectAt(components, "securitySchemes"))}</header><nav aria-label="Operations"><ul>${operations
    .map(({ id, method, path }) => `<li><a href="#${id}"><code>${method} ${escaped(path)}</code></a></li>`)
    .join(
      "",
    )}</ul></nav><main id="main">${sections.join("")}<section aria-labelledby="schemas"><h2 id="schemas">Schemas</h2>${schemas.join("")}</section></main></body></html>`;
  return { html, styleHash: createHash("sha256").update(STYLE).digest("base64") };
}

function operationsIn(document: Json): Operation[] {
  return Object.entries(objectAt(document, "paths")).flatMap(([path, item]) =>
    Object.entries(item as Json).map(([method, value]) => {
      const operation = value as Json;
      const [tag] = operation["tags"] as string[];
      return {
        method: method.toUpperCase(),
        path,
        id: escaped(String(operation["operationId"])),
        tag: tag ?? "",
        value: operation,
      };
    }),
  );
}

function signingHtml(schemes: Json): string {
  const rows = Object.values(schemes).map((scheme) => {
    const { name, description } = scheme as { name: string; description: string };
    return `<tr><th scope="row"><code>${escaped(name)}</code></th><td>${escaped(description)}</td></tr>`;
  });
  return `<h2>Signed requests</h2><table><tbody>${rows.join("")}</tbody></table>`;
}

function operationHtml({ method, path, id, value }: Operation): string {
  const security = value["security"] as unknown[];
  const parameters = value["parameters"] as Json[];
  const body = value["requestBody"] as Json | undefined;
  const responses = Object.entries(objectAt(value, "responses"));
  return `<article id="${id}"><h3><code>${method} ${escaped(path)}</code></h3><p>${textAt(value, "summary")}.${security.length > 0 ? " Signed." : ""}</p>${
    value["description"] === undefined ? "" : `<p>${textAt(value, "description")}</p>`
  }${parametersHtml(parameters)}${body === undefined ? "" : `<h4>Body</h4>${contentHtml(body)}`}<h4>Answers</h4>${answersHtml(responses)}</article>`;
}

function parametersHtml(parameters: readonly Json[]): string {
  if (parameters.length === 0) return "";
  const rows = parameters.map(
    (parameter) =>
      `<tr><th scope="row"><code>${textAt(parameter, "name")}</code></th><td>${textAt(parameter, "in")}${parameter["required"] === true ? ", required" : ""}</td><td>${textAt(parameter, "description")}</td><td><code>${escaped(JSON.stringify(parameter["schema"]))}</code></td></tr>`,
  );
  return `<h4>Parameters</h4><table><thead><tr><th scope="col">Name</th><th scope="col">Where</th><th scope="col">Meaning</th><th scope="col">Schema</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

function answersHtml(responses: readonly [string, unknown][]): string {
  const rows = responses.map(
    ([status, response]) =>
      `<tr><th scope="row">${status}</th><td>${textAt(response as Json, "description")}</td><td>${contentHtml(response as Json)}</td></tr>`,
  );
  return `<table><thead><tr><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">Body</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
}

/** A named schema as a link, another one as it is. */
function contentHtml(holder: Json): string {
  return Object.entries(objectAt(holder, "content"))
    .map(([type, content]) => {
      const schema = objectAt(content as Json, "schema");
      const items = objectAt(schema, "items");
      const reference = schema["$ref"] ?? items["$ref"];
      if (typeof reference !== "string")
        return type === "application/json" ? code(schema) : `<code>${escaped(type)}</code>`;
      const name = escaped(reference.split("/").at(-1) ?? "");
      return `${schema["$ref"] === undefined ? "list of " : ""}<a href="#schema-${name}">${name}</a>`;
    })
    .join("");
}

const code = (value: unknown): string =>
  `<pre tabindex="0"><code>${escaped(JSON.stringify(value, null, 2))}</code></pre>`;
const slug = (text: string): string => `tag-${text.toLowerCase().replace(/[^a-z]+/g, "-")}`;

function objectAt(holder: Json, name: string): Json {
  const value = holder[name];
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

function textAt(holder: Json, name: string): string {
  const value = holder[name];
  return typeof value === "string" ? escaped(value) : "";
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
