import type { Variable } from "@junctor/contract";
import type { Json, VariableRecord } from "@junctor/core";
import type { FastifyInstance } from "fastify";
import { mountRoute } from "../../http/mount-route.ts";
import type { ServerContext } from "../../server-context.ts";
import { unknownResource } from "./unknown-resource.ts";

/** Mounts the routes of variables. */
export function mountVariables(app: FastifyInstance, context: ServerContext): void {
  const { stores } = context;

  mountRoute(app, context, "listVariables", async ({ holder }) => ({
    items: (await stores.variables.list(holder.workspace.id)).map(showVariable),
    cursor: null,
  }));

  mountRoute(app, context, "putVariable", async ({ holder, parameters: { name }, body, requestId }) => {
    const record = await stores.variables.put(holder.workspace.id, name, body.value as Json);
    await context.audit(holder, requestId, { event: "variable.write", resource: `variable:${name}` });
    return showVariable(record);
  });

  mountRoute(app, context, "deleteVariable", async ({ holder, parameters: { name }, requestId }) => {
    const deleted = await stores.variables.delete(holder.workspace.id, name);
    if (!deleted) throw unknownResource("RESOURCE_UNKNOWN", `variable "${name}"`, "List them with GET /v1/variables.");
    await context.audit(holder, requestId, { event: "variable.delete", resource: `variable:${name}` });
    return undefined;
  });
}

const showVariable = ({ name, value, updatedAt }: VariableRecord): Variable => ({ name, value, updatedAt });
