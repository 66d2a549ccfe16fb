/**
 * The REST surface on fastify: wires routes, signatures, rates and limits, and turns everything that goes wrong into the exchange's own
 * `{"message": "…"}`. Cross-origin requests are not allowed: no answer carries CORS headers, since keys that sign orders do not belong in pages.
 */
import { METHODS, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { performance } from "node:perf_hooks";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { Counter, Histogram, type Registry } from "prom-client";
import type { Logger } from "pino";
import { createKeyRing } from "../node/api-keys";
import type { Exchange } from "../node/exchange";
import { operatorRoutes } from "../operators/routes";
import { Admission, type AdmissionSettings } from "./admission";
import { BODY_BYTES_MAX, parseBody, parseQuery } from "./body";
import { BrokenRequests } from "./broken-requests";
import { docsRoutes } from "./docs";
import { HttpError } from "./errors";
import type { Answer, Route } from "./route";
import { accountRoutes } from "./routes/accounts";
import { healthRoutes } from "./routes/health";
import { marketDataRoutes } from "./routes/market-data";
import { orderRoutes } from "./routes/orders";

/** Largest head of a request in bytes. */
const HEADER_BYTES_MAX = 16_384;
/** Open sockets of one node, WebSockets included; what comes beyond is closed at once. */
const SOCKETS_MAX = 10_000;

/** How long a client may take, in milliseconds. */
export interface Patience {
  /** For the head of a request, and for the first one on a new socket. Defaults to 10,000. */
  readonly headersMs: number;
  /** For a whole request. Defaults to 15,000. */
  readonly requestMs: number;
  /**
   * Idle between two requests. Defaults to 960,000: longer than the balancers in front keep theirs, or a request meets a closing socket. AWS's
   * is set to 930 s (Cloudflare keeps idle origin connections for 900 s), Google's is 600 s and fixed
   * (https://cloud.google.com/load-balancing/docs/https/request-distribution).
   */
  readonly idleMs: number;
  /** Without a byte going either way while a request or its answer is under way, as when nobody reads the answer. Defaults to 30,000. */
  readonly stuckMs: number;
  /** From the head of a request until its answer is taken whole: who reads a byte now and then would make a node keep answers for ever. Defaults to 60,000. */
  readonly answerMs: number;
  /** How often sockets are looked at. Defaults to 1,000. */
  readonly lookMs: number;
}

const PATIENCE: Patience = {
  headersMs: 10_000,
  requestMs: 15_000,
  idleMs: 960_000,
  stuckMs: 30_000,
  answerMs: 60_000,
  lookMs: 1_000,
};

/** What the surface needs. */
export interface HttpOptions {
  readonly exchange: Exchange;
  readonly settings: AdmissionSettings;
  readonly logger: Logger;
  readonly metrics: { readonly registry: Registry };
  /** Milliseconds that only rise, for rates. Defaults to the process's clock. */
  readonly monotonicMs?: () => number;
  /** For tests. */
  readonly patience?: Partial<Patience>;
}

/** The surface. */
export interface HttpServer {
  /** For the feed, which takes upgrades. */
  readonly server: Server;
  /** For tests: fastify itself, which can be asked without a socket. */
  readonly app: FastifyInstance;
  /** Every operation, for the OpenAPI document and for tests. */
  readonly routes: readonly Route[];
  /** @returns the port. */
  listen(port: number, host: string): Promise<number>;
  /** Takes no new connections, answers what is in flight, closes idle ones. */
  close(): Promise<void>;
}

interface Measures {
  readonly requests: Counter<"method" | "route" | "status">;
  readonly seconds: Histogram<"route">;
}

/** Makes the REST surface; it listens only after `listen`. */
export function createHttpServer(options: HttpOptions): HttpServer {
  const { exchange, settings, metrics } = options;
  const measures = createMeasures(metrics.registry);
  const keys = createKeyRing(settings);
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const admission = new Admission(exchange, settings, keys, monotonicMs);
  const serving = [
    ...marketDataRoutes(exchange, monotonicMs),
    ...orderRoutes(exchange),
    ...accountRoutes(exchange),
    ...healthRoutes(exchange, metrics.registry),
    ...(settings.operatorKeys.size > 0 ? operatorRoutes(exchange, keys) : []),
  ];
  const routes = [...serving, ...docsRoutes(serving)];
  const app = createApp({ ...PATIENCE, ...options.patience });
  addShared(app, options, routes, measures);
  for (const route of routes) addRoute(app, route, exchange, admission);
  return {
    server: app.server,
    app,
    routes,
    listen: async (port, host) => {
      await app.listen({ port, host });
      return (app.server.address() as AddressInfo).port;
    },
    close: () => app.close(),
  };
}

function createMeasures(registry: Registry): Measures {
  const registers = [registry];
  return {
    requests: new Counter({
      name: "exchange_http_requests_total",
      help: "Requests answered, by method, route and status",
      labelNames: ["method", "route", "status"],
      registers,
    }),
    seconds: new Histogram({
      name: "exchange_http_request_seconds",
      help: "From the head of a request to its answer",
      labelNames: ["route"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
      registers,
    }),
  };
}

function createApp(patience: Patience): FastifyInstance {
  const broken = new BrokenRequests();
  const app = fastify({
    logger: false,
    bodyLimit: BODY_BYTES_MAX,
    keepAliveTimeout: patience.idleMs,
    connectionTimeout: patience.stuckMs,
    requestTimeout: patience.requestMs,
    forceCloseConnections: "idle",
    http: {
      maxHeaderSize: HEADER_BYTES_MAX,
      // Node's own refusal has no body: ours is in the hook
      requireHostHeader: false,
      headersTimeout: patience.headersMs,
      connectionsCheckingInterval: patience.lookMs,
    },
    routerOptions: { maxParamLength: 128, ignoreTrailingSlash: false },
    clientErrorHandler: (error, socket) => {
      broken.refuse(error, socket);
    },
    // Before routing: a path that does not decode. Fastify's own reply has no type here that would let a status through
    frameworkErrors: (_error, _request, reply) => {
      reply.raw.writeHead(400, COMMON_HEADERS).end(JSON.stringify({ message: "the path is not valid" }));
    },
  });
  // All that Node's parser knows: fastify answers others with 400 where 405 is due
  for (const method of METHODS) {
    if (!app.supportedMethods.includes(method)) app.addHttpMethod(method);
  }
  app.server.maxConnections = SOCKETS_MAX;
  // Bytes bound the head. By number Node would drop the last ones without a word, and those are the ones that a proxy adds
  app.server.maxHeadersCount = 0;
  broken.watch(app.server, patience.answerMs);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("application/json", { parseAs: "buffer" }, (_request, body, done) => {
    done(null, body);
  });
  return app;
}

const COMMON_HEADERS = {
  "content-type": "application/json; charset=utf-8",
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
};

function addShared(app: FastifyInstance, options: HttpOptions, routes: readonly Route[], measures: Measures): void {
  const { exchange, logger } = options;
  let isClosing = false;
  exchange.onClosing(() => {
    isClosing = true;
  });
  app.addHook("onSend", (_request, reply, _payload, done) => {
    void reply.header("exchange-sequence", String(exchange.view.sequence));
    // Clients move to another node while this one still answers
    if (isClosing) void reply.header("connection", "close");
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const route = request.routeOptions.url ?? "none";
    measures.requests.inc({ method: request.method, route, status: String(reply.statusCode) });
    measures.seconds.observe({ route }, reply.elapsedTime / 1_000);
    logger.debug({ method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime }, "answered");
    done();
  });
  app.setErrorHandler((error, request, reply) => {
    sendError(error, request, reply, logger);
  });
  addRefusals(app, routes);
}

/**
 * Unknown paths and methods, refused before a body is read. A path that stands in the document as it is has the methods that it has there, although
 * the router would take `/orders/cancel-after` for the id of an order.
 */
function addRefusals(app: FastifyInstance, routes: readonly Route[]): void {
  const patterns = routes.map(({ path, method }) => ({ path, method, pattern: patternOf(path) }));
  const methodsAt = (path: string): string[] => {
    const exact = patterns.filter((route) => route.path === path);
    const matching = exact.length > 0 ? exact : patterns.filter(({ pattern }) => pattern.test(path));
    return [...new Set(matching.map(({ method }) => method))].sort();
  };
  const statics = new Map(routes.filter(({ path }) => !path.includes("{")).map(({ path }) => [path, methodsAt(path)]));
  app.addHook("onRequest", (request, reply, done) => {
    if (request.raw.httpVersion === "1.1" && request.headers.host === undefined) {
      done(new HttpError(400, "the host header is required"));
      return;
    }
    const path = request.url.split("?")[0] ?? "";
    const methods = request.is404 ? methodsAt(path) : statics.get(path);
    const method = request.method === "HEAD" ? "GET" : request.method;
    if (methods === undefined || methods.includes(method)) done();
    else answerNoRoute(request, reply, methods);
  });
}

/** Nothing here for this method, or nothing here at all. */
function answerNoRoute(request: FastifyRequest, reply: FastifyReply, methods: readonly string[]): void {
  void reply.headers(COMMON_HEADERS);
  if (methods.length === 0) {
    void reply.code(404).send(JSON.stringify({ message: "NotFound" }));
    return;
  }
  const allowed = [...methods, ...(methods.includes("GET") ? ["HEAD"] : []), "OPTIONS"].join(", ");
  void reply.header("allow", allowed);
  if (request.method === "OPTIONS") void reply.code(204).removeHeader("content-type").send();
  else void reply.code(405).send(JSON.stringify({ message: "Method not allowed" }));
}

const patternOf = (path: string): RegExp =>
  new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{[a-z_]+\}/g, "[^/]+")}$`);

/** `/orders/client:{client_oid}` is served by `/orders/{order_id}`, whose handler knows both. */
const isServedElsewhere = (route: Route): boolean => route.path.includes(":{");

function addRoute(app: FastifyInstance, route: Route, exchange: Exchange, admission: Admission): void {
  if (isServedElsewhere(route)) return;
  app.route({
    method: route.method,
    url: route.path.replace(/\{([a-z_]+)\}/g, ":$1"),
    onRequest: (request, _reply, done) => {
      // Before the body is read: whoever is over the limit costs as little as possible
      done(route.access === "public" ? admission.publicRefusal(request.raw) : undefined);
    },
    handler: async (request, reply) => {
      if (route.needsState && !exchange.isServing()) throw new HttpError(503, NOT_SERVING, { "retry-after": "1" });
      const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
      const caller = await admission.callerOf(route, request.raw, body);
      if (route.body !== undefined && !route.isBodyOptional && body.byteLength === 0) {
        throw new HttpError(400, "a JSON body is required");
      }
      const answer = await route.run(
        { params: request.params, query: parseQuery(request.raw.url ?? ""), body: () => parseBody(body) },
        caller,
      );
      return sendAnswer(reply, answer);
    },
  });
}

const EMPTY = Buffer.alloc(0);
const NOT_SERVING = "this node does not serve at the moment; ask another, or ask again";

function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  void reply.code(answer.status ?? 200).headers({ ...COMMON_HEADERS, ...answer.headers });
  if (answer.text === undefined) return reply.send(JSON.stringify(answer.body));
  return reply.header("content-type", answer.text.type).send(answer.text.content);
}

/** Texts for what fastify itself refuses, by its code. */
const FRAMEWORK: Record<string, string> = {
  FST_ERR_CTP_BODY_TOO_LARGE: `the body is larger than ${String(BODY_BYTES_MAX)} bytes`,
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "the content type must be application/json",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "the body is not as long as its content-length says",
};

function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  void reply.headers(COMMON_HEADERS);
  if (error instanceof HttpError) {
    const problems = error.problems.length === 0 ? {} : { problems: error.problems };
    void reply
      .code(error.status)
      .headers(error.headers)
      .send(JSON.stringify({ message: error.message, ...problems }));
    return;
  }
  const { statusCode, code } = error as { statusCode?: number; code?: string };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) {
    void reply.code(statusCode).send(JSON.stringify({ message: FRAMEWORK[code ?? ""] ?? "the request is not valid" }));
    return;
  }
  logger.error({ err: error, method: request.method, route: request.routeOptions.url }, "a bug of ours: a route threw");
  void reply.code(500).send(JSON.stringify({ message: "Internal server error" }));
}
