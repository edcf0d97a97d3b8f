import type { Route } from "./route.ts";
import { callerRoutes } from "./routes/caller-routes.ts";
import { connectionRoutes } from "./routes/connection-routes.ts";
import { connectorRoutes } from "./routes/connector-routes.ts";
import { encryptionRoutes } from "./routes/encryption-routes.ts";
import { executionRoutes } from "./routes/execution-routes.ts";
import { importRoutes } from "./routes/import-routes.ts";
import { serverRoutes } from "./routes/server-routes.ts";
import { workspaceRoutes } from "./routes/workspace-routes.ts";

/** Every route of the HTTP API, by id. */
export const routes = Object.freeze({
  ...executionRoutes,
  ...connectorRoutes,
  ...importRoutes,
  ...connectionRoutes,
  ...workspaceRoutes,
  ...callerRoutes,
  ...encryptionRoutes,
  ...serverRoutes,
} as const satisfies Readonly<Record<string, Route>>);

/** Id of a route, `operationId` in the document. */
export type RouteId = keyof typeof routes;
