import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type ApiClient, createApiClient } from "./api/api-client.ts";
import { CliFailure } from "./cli-failure.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Starts a server within this process, on a free port of this machine and a data folder of its own (`.junctor/dev`), with a key
 * that is printed once. Its settings come from the environment like those of any server.
 */
export const startOwnServer = async (
  terminal: Terminal,
): Promise<{ readonly api: ApiClient; readonly close: () => Promise<void> }> => {
  const { loadOrCreateKeyFile } = await import("@junctor/core");
  const { describeStartFailure, resolveConfig, startServer } = await import("@junctor/server");
  const folder = join(terminal.folder, ".junctor", "dev");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { keyPort } = await loadOrCreateKeyFile(join(folder, "master-key"));
  const key = `jk_${randomBytes(30).toString("base64url")}`;
  const environment = {
    JUNCTOR_LOG_LEVEL: "warn",
    ...terminal.environment,
    JUNCTOR_PORT: "0",
    JUNCTOR_HOST: "127.0.0.1",
    JUNCTOR_DATA_DIR: folder,
    JUNCTOR_FIRST_KEY: key,
  };
  try {
    const server = await startServer(resolveConfig(environment), { keyPort });
    terminal.error(`Server at ${server.url}; JUNCTOR_KEY=${key}\n`);
    return { api: createApiClient({ url: server.url, key }, terminal), close: () => server.close() };
  } catch (error) {
    throw new CliFailure(describeStartFailure(error), { cause: error });
  }
};
