import type { Route } from "../route.ts";
import { connectorName } from "../schemas/schema.ts";
import { idParameter, keyWith } from "./parameters.ts";

const tag = "Connections";
const read = keyWith("connections:read");
const write = keyWith("connections:write");
const parameters = { id: idParameter };

/** Routes of connections. */
export const connectionRoutes = {
  listConnections: {
    id: "listConnections",
    method: "GET",
    path: "/v1/connections",
    tag,
    summary: "List connections",
    access: read,
    query: { connector: connectorName("Only those of this connector.") },
    answer: { status: 200, description: "The connections, without credentials.", schema: "ConnectionList" },
  },
  createConnection: {
    id: "createConnection",
    method: "POST",
    path: "/v1/connections",
    tag,
    summary: "Create a connection",
    access: write,
    body: { schema: "ConnectionCreate" },
    answer: { status: 201, description: "The connection.", schema: "Connection" },
    errors: ["CONNECTOR_UNKNOWN", "CONFLICT", "INPUT_INVALID", "KEY_UNAVAILABLE"],
  },
  getConnection: {
    id: "getConnection",
    method: "GET",
    path: "/v1/connections/{id}",
    tag,
    summary: "Read a connection",
    access: read,
    parameters,
    answer: { status: 200, description: "The connection, without credentials.", schema: "Connection" },
    errors: ["CONNECTION_UNKNOWN"],
  },
  updateConnection: {
    id: "updateConnection",
    method: "PATCH",
    path: "/v1/connections/{id}",
    tag,
    summary: "Change a connection",
    access: write,
    parameters,
    body: { schema: "ConnectionUpdate" },
    answer: { status: 200, description: "The connection after the change.", schema: "Connection" },
    errors: ["CONNECTION_UNKNOWN", "CONFLICT", "INPUT_INVALID", "KEY_UNAVAILABLE"],
  },
  deleteConnection: {
    id: "deleteConnection",
    method: "DELETE",
    path: "/v1/connections/{id}",
    tag,
    summary: "Delete a connection and its credentials",
    access: write,
    parameters,
    answer: { status: 204, description: "It is gone." },
    errors: ["CONNECTION_UNKNOWN"],
  },
  testConnection: {
    id: "testConnection",
    method: "POST",
    path: "/v1/connections/{id}/test",
    tag,
    summary: "Test a connection",
    description: "Runs the connector's test action with this connection and keeps the label it yields.",
    access: write,
    parameters,
    answer: { status: 200, description: "Whether it worked, and why not.", schema: "ConnectionTest" },
    errors: ["CONNECTION_UNKNOWN"],
  },
} as const satisfies Readonly<Record<string, Route>>;
