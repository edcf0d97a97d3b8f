import { actionLoad, sendOnce } from "../gateway/call.ts";
import { startPostgres } from "../gateway/postgres.ts";
import { prepareJunctor, startJunctor } from "../gateway/start-junctor.ts";
import { startScript } from "../gateway/start-script.ts";
import type { Answer, BenchContext, Question, Skipped } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { applyLoad, type Load } from "../harness/load.ts";
import { CORES, type Running, sleep } from "../harness/processes.ts";
import { median } from "../harness/rounds.ts";
import { findTool } from "../harness/tools.ts";

const WAITING = 100;

/** Do calls that wait for a slow upstream slow the others down? */
export const waitingCalls: Question = {
  name: "waiting-calls",
  title: "100 calls waiting on a 10 s upstream: p99 of the others",
  run: (context) => withCleanups((cleanups) => measure(context, cleanups)),
};

async function measure(context: BenchContext, { keep }: Cleanups): Promise<Answer | Skipped> {
  const tool = findTool("wrk");
  if ("missing" in tool) return { skipped: tool.missing };
  const postgres = await startPostgres();
  if ("missing" in postgres) return { skipped: postgres.missing };
  const databaseUrl = await keep(postgres).createDatabase("bench");
  const upstream = keep(await startScript("upstream", "slow-upstream.ts", {}, CORES.others));
  const junctor = keep(await startJunctor({ folder: context.folder, databaseUrl, upstreamPort: upstream.port }));
  await prepareJunctor(junctor, upstream.port);

  const others = actionLoad(junctor, { action: "pass", raw: true, connections: 4 });
  const slow = actionLoad(junctor, { action: "slow", raw: true, connection: "patient" });
  await applyLoad(junctor, others, 3, context.folder);
  const rows: string[][] = [];
  const ratios: number[] = [];
  for (let round = 1; round <= (context.quick ? 1 : 5); round++) {
    const alone = await measureP99(junctor, others, context);
    const waiting = Array.from({ length: WAITING }, () => sendOnce(slow));
    await sleep(500);
    const beside = await measureP99(junctor, others, context);
    const answered = (await Promise.all(waiting)).filter(({ status }) => status === 200).length;
    if (answered !== WAITING) throw new Error(`only ${answered} of ${WAITING} waiting calls were answered`);
    ratios.push(beside / alone);
    rows.push([String(round), alone.toFixed(2), beside.toFixed(2), (beside / alone).toFixed(2), String(answered)]);
  }
  return {
    tables: [{ columns: ["round", "p99 ms alone", "p99 ms beside them", "ratio", "waiting calls answered"], rows }],
    gates: [{ what: "p99 of the other calls", value: median(ratios), gate: 1.2, goal: 1, unit: "×" }],
    notes: [
      `${WAITING} calls wait for an upstream that answers after 10 s, while 4 connections call another action in a loop.`,
    ],
  };
}

/** Shorter than the wait of the others, so that all of them wait the whole time. */
async function measureP99(server: Running, load: Load, { quick, folder }: BenchContext): Promise<number> {
  return (await applyLoad(server, load, quick ? 2 : 8, folder)).p99Ms;
}
