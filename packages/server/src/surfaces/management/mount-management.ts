import type { FastifyInstance } from "fastify";
import type { ServerContext } from "../../server-context.ts";
import { mountConnectionAuthorization } from "./authorize-connection.ts";
import { mountCallers } from "./callers.ts";
import { mountConnections } from "./connections.ts";
import { mountConnectors } from "./connectors.ts";
import { mountEncryption } from "./encryption.ts";
import { mountImports } from "./imports.ts";
import { mountKeys } from "./keys.ts";
import { mountRecords } from "./records.ts";
import { mountRepositories } from "./repositories.ts";
import { mountSecrets } from "./secrets.ts";
import { mountVariables } from "./variables.ts";
import { mountWorkspaces } from "./workspaces.ts";

/** Mounts the management API: what a workspace holds, and the records of what was done with it. */
export function mountManagement(app: FastifyInstance, context: ServerContext): void {
  mountConnectors(app, context);
  mountImports(app, context);
  mountConnections(app, context);
  mountConnectionAuthorization(app, context);
  mountSecrets(app, context);
  mountVariables(app, context);
  mountKeys(app, context);
  mountRecords(app, context);
  mountWorkspaces(app, context);
  mountCallers(app, context);
  mountRepositories(app, context);
  mountEncryption(app, context);
}
