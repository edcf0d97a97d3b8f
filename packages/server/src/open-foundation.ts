import { ConnectorError, createEnvironmentKeyPort, type KeyPort, loadKeyFile } from "@junctor/core";
import { openStore, type Store } from "@junctor/store";
import type { DestinationStream } from "pino";
import type { ServerConfig } from "./config.ts";
import { createLogger, type Logger } from "./logging/create-logger.ts";
import { createSecretValues, type SecretValues } from "./logging/secret-values.ts";

/** What everything else of a server stands on. */
export interface Foundation {
  readonly log: Logger;
  readonly secrets: SecretValues;
  readonly keyPort: KeyPort;
  readonly store: Store;
}

/** What may be brought along instead of being made of the configuration. */
export interface FoundationOptions {
  /** Default: made of the configuration's master key. */
  readonly keyPort?: KeyPort | undefined;
  /** Where log lines go. Default: standard output. */
  readonly logDestination?: DestinationStream;
}

/** Opens log, master key and database, and brings the database's schema up to date. */
export async function openFoundation(config: ServerConfig, options: FoundationOptions): Promise<Foundation> {
  const secrets = createSecretValues();
  const log = createLogger({
    level: config.logLevel,
    secrets,
    ...(options.logDestination === undefined ? {} : { destination: options.logDestination }),
  });
  const keyPort = options.keyPort ?? (await readMasterKey(config));
  const store = await openConfiguredStore(config, log);
  try {
    await store.migrate();
  } catch (error) {
    await store.close();
    throw error;
  }
  return { log, secrets, keyPort, store };
}

/** Reads the operator's master key; without one nothing may be sealed, so the server does not start. */
async function readMasterKey({ masterKey, masterKeyFile }: ServerConfig): Promise<KeyPort> {
  if (masterKeyFile !== undefined) return loadKeyFile(masterKeyFile);
  if (masterKey !== undefined) return createEnvironmentKeyPort(masterKey);
  throw new ConnectorError("KEY_UNAVAILABLE", "There is no master key, so secrets could not be protected.", {
    hint: "Make one with `openssl rand -base64 32` and set JUNCTOR_MASTER_KEY, or JUNCTOR_MASTER_KEY_FILE.",
  });
}

function openConfiguredStore(config: ServerConfig, log: Logger): Promise<Store> {
  const onProblem = ({ what, error }: { readonly what: string; readonly error: unknown }) =>
    log.error({ err: error, what }, "the store has a problem");
  return config.databaseUrl === undefined
    ? openStore({ kind: "embedded", folder: config.dataDirectory, onProblem })
    : openStore({ kind: "postgres", url: config.databaseUrl, pool: config.databaseConnections, onProblem });
}
