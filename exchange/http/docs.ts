/** `/openapi.json` and `/docs`, made once when the server is. */
import { z } from "zod";
import { contentPolicy, docsPage } from "./docs-page";
import { openApiDocument } from "./openapi";
import { type Route, route } from "./route";

/** The two routes that describe these others. Both are made when somebody asks first, so that no node starts later for them. */
export function docsRoutes(routes: readonly Route[]): Route[] {
  let made: { text: string; page: ReturnType<typeof docsPage> } | undefined;
  const make = (): NonNullable<typeof made> => {
    const document = openApiDocument(routes);
    return (made ??= { text: JSON.stringify(document), page: docsPage(document) });
  };
  const documents = (): NonNullable<typeof made> => made ?? make();
  return [
    route({
      method: "GET",
      path: "/openapi.json",
      access: "public",
      needsState: false,
      tag: "Documents",
      summary: "The OpenAPI document",
      responses: { 200: { description: "OpenAPI 3.1", schema: z.looseObject({}) } },
      handle: () => ({ text: { type: "application/json; charset=utf-8", content: documents().text } }),
    }),
    route({
      method: "GET",
      path: "/docs",
      access: "public",
      needsState: false,
      tag: "Documents",
      summary: "The same as a page",
      responses: { 200: { description: "HTML", contentType: "text/html" } },
      handle: () => {
        const { html, styleHash } = documents().page;
        return {
          text: { type: "text/html; charset=utf-8", content: html },
          headers: { "content-security-policy": contentPolicy(styleHash), "referrer-policy": "no-referrer" },
        };
      },
    }),
  ];
}
