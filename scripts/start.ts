import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { loadOrCreateKeyFile } from "@junctor/core";
import {
  createApiKey,
  createConnection,
  defaultWorkspaceId,
  describeStartFailure,
  type Environment,
  loadConnectorFolder,
  type RunningServer,
  resolveConfig,
  type ServerConfig,
  type ServerContext,
  startServer,
  stopOnSignals,
  updateConnection,
} from "@junctor/server";
import { type Bookshop, startBookshop } from "../examples/bookshop-api/start-bookshop.ts";

/**
 * `npm start`: a server on an embedded store with the example connectors, and the bookshop's API beside it to call.
 * Settings come from the environment as for any server (docs/reference/configuration.md); BOOKSHOP_PORT moves the shop.
 */
const root = join(import.meta.dirname, "..");
const bookshopToken = "bookshop-demo-token";
const firstTitle = "9780141439518";

async function start(): Promise<void> {
  const startedAt = performance.now();
  const environment = withDefaults(process.env);
  const port = Number(environment.BOOKSHOP_PORT ?? 4010);
  const shop = await startBookshop({ port, token: bookshopToken });
  let server: RunningServer | undefined;
  try {
    const config = resolveConfig(allowAddress(environment, `127.0.0.1:${shop.port}`));
    const { keyPort, created } = await openMasterKey(config);
    server = await startServer(config, { keyPort });
    stopOnSignals(() => closeAll(server, shop), console.log);
    const notes = await loadConnectors(server.context);
    const connected = await connectBookshop(server.context, shop);
    const key = await ensureKeyFile(server.context, config);
    describe({ server, shop, config, key, connected, notes, masterKeyCreated: created, startedAt });
  } catch (error) {
    await closeAll(server, shop);
    throw error;
  }
}

/** A person reads this terminal, so the log keeps to what went wrong unless the level is set. */
function withDefaults(environment: Environment): Environment {
  return { JUNCTOR_LOG_LEVEL: "warn", JUNCTOR_DATA_DIR: join(root, ".junctor"), ...environment };
}

/** Opens egress for exactly one address; everything else private stays refused. */
function allowAddress(environment: Environment, address: string): Environment {
  const allowed = [environment.JUNCTOR_EGRESS_ALLOW, address].filter(Boolean).join(",");
  return { ...environment, JUNCTOR_EGRESS_ALLOW: allowed };
}

/** The operator's key if one is set; else one in the data folder. */
async function openMasterKey(config: ServerConfig) {
  if (config.masterKey.current !== undefined) {
    return { keyPort: undefined, created: false };
  }
  await mkdir(config.dataDirectory, { recursive: true, mode: 0o700 });
  return loadOrCreateKeyFile(join(config.dataDirectory, "master-key"));
}

async function loadConnectors({ stores }: ServerContext): Promise<readonly string[]> {
  const loaded = await loadConnectorFolder(stores.connectors, defaultWorkspaceId, join(root, "connectors"));
  return loaded.map((one) =>
    one.kind === "skipped"
      ? `${relative(root, one.path)} was skipped: ${one.reason}`
      : `${one.name} ${one.version}${one.kind === "published" ? " (new)" : ""}`,
  );
}

/** Makes the connection `demo`, once, and keeps its port that of the shop. Says whether there is one. */
async function connectBookshop(context: ServerContext, shop: Bookshop): Promise<boolean> {
  const existing = await context.stores.connections.find(defaultWorkspaceId, "bookshop", "demo");
  if (existing?.parameters.port === shop.port) return true;
  if ((await context.stores.connectors.latest(defaultWorkspaceId, "bookshop")) === undefined) return false;
  const connector = await context.engine.connector(defaultWorkspaceId, "bookshop");
  if (existing !== undefined) {
    // The port is where the token goes, so the token is given again with it.
    await updateConnection(context, existing, connector, { parameters: { token: bookshopToken, port: shop.port } });
    return true;
  }
  await createConnection(context, defaultWorkspaceId, connector, {
    connector: "bookshop",
    name: "demo",
    environment: "demo",
    parameters: { token: bookshopToken, port: shop.port },
  });
  return true;
}

/** Makes the first key, once, and keeps it in the data folder for its owner. */
async function ensureKeyFile({ stores }: ServerContext, config: ServerConfig) {
  const path = join(config.dataDirectory, "first-key");
  if (existsSync(path)) {
    const stored = (await readFile(path, "utf8")).trim();
    const wish = { workspaceId: defaultWorkspaceId, name: "First key", kind: "service", scopes: [] } as const;
    const known = await stores.keys.findByHash(createApiKey({ ...wish, key: stored }).record.hash);
    if (known !== undefined && known.revokedAt === null) return { path, key: stored, created: false };
  }
  const wish = { workspaceId: defaultWorkspaceId, name: "First key", kind: "service", scopes: ["*", "admin"] } as const;
  const { key, record } = createApiKey(wish);
  await stores.keys.create(record);
  await writeFile(path, `${key}\n`, { mode: 0o600 });
  return { path, key, created: true };
}

interface StartReport {
  readonly server: RunningServer;
  readonly shop: Bookshop;
  readonly config: ServerConfig;
  readonly key: { readonly path: string; readonly key: string; readonly created: boolean };
  readonly connected: boolean;
  readonly notes: readonly string[];
  readonly masterKeyCreated: boolean;
  readonly startedAt: number;
}

function describe({ server, shop, config, key, connected, notes, masterKeyCreated, startedAt }: StartReport): void {
  const keyPath = relative(process.cwd(), key.path);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  const lines = [
    `Junctor listens at ${server.url} (ready in ${seconds} s)`,
    `  data folder   ${config.databaseUrl === undefined ? config.dataDirectory : "not used; DATABASE_URL is set"}`,
    ...(masterKeyCreated
      ? [
          `  master key    made now: ${join(config.dataDirectory, "master-key")} (mode 0600). Keep a copy apart from backups.`,
        ]
      : []),
    key.created
      ? `  first key     ${key.key}\n                shown this once; kept in ${keyPath} (mode 0600)`
      : `  first key     in ${keyPath}`,
    `  bookshop API  ${shop.url}; egress allows ${config.egress.allow.join(", ")} and no other private address`,
    `  connectors    ${notes.join("\n                ")}`,
  ];
  const data = JSON.stringify({ connection: "demo", input: { isbn: firstTitle } });
  const call = [
    `curl ${server.url}/v1/connectors/bookshop/actions/getBook/execute \\`,
    `  -H "Authorization: Bearer $(cat ${keyPath})" -H "Content-Type: application/json" \\`,
    `  -d '${data}'`,
  ];
  console.log([...lines, "", ...(connected ? ["Try:", ...call, ""] : []), "Ctrl-C stops it."].join("\n"));
}

async function closeAll(server: RunningServer | undefined, shop: Bookshop): Promise<void> {
  await server?.close();
  await shop.close();
}

start().catch((error: unknown) => {
  console.error(describeStartFailure(error));
  if (error instanceof Error && "port" in error) {
    console.error("JUNCTOR_PORT sets the server's port, BOOKSHOP_PORT the bookshop's.");
  }
  process.exitCode = 1;
});
