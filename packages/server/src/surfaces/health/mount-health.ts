import { createReadStream, unlink } from "node:fs";
import { join } from "node:path";
import { openApiDocument } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import type { ServerContext } from "../../server-context.ts";
import { version } from "../../version.ts";

/** Mounts the routes about the server itself: health, readiness, metrics, and the document of the API. */
export function mountHealth(app: FastifyInstance, context: ServerContext): void {
  const { state, metrics } = context;

  mountRoute(app, context, "getHealth", () => ({ status: "ok" }));

  mountRoute(app, context, "getReadiness", async () => {
    if (state.phase !== "ready") {
      throw new ConnectorError("SHUTTING_DOWN", `The server is ${state.phase}.`, { retryAfter: 1 });
    }
    if (!(await context.checkStore())) {
      throw new ConnectorError("STORE_UNAVAILABLE", "The database does not answer.", { retryAfter: 1 });
    }
    return { status: "ready", version };
  });

  let document: string | undefined;
  mountRoute(app, context, "getOpenApi", ({ reply }) => {
    document ??= JSON.stringify(openApiDocument({ version, serverUrl: context.publicUrl() }));
    return reply.header("content-type", "application/json; charset=utf-8").send(document);
  });

  mountRoute(app, context, "getMetrics", async ({ reply }) => {
    return reply.header("content-type", metrics.contentType).send(await metrics.render());
  });

  mountRoute(app, context, "downloadBackup", async ({ holder, requestId, reply }) => {
    await context.audit(holder, requestId, { event: "store.backup", resource: "store" });
    const path = join(context.config.dataDirectory, `backup-${requestId}.tar.gz`);
    await context.backup(path);
    const stream = createReadStream(path);
    stream.once("close", () => unlink(path, () => {}));
    return reply
      .header("content-type", "application/gzip")
      .header("content-disposition", 'attachment; filename="junctor-backup.tar.gz"')
      .send(stream);
  });
}
