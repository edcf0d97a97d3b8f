import type { Route } from "../route.ts";
import { connectorParameter, keyWith } from "./parameters.ts";

/** Routes that turn foreign descriptions into definitions, and back. */
export const importRoutes = {
  importConnector: {
    id: "importConnector",
    method: "POST",
    path: "/v1/imports",
    tag: "Imports",
    summary: "Turn an API description into a definition",
    description:
      "Reads OpenAPI, Swagger, Postman, HAR, cURL and others, without network or file access, in a process of its own that can be stopped. Nothing is saved: send the definition to `POST /v1/connectors`.",
    access: keyWith("connectors:write"),
    body: { schema: "ImportRequest", maxBytes: 32 * 1024 * 1024 },
    answer: {
      status: 200,
      description: "The definition, and everything that did not come through.",
      schema: "ImportReport",
    },
    errors: ["IMPORT_FAILED", "IMPORT_LIMIT"],
  },
  exportConnector: {
    id: "exportConnector",
    method: "GET",
    path: "/v1/connectors/{name}/openapi.json",
    tag: "Imports",
    summary: "Write a connector as an OpenAPI document",
    description: "The current version. What an import kept aside is given back in its place.",
    access: keyWith("connectors:read"),
    parameters: { name: connectorParameter },
    answer: { status: 200, description: "OpenAPI 3.1.", schema: "OpenApiDocument" },
    errors: ["CONNECTOR_UNKNOWN"],
  },
} as const satisfies Readonly<Record<string, Route>>;
