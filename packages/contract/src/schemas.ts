import { callerSchemas } from "./schemas/caller-schemas.ts";
import { connectionSchemas } from "./schemas/connection-schemas.ts";
import { connectorSchemas } from "./schemas/connector-schemas.ts";
import { encryptionSchemas } from "./schemas/encryption-schemas.ts";
import { executionSchemas } from "./schemas/execution-schemas.ts";
import { importSchemas } from "./schemas/import-schemas.ts";
import { problemSchemas } from "./schemas/problem-schemas.ts";
import type { Schema } from "./schemas/schema.ts";
import { serverSchemas } from "./schemas/server-schemas.ts";
import { workspaceSchemas } from "./schemas/workspace-schemas.ts";

/** Every named schema of the API; the TypeScript types in `types.generated.ts` are made from it. */
export const schemas: Readonly<Record<string, Schema>> = Object.freeze({
  ...problemSchemas,
  ...connectorSchemas,
  ...importSchemas,
  ...connectionSchemas,
  ...workspaceSchemas,
  ...callerSchemas,
  ...executionSchemas,
  ...encryptionSchemas,
  ...serverSchemas,
});
