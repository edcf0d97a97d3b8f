import { actionLoad, sendOnce } from "../gateway/call.ts";
import { makeMasterKey, prepareJunctor, startJunctor } from "../gateway/start-junctor.ts";
import { startScript } from "../gateway/start-script.ts";
import type { Answer, BenchContext, Question } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { readResidentBytes } from "../harness/cpu-clock.ts";
import { CORES } from "../harness/processes.ts";
import { median } from "../harness/rounds.ts";

/** How long until a server on the embedded store has answered its first call? */
export const startTime: Question = {
  name: "start-time",
  title: "Start to first call on the embedded store, warm",
  run: (context) => withCleanups((cleanups) => measure(context, cleanups)),
};

async function measure(context: BenchContext, { keep }: Cleanups): Promise<Answer> {
  const upstream = keep(await startScript("upstream", "slow-upstream.ts", {}, CORES.others));
  const start = { folder: context.folder, upstreamPort: upstream.port, masterKey: makeMasterKey(), core: CORES.all };
  const first = await startJunctor(start);
  await prepareJunctor(first, upstream.port);
  await first.stop();

  const times: number[] = [];
  let residentBytes = 0;
  for (let round = 0; round < (context.quick ? 2 : 5); round++) {
    const before = performance.now();
    const server = await startJunctor(start);
    const { status, text } = await sendOnce(actionLoad(server, { action: "pass", raw: true }));
    times.push(performance.now() - before);
    residentBytes = readResidentBytes(server.pid);
    await server.stop();
    if (status !== 200) throw new Error(`the first call answered ${status}: ${text}`);
  }
  return {
    tables: [{ columns: ["start", "ms"], rows: times.map((time, i) => [String(i + 1), time.toFixed(0)]) }],
    gates: [
      { what: "process start to first answer", value: median(times) / 1000, gate: 2, goal: 1, unit: "s" },
      {
        what: "RSS on the embedded store",
        value: residentBytes / 2 ** 20,
        gate: undefined,
        goal: undefined,
        unit: "MiB",
      },
    ],
    notes: [
      "On both cores, as a server starts. The data folder was written by an earlier start; the server runs from TypeScript sources, which costs it the type stripping.",
    ],
  };
}
