import { actionLoad, assertSame, sendOnce } from "../gateway/call.ts";
import { startNginxUpstream } from "../gateway/nginx.ts";
import { startPostgres } from "../gateway/postgres.ts";
import { prepareJunctor, startJunctor } from "../gateway/start-junctor.ts";
import { type Answer, type BenchContext, type Question, type Skipped, tabulate } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { measureInterleaved, median, medianRatio, type Variant } from "../harness/rounds.ts";
import { findTool } from "../harness/tools.ts";

/** What does a warm credential add to a call? */
export const authentication: Question = {
  name: "authentication",
  title: "Warm authenticated call over the same call without auth",
  run: (context) => withCleanups((cleanups) => measure(context, cleanups)),
};

async function measure(context: BenchContext, { keep }: Cleanups): Promise<Answer | Skipped> {
  for (const tool of ["nginx", "wrk"] as const) {
    const found = findTool(tool);
    if ("missing" in found) return { skipped: found.missing };
  }
  const postgres = await startPostgres();
  if ("missing" in postgres) return { skipped: postgres.missing };
  const databaseUrl = await keep(postgres).createDatabase("bench");
  const upstream = keep(await startNginxUpstream(context.folder));
  const junctor = keep(await startJunctor({ folder: context.folder, databaseUrl, upstreamPort: upstream.port }));
  await prepareJunctor(junctor, upstream.port);

  const without = actionLoad(junctor, { action: "passWithoutAuth", raw: true });
  const withAuth = actionLoad(junctor, { action: "pass", raw: true });
  assertSame("the authenticated call", (await sendOnce(without)).text, (await sendOnce(withAuth)).text);
  const variants: Variant[] = [
    { name: "without auth", server: junctor, load: without },
    { name: "with a bearer credential", server: junctor, load: withAuth },
  ];
  const measured = await measureInterleaved(variants, context);
  const [base, authenticated] = measured;
  if (base === undefined || authenticated === undefined) throw new Error("nothing was measured");
  const difference = median(authenticated.rounds.map((value, i) => value - (base.rounds[i] ?? Number.NaN)));
  return {
    tables: [
      tabulate(
        measured,
        measured.map((row) => medianRatio(row, base)),
      ),
    ],
    gates: [{ what: "what the credential adds", value: difference, gate: 10, goal: 5, unit: "µs CPU" }],
    notes: ["The same server process answers both; the difference is the median of the rounds' differences."],
  };
}
