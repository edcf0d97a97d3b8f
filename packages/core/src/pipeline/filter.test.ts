import { describe, expect, it } from "vitest";
import { createHttpCache } from "../cache/http-cache.ts";
import type { Caller } from "../execute/call.ts";
import { type CannedReply, createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const user = (id: string, roles: readonly string[] = []): { caller: Caller } => ({
  caller: { kind: "user", id, user: { id, roles, groups: [], claims: {} }, scopes: [] },
});
const records = [
  { id: 1, owner: "ada", hidden: false, cost: 5, notes: [{ by: "x", text: "a" }] },
  { id: 2, owner: "bob", hidden: true, cost: 6, notes: [] },
  { id: 3, owner: "bob", hidden: false, cost: 7, notes: [{ by: "y", text: "b" }] },
];

function setUp(action: object, reply: CannedReply = { body: { items: records, total: 3 } }) {
  const http = createCannedHttp(() => reply);
  const definition = {
    baseUrl: "https://api.example",
    defaults: { retry: { attempts: 1 } },
    actions: { read: { request: { path: "/a" }, ...action } },
  };
  return { ...createTestEngine({ http, cache: createHttpCache(), definition }), http };
}
const run = async (action: object, by = user("ada"), reply?: CannedReply) =>
  (await setUp(action, reply).call("read", {}, by)).output;
const filtered = async (filter: readonly object[], by = user("ada")) => {
  const output = await run({ response: { filter } }, by);
  return (output as unknown as { value: { items: unknown; total: unknown } }).value;
};
const ids = (value: { items: unknown }) => (value.items as { id: number }[]).map(({ id }) => id);

describe("rules over records", () => {
  const cases: readonly [why: string, rule: object, by: ReturnType<typeof user>, left: readonly number[]][] = [
    ["keep by the record", { at: "/items/*", keep: "{{ not item.hidden }}" }, user("ada"), [1, 3]],
    ["drop by the record", { at: "/items/*", drop: "{{ item.hidden }}" }, user("ada"), [1, 3]],
    ["keep by the caller", { at: "/items/*", keep: "{{ item.owner == user.id }}" }, user("bob"), [2, 3]],
    ["keep what no condition can be read of: nothing", { at: "/items/*", keep: "{{ item.nothing }}" }, user("ada"), []],
    ["by position", { at: "/items/*", keep: "{{ index < 2 }}" }, user("ada"), [1, 2]],
    ["one element by its index", { at: "/items/1", drop: "{{ true }}" }, user("ada"), [1, 3]],
    [
      "only for some callers",
      { at: "/items/*", when: "{{ 'staff' not in user.roles }}", drop: "{{ item.hidden }}" },
      user("ada", ["staff"]),
      [1, 2, 3],
    ],
    ["a place that is not there", { at: "/books/*", drop: "{{ true }}" }, user("ada"), [1, 2, 3]],
  ];
  it.each(cases)("%s", async (_why, rule, by, left) => {
    expect(ids(await filtered([rule], by))).toEqual(left);
  });
  it("drop the output itself", async () => {
    expect(await run({ response: { filter: [{ drop: "{{ item.total == 3 }}" }] } })).toEqual({
      kind: "json",
      value: null,
    });
  });
  it("run in order, each over what is left", async () => {
    const rules = [
      { at: "/items/*", remove: ["/owner"] },
      { at: "/items/*", keep: "{{ item.owner is undefined and not item.hidden }}" },
    ];
    expect(ids(await filtered(rules))).toEqual([1, 3]);
  });
  it("a condition that fails ends the call, so that nothing leaves unjudged", async () => {
    const failing = run({ response: { filter: [{ at: "/items/*", keep: "{{ item.id / 0 }}" }] } });
    await expect(failing).rejects.toMatchObject({ code: "TEMPLATE_FAILED", stage: "filter" });
  });
});

describe("rules over fields", () => {
  it("remove takes members out, at any depth", async () => {
    const value = await filtered([{ at: "/items/*", remove: ["/cost", "/notes/*/by"] }, { remove: ["/total"] }]);
    expect(value).toEqual({
      items: records.map(({ cost: _cost, notes, ...rest }) => ({
        ...rest,
        notes: notes.map(({ text }) => ({ text })),
      })),
    });
  });
  it("only leaves what it names", async () => {
    const value = await filtered([{ at: "/items/*", only: ["/id", "/notes/*/text"] }]);
    expect(value.items).toEqual(records.map(({ id, notes }) => ({ id, notes: notes.map(({ text }) => ({ text })) })));
  });
  it("only for records where a condition holds", async () => {
    const value = await filtered([{ at: "/items/*", when: "{{ item.owner != user.id }}", remove: ["/cost"] }]);
    expect((value.items as { cost?: number }[]).map(({ cost }) => cost)).toEqual([5, undefined, undefined]);
  });
});

describe("the filter cannot be skipped", () => {
  const filter = [
    { at: "/items/*", keep: "{{ item.owner == user.id }}" },
    { at: "/items/*", remove: ["/cost"] },
  ];
  const answer = (kept: readonly object[]) => ({ kind: "json", value: { items: kept, total: 3 } });
  const of = (owner: string) => records.filter((one) => one.owner === owner).map(({ cost: _cost, ...rest }) => rest);

  it("cache hits are filtered for whoever asks, and what one user may not see is never another's", async () => {
    const { call, http } = setUp(
      { cache: {}, response: { filter } },
      { headers: { "cache-control": "public, max-age=60" }, body: { items: records, total: 3 } },
    );
    for (const id of ["ada", "bob", "ada", "bob"]) {
      expect((await call("read", {}, user(id))).output).toEqual(answer(of(id)));
    }
    expect(http.sent.length).toBe(2);
  });
  it("reading the user in a filter counts as reading the user", async () => {
    const anonymous: { caller: Caller } = { caller: { kind: "anonymous", id: null, scopes: [] } };
    await expect(run({ response: { filter } }, anonymous as never)).rejects.toMatchObject({ code: "USER_REQUIRED" });
  });
  it("a surface that takes answers as they come gets a filtered one", async () => {
    const { engine, callOf } = setUp({ response: { filter } });
    const untouched = () => expect.unreachable("the answer went past the filter");
    const sink = { head: untouched, data: untouched, end: untouched, fail: untouched };
    const { output } = await engine.execute(callOf("read", {}, user("bob")), sink);
    expect(output).toEqual(answer(of("bob")));
  });
  it("pages", async () => {
    const paged = {
      pagination: { items: "{{ response.body.items }}", size: 50 },
      response: { filter: [{ at: "/*", drop: "{{ item.hidden }}" }] },
    };
    expect(((await run(paged)) as unknown as { value: { id: number }[] }).value.map(({ id }) => id)).toEqual([1, 3]);
  });
  it("composites and their steps", async () => {
    const composite = {
      request: undefined,
      steps: [{ id: "list", request: { path: "/a" }, response: { filter } }],
      response: { body: { found: "{{ steps.list.body.items }}" }, filter: [{ at: "/found/*", remove: ["/notes"] }] },
    };
    expect(await run(composite, user("bob"))).toEqual({
      kind: "json",
      value: { found: of("bob").map(({ notes: _notes, ...rest }) => rest) },
    });
  });
  it("texts that are JSON", async () => {
    const text = { response: { text: "{{ response.body | tojson }}", contentType: "application/json", filter } };
    const output = (await run(text, user("bob"))) as { text: string };
    expect(JSON.parse(output.text)).toEqual({ items: of("bob"), total: 3 });
  });
  const noData: readonly [why: string, action: object, reply: CannedReply][] = [
    [
      "an answer under another type",
      { response: { filter } },
      { headers: { "content-type": "text/plain" }, body: "x" },
    ],
    [
      "an error page that is passed on",
      { response: { filter, onError: "pass" } },
      { status: 503, body: "<h1>no</h1>" },
    ],
    ["a file", { response: { decode: "binary", filter } }, { body: "abc" }],
    ["a text that is no JSON", { response: { text: "x", filter } }, { body: {} }],
  ];
  it.each(noData)("%s is refused: it has no fields", async (_why, action, reply) => {
    await expect(run(action, user("ada"), reply)).rejects.toMatchObject({ stage: "filter" });
  });
});
