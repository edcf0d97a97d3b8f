import { closedObject, type Schema, text } from "./schema.ts";

/** Schemas of the server's own state. */
export const serverSchemas: Readonly<Record<string, Schema>> = {
  Health: closedObject({ status: { const: "ok" } }),
  Readiness: closedObject({ status: { const: "ready" }, version: text("Version of Junctor.") }),
  OpenApiDocument: { type: "object", description: "An OpenAPI 3.1 document." },
};
