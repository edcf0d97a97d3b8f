export { type ComposeOptions, type Composition, compose } from "./compose.ts";
export { ConfigError, type Environment, resolveConfig, type ServerConfig } from "./config.ts";
export { defaultWorkspaceId, ensureDefaultWorkspace, ensureFirstKey } from "./ensure-workspace.ts";
export { type ApiKeyWish, createApiKey, hashApiKey, type NewApiKey } from "./keys/api-key.ts";
export type { AuditEvent, ServerContext, ServerState } from "./server-context.ts";
export { type RunningServer, startServer } from "./start-server.ts";
export { version } from "./version.ts";
