import type { ImportReport, ImportRequest } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import type { ImportFile, ImportOptions, ImportResult } from "@junctor/importers";
import { importInWorker } from "@junctor/importers/worker";
import type { FastifyInstance, FastifyReply } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import { createImportSlots } from "../../imports/import-slots.ts";
import type { ServerContext } from "../../server-context.ts";
import { unknownResource } from "./unknown-resource.ts";

/** What one import through the API may take. Larger documents go through the command line. */
const bounds = { memoryMb: 768, timeoutMs: 60_000 };

/** Mounts the routes of imports and exports. */
export function mountImports(app: FastifyInstance, context: ServerContext): void {
  const slots = createImportSlots(context.config.limits.imports);

  // Taken before the body is read: bodies of imports are large, and one that cannot be imported now stays with its sender.
  app.addHook("onRoute", (route) => {
    if (route.config?.routeId !== "importConnector") return;
    route.preParsing = async (_request, reply, payload) => {
      // Gone while it was found out who calls: nobody would give the slot back.
      if (reply.raw.closed) throw callerGone();
      const leave = slots.enter();
      reply.raw.once("close", leave);
      return payload;
    };
  });
  mountRoute(app, context, "importConnector", async ({ body, reply }) => {
    const files = body.files.map(readFile);
    const { result } = await importInWorker(files, readOptions(body), { ...bounds, signal: departureOf(reply) });
    return showResult(result);
  });

  mountRoute(app, context, "exportConnector", async ({ holder, parameters: { name } }) => {
    const record = await context.stores.connectors.latest(holder.workspace.id, name, { drafts: true });
    if (record === undefined) {
      throw unknownResource("CONNECTOR_UNKNOWN", `connector "${name}"`, "List them with GET /v1/connectors.");
    }
    // Loaded when somebody exports: the importers take megabytes that most servers never need.
    const { exportOpenApi } = await import("@junctor/importers");
    return { ...exportOpenApi(record.definition).document };
  });
}

/** Aborts when the caller goes away: nobody reads the answer, and somebody may be waiting for the slot. */
function departureOf(reply: FastifyReply): AbortSignal {
  const departure = new AbortController();
  reply.raw.once("close", () => {
    if (reply.raw.writableFinished) return;
    departure.abort(callerGone());
  });
  return departure.signal;
}

const callerGone = (): ConnectorError => new ConnectorError("CALL_CANCELLED", "The caller went away.");

function readFile({ path, text, base64 }: ImportRequest["files"][number], index: number): ImportFile {
  if ((text === undefined) === (base64 === undefined)) {
    throw new ConnectorError("REQUEST_INVALID", `The file ${path} needs either text or base64.`, {
      details: [{ pointer: `/files/${index}`, message: "needs exactly one of text and base64" }],
    });
  }
  return { path, bytes: text === undefined ? Buffer.from(base64 ?? "", "base64") : Buffer.from(text, "utf8") };
}

function readOptions({ files: _files, ...options }: ImportRequest): ImportOptions {
  return options;
}

function showResult(result: ImportResult): ImportReport {
  const { ok, format, definition, further, losses, notes, repairs, lint, operations, auth } = result;
  return {
    ok,
    format,
    definition: definition === undefined ? null : { ...definition },
    further: further.map((one) => ({ ...one })),
    losses,
    notes,
    repairs,
    findings: lint,
    operations,
    auth,
  };
}
