import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Client, ClientError, createClient } from "@junctor/client";
import { createLegacyConnectors } from "@junctor/client/legacy";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";

/** What the server saw, and what it shall answer next. */
interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}
type Answer = (response: ServerResponse, seen: Seen) => void;

let server: Server;
let baseUrl: string;
let seen: Seen[];
let answer: Answer;

const json =
  (status: number, body: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { "content-type": "application/json", "x-request-id": "req-1", ...headers });
    response.end(JSON.stringify(body));
  };

beforeAll(async () => {
  server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    const call = { method: request.method ?? "", url: request.url ?? "", headers: request.headers, body };
    seen.push(call);
    answer(response, call);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  seen = [];
  answer = json(200, { ok: true });
});

const failure = async (call: Promise<unknown>): Promise<ClientError> => {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(ClientError);
  return outcome as ClientError;
};

describe("check 24: a widget call", () => {
  it("names the permalink, carries query, path parameters and payload, and resolves to data with status and id", async () => {
    const client = createClient({ baseUrl: `${baseUrl}/`, key: "jp_1" });
    const result = await client.connectors.execute({
      permalink: "orders",
      method: "POST",
      payload: { isbn: "1" },
      queryParams: { tag: ["a", "b"], page: 2, none: undefined },
      pathParams: { id: "é/1", n: 7 },
      headers: { "Accept-Language": "de" },
    });
    expect(result).toMatchObject({ data: { ok: true }, status: 200, requestId: "req-1" });
    expect(seen[0]).toMatchObject({
      method: "POST",
      url: "/connectors/orders/execute?tag=a&tag=b&page=2",
      body: '{"isbn":"1"}',
    });
    expect(seen[0]?.headers).toMatchObject({ authorization: "Bearer jp_1", "accept-language": "de" });
    expect(seen[0]?.headers["x-path-params"]).toBe("id=%C3%A9%2F1&n=7");
  });

  const refused: readonly [why: string, call: (client: Client) => Promise<unknown>, message: RegExp][] = [
    [
      "an unknown option",
      (c) => c.connectors.execute({ permalink: "a", method: "GET", body: {} } as never),
      /Unknown option "body"/,
    ],
    ["an unknown method", (c) => c.connectors.execute({ permalink: "a", method: "TRACE" } as never), /Unknown method/],
    [
      "a payload with GET",
      (c) => c.connectors.execute({ permalink: "a", method: "GET", payload: {} }),
      /carries no payload/,
    ],
    [
      "a payload that is text",
      (c) => c.connectors.execute({ permalink: "a", method: "POST", payload: "x" } as never),
      /must be an object/,
    ],
    [
      "a blank path key",
      (c) => c.connectors.execute({ permalink: "a", method: "GET", pathParams: { " ": 1 } }),
      /blank name/,
    ],
    [
      "a path value that is a list",
      (c) => c.connectors.execute({ permalink: "a", method: "GET", pathParams: { a: [] } } as never),
      /string or a number/,
    ],
    [
      "path parameters over 4096 characters",
      (c) => c.connectors.execute({ permalink: "a", method: "GET", pathParams: { a: "x".repeat(4096) } }),
      /exceed 4096/,
    ],
    [
      "path parameters of a composite",
      (c) => c.connectors.composite.execute({ permalink: "a", pathParams: {} } as never),
      /Unknown option "pathParams"/,
    ],
  ];
  it.each(refused)("is refused before anything is sent: %s", async (_why, call, message) => {
    const error = await failure(call(createClient({ baseUrl })));
    expect(error).toMatchObject({ kind: "options", message: expect.stringMatching(message) });
    expect(seen).toEqual([]);
  });

  it("tells a misspelt client setting", () => {
    expect(() => createClient({ baseUrl, tokn: "x" } as never)).toThrow(/Unknown option "tokn"/);
  });
});

describe("the user token", () => {
  it("is asked for once by calls that start together, and renewed once when the server says it has ended", async () => {
    let issued = 0;
    const client = createClient({ baseUrl, key: "jp_1", userToken: () => `token-${++issued}` });
    answer = (response, call) =>
      call.headers.authorization === "Bearer token-1"
        ? json(401, { code: "USER_TOKEN_INVALID" })(response, call)
        : json(200, { user: call.headers.authorization, key: call.headers["x-junctor-key"] })(response, call);
    const call = () => client.actions.execute({ connector: "books", action: "whoAmI" });
    const results = await Promise.all([call(), call(), call()]);
    expect(results.map(({ data }) => data)).toEqual(Array(3).fill({ user: "Bearer token-2", key: "jp_1" }));
    expect(issued).toBe(2);
  });
  it("is not renewed twice for one call", async () => {
    let issued = 0;
    answer = json(401, { code: "USER_TOKEN_INVALID", detail: "expired", requestId: "r" });
    const error = await failure(
      createClient({ baseUrl, userToken: () => `t${++issued}` }).actions.execute({ connector: "a", action: "b" }),
    );
    expect(error).toMatchObject({ kind: "response", code: "USER_TOKEN_INVALID", status: 401, message: "expired" });
    expect(issued).toBe(2);
  });
  const call = { connector: "a", action: "b" };
  const never = () => new Promise<string>(() => {});
  const failing: readonly [what: string, userToken: () => string | Promise<string>, message: RegExp][] = [
    ["is rejected", () => Promise.reject(new Error("host is away")), /^userToken gave no token: host is away$/],
    [
      "throws",
      () => {
        throw new Error("host is away");
      },
      /host is away/,
    ],
    ["is rejected with a text", () => Promise.reject("signed out"), /^userToken gave no token: signed out$/],
    ["is a page in place of a token", () => "<!doctype html>\n<title>Sign in</title>", /no text without spaces/],
    ["is no text", () => ({ token: "t" }) as never, /no text without spaces/],
  ];
  it.each(failing)(
    "that cannot be had (%s) fails the call and is asked for again by the next",
    async (_what, userToken, message) => {
      let asked = 0;
      const client = createClient({ baseUrl, userToken: () => (++asked === 1 ? userToken() : "t") });
      expect(await failure(client.actions.execute(call))).toMatchObject({
        kind: "token",
        message: expect.stringMatching(message),
        retryable: false,
      });
      expect(seen).toEqual([]);
      await expect(client.actions.execute(call)).resolves.toMatchObject({ status: 200 });
    },
  );
  it("that never comes ends with the call's time, and is asked for again by the next", async () => {
    let asked = 0;
    const client = createClient({ baseUrl, timeout: 40, userToken: () => (++asked === 1 ? never() : "t") });
    expect(await failure(client.actions.execute(call))).toMatchObject({ kind: "timeout" });
    await expect(client.actions.execute(call)).resolves.toMatchObject({ status: 200 });
    expect(asked).toBe(2);
  });
  it("that never comes ends with the caller's signal", async () => {
    const client = createClient({ baseUrl, userToken: never });
    const cancelled = client.actions.execute({ ...call, signal: AbortSignal.timeout(20) });
    expect(await failure(cancelled)).toMatchObject({ kind: "cancelled" });
    const before = client.actions.execute({ ...call, signal: AbortSignal.abort() });
    expect(await failure(before)).toMatchObject({ kind: "cancelled" });
    expect(seen).toEqual([]);
  });
  it("that comes late is asked for once, whoever of those that wait gives up", async () => {
    let asked = 0;
    let give: (token: string) => void = () => {};
    const client = createClient({
      baseUrl,
      userToken: () => {
        asked += 1;
        return new Promise<string>((resolve) => {
          give = resolve;
        });
      },
    });
    const patient = client.actions.execute(call);
    expect(await failure(client.actions.execute({ ...call, signal: AbortSignal.abort() }))).toMatchObject({
      kind: "cancelled",
    });
    give("t");
    expect((await patient).status).toBe(200);
    expect((await client.actions.execute(call)).status).toBe(200);
    expect(asked).toBe(1);
  });
  it("is renewed within the call's time", async () => {
    let asked = 0;
    answer = json(401, { code: "USER_TOKEN_INVALID" });
    const client = createClient({ baseUrl, timeout: 200, userToken: () => (++asked === 1 ? "t" : never()) });
    expect(await failure(client.actions.execute(call))).toMatchObject({ kind: "timeout" });
  });
});

describe("check 24: a failure says what kind it is", () => {
  it("an error of the server, with its problem document", async () => {
    answer = json(429, {
      code: "RATE_LIMITED",
      title: "t",
      detail: "wait",
      status: 429,
      retryable: true,
      requestId: "r",
    });
    const error = await failure(createClient({ baseUrl }).actions.execute({ connector: "a", action: "b" }));
    expect(error).toMatchObject({ kind: "response", code: "RATE_LIMITED", retryable: true, requestId: "req-1" });
    expect(error.problem?.detail).toBe("wait");
  });
  it("an error of the widget route, with its envelope", async () => {
    answer = json(400, {
      success: false,
      errors: { code: "path_param_missing", detail: "id", params: ["id"] },
      request_id: "w",
    });
    const error = await failure(createClient({ baseUrl }).connectors.execute({ permalink: "a", method: "GET" }));
    expect(error).toMatchObject({ kind: "response", code: "path_param_missing", params: ["id"], status: 400 });
  });
  it("no answer in time, told apart from the caller's own signal", async () => {
    answer = () => {};
    const client = createClient({ baseUrl, timeout: 40 });
    expect(await failure(client.actions.execute({ connector: "a", action: "b" }))).toMatchObject({
      kind: "timeout",
      retryable: true,
    });
    const signal = AbortSignal.timeout(20);
    const cancelled = await failure(client.actions.execute({ connector: "a", action: "b", signal, timeout: 5_000 }));
    expect(cancelled).toMatchObject({ kind: "cancelled", retryable: false });
  });
  it("nobody at that address", async () => {
    const error = await failure(
      createClient({ baseUrl: "http://127.0.0.1:1" }).actions.execute({ connector: "a", action: "b" }),
    );
    expect(error).toMatchObject({ kind: "network", retryable: true });
  });
});

describe("answers that are not JSON", () => {
  const bodies: readonly [type: string, body: string, expected: unknown][] = [
    ["text/plain", "hello", "hello"],
    ["application/problem+json", "not json", "not json"],
    ["application/json", "", undefined],
  ];
  it.each(bodies)("%s %j", async (type, body, expected) => {
    answer = (response) => {
      response.writeHead(200, { "content-type": type });
      response.end(body);
    };
    const result = await createClient({ baseUrl }).connectors.execute({ permalink: "a", method: "GET" });
    expect(result.data).toBe(expected);
  });
});

describe("the older widget SDK's signature", () => {
  it("resolves to the body and keeps its settings to itself", async () => {
    const connectors = createLegacyConnectors({ baseUrl });
    connectors.configure({ csrfToken: "c", timeout: 5_000 });
    connectors.updateHeaders({ "X-Widget": "1" });
    answer = json(200, [1, 2]);
    expect(await connectors.execute({ permalink: "a", method: "GET", queryParams: { q: "x y" } })).toEqual([1, 2]);
    expect(await connectors.composite.execute({ permalink: "b", payload: { a: 1 } })).toEqual([1, 2]);
    expect(seen.map(({ method, url }) => [method, url])).toEqual([
      ["GET", "/connectors/a/execute?q=x+y"],
      ["POST", "/connectors/composite/b/execute"],
    ]);
    expect(seen[0]?.headers).toMatchObject({ "x-csrf-token": "c", "x-widget": "1" });
    expect([connectors.getDefaultTimeout(), connectors.getBaseUrl(), connectors.getHeaders()]).toEqual([
      5_000,
      baseUrl,
      { "x-csrf-token": "c", "X-Widget": "1" },
    ]);
  });
});
