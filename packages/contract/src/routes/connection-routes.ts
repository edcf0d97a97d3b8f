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
    description:
      "Revokes the grant at the authorization server first, where the connector names a revocation endpoint.",
    errors: ["CONNECTION_UNKNOWN"],
  },
  authorizeConnection: {
    id: "authorizeConnection",
    method: "POST",
    path: "/v1/connections/{id}/authorize",
    tag,
    summary: "Begin to connect an account",
    description:
      "Answers with a page to open in a browser, or for a device grant with the code to enter on another device. The " +
      "page works once, for thirty minutes.",
    access: write,
    parameters,
    body: { schema: "ConnectionAuthorize", required: false },
    answer: { status: 200, description: "Where a person goes on.", schema: "ConnectionAuthorization" },
    errors: [
      "CONNECTION_UNKNOWN",
      "CONNECTION_UNUSABLE",
      "INPUT_INVALID",
      "TOKEN_REQUEST_FAILED",
      "AUTHENTICATION_FAILED",
    ],
  },
  continueConnection: {
    id: "continueConnection",
    method: "POST",
    path: "/v1/connections/{id}/authorize/continue",
    tag,
    summary: "Look whether a device authorization is done",
    description: "May be asked at any pace; the authorization server is asked no faster than it allows.",
    access: write,
    parameters,
    answer: { status: 200, description: "Whether it is done.", schema: "ConnectionProgress" },
    errors: [
      "CONNECTION_UNKNOWN",
      "CONNECTION_UNUSABLE",
      "AUTHORIZATION_STATE_INVALID",
      "TOKEN_REQUEST_FAILED",
      "AUTHENTICATION_FAILED",
    ],
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
