import { actionLoad, assertSame, callLoad, sendOnce } from "../gateway/call.ts";
import { startNginxProxy } from "../gateway/nginx.ts";
import { openGateway } from "../gateway/open-gateway.ts";
import { UPSTREAM_ANSWER } from "../gateway/payload.ts";
import { startScript } from "../gateway/start-script.ts";
import { type Answer, type BenchContext, type Question, type Skipped, tabulate } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { measureInterleaved, medianRatio, type Variant } from "../harness/rounds.ts";

/** What does the gateway cost when it only adds a credential? Against nginx doing the same. */
export const passThrough: Question = {
  name: "pass-through",
  title: "Pass-through action against nginx proxy_pass with the same header injection",
  run: (context) => withCleanups((cleanups) => measure(context, cleanups)),
};

async function measure(context: BenchContext, cleanups: Cleanups): Promise<Answer | Skipped> {
  const opened = await openGateway(context, cleanups);
  if ("skipped" in opened) return opened;
  const { junctor, upstreamPort, databaseUrl } = opened;
  const { keep } = cleanups;
  const nginx = keep(await startNginxProxy(context.folder, upstreamPort));
  const floor = keep(await startScript("egress floor", "egress-floor.ts", { UPSTREAM_PORT: String(upstreamPort) }));
  const baseline = keep(
    await startScript("baseline", "baseline.ts", { UPSTREAM_PORT: String(upstreamPort), DATABASE_URL: databaseUrl }),
  );
  const hello = keep(await startScript("node:http", "hello.ts", {}));

  const body = { connection: "main" };
  const variants: Variant[] = [
    { name: "nginx proxy_pass", server: nginx, load: callLoad(nginx, "/pass", body) },
    {
      name: "Junctor, action with a bearer credential",
      server: junctor,
      load: actionLoad(junctor, { action: "pass", raw: true }),
    },
    { name: "Fastify + undici by hand", server: baseline, load: callLoad(baseline, "/pass", body) },
    { name: "Fastify + egress.dispatch, no engine", server: floor, load: callLoad(floor, "/pass", body) },
    { name: "node:http answering by itself", server: hello, load: callLoad(hello, "/pass", body) },
  ];
  for (const { name, load } of variants) assertSame(name, UPSTREAM_ANSWER, (await sendOnce(load)).text);

  const measured = await measureInterleaved(variants, context);
  const [base, gateway, hand] = measured;
  if (base === undefined || gateway === undefined || hand === undefined) throw new Error("nothing was measured");
  const ratios = measured.map((row) => medianRatio(row, base));
  return {
    tables: [tabulate(measured, ratios)],
    gates: [
      { what: "gateway CPU per request", value: medianRatio(gateway, base), gate: 2.8, goal: 2.5, unit: "× nginx" },
      {
        what: "against the same steps by hand",
        value: medianRatio(gateway, hand),
        gate: undefined,
        goal: undefined,
        unit: "×",
      },
      { what: "the steps by hand", value: medianRatio(hand, base), gate: undefined, goal: undefined, unit: "× nginx" },
    ],
    notes: [
      "Every variant gets the same POST and sends the same GET with the two headers to the same nginx, which serves a 1 KB file; all answers were compared byte by byte first.",
      "The ratio is the median of the rounds' ratios. `least µs` is the quietest round.",
    ],
  };
}
