/** Healths and metrics. The public hears yes or no; why not is told to operators (`/operator/health`). */
import { z } from "zod";
import type { Registry } from "prom-client";
import type { Exchange } from "../../node/exchange";
import { json, refusal } from "../documented";
import { type Documented, type Route, route } from "../route";

const text = (description: string): Documented => ({ description, contentType: "text/plain" });

/** A health that is one word. */
function word(
  path: string,
  summary: string,
  description: string,
  check: () => boolean,
  words: [string, string],
): Route {
  return route({
    method: "GET",
    path,
    access: "open",
    needsState: false,
    tag: "Health",
    summary,
    description,
    responses: { 200: text(words[0]), 503: text(words[1]) },
    handle: () => {
      const isGood = check();
      return {
        status: isGood ? 200 : 503,
        text: { type: "text/plain; charset=utf-8", content: isGood ? words[0] : words[1] },
      };
    },
  });
}

/** The routes that probes ask. */
export function healthRoutes(exchange: Exchange, registry: Registry): Route[] {
  return [
    word("/healthz/live", "This process answers", "Says nothing else.", () => true, ["ok", "not ok"]),
    word(
      "/healthz/ready",
      "This process alone can serve",
      "Asked by target groups and platforms: nothing far away fails it, so that nobody replaces processes that are well.",
      () => exchange.ready().ok,
      ["ok", "not ready"],
    ),
    word(
      "/healthz/region",
      "This region can serve",
      "Asked by the edge: fails while this region lacks what others have, not during an election and not for what all regions share.",
      () => exchange.region().ok,
      ["twodoor-ok", "twodoor-not-ok"],
    ),
    route({
      method: "GET",
      path: "/healthz/peer",
      access: "open",
      needsState: false,
      tag: "Health",
      summary: "What other regions compare with",
      responses: { 200: json("Counts, nothing else", z.looseObject({})) },
      handle: () => ({ body: exchange.peer() }),
    }),
    route({
      method: "GET",
      path: "/metrics",
      access: "metrics",
      needsState: false,
      tag: "Health",
      summary: "Figures for Prometheus",
      description:
        "For operators, and for processes of this machine that come to it directly, such as a sidecar that collects.",
      responses: { 200: text("Prometheus text"), 401: refusal("Signed wrongly"), 404: refusal("Not for the public") },
      handle: async () => ({ text: { type: registry.contentType, content: await registry.metrics() } }),
    }),
  ];
}
