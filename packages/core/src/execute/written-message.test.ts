import { expect, it } from "vitest";
import { createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const table: readonly [what: string, rule: object | undefined, isWritten: boolean][] = [
  ["a rule's message", { then: "fail", message: "Sold out" }, true],
  ["a rule that gives a code only", { then: "fail", code: "SOLD_OUT" }, false],
  ["no rule", undefined, false],
];
it.each(table)(
  "an error says whether the connector wrote its message, also in a step: %s",
  async (_what, rule, isWritten) => {
    const request = { path: "/a" };
    const errors = rule === undefined ? [] : [{ when: "{{ response.status == 409 }}", ...rule }];
    const engine = createTestEngine({
      http: createCannedHttp([{ status: 409 }, { status: 409 }]),
      definition: {
        name: "shop",
        title: "Shop",
        version: "1.0.0",
        baseUrl: "https://api.example",
        actions: { buy: { request, errors }, both: { steps: [{ id: "one", action: "buy" }], output: {} } },
      } as never,
    });
    for (const action of ["buy", "both"]) {
      await expect(engine.call(action, {})).rejects.toMatchObject({ code: "UPSTREAM_STATUS", isWritten });
    }
  },
);
