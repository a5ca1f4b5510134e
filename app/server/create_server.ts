import { OpenAPIHono } from "@hono/zod-openapi";
import { RequestFailure } from "../api/request_failure.ts";
import { failureAnswer, SERVER_FAULT } from "./failures.ts";
import { addCaptions } from "./routes/captions.ts";
import { addExamples } from "./routes/examples.ts";
import { addHealth } from "./routes/health.ts";
import { addMetrics } from "./routes/metrics.ts";
import { addModel } from "./routes/model.ts";
import { addOpenapi } from "./routes/openapi.ts";
import { addPage } from "./routes/page.ts";
import { addPreview } from "./routes/preview.ts";
import { addRegions } from "./routes/regions.ts";
import type { App, RouteEnvironment } from "./routes/route.ts";
import { checkSameSite, SECURITY_HEADERS } from "./security.ts";
import type { ServerOptions } from "./server_options.ts";
import { Service } from "./service.ts";

/** A server without its network. */
export interface CaptionServer {
  /**
   * Answers a request.
   *
   * @param client the client's address: who shares the queue
   */
  fetch(request: Request, client?: string): Promise<Response>;
  /** From here on it is not ready: what was accepted is answered, what is new is refused. */
  drain(): void;
  /** Resolves when no accepted request is left. */
  idle(): Promise<void>;
}

/** The page and its JSON API as a function from requests to answers. */
export function createServer(options: ServerOptions): CaptionServer {
  const service = new Service(options);
  const app: App = new OpenAPIHono<RouteEnvironment>();
  addMiddleware(app, service);
  addCaptions(app, service);
  addRegions(app, service);
  addPreview(app, service);
  addModel(app, service);
  addExamples(app, service);
  addHealth(app, service);
  addMetrics(app, service);
  addOpenapi(app);
  addPage(app, options.page ?? new Map());
  const methodsOf = allowedMethods(app);
  app.notFound(({ req }) => {
    const methods = methodsOf(req.path);
    if (methods.length === 0) {
      return failureAnswer(new RequestFailure(404, "There is nothing under that path."));
    }
    const refusal = failureAnswer(new RequestFailure(405, `Use ${methods.join(" or ")}.`));
    refusal.headers.set("Allow", methods.join(", "));
    return refusal;
  });
  return {
    async fetch(request, client = "local") {
      return await app.fetch(request, { client: clientOf(request, client, options) });
    },
    drain() {
      service.isDraining = true;
    },
    idle: () => service.idle(),
  };
}

function clientOf(request: Request, client: string, { trustForwarded }: ServerOptions): string {
  if (!trustForwarded) return client;
  return request.headers.get("X-Forwarded-For")?.split(",").at(-1)?.trim() || client;
}

function addMiddleware(app: App, service: Service): void {
  app.use(async (c, next) => {
    const begin = performance.now();
    await next();
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) c.header(name, value);
    if (!c.res.headers.has("Cache-Control")) c.header("Cache-Control", "no-store");
    if (service.isDraining) c.header("Connection", "close");
    const { method, routePath } = c.req;
    const route = c.res.status === 404 || c.res.status === 405 ? "none" : routePath;
    const { status } = c.res;
    const count = () => {
      service.metrics.requests.inc({ route, method, status });
      service.metrics.seconds.observe({ route }, (performance.now() - begin) / 1000);
    };
    const ended = c.get("ended");
    if (ended === undefined) count();
    else ended.then(count);
  });
  app.use(async (c, next) => {
    checkSameSite(c.req.raw, service.options);
    await next();
  });
  app.onError((error, { req }) => {
    if (error instanceof RequestFailure) return failureAnswer(error);
    // Nobody reads the answer to a client that left.
    if (req.raw.signal.aborted) return failureAnswer(new RequestFailure(400, "The client left."));
    service.onFault(error);
    return failureAnswer(new RequestFailure(500, SERVER_FAULT));
  });
}

/** Methods of the routes that have a path. */
function allowedMethods(app: App): (path: string) => string[] {
  const routes = app.routes.filter(({ method }) => method !== "ALL").map(({ method, path }) => ({
    method,
    pattern: new URLPattern({ pathname: path }),
  }));
  return (path) => {
    const found = routes.filter(({ pattern }) => pattern.test({ pathname: path }));
    return [...new Set(found.map(({ method }) => method))];
  };
}
