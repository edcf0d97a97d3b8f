import type { Terminal } from "../terminal.ts";
import { type ApiClient, createApiClient } from "./api-client.ts";
import { findServer, type ServerFlags } from "./settings.ts";

/** Makes the client for the server that flags, environment and files name. */
export const connect = (terminal: Terminal, flags: ServerFlags): ApiClient =>
  createApiClient(findServer(terminal, flags), terminal);
