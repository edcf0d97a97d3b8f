import { actionLoad, assertSame, assertSameAnswers, callLoad, sendOnce } from "../gateway/call.ts";
import { openGateway } from "../gateway/open-gateway.ts";
import { startScript } from "../gateway/start-script.ts";
import { type Answer, type BenchContext, type Question, type Skipped, tabulate } from "../harness/answer.ts";
import { type Cleanups, withCleanups } from "../harness/cleanups.ts";
import { measureInterleaved, medianRatio, type Variant } from "../harness/rounds.ts";

/** What does a cache hit cost, against Fastify sending the same bytes? */
export const cacheHits: Question = {
  name: "cache-hits",
  title: "Cache hits from memory against Fastify sending the same bytes",
  run: (context) => withCleanups((cleanups) => measure(context, cleanups)),
};

async function measure(context: BenchContext, cleanups: Cleanups): Promise<Answer | Skipped> {
  const opened = await openGateway(context, cleanups);
  if ("skipped" in opened) return opened;
  const { junctor, upstreamPort, databaseUrl } = opened;

  const plain = actionLoad(junctor, { action: "cached" });
  const shaped = actionLoad(junctor, { action: "cachedAndShaped" });
  await sendOnce(plain);
  await sendOnce(shaped);
  const answer = await sendOnce(plain);
  if (!/"cache":"hit"/.test(answer.text))
    return { skipped: `the second call wasn't a cache hit: ${answer.text.slice(0, 300)}` };
  const bytes = cleanups.keep(await startScript("Fastify", "fastify-bytes.ts", { ANSWER: answer.text }));
  const same = callLoad(bytes, "/bytes", { connection: "main" });
  assertSame("Fastify", answer.text, (await sendOnce(same)).text);

  const environment = { UPSTREAM_PORT: String(upstreamPort), DATABASE_URL: databaseUrl };
  const baseline = cleanups.keep(await startScript("baseline", "baseline.ts", environment));

  const variants: Variant[] = [
    { name: "Fastify sending the same bytes", server: bytes, load: same },
    { name: "hit, no template or filter", server: junctor, load: plain },
    { name: "hit, with template and filter", server: junctor, load: shaped },
    { name: "hit by hand", server: baseline, load: actionLoad(baseline, { action: "cached" }) },
    { name: "hit by hand, with both", server: baseline, load: actionLoad(baseline, { action: "cachedAndShaped" }) },
  ];
  await assertSameAnswers(variants[3], variants[1]);
  await assertSameAnswers(variants[4], variants[2]);
  const measured = await measureInterleaved(variants, context);
  const [base, hit, shapedHit, hand, shapedHand] = measured;
  if (base === undefined || hit === undefined || shapedHit === undefined) throw new Error("nothing was measured");
  if (hand === undefined || shapedHand === undefined) throw new Error("the baseline was not measured");
  const reported = { gate: undefined, goal: undefined };
  return {
    tables: [
      tabulate(
        measured,
        measured.map((row) => medianRatio(row, base)),
      ),
    ],
    gates: [
      { what: "hit, no template or filter", value: medianRatio(hit, base), gate: 1.5, goal: 1.2, unit: "× Fastify" },
      { what: "hit, with both", value: medianRatio(shapedHit, base), gate: 2.5, goal: 2, unit: "× Fastify" },
      { what: "hit, against the same steps by hand", value: medianRatio(hit, hand), ...reported, unit: "×" },
      {
        what: "hit with both, against the same steps by hand",
        value: medianRatio(shapedHit, shapedHand),
        ...reported,
        unit: "×",
      },
      { what: "the hand-written hit", value: medianRatio(hand, base), ...reported, unit: "× Fastify" },
      { what: "the hand-written hit with both", value: medianRatio(shapedHand, base), ...reported, unit: "× Fastify" },
    ],
    notes: [
      "Fastify parses the same request body and sends a string; it checks no key and records nothing.",
      "By hand: key, body, what is kept, envelope and record, without engine, policy, limits, redaction or metrics; the answers were compared byte by byte, but for ids and times.",
    ],
  };
}
