import type { KeyPort } from "@junctor/core";
import { openStore, type Store } from "@junctor/store";
import type { DestinationStream } from "pino";
import type { ServerConfig } from "./config.ts";
import { listMasterKeySecrets } from "./config-master-key.ts";
import { createLogger, type Logger } from "./logging/create-logger.ts";
import { createSecretValues, type SecretValues } from "./logging/secret-values.ts";
import { checkMasterKey } from "./master-key/check-master-key.ts";
import { type OpenMasterKey, openMasterKey } from "./master-key/open-master-key.ts";

/** What everything else of a server stands on. */
export interface Foundation {
  readonly log: Logger;
  readonly secrets: SecretValues;
  readonly keyPort: KeyPort;
  readonly store: Store;
  /** Closes the database, and connections to a key service. */
  close(): Promise<void>;
}

/** What may be brought along instead of being made of the configuration. */
export interface FoundationOptions {
  /** Default: made of the configuration's master key. */
  readonly keyPort?: KeyPort | undefined;
  /** Where log lines go. Default: standard output. */
  readonly logDestination?: DestinationStream;
}

/**
 * Opens log, master key and database, brings the database's schema up to date, and checks that the master key is the
 * one of this database.
 */
export async function openFoundation(config: ServerConfig, options: FoundationOptions): Promise<Foundation> {
  const secrets = createSecretValues();
  const log = createLogger({
    level: config.logLevel,
    secrets,
    ...(options.logDestination === undefined ? {} : { destination: options.logDestination }),
  });
  for (const value of listMasterKeySecrets(config.masterKey)) secrets.add(value);
  const masterKey: OpenMasterKey =
    options.keyPort === undefined
      ? await openMasterKey(config)
      : { keyPort: options.keyPort, close: async () => undefined };
  const { keyPort } = masterKey;
  let store: Store | undefined;
  const close = async (): Promise<void> => {
    await store?.close();
    await masterKey.close();
  };
  try {
    store = await openConfiguredStore(config, log);
    await store.migrate();
    await checkMasterKey(keyPort, store.stores.dataKeys);
    return { log, secrets, keyPort, store, close };
  } catch (error) {
    await close();
    throw error;
  }
}

function openConfiguredStore(config: ServerConfig, log: Logger): Promise<Store> {
  const onProblem = ({ what, error }: { readonly what: string; readonly error: unknown }) =>
    log.error({ err: error, what }, "the store has a problem");
  return config.databaseUrl === undefined
    ? openStore({ kind: "embedded", folder: config.dataDirectory, onProblem })
    : openStore({ kind: "postgres", url: config.databaseUrl, pool: config.databaseConnections, onProblem });
}
