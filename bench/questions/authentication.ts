import { actionLoad, assertSame, sendOnce } from "../gateway/call.ts";
import { openGateway } from "../gateway/open-gateway.ts";
import { type Answer, type BenchContext, type Question, type Skipped, tabulate } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { measureInterleaved, median, medianRatio, type Variant } from "../harness/rounds.ts";

/** What does a warm credential add to a call? */
export const authentication: Question = {
  name: "authentication",
  title: "Warm authenticated call over the same call without auth",
  run: (context) => withCleanups((cleanups) => measure(context, cleanups)),
};

async function measure(context: BenchContext, cleanups: Cleanups): Promise<Answer | Skipped> {
  const opened = await openGateway(context, cleanups);
  if ("skipped" in opened) return opened;
  const { junctor } = opened;

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
