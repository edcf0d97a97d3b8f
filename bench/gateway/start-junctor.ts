import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { findFreePort } from "../harness/free-port.ts";
import { CORES, type Cores, type Running, startProcess } from "../harness/processes.ts";
import { BENCH_KEY, benchConnector } from "./bench-connector.ts";
import { UPSTREAM_TOKEN } from "./payload.ts";

/** Where a Junctor server keeps its data, and what it may reach. */
export interface JunctorStart {
  readonly name?: string;
  /** Folder of the embedded store; used without a database. */
  readonly folder: string;
  readonly databaseUrl?: string;
  readonly upstreamPort: number;
  /** Default: the server's own core. */
  readonly core?: Cores;
  /** The same for every start on the same data. Default: a fresh one. */
  readonly masterKey?: string;
}

/** Makes a master key. */
export function makeMasterKey(): string {
  return randomBytes(32).toString("base64");
}

/** Starts a Junctor server on the server's core; only the bench's upstream may be reached. */
export async function startJunctor(start: JunctorStart): Promise<Running> {
  const port = await findFreePort();
  const environment = {
    NODE_ENV: "production",
    JUNCTOR_PORT: String(port),
    JUNCTOR_DATA_DIR: join(start.folder, "data"),
    JUNCTOR_MASTER_KEY: start.masterKey ?? makeMasterKey(),
    JUNCTOR_FIRST_KEY: BENCH_KEY,
    JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${start.upstreamPort}`,
    DATABASE_URL: start.databaseUrl ?? "",
  };
  const command = [process.execPath, "--conditions=source", join(import.meta.dirname, "junctor.ts")];
  return await startProcess({
    name: start.name ?? "Junctor",
    command,
    core: start.core ?? CORES.server,
    port,
    environment,
    readyMs: 60_000,
  });
}

/** Publishes the bench connector on a server and makes its connections `main` and `patient`. */
export async function prepareJunctor(server: Running, upstreamPort: number): Promise<void> {
  await callApi(server, "/v1/connectors?publish=true", benchConnector(upstreamPort));
  for (const name of ["main", "patient"]) {
    await callApi(server, "/v1/connections", { connector: "bench", name, parameters: { token: UPSTREAM_TOKEN } });
  }
}

/** Calls the management API; throws with the problem document if it refuses. */
export async function callApi(server: Running, path: string, body: unknown): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${BENCH_KEY}`, "content-type": "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`POST ${path} answered ${response.status}: ${text.slice(0, 2_000)}\n${server.output()}`);
  return text === "" ? undefined : JSON.parse(text);
}
