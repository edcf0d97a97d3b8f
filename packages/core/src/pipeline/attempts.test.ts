import type { Action } from "@junctor/sdk";
import { describe, expect, test } from "vitest";
import type { AuthMethodCompiler } from "../auth/auth-method.ts";
import { setHeader } from "../auth/outgoing-request.ts";
import { type CannedReply, createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine, type TestWorkspace } from "../testkit/test-engine.ts";

const setUp = (replies: readonly CannedReply[], action: Partial<Action> = {}, more: Partial<TestWorkspace> = {}) => {
  const http = createCannedHttp(replies);
  const act = { request: { method: "GET", path: "/" }, ...action } as Action;
  const definition = { baseUrl: "https://api.example", actions: { act } };
  const { definition: changed, ...rest } = more;
  return { http, ...createTestEngine({ http, definition: { ...definition, ...changed }, ...rest }) };
};

const run = async (replies: readonly CannedReply[], action: Partial<Action> = {}) => {
  const { http, call, clock, executions } = setUp(replies, action);
  const outcome = await call("act").then(
    (result) => ({ output: result.output, code: null, status: 200 }),
    (error) => ({ output: null, code: error.code, status: error.status, error }),
  );
  return { ...outcome, sent: http.sent.length, slept: clock.slept, execution: executions[0] };
};

const post = { request: { method: "POST", path: "/", body: {} } } as const;
const lost = { failure: { code: "EGRESS_CONNECTION_LOST", sent: true } };
const refused = { failure: { code: "EGRESS_CONNECT_REFUSED", sent: false } };

describe("retry", () => {
  test.each([
    ["a 503 of a GET", [{ status: 503 }, {}], {}, 2, null],
    ["a 429", [{ status: 429 }, {}], {}, 2, null],
    ["a lost connection of a GET", [lost, {}], {}, 2, null],
    ["a refused connection of a POST: nothing was sent", [refused, {}], post, 2, null],
    ["a 503 of a readOnly POST", [{ status: 503 }, {}], { ...post, annotations: { readOnly: true } }, 2, null],
    [
      "a 503 of a POST with an idempotency key",
      [{ status: 503 }, {}],
      { ...post, idempotencyKey: "{{ call.id }}" },
      2,
      null,
    ],
    ["not a 503 of a POST", [{ status: 503 }, {}], post, 1, "UPSTREAM_STATUS"],
    ["not a lost connection of a POST", [lost, {}], post, 1, "UPSTREAM_UNREACHABLE"],
    ["not a 404", [{ status: 404 }, {}], {}, 1, "UPSTREAM_STATUS"],
    ["not a 501", [{ status: 501 }, {}], {}, 1, "UPSTREAM_STATUS"],
    [
      "not what the outbound policy refuses",
      [{ failure: { code: "EGRESS_ADDRESS_REFUSED", sent: false } }, {}],
      {},
      1,
      "EGRESS_REFUSED",
    ],
    [
      "not a client certificate that cannot be used",
      [{ failure: { code: "EGRESS_IDENTITY_INVALID", sent: false } }, {}],
      {},
      1,
      "CONNECTION_UNUSABLE",
    ],
    ["up to the attempts, the first included", [{ status: 503 }], {}, 3, "UPSTREAM_STATUS"],
    ["up to the attempts of the definition", [{ status: 503 }], { retry: { attempts: 5 } }, 5, "UPSTREAM_STATUS"],
    ["not at all with one attempt", [{ status: 503 }], { retry: { attempts: 1 } }, 1, "UPSTREAM_STATUS"],
  ] as const)("%s", async (_title, replies, action, sent, code) => {
    expect(await run(replies, action as never)).toMatchObject({ sent, code });
  });

  test("waits with full jitter, growing up to a bound", async () => {
    const retry = { attempts: 4, backoff: { initial: "PT1S", factor: 3, max: "PT5S" } };
    // The clock's chance is one half, so each wait is half of its bound: 1 s, 3 s, 5 s.
    expect((await run([{ status: 503 }], { retry })).slept).toEqual([500, 1_500, 2_500]);
  });

  test.each([
    ["seconds", "2", 2_000],
    ["a date", "Thu, 01 Jan 2026 00:00:03 GMT", 3_000],
  ])("obeys Retry-After in %s", async (_form, value, expected) => {
    expect((await run([{ status: 429, headers: { "retry-after": value } }, {}])).slept).toEqual([expected]);
  });

  test("does not wait longer than the call may take, and says when to come back", async () => {
    const outcome = await run([{ status: 429, headers: { "retry-after": "60" } }, {}]);
    expect(outcome).toMatchObject({ sent: 1, slept: [], status: 429, error: { retryAfter: 60, retryable: true } });
  });

  test("counts attempts in the record", async () => {
    expect((await run([{ status: 503 }, {}])).execution).toMatchObject({ attempts: 2, outcome: "succeeded" });
  });
});

describe("error rules", () => {
  const rule = (then: object) => ({ errors: [{ when: "{{ response.body.ok == false }}", ...then }] });
  const hidden = { body: { ok: false, reason: "no stock", wait: 4 } };

  test("an error hidden in a 200 fails with the connector's own code", async () => {
    const outcome = await run([hidden], rule({ code: "OUT_OF_STOCK", message: "{{ response.body.reason }}" }));
    expect(outcome).toMatchObject({
      code: "UPSTREAM_STATUS",
      status: 502,
      error: { connectorCode: "OUT_OF_STOCK", message: "no stock", upstreamStatus: 200 },
    });
  });

  test("retry waits as long as `after` says", async () => {
    const outcome = await run(
      [hidden, { body: { ok: true } }],
      rule({ then: "retry", after: "{{ response.body.wait }}" }),
    );
    expect(outcome).toMatchObject({ code: null, sent: 2, slept: [4_000] });
  });

  test("ignore is a success with what response.body gives, else null", async () => {
    const ignore = { errors: [{ when: "{{ response.status == 404 }}", then: "ignore" }] } as const;
    expect((await run([{ status: 404, body: { x: 1 } }], ignore)).output).toEqual({ kind: "json", value: null });
    const shaped = { ...ignore, response: { body: { found: "{{ response.status != 404 }}" } } };
    expect((await run([{ status: 404, body: {} }], shaped)).output).toEqual({ kind: "json", value: { found: false } });
  });

  test("the first rule that matches wins, the action's before the connector's", async () => {
    const { call } = setUp(
      [{ status: 409, body: {} }],
      { errors: [{ when: "{{ response.status == 409 }}", code: "NEAR" }] },
      { definition: { defaults: { errors: [{ when: "{{ response.status >= 400 }}", code: "FAR" }] } } },
    );
    await expect(call("act")).rejects.toMatchObject({ connectorCode: "NEAR", status: 409 });
  });

  test("a rule may read a transport failure", async () => {
    const errors = [{ when: "{{ error.code == 'UPSTREAM_TIMEOUT' }}", code: "SLOW", message: "too slow" }];
    const timeout = { failure: { code: "EGRESS_TIMEOUT", sent: true } };
    expect(await run([timeout], { errors })).toMatchObject({
      code: "UPSTREAM_TIMEOUT",
      error: { connectorCode: "SLOW" },
    });
  });

  test("an error page that is no JSON is still judged by its status", async () => {
    const errors = [{ when: "{{ response.body.code == 5 }}", code: "X" }];
    const page = { status: 502, headers: { "content-type": "application/json" }, body: "<html>" };
    expect(await run([page], { errors, retry: { attempts: 1 } })).toMatchObject({ code: "UPSTREAM_STATUS" });
  });
});

describe("upstream errors pass on as what they are", () => {
  test.each([
    [400, 400],
    [404, 404],
    [409, 409],
    [410, 410],
    [422, 422],
    [429, 429],
    [401, 502],
    [403, 502],
    [407, 502],
    [418, 502],
    [500, 502],
    [503, 502],
  ])("%i becomes %i", async (upstream, status) => {
    const outcome = await run([{ status: upstream }], { retry: { attempts: 1 } });
    expect(outcome).toMatchObject({ code: "UPSTREAM_STATUS", status, error: { upstreamStatus: upstream } });
  });

  test.each([
    ["EGRESS_TIMEOUT", "UPSTREAM_TIMEOUT", 504],
    ["EGRESS_CONNECT_REFUSED", "UPSTREAM_UNREACHABLE", 502],
    ["EGRESS_DNS_FAILED", "UPSTREAM_UNREACHABLE", 502],
    ["EGRESS_TLS_FAILED", "UPSTREAM_TLS_FAILED", 502],
    ["EGRESS_IDENTITY_INVALID", "CONNECTION_UNUSABLE", 409],
    ["EGRESS_BODY_TOO_LARGE", "UPSTREAM_TOO_LARGE", 502],
    ["EGRESS_ADDRESS_REFUSED", "EGRESS_REFUSED", 403],
    ["EGRESS_ABORTED", "CALL_CANCELLED", 499],
  ])("%s becomes %s, status %i", async (failure, code, status) => {
    const retry = { attempts: 1 };
    expect(await run([{ failure: { code: failure, sent: true } }], { retry })).toMatchObject({ code, status });
  });

  test("the message quotes what the upstream says, but not to anonymous callers", async () => {
    const { call } = setUp([{ status: 422, body: { error: { message: "isbn is not valid" } } }]);
    await expect(call("act")).rejects.toThrow("The upstream answered 422: isbn is not valid");
    const caller = { kind: "anonymous", id: null, scopes: [] } as const;
    await expect(call("act", {}, { caller })).rejects.toThrow(/^The upstream answered 422\.$/);
  });

  test("with onError: pass an error is an answer", async () => {
    const { call } = setUp([{ status: 422, body: { why: "x" } }], { response: { onError: "pass" } });
    expect(await call("act")).toMatchObject({ output: { value: { why: "x" } }, meta: { status: 422 } });
  });

  test("an answer that is not the JSON it claims to be names what it is", async () => {
    const page = { headers: { "content-type": "application/json" }, body: "<html>" };
    expect(await run([page])).toMatchObject({ code: "UPSTREAM_INVALID", status: 502 });
  });

  test.each([
    ["EGRESS_CONNECT_REFUSED", 3],
    ["EGRESS_TIMEOUT", 3],
    ["EGRESS_TLS_FAILED", 1],
    ["EGRESS_ADDRESS_REFUSED", 1],
  ])("%s is tried %i times of 3", async (code, attempts) => {
    const { call, http } = setUp([{ failure: { code, sent: false } }], {
      retry: { attempts: 3 },
    });
    await expect(call("act")).rejects.toThrow();
    expect(http.sent).toHaveLength(attempts);
  });
});

describe("reauthenticate and challenges", () => {
  /** A method whose credential counts up with each renewal. */
  const counting = (renewable: boolean): AuthMethodCompiler => ({
    type: "bearer",
    compile: () => {
      let generation = 1;
      return {
        type: "bearer",
        name: "bearer",
        needsConnection: false,
        readsUser: false,
        secretsGoTo: "elsewhere",
        needsBody: false,
        prepare: () => undefined,
        apply: (request) => {
          setHeader(request, "authorization", `token-${generation}`);
          return undefined;
        },
        values: null,
        identity: () => "x",
        answerChallenge: null,
        reauthenticate: renewable
          ? async () => {
              generation += 1;
              return true;
            }
          : null,
      };
    },
  });
  const withAuth = (renewable: boolean): Partial<TestWorkspace> => ({
    definition: { connection: { auth: [{ type: "bearer", token: "x" }] } },
    authMethods: [counting(renewable)],
  });

  test("a 401 renews the credential once and repeats once, also a POST", async () => {
    const { http, call } = setUp([{ status: 401 }, { body: 1 }], post, withAuth(true));
    expect((await call("act")).output).toMatchObject({ kind: "json", value: 1 });
    expect(http.sent.map(({ headers }) => headers.authorization)).toEqual(["token-1", "token-2"]);
  });

  test("a second 401 ends the call", async () => {
    const { http, call } = setUp([{ status: 401 }], {}, withAuth(true));
    await expect(call("act")).rejects.toMatchObject({
      code: "AUTHENTICATION_FAILED",
      status: 502,
      upstreamStatus: 401,
    });
    expect(http.sent).toHaveLength(2);
  });

  test("a fixed credential is not tried twice", async () => {
    const { http, call } = setUp([{ status: 401 }], {}, withAuth(false));
    await expect(call("act")).rejects.toMatchObject({ code: "AUTHENTICATION_FAILED" });
    expect(http.sent).toHaveLength(1);
  });

  test("a rule may say what expired means; a POST that may have been acted upon is not repeated", async () => {
    const errors = [{ when: "{{ response.body.expired }}", then: "reauthenticate", code: "EXPIRED" }] as const;
    const replies = [{ body: { expired: true } }, { body: {} }];
    const reading = setUp(replies, { errors }, withAuth(true));
    await reading.call("act");
    expect(reading.http.sent).toHaveLength(2);
    const writing = setUp(replies, { ...post, errors }, withAuth(true));
    await expect(writing.call("act")).rejects.toMatchObject({ connectorCode: "EXPIRED" });
    expect(writing.http.sent).toHaveLength(1);
  });
});

describe("redirects", () => {
  const to = (location: string, status = 302): CannedReply => ({ status, headers: { location } });
  const bearer = (hosts: readonly string[] = []): Partial<TestWorkspace> => ({
    definition: { hosts, connection: { auth: [{ type: "bearer", token: "{{ secret('key') }}" }] } },
    secrets: { key: { value: "very-secret", hosts: ["api.example", "files.example"] } },
  });

  test("the credential goes along within the origin and is dropped elsewhere", async () => {
    const { http, call } = setUp([to("/next"), to("https://cdn.example/x"), { body: 1 }], {}, bearer());
    await call("act");
    expect(http.sent.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["https://api.example/", "Bearer very-secret"],
      ["https://api.example/next", "Bearer very-secret"],
      ["https://cdn.example/x", undefined],
    ]);
  });

  test("a host that is not trusted does not become so by redirecting to itself", async () => {
    const there = "https://cdn.example";
    const { http, call } = setUp(
      [to(`${there}/x`), to(`${there}/y`), to("https://api.example/back"), {}],
      {},
      {
        definition: {
          connection: {
            parameters: { type: "object", properties: { key: { type: "string", writeOnly: true } } },
            auth: [{ type: "bearer", token: "{{ connection.key }}" }],
          },
        },
        connection: { secretParameters: { key: "very-secret" } },
      },
    );
    await call("act");
    expect(http.sent.map(({ url, headers }) => [url, headers.authorization])).toEqual([
      ["https://api.example/", "Bearer very-secret"],
      ["https://cdn.example/x", undefined],
      ["https://cdn.example/y", undefined],
      ["https://api.example/back", "Bearer very-secret"],
    ]);
  });

  test("a declared host gets the credential, if the secret is bound to it", async () => {
    const { http, call } = setUp([to("https://files.example/x"), {}], {}, bearer(["files.example"]));
    await call("act");
    expect(http.sent[1]?.headers.authorization).toBe("Bearer very-secret");
    const unbound = setUp([to("https://other.example/x"), {}], {}, bearer(["other.example"]));
    await expect(unbound.call("act")).rejects.toMatchObject({ code: "SECRET_HOST_REFUSED" });
  });

  test.each([
    [303, "GET", null],
    [302, "GET", null],
    [307, "POST", "{}"],
    [308, "POST", "{}"],
  ])("%i of a POST becomes a %s", async (status, method, body) => {
    const { http, call } = setUp([to("/next", status), {}], post);
    await call("act");
    expect(http.sent[1]).toMatchObject({ method, body });
  });

  test("a body that holds a secret does not leave the connector's hosts", async () => {
    const action = { request: { method: "POST", path: "/", body: { key: "{{ secret('key') }}" } } } as const;
    const { call } = setUp([to("https://cdn.example/x", 307), {}], action, bearer());
    await expect(call("act")).rejects.toMatchObject({ code: "UPSTREAM_REDIRECT_REFUSED" });
  });

  test("a chain has an end", async () => {
    const { http, call } = setUp([to("/again")]);
    await expect(call("act")).rejects.toMatchObject({ code: "UPSTREAM_REDIRECT_REFUSED" });
    expect(http.sent.length).toBeLessThan(8);
  });

  test("with redirect: manual the answer is the redirect", async () => {
    const request = { path: "/", redirect: "manual" } as const;
    const { http, call } = setUp([to("/next")], { request, response: { body: "{{ response.headers.location }}" } });
    expect((await call("act")).output).toEqual({ kind: "json", value: "/next" });
    expect(http.sent).toHaveLength(1);
  });
});
