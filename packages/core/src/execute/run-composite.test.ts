import { describe, expect, it, vi } from "vitest";
import { createHttpCache } from "../cache/http-cache.ts";
import { createCannedHttp, type SentRequest } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

type Steps = NonNullable<Parameters<typeof createTestEngine>[0]["definition"]["actions"]>[string];

/** An upstream that knows a few contacts and cases. */
const upstream = ({ url }: SentRequest) => {
  const path = url.replace("https://api.example", "");
  if (path.startsWith("/contacts?")) return { body: { items: [{ id: "c1" }] } };
  if (path === "/contacts/c1/cases") return { body: { items: [{ id: 1 }, { id: 2 }, { id: 3 }] } };
  if (path.startsWith("/cases/")) return { body: { id: Number(path.slice(7)), state: "open" } };
  if (path === "/text") return { headers: { "content-type": "text/plain" }, body: "plain" };
  if (path === "/binary") return { headers: { "content-type": "image/png" }, body: new Uint8Array([0xff, 0xfe]) };
  if (path === "/down") return { failure: { code: "EGRESS_CONNECT_REFUSED", sent: false } };
  if (path === "/missing") return { status: 404, body: { error: "no" } };
  return { body: { path } };
};

function setUp(action: object, more: object = {}) {
  const http = createCannedHttp((request) => upstream(request));
  const engine = createTestEngine({
    http,
    cache: createHttpCache(),
    definition: {
      baseUrl: "https://api.example",
      actions: {
        run: { retry: { attempts: 1 }, ...action } as unknown as Steps,
        one: {
          input: { type: "object", properties: { id: { type: "integer" } } },
          request: { path: "/cases/{{ input.id }}" },
        },
        again: { steps: [{ id: "self", action: "again" }] } as unknown as Steps,
        ...more,
      },
    },
  });
  const paths = () => http.sent.map(({ url }) => url.replace("https://api.example", ""));
  return { ...engine, paths };
}

const value = async (result: ReturnType<ReturnType<typeof setUp>["call"]>): Promise<unknown> => {
  const { output } = await result;
  return output.kind === "json" ? output.value : output;
};

const step = (id: string, path: string, more: object = {}) => ({ id, request: { path }, ...more });

describe("steps", () => {
  it("run in order, read each other, fan out over a list, and end in one template", async () => {
    const { call, paths } = setUp({
      input: { type: "object", properties: { email: { type: "string" } } },
      steps: [
        { id: "contact", request: { path: "/contacts", query: { email: "{{ input.email }}" } } },
        step("cases", "/contacts/{{ steps.contact.body.items[0].id }}/cases", {
          when: "{{ steps.contact.body.items }}",
        }),
        step("details", "/cases/{{ item.id }}", { forEach: "{{ steps.cases.body.items }}", concurrency: 2 }),
      ],
      response: {
        body: { cases: { $each: "{{ steps.details }}", value: { id: "{{ item.body.id }}", at: "{{ index }}" } } },
      },
    });
    expect(await value(call("run", { email: "a@b.example" }))).toEqual({
      cases: [
        { id: 1, at: 0 },
        { id: 2, at: 1 },
        { id: 3, at: 2 },
      ],
    });
    expect(paths()).toEqual([
      "/contacts?email=a%40b.example",
      "/contacts/c1/cases",
      "/cases/1",
      "/cases/2",
      "/cases/3",
    ]);
  });

  it("are told with their times, those that ran, in order", async () => {
    const { call } = setUp({
      steps: [
        step("a", "/a", { group: "g" }),
        step("b", "/b", { group: "g" }),
        step("skipped", "/c", { when: "{{ false }}" }),
        { id: "inner", action: "one", input: { id: 1 } },
        step("each", "/cases/{{ item }}", { forEach: [1, 2] }),
      ],
    });
    const { steps } = (await call("run")).meta;
    expect(steps?.map(({ name }) => name)).toEqual(["a", "b", "inner", "each"]);
    for (const { ms, externalMs } of steps ?? []) expect([ms > 0, externalMs > 0]).toEqual([true, true]);
    expect((await call("one", { id: 1 })).meta).not.toHaveProperty("steps");
  });

  it.each([
    ["a request", step("a", "/a"), { transformMs: 2, cacheMs: 0 }],
    ["an action", { id: "a", action: "kept" }, { transformMs: 2, cacheMs: 1 }],
    ["an action of steps", { id: "a", action: "nested" }, { transformMs: 3, cacheMs: 1 }],
  ])("add what they took, and what came of it, to the action: %s", async (_what, only, expected) => {
    const kept = { request: { path: "/kept" }, cache: { ttl: "PT1M" } };
    const nested = { steps: [{ id: "b", action: "kept" }] };
    const { call, executions } = setUp({ steps: [only] }, { kept, nested });
    let now = 0;
    // Each look at the clock is a millisecond after the one before.
    const clock = vi.spyOn(performance, "now").mockImplementation(() => now++);
    const { timing, attempts } = await call("run")
      .then(({ meta }) => meta)
      .finally(() => clock.mockRestore());
    expect([timing, attempts]).toEqual([{ externalMs: 1, ...expected }, 1]);
    expect(executions).toMatchObject([{ attempts: 1, upstreamStatus: 200 }]);
  });

  const results: readonly [what: string, steps: readonly object[], expected: unknown, requests: number][] = [
    [
      "the last step that ran is the result",
      [step("a", "/a"), step("b", "/b", { when: "{{ false }}" })],
      { path: "/a" },
      1,
    ],
    [
      "a skipped step is undefined to the next",
      [step("a", "/a", { when: "{{ false }}" }), step("b", "/b", { when: "{{ steps.a is undefined }}" })],
      { path: "/b" },
      1,
    ],
    ["nothing ran, nothing comes out", [step("a", "/a", { when: "{{ 0 }}" })], undefined, 0],
    ["a list that is undefined has no runs", [step("a", "/a", { forEach: "{{ steps.none.body }}" })], [], 0],
    [
      "runs over a list are a list",
      [step("a", "/cases/{{ item }}", { forEach: [1, 2] })],
      [
        { id: 1, state: "open" },
        { id: 2, state: "open" },
      ],
      2,
    ],
    ["another action is a step", [{ id: "a", action: "one", input: { id: 7 } }], { id: 7, state: "open" }, 1],
    [
      "an action over a list",
      [{ id: "a", action: "one", input: { id: "{{ item }}" }, forEach: [4, 5] }],
      [
        { id: 4, state: "open" },
        { id: 5, state: "open" },
      ],
      2,
    ],
    [
      "a step's response template is what others see",
      [
        step("a", "/cases/1", { response: { body: { n: "{{ response.body.id + 1 }}" } } }),
        step("b", "/{{ steps.a.body.n }}"),
      ],
      { path: "/2" },
      2,
    ],
    [
      "a step's status and headers are seen",
      [step("a", "/a"), step("b", "/{{ steps.a.status }}/{{ steps.a.headers['content-type'] }}")],
      { path: "/200/application%2Fjson" },
      2,
    ],
    [
      "an error that a rule ignores goes on",
      [
        step("a", "/missing", { errors: [{ when: "{{ response.status == 404 }}", then: "ignore" }] }),
        step("b", "/b/{{ steps.a.status }}"),
      ],
      { path: "/b/404" },
      2,
    ],
    [
      "a group runs together, then the next",
      [
        step("a", "/a", { group: "g" }),
        step("b", "/b", { group: "g" }),
        step("c", "/{{ steps.a.body.path ~ steps.b.body.path }}"),
      ],
      { path: "/%2Fa%2Fb" },
      3,
    ],
    [
      "a file that is no text is null",
      [step("a", "/binary"), step("b", "/{{ steps.a.body is none }}")],
      { path: "/true" },
      2,
    ],
    [
      "a job is repeated until it holds",
      [step("a", "/a", { repeat: { until: "{{ response.status == 200 }}", every: "PT1S", max: 3 } })],
      { path: "/a" },
      1,
    ],
  ];
  it.each(results)("%s", async (_what, steps, expected, requests) => {
    const { call, paths } = setUp({ steps });
    expect(await value(call("run"))).toEqual(expected);
    expect(paths()).toHaveLength(requests);
  });

  it("the text of the last step is the text of the action", async () => {
    const { call } = setUp({ steps: [step("a", "/text")] });
    expect(await value(call("run"))).toEqual("plain");
  });
  it("count attempts and record one execution", async () => {
    const { call, executions } = setUp({ steps: [step("a", "/a"), step("b", "/b")] });
    expect((await call("run")).meta).toMatchObject({ attempts: 2, upstreamStatus: 200, status: 200 });
    expect(executions).toMatchObject([{ action: "run", outcome: "succeeded", attempts: 2 }]);
  });
  it("are filtered by the output schema of the action", async () => {
    const output = { type: "object", properties: { id: { type: "integer" } }, additionalProperties: false };
    const { call } = setUp({ steps: [step("a", "/cases/1")], output });
    expect(await value(call("run"))).toEqual({ id: 1 });
  });
});

describe("a step that fails", () => {
  const failures: readonly [what: string, steps: readonly object[], expected: object, requests?: number][] = [
    [
      "names itself and its index, and ends the action",
      [step("a", "/a"), step("b", "/missing"), step("c", "/c")],
      {
        code: "UPSTREAM_STATUS",
        status: 404,
        upstreamStatus: 404,
        step: { name: "b", index: 1 },
        message: expect.stringMatching(/^Step "b" \(index 1\): The upstream answered 404/),
      },
      2,
    ],
    [
      "cannot reach its upstream",
      [step("a", "/down")],
      { code: "UPSTREAM_UNREACHABLE", step: { name: "a", index: 0 } },
    ],
    [
      "gives its rule's code",
      [
        step("a", "/missing", {
          errors: [{ when: "{{ response.status == 404 }}", code: "GONE", message: "{{ response.body.error }}" }],
        }),
      ],
      { connectorCode: "GONE", message: 'Step "a" (index 0): no' },
    ],
    [
      "is judged by the action's rules after its own",
      [step("a", "/missing", { errors: [{ when: "{{ false }}", code: "OWN" }] })],
      { connectorCode: "OUTER" },
    ],
    [
      "in a list ends the list",
      [step("a", "/{{ item }}", { forEach: ["missing", "b", "c"] })],
      { step: { name: "a", index: 0 } },
      1,
    ],
    [
      "has too long a list",
      [step("a", "/a", { forEach: [1, 2, 3], max: 2 })],
      { code: "PAGINATION_LIMIT", status: 422 },
      0,
    ],
    ["has a list that is none", [step("a", "/a", { forEach: "{{ 'x' }}" })], { code: "VALUE_REFUSED" }, 0],
    [
      "does not become what it waits for",
      [step("a", "/a", { repeat: { until: "{{ false }}", every: "PT1S", max: 3 } })],
      { code: "STEP_FAILED" },
      3,
    ],
    [
      "waits longer than there is time",
      [step("a", "/a", { repeat: { until: "{{ false }}", every: "PT1H", max: 3 } })],
      { code: "ACTION_TIMEOUT" },
      1,
    ],
    [
      "calls an action that is not there",
      [{ id: "a", action: "none" }],
      { code: "ACTION_UNKNOWN", step: { name: "a" } },
    ],
    [
      "gives another action a wrong input",
      [{ id: "a", action: "one", input: { id: "x" } }],
      { code: "INPUT_INVALID", step: { name: "a" } },
    ],
    ["calls itself for ever", [{ id: "a", action: "again" }], { code: "STEP_FAILED" }],
    [
      "in a group stops the others",
      [step("a", "/missing", { group: "g" }), step("b", "/b", { group: "g" }), step("c", "/c")],
      { step: { name: "a" } },
      2,
    ],
  ];
  it.each(failures)("%s", async (_what, steps, expected, requests) => {
    const { call, paths, executions } = setUp({
      steps,
      errors: [{ when: "{{ response.status == 404 and steps is defined }}", code: "OUTER" }].slice(
        _what.includes("action's rules") ? 0 : 1,
      ),
    });
    await expect(call("run")).rejects.toMatchObject(expected);
    if (requests !== undefined) expect(paths()).toHaveLength(requests);
    expect(executions).toMatchObject([{ action: "run", outcome: "failed" }]);
  });
  it("leaves no secret in its error", async () => {
    const http = createCannedHttp([{ status: 400, body: { error: "bad token sesame-sesame" } }]);
    const { call } = createTestEngine({
      http,
      connection: { secretParameters: { token: "sesame-sesame" } },
      definition: {
        baseUrl: "https://api.example",
        connection: {
          parameters: { type: "object", properties: { token: { type: "string", writeOnly: true } } },
          auth: [{ type: "bearer", token: "{{ connection.token }}" }],
        },
        actions: {
          run: {
            steps: [step("a", "/a", { errors: [{ when: "{{ true }}", message: "{{ response.body.error }}" }] })],
          } as unknown as Steps,
        },
      },
    });
    const error = await call("run").catch((failure: unknown) => failure);
    expect(http.sent[0]?.headers.authorization).toBe("Bearer sesame-sesame");
    expect(String(error)).not.toContain("sesame");
  });
});

it("an anonymous caller is refused where any step reads the user, before anything is sent", async () => {
  const { call, paths } = setUp({ steps: [step("a", "/a"), step("b", "/{{ user.email }}")] });
  const caller = { kind: "anonymous", id: null, scopes: [] } as const;
  await expect(call("run", {}, { caller })).rejects.toMatchObject({ code: "USER_REQUIRED" });
  expect(paths()).toEqual([]);
});

it("a dry run shows the first request and names the steps", async () => {
  const { engine, callOf, paths } = setUp({ steps: [step("a", "/a"), step("b", "/b")] });
  expect(await engine.dryRun(callOf("run"))).toMatchObject({
    action: "run",
    request: { url: "https://api.example/a" },
    steps: ["a", "b"],
  });
  expect(paths()).toEqual([]);
});
