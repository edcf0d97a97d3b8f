export { type ComposeOptions, type Composition, compose } from "./compose.ts";
export { ConfigError, type Environment, resolveConfig, type ServerConfig } from "./config.ts";
export { type LoadedConnector, loadConnectorFolder } from "./connectors/load-folder.ts";
export {
  type DefinitionToSave,
  publishVersion,
  type SavedDefinition,
  saveDefinition,
} from "./connectors/save-definition.ts";
export { createConnection, updateConnection } from "./connectors/write-connection.ts";
export { describeStartFailure } from "./describe-start-failure.ts";
export { defaultWorkspaceId, ensureDefaultWorkspace, ensureFirstKey } from "./ensure-workspace.ts";
export { type ApiKeyWish, createApiKey, hashApiKey, type NewApiKey } from "./keys/api-key.ts";
export type { AuditEvent, ServerContext, ServerState } from "./server-context.ts";
export { type RunningServer, startServer } from "./start-server.ts";
export { stopOnSignals } from "./stop-on-signals.ts";
export { tuneProcess } from "./tune-process.ts";
export { version } from "./version.ts";
