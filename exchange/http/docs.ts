/** `/openapi.json` and `/docs`, made once when the server is. */
import { z } from "zod";
import { CONTENT_POLICY, docsPage } from "./docs-page";
import { openApiDocument } from "./openapi";
import { type Route, route } from "./route";

/** The two routes that describe these others. */
export function docsRoutes(routes: readonly Route[]): Route[] {
  const document = openApiDocument(routes);
  const text = JSON.stringify(document);
  const page = docsPage(document);
  return [
    route({
      method: "GET",
      path: "/openapi.json",
      access: "public",
      needsState: false,
      tag: "Documents",
      summary: "The OpenAPI document",
      responses: { 200: { description: "OpenAPI 3.1", schema: z.looseObject({}) } },
      handle: () => ({ text: { type: "application/json; charset=utf-8", content: text } }),
    }),
    route({
      method: "GET",
      path: "/docs",
      access: "public",
      needsState: false,
      tag: "Documents",
      summary: "The same as a page",
      responses: { 200: { description: "HTML", contentType: "text/html" } },
      handle: () => ({
        text: { type: "text/html; charset=utf-8", content: page.html },
        headers: { "content-security-policy": CONTENT_POLICY(page.styleHash), "referrer-policy": "no-referrer" },
      }),
    }),
  ];
}
