import { type ChildProcess, fork } from "node:child_process";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { processOfPort } from "./process-of-port.ts";
import { type SentNote, stormTiming, tokenLifetimeMs, type WorkerOrders, type WorkerReport } from "./storm-orders.ts";
import { startTokenServer, type TokenServer, type TokenServerCounts } from "./token-server.ts";

/** Where one replica is killed, as `kill -9` would. */
export type KillPoint = "never" | "before request" | "after commit" | "between answer and commit";

/** One storm. */
export interface Storm {
  readonly databaseUrl: string;
  readonly processes: number;
  /** Calls per process. */
  readonly calls: number;
  readonly connections: number;
  readonly durationMs: number;
  readonly kill: KillPoint;
  /** Time in which the token server takes a used refresh token once more. */
  readonly leewayMs: number;
}

/** What a storm left behind. */
export interface StormResult extends TokenServerCounts {
  readonly calls: number;
  readonly succeeded: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly samples: readonly string[];
  readonly killed: number;
  /** The connection whose renewal was under way when the replica was killed. */
  readonly hit: string | null;
  /** Connections that need a person in the end, with the reason. */
  readonly lost: ReadonlyArray<{ readonly name: string; readonly reason: string }>;
  readonly seconds: number;
}

/** Runs a storm: a token server and a setting-up server here, replicas as processes of their own. */
export async function runStorm(storm: Storm): Promise<StormResult> {
  const startedAt = Date.now();
  const tokens = await startTokenServer({ lifetimeMs: tokenLifetimeMs, leewayMs: storm.leewayMs });
  const environment = {
    JUNCTOR_PORT: "0",
    JUNCTOR_MASTER_KEY: randomBytes(32).toString("base64"),
    JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${tokens.port}`,
    JUNCTOR_LOG_LEVEL: "silent",
    JUNCTOR_DATABASE_CONNECTIONS: "6",
    DATABASE_URL: storm.databaseUrl,
  };
  const key = `jk_${randomBytes(32).toString("base64url")}`;
  const server = await startServer(resolveConfig({ ...environment, JUNCTOR_FIRST_KEY: key }), { timing: stormTiming });
  try {
    const names = Array.from({ length: storm.connections }, (_, index) => `account-${index}`);
    await setUp(server, key, tokens, names);
    const fleet = new Fleet(storm, environment, names, tokens);
    const workspaceId = (await server.context.stores.workspaces.list())[0]?.id ?? "";
    const connections = await server.context.stores.connections.list(workspaceId);
    const hit = armKill(storm, tokens, server, fleet, new Map(connections.map(({ name, id }) => [name, id])));
    const reports = await fleet.run();
    const records = await server.context.stores.connections.list(workspaceId);
    return {
      ...tokens.counts(),
      calls: storm.processes * storm.calls,
      succeeded: reports.reduce((sum, report) => sum + report.succeeded, 0),
      errors: sumErrors(reports),
      samples: reports.flatMap(({ samples }) => samples).slice(0, 5),
      killed: fleet.killed,
      hit: hit.family,
      lost: records
        .filter(({ status }) => status === "needs-authorization")
        .map(({ name, statusReason }) => ({ name, reason: statusReason ?? "" })),
      seconds: Math.round((Date.now() - startedAt) / 1_000),
    };
  } finally {
    await server.close();
    await tokens.close();
  }
}

/** The replicas, one process each. A killed one is started again with what it had not done. */
class Fleet {
  killed = 0;
  private readonly storm: Storm;
  private readonly environment: Readonly<Record<string, string>>;
  private readonly names: readonly string[];
  private readonly tokens: TokenServer;
  private readonly running = new Map<number, { readonly child: ChildProcess; done: number }>();

  constructor(
    storm: Storm,
    environment: Readonly<Record<string, string>>,
    names: readonly string[],
    tokens: TokenServer,
  ) {
    this.tokens = tokens;
    this.storm = storm;
    this.environment = environment;
    this.names = names;
  }

  get processIds(): readonly number[] {
    return [...this.running.values()].flatMap(({ child }) => (child.pid === undefined ? [] : [child.pid]));
  }

  kill(pid: number): void {
    this.killed += 1;
    process.kill(pid, "SIGKILL");
  }

  async run(): Promise<readonly WorkerReport[]> {
    const workers = Array.from({ length: this.storm.processes }, (_, worker) =>
      this.runWorker(worker, this.storm.calls),
    );
    return (await Promise.all(workers)).flat();
  }

  private async runWorker(worker: number, calls: number): Promise<readonly WorkerReport[]> {
    const durationMs = (this.storm.durationMs * calls) / this.storm.calls;
    const orders: WorkerOrders = { worker, environment: this.environment, connections: this.names, calls, durationMs };
    const child = fork(fileURLToPath(new URL("storm-worker.ts", import.meta.url)), {
      env: { ...process.env, STORM_ORDERS: JSON.stringify(orders) },
      execArgv: ["--conditions=source"],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
    const entry = { child, done: 0 };
    this.running.set(worker, entry);
    let report: WorkerReport | undefined;
    child.on("message", (message: WorkerReport | SentNote | { readonly kind: "progress"; readonly done: number }) => {
      if (message.kind === "sent") this.tokens.noteSend(message.token, message.at);
      else if (message.kind === "progress") entry.done = message.done;
      else report = message;
    });
    const signal = await new Promise<string | null>((ended) => child.once("exit", (_code, name) => ended(name)));
    if (report !== undefined) return [report];
    if (signal !== "SIGKILL") throw new Error(`Worker ${worker} ended without a report.`);
    // What was done before the kill went well, or the process would have reported otherwise.
    const before: WorkerReport = { kind: "report", worker, succeeded: entry.done, errors: [], samples: [] };
    const rest = calls - entry.done;
    return rest <= 0 ? [before] : [before, ...(await this.runWorker(worker, rest))];
  }
}

/**
 * Kills one replica, once, in the middle of a renewal. Which replica renews, the port of its token request tells; which
 * renewals of it are answered but not stored yet, the change feed. It is killed when that is none other than the one, so that
 * exactly one grant is in the window.
 */
function armKill(
  storm: Storm,
  tokens: TokenServer,
  server: RunningServer,
  fleet: Fleet,
  ids: ReadonlyMap<string, string>,
) {
  const hit: { family: string | null } = { family: null };
  const unstored = new Map<string, number>();
  let refreshes = 0;
  let killedAt = Number.POSITIVE_INFINITY;
  let dying: { readonly connectionId: string; readonly pid: number } | undefined;
  server.context.stores.changes.subscribe((change) => {
    if (change.kind !== "connection") return;
    unstored.delete(change.key);
    // The database tells of the commit as it happens; what the replica does after it may or may not have happened yet.
    if (dying?.connectionId !== change.key) return;
    killedAt = Date.now();
    fleet.kill(dying.pid);
    dying = undefined;
  });
  tokens.watch(({ family, peerPort }) => {
    if (storm.kill === "never") return "act";
    // What the dead replica had sent to this busy server by then counts as not sent: one renewal is to be in the window.
    const isAfterKill = Date.now() - killedAt < 3_000;
    if (hit.family !== null) {
      return isAfterKill && processOfPort(peerPort, fleet.processIds) === undefined ? "ignore" : "act";
    }
    refreshes += 1;
    const pid = processOfPort(peerPort, fleet.processIds);
    const connectionId = ids.get(family) ?? "";
    if (pid === undefined) return "act";
    // Not the first renewals: the storm is to be at full strength.
    const isAlone = ![...unstored.values()].includes(pid);
    if (refreshes < storm.connections || !isAlone) {
      unstored.set(connectionId, pid);
      return "act";
    }
    hit.family = family;
    if (storm.kill === "after commit") {
      dying = { connectionId, pid };
      return "act";
    }
    killedAt = Date.now();
    fleet.kill(pid);
    return storm.kill === "before request" ? "ignore" : "silent";
  });
  return hit;
}

async function setUp(server: RunningServer, key: string, tokens: TokenServer, names: readonly string[]): Promise<void> {
  const send = async (path: string, body: unknown) => {
    const response = await fetch(`${server.url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  };
  await send("/v1/connectors?publish=true", {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "storm",
    title: "Storm",
    version: "1.0.0",
    baseUrl: tokens.url,
    connection: {
      auth: [
        {
          type: "oauth2",
          grant: "authorizationCode",
          authorizationUrl: `${tokens.url}/authorize`,
          tokenUrl: `${tokens.url}/token`,
          clientId: "storm",
          clientAuthentication: "none",
        },
      ],
    },
    actions: { read: { timeout: "PT40S", retry: { attempts: 1 }, request: { path: "/resource" } } },
  });
  for (const name of names) {
    const { accessToken, refreshToken, expiresAt } = tokens.grant(name);
    await send("/v1/connections", { connector: "storm", name, credential: { accessToken, refreshToken, expiresAt } });
  }
}

function sumErrors(reports: readonly WorkerReport[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const { errors } of reports) for (const [code, count] of errors) sum[code] = (sum[code] ?? 0) + count;
  return sum;
}
