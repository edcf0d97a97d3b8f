import { actionLoad, sendOnce } from "../gateway/call.ts";
import { manyOperations } from "../gateway/many-operations.ts";
import { startPostgres } from "../gateway/postgres.ts";
import { callApi, makeMasterKey, prepareJunctor, startJunctor } from "../gateway/start-junctor.ts";
import { startScript } from "../gateway/start-script.ts";
import type { Answer, BenchContext, Question, Skipped } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { readResidentBytes } from "../harness/cpu-clock.ts";
import { CORES, type Running, sleep } from "../harness/processes.ts";

const OPERATIONS = 22_000;
const PER_CONNECTOR = 100;
const MEBIBYTE = 2 ** 20;

/** What does an idle server need, alone and with a large catalogue that nobody calls? */
export const idleMemory: Question = {
  name: "idle-memory",
  title: "Idle server on Postgres, and 22,000 operations known but idle",
  run: (context) => withCleanups((cleanups) => measure(context, cleanups)),
};

interface Idle {
  readonly startMs: number;
  readonly residentBytes: number;
}

async function measure(context: BenchContext, { keep }: Cleanups): Promise<Answer | Skipped> {
  const postgres = await startPostgres();
  if ("missing" in postgres) return { skipped: postgres.missing };
  const databaseUrl = await keep(postgres).createDatabase("bench");
  const upstream = keep(await startScript("upstream", "slow-upstream.ts", {}, CORES.others));
  const start = { folder: context.folder, databaseUrl, upstreamPort: upstream.port, masterKey: makeMasterKey() };
  await withServer(start, (server) => prepareJunctor(server, upstream.port));

  const rounds = context.quick ? 1 : 3;
  const empty = await repeat(rounds, () => observeIdle(start));
  const operations = context.quick ? 2_000 : OPERATIONS;
  await withServer(start, async (server) => {
    for (let first = 0; first < operations; first += PER_CONNECTOR) {
      await callApi(
        server,
        "/v1/connectors?publish=true",
        manyOperations(first / PER_CONNECTOR, PER_CONNECTOR, upstream.port),
      );
    }
  });
  const full = await repeat(rounds, () => observeIdle(start));

  const row = (name: string, { residentBytes, startMs }: Idle): string[] => [
    name,
    (residentBytes / MEBIBYTE).toFixed(1),
    startMs.toFixed(0),
  ];
  return {
    tables: [
      {
        columns: ["server", "RSS MiB", "start to first call, ms"],
        rows: [row("with one connector", empty), row(`with ${operations} operations more`, full)],
      },
    ],
    gates: [
      { what: "idle server on Postgres", value: empty.residentBytes / MEBIBYTE, gate: 150, goal: 120, unit: "MiB RSS" },
      {
        what: `${operations} operations known but idle`,
        value: (full.residentBytes - empty.residentBytes) / MEBIBYTE,
        gate: 30,
        goal: 15,
        unit: "MiB more",
      },
      {
        what: "start time that they add",
        value: full.startMs - empty.startMs,
        gate: undefined,
        goal: undefined,
        unit: "ms",
      },
    ],
    notes: [
      "Read from /proc after one call and five idle seconds, least of three starts; Postgres runs in its own processes.",
    ],
  };
}

async function withServer(
  start: Parameters<typeof startJunctor>[0],
  use: (server: Running) => Promise<void>,
): Promise<void> {
  const server = await startJunctor(start);
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

async function observeIdle(start: Parameters<typeof startJunctor>[0]): Promise<Idle> {
  const before = performance.now();
  const server = await startJunctor(start);
  try {
    const { status, text } = await sendOnce(actionLoad(server, { action: "pass", raw: true }));
    if (status !== 200) throw new Error(`the first call answered ${status}: ${text}`);
    const startMs = performance.now() - before;
    await sleep(5_000);
    return { startMs, residentBytes: readResidentBytes(server.pid) };
  } finally {
    await server.stop();
  }
}

/** Observes several times and keeps the least of each: memory and start time only ever err upwards. */
async function repeat(times: number, observe: () => Promise<Idle>): Promise<Idle> {
  const seen: Idle[] = [];
  for (let i = 0; i < times; i++) seen.push(await observe());
  return {
    startMs: Math.min(...seen.map((idle) => idle.startMs)),
    residentBytes: Math.min(...seen.map((idle) => idle.residentBytes)),
  };
}
