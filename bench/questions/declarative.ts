import { actionLoad, assertSameAnswers, callLoad } from "../gateway/call.ts";
import { startNginxProxy } from "../gateway/nginx.ts";
import { openGateway } from "../gateway/open-gateway.ts";
import { ORDER_INPUT } from "../gateway/payload.ts";
import { startScript } from "../gateway/start-script.ts";
import { type Answer, type BenchContext, type Question, type Skipped, tabulate } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { measureInterleaved, medianRatio, type Variant } from "../harness/rounds.ts";

/** What does a whole declarative call cost, against the same steps written by hand? */
export const declarative: Question = {
  name: "declarative",
  title: "Full declarative call on Postgres against the same steps by hand, and nginx",
  run: (context) => withCleanups((cleanups) => measure(context, cleanups)),
};

async function measure(context: BenchContext, cleanups: Cleanups): Promise<Answer | Skipped> {
  const opened = await openGateway(context, cleanups);
  if ("skipped" in opened) return opened;
  const { junctor, upstreamPort, databaseUrl } = opened;
  const { keep } = cleanups;
  const nginx = keep(await startNginxProxy(context.folder, upstreamPort));
  const environment = { UPSTREAM_PORT: String(upstreamPort), DATABASE_URL: databaseUrl };
  const baseline = keep(await startScript("baseline", "baseline.ts", environment));

  const call = { action: "createOrder", input: ORDER_INPUT };
  const variants: Variant[] = [
    {
      name: "nginx proxy_pass",
      server: nginx,
      load: callLoad(nginx, "/pass", { connection: "main", input: ORDER_INPUT }),
    },
    { name: "by hand: Fastify + undici", server: baseline, load: actionLoad(baseline, call) },
    { name: "Junctor", server: junctor, load: actionLoad(junctor, call) },
  ];
  await assertSameAnswers(variants[1], variants[2]);

  const measured = await measureInterleaved(variants, context);
  const [base, hand, gateway] = measured;
  if (base === undefined || hand === undefined || gateway === undefined) throw new Error("nothing was measured");
  return {
    tables: [
      tabulate(
        measured,
        measured.map((row) => medianRatio(row, base)),
      ),
    ],
    gates: [
      {
        what: "Junctor against the hand-written baseline",
        value: medianRatio(gateway, hand),
        gate: 1.6,
        goal: undefined,
        unit: "×",
      },
      {
        what: "the baseline against nginx",
        value: medianRatio(hand, base),
        gate: 4.2,
        goal: undefined,
        unit: "× nginx",
      },
      { what: "Junctor against nginx", value: medianRatio(gateway, base), gate: undefined, goal: 5.5, unit: "× nginx" },
    ],
    notes: [
      "Validated input, templates in path, header and body, a JSON body, a 1 KB answer reshaped by templates, and the execution recorded in batches in Postgres (whose own CPU isn't counted).",
      "The answers of both were compared byte by byte, but for the execution's id, the connection's id and the times.",
    ],
  };
}
