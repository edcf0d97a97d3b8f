import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { CacheCase } from "./cache-cases/cache-case.ts";
import { type CacheRig, startCacheRig } from "./cache-cases/cache-rig.ts";
import {
  headCases,
  headersCases,
  interimCases,
  invalidationCases,
  methodCases,
  otherCases,
  partialCases,
  statusCases,
  updateCases,
} from "./cache-cases/content.ts";
import { authorizationCases, pragmaCases, requestCases, responseCases, staleCases } from "./cache-cases/directives.ts";
import {
  ageCases,
  directiveCases,
  expiresCases,
  expiresParseCases,
  freshnessCases,
  heuristicCases,
} from "./cache-cases/freshness.ts";
import { etagCases, modifiedCases, varyCases, varyParseCases } from "./cache-cases/negotiation.ts";

/**
 * The questions that public suites ask of an HTTP cache, asked of the widget route over real sockets, with real pauses.
 * Each case has a URL of its own, so that all of them run at the same time. A row with a reason has another outcome
 * here, and the test holds that it has: `cache-cases/README.md` lists them.
 */
const groups: readonly (readonly CacheCase[])[] = [
  freshnessCases,
  directiveCases,
  ageCases,
  expiresCases,
  expiresParseCases,
  heuristicCases,
  responseCases,
  requestCases,
  pragmaCases,
  authorizationCases,
  staleCases,
  varyCases,
  varyParseCases,
  etagCases,
  modifiedCases,
  headersCases,
  updateCases,
  statusCases,
  partialCases,
  methodCases,
  invalidationCases,
  interimCases,
  otherCases,
  headCases,
];
const all = groups.flat();
const problems = new Map<CacheCase, string | undefined>();
let rig: CacheRig | undefined;

beforeAll(async () => {
  const started = await startCacheRig();
  rig = started;
  const waiting = all.values();
  // Cases mostly wait, so many can be under way; all at once would make them late.
  const runners = Array.from({ length: 100 }, async () => {
    for (const one of waiting) problems.set(one, await started.run(one));
  });
  await Promise.all(runners);
}, 120_000);
afterAll(() => rig?.stop());

describe("the list of what is otherwise", () => {
  const listed = readFileSync(new URL("./cache-cases/README.md", import.meta.url), "utf8");
  it.each(all.filter(({ otherwise }) => otherwise !== undefined))(
    "$group: $name",
    ({ group, kind, name, otherwise }) => {
      expect(listed).toContain(`| ${group} | ${kind} | ${name} | ${otherwise} |`);
    },
  );
});

for (const cases of groups) {
  describe(cases[0]?.group ?? "", () => {
    it.each(cases.map((one) => [one.kind, one.name, one] as const))("%s: %s", (_kind, _name, one) => {
      const problem = problems.get(one);
      if (one.otherwise === undefined) expect(problem).toBeUndefined();
      else expect(problem, "It passes: take the reason away.").toBeTypeOf("string");
    });
  });
}
