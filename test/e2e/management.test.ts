import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeCanary } from "./harness/canary.ts";
import { oddConnector } from "./harness/odd-connector.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const definition = (version: string, change: object = {}) => ({
  ...oddConnector(stack.odd.url),
  name: "shelf",
  version,
  ...change,
});

describe("versions of a connector", () => {
  it("a draft can be saved again; once published it never changes", async () => {
    await expectStatus(201, stack.send("POST", "/v1/connectors", { body: definition("1.0.0", { title: "First" }) }));
    await expectStatus(201, stack.send("POST", "/v1/connectors", { body: definition("1.0.0", { title: "Second" }) }));
    const published = await expectStatus(200, stack.send("POST", "/v1/connectors/shelf/versions/1.0.0/publish"));
    expect(published.body).toMatchObject({ state: "published", definition: { title: "Second" } });
    const again = await stack.send("POST", "/v1/connectors", { body: definition("1.0.0", { title: "Third" }) });
    expect(again.body).toMatchObject({ code: "VERSION_PUBLISHED", hint: expect.any(String) });
    expect((await stack.send("POST", "/v1/connectors/shelf/versions/1.0.0/publish")).body).toMatchObject({
      code: "VERSION_PUBLISHED",
    });
  });

  it("a draft can be called by its version only, and deleted", async () => {
    await expectStatus(201, stack.send("POST", "/v1/connectors", { body: definition("1.1.0", { title: "Draft" }) }));
    const list = (await stack.send("GET", "/v1/connectors/shelf/versions")).body as { items: { version: string }[] };
    expect(list.items.map(({ version }) => version)).toEqual(["1.1.0", "1.0.0"]);
    expect((await stack.send("GET", "/v1/connectors/shelf")).body).toMatchObject({ version: "1.0.0" });
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/shelf/versions/1.1.0"));
    expect((await stack.send("GET", "/v1/connectors/shelf/versions/1.1.0")).status).toBe(404);
  });

  it("are listed with their actions, hidden ones left out", async () => {
    const { items } = (await stack.send("GET", "/v1/connectors")).body as {
      items: { name: string; actions: unknown[] }[];
    };
    expect(items.map(({ name }) => name)).toEqual(["odd", "shelf"]);
    expect(items[0]?.actions).toContainEqual({ name: "echo" });
  });
});

describe("the step between two versions", () => {
  const without = (action: string) => {
    const { actions } = oddConnector(stack.odd.url) as { actions: Record<string, unknown> };
    return Object.fromEntries(Object.entries(actions).filter(([name]) => name !== action));
  };

  it("must be large enough: a removed action needs a new major version", async () => {
    const body = { ...definition("1.1.0"), actions: without("plain") };
    const refused = await stack.send("POST", "/v1/connectors?publish=true", { body });
    expect(refused.body).toMatchObject({
      status: 409,
      code: "VERSION_STEP_TOO_SMALL",
      hint: expect.stringContaining("2.0.0"),
      errors: [expect.objectContaining({ pointer: "/actions/plain" })],
    });
    // Nothing of it was saved.
    expect((await stack.send("GET", "/v1/connectors/shelf/versions/1.1.0")).status).toBe(404);
  });

  it("is told beforehand by a comparison", async () => {
    const compare = (version: string, actions: object) =>
      stack.send("POST", "/v1/connectors/shelf/diff", { body: { definition: { ...definition(version), actions } } });
    expect((await compare("1.1.0", without("plain"))).body).toMatchObject({
      from: "1.0.0",
      to: "1.1.0",
      step: "major",
      accepted: false,
      changes: expect.arrayContaining([expect.objectContaining({ kind: "breaking", pointer: "/actions/plain" })]),
    });
    expect((await compare("2.0.0", without("plain"))).body).toMatchObject({ step: "major", accepted: true });
    const both = await stack.send("POST", "/v1/connectors/shelf/diff", { body: {} });
    expect(both.body).toMatchObject({ code: "REQUEST_INVALID", hint: expect.any(String) });
  });
});

describe("lint", () => {
  it("says where in the text something is wrong, and saves nothing", async () => {
    const text = '{\n  "name": "draft-only",\n  "titel": "Draft",\n  "version": "1.0.0",\n  "actions": {}\n}';
    const { body } = await expectStatus(200, stack.send("POST", "/v1/connectors/lint", { text }));
    expect(body).toMatchObject({
      valid: false,
      findings: expect.arrayContaining([
        expect.objectContaining({ rule: "schema/unknown-key", pointer: "/titel", line: 3, column: 3 }),
      ]),
    });
    expect((await stack.send("GET", "/v1/connectors/draft-only")).status).toBe(404);
  });

  it("keeps a definition with errors from being published, not from being a draft", async () => {
    const actions = { broken: { request: { path: "/{{ input.nobody_declared_it }}" } } };
    const body = { ...definition("3.0.0"), actions };
    const refused = await stack.send("POST", "/v1/connectors?publish=true", { body });
    expect(refused.body).toMatchObject({ status: 422, code: "DEFINITION_INVALID", errors: expect.any(Array) });
    const draft = await expectStatus(201, stack.send("POST", "/v1/connectors", { body }));
    expect((draft.body as { findings: { severity: string }[] }).findings.map(({ severity }) => severity)).toContain(
      "error",
    );
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/shelf/versions/3.0.0"));
  });
});

describe("a connector", () => {
  it("cannot be deleted while connections use it", async () => {
    const refused = await stack.send("DELETE", "/v1/connectors/odd");
    expect(refused.body).toMatchObject({ status: 409, code: "CONFLICT", hint: expect.any(String) });
  });

  it("is gone with all its versions when it is deleted", async () => {
    await expectStatus(
      201,
      stack.send("POST", "/v1/connectors?publish=true", { body: { ...definition("1.0.0"), name: "gone" } }),
    );
    await expectStatus(204, stack.send("DELETE", "/v1/connectors/gone"));
    expect((await stack.send("GET", "/v1/connectors/gone/versions")).status).toBe(404);
  });
});

describe("connections", () => {
  it("take secret parameters and never give them back", async () => {
    const token = makeCanary("written-token");
    stack.guard(token);
    const created = await expectStatus(
      201,
      stack.send("POST", "/v1/connections", {
        body: { connector: "odd", name: "c", parameters: { token, region: "east" } },
      }),
    );
    expect(created.body).toMatchObject({
      parameters: { region: "east" },
      secretParameters: ["token"],
      status: "active",
    });
    const { id, version } = created.body as { id: string; version: number };

    const changed = await expectStatus(
      200,
      stack.send("PATCH", `/v1/connections/${id}`, { body: { version, parameters: { region: "west" } } }),
    );
    expect(changed.body).toMatchObject({ parameters: { region: "west" }, secretParameters: ["token"] });
    const stale = await stack.send("PATCH", `/v1/connections/${id}`, { body: { version, name: "d" } });
    expect(stale.body).toMatchObject({ code: "CONFLICT" });

    const call = await expectStatus(200, stack.execute("odd", "echo", { connection: id, input: { message: "m" } }));
    expect(call.body).toMatchObject({ output: { url: "/echo?region=west" } });
    await expectStatus(204, stack.send("DELETE", `/v1/connections/${id}`));
    expect((await stack.execute("odd", "plain", { connection: id })).body).toMatchObject({
      code: "CONNECTION_UNKNOWN",
    });
  });

  it("have a name that is theirs alone", async () => {
    const body = { connector: "odd", name: "main", parameters: { token: "another-token" } };
    expect((await stack.send("POST", "/v1/connections", { body })).body).toMatchObject({ code: "CONFLICT" });
  });

  it("are tested with the connector's own test", async () => {
    const { items } = (await stack.send("GET", "/v1/connections?connector=odd")).body as {
      items: { id: string; name: string }[];
    };
    const id = items.find(({ name }) => name === "main")?.id ?? "";
    const tested = await expectStatus(200, stack.send("POST", `/v1/connections/${id}/test`));
    expect(tested.body).toEqual({ succeeded: true, label: '{"message":"test"}', problem: null });
    expect((await stack.send("GET", `/v1/connections/${id}`)).body).toMatchObject({ label: '{"message":"test"}' });
  });
});

describe("secrets", () => {
  it("a rotated one is used by the next call", async () => {
    const first = makeCanary("rotated-first");
    const second = makeCanary("rotated-second");
    stack.guard(first);
    stack.guard(second);
    const write = (value: string) =>
      expectStatus(200, stack.send("PUT", "/v1/secrets/canary", { body: { value, hosts: ["127.0.0.1"] } }));
    await write(first);
    await expectStatus(200, stack.execute("odd", "echo", { connection: "main", input: { message: "m" } }));
    expect((await write(second)).body).toMatchObject({ name: "canary", hosts: ["127.0.0.1"] });
    await expectStatus(200, stack.execute("odd", "echo", { connection: "main", input: { message: "m" } }));
  });

  it("are not sent to a host they are not bound to", async () => {
    const value = makeCanary("elsewhere");
    stack.guard(value);
    await expectStatus(200, stack.send("PUT", "/v1/secrets/canary", { body: { value, hosts: ["api.example"] } }));
    const refused = await stack.execute("odd", "echo", { connection: "main", input: { message: "m" } });
    expect(refused.body).toMatchObject({ status: 422, code: "SECRET_HOST_REFUSED" });
    await expectStatus(200, stack.send("PUT", "/v1/secrets/canary", { body: { value, hosts: ["127.0.0.1"] } }));
  });

  it("are gone when they are deleted", async () => {
    await expectStatus(200, stack.send("PUT", "/v1/secrets/short-lived", { body: { value: "some-value", hosts: [] } }));
    await expectStatus(204, stack.send("DELETE", "/v1/secrets/short-lived"));
    expect((await stack.send("DELETE", "/v1/secrets/short-lived")).status).toBe(404);
  });
});

describe("keys", () => {
  it("are shown once, and useless once revoked", async () => {
    const made = await expectStatus(
      201,
      stack.send("POST", "/v1/keys", { body: { name: "once", scopes: ["execute"] } }),
    );
    const { id, key } = made.body as { id: string; key: string };
    expect((await stack.send("GET", "/v1/keys")).text).not.toContain(key);
    expect((await stack.execute("odd", "plain", { connection: "main" }, { key })).status).toBe(200);
    await expectStatus(204, stack.send("DELETE", `/v1/keys/${id}`));
    expect((await stack.execute("odd", "plain", { connection: "main" }, { key })).status).toBe(401);
  });

  it("a publishable one may not call the management API", async () => {
    const body = { name: "browser", kind: "publishable", origins: ["https://app.example"] };
    const made = await expectStatus(201, stack.send("POST", "/v1/keys", { body }));
    const { key } = made.body as { key: string };
    expect(key).toMatch(/^jp_/);
    expect((await stack.send("GET", "/v1/connectors", { key })).body).toMatchObject({ code: "FORBIDDEN" });
  });
});

describe("records", () => {
  it("say what was called and how it ended, and page", async () => {
    const requestId = "records-test-1";
    await stack.execute("odd", "plain", { connection: "main" }, { headers: { "x-request-id": requestId } });
    await stack.execute("odd", "status", { connection: "main", input: { status: 404 } });
    interface Page {
      readonly items: readonly { readonly action: string; readonly outcome: string; readonly requestId: string }[];
      readonly cursor: string | null;
    }
    const read = async (query: string) => (await stack.send("GET", `/v1/executions?${query}`)).body as Page;
    await expect.poll(async () => (await read("limit=1")).items[0]?.action, { timeout: 20_000 }).toBe("status");
    const first = await read("limit=1");
    expect(first.items[0]).toMatchObject({ outcome: "failed", errorCode: "UPSTREAM_STATUS", upstreamStatus: 404 });
    const second = await read(`limit=1&cursor=${encodeURIComponent(first.cursor ?? "")}`);
    expect(second.items[0]).toMatchObject({ action: "plain", outcome: "succeeded", requestId, surface: "rest" });
    expect((await read(`requestId=${requestId}`)).items).toMatchObject([{ action: "plain", requestId }]);
    expect((await read("outcome=failed")).items.every(({ outcome }) => outcome === "failed")).toBe(true);
  });

  it("the audit trail names who did what", async () => {
    const { items } = (await stack.send("GET", "/v1/audit?limit=500")).body as {
      items: readonly { readonly event: string; readonly actorId: string | null }[];
    };
    const events = new Set(items.map(({ event }) => event));
    for (const event of ["connector.publish", "connection.create", "secret.write", "key.create", "key.revoke"]) {
      expect(events).toContain(event);
    }
  });
});
