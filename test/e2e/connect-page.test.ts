import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Browser, type Page, startBrowser } from "./harness/browser.ts";
import { type HostileTokenServer, startHostileTokenServer } from "./harness/hostile-token-server.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** The connect page for methods whose credential a person enters: fields by schema, checked, tested, never shown again. */
let api: HostileTokenServer;
let stack: Stack;
const key = "an-api-key-that-nobody-may-see";
beforeAll(async () => {
  api = await startHostileTokenServer();
  stack = await startStack({ odd: false, environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${api.port}` } });
  stack.guard(key);
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition() }));
});
afterAll(async () => {
  await stack.stop();
  await api.close();
});

function definition() {
  return {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "keyed",
    title: "Keyed <API>",
    version: "1.0.0",
    baseUrl: { production: { baseUrl: api.url, title: "Production" }, sandbox: { baseUrl: `${api.url}/api` } },
    connection: {
      parameters: {
        type: "object",
        required: ["account", "key", "region"],
        properties: {
          account: {
            type: "string",
            title: "Account number",
            description: "Six digits, on your invoice.",
            pattern: "^[0-9]{6}$",
            examples: ["123456"],
          },
          key: { type: "string", title: "API key", writeOnly: true },
          region: {
            title: "Region",
            oneOf: [
              { const: "eu", title: "Europe" },
              { const: "own", title: "Own server" },
            ],
          },
          limit: { type: "integer", title: "Limit", default: 5 },
          beta: { type: "boolean", title: "Use beta features" },
        },
        if: { properties: { region: { const: "own" } } },
        then: { required: ["host"], properties: { host: { type: "string", title: "Host of your server" } } },
        additionalProperties: true,
      },
      auth: [{ type: "apiKey", in: "header", name: "Authorization", value: "Key {{ connection.key }}" }],
      test: { action: "look", label: "{{ output.path }}" },
    },
    actions: { look: { title: "Look", retry: { attempts: 1 }, request: { path: "/api/who" } } },
  };
}

async function openPage(browser: Browser, id: string, options: object = {}): Promise<Page> {
  const begun = await expectStatus(200, stack.send("POST", `/v1/connections/${id}/authorize`, { body: options }));
  return browser.open((begun.body as { url: string }).url);
}
const good = { "p.account": "123456", "p.key": key, "p.region": "eu" };
const read = async (id: string) => (await stack.send("GET", `/v1/connections/${id}`)).body;

describe("the connect page of a keyed API", () => {
  let id: string;
  const browser = startBrowser();
  beforeAll(async () => {
    const body = {
      connector: "keyed",
      name: "main",
      environment: "production",
      parameters: { account: "000000", key: "to-be-replaced", region: "eu" },
    };
    id = ((await expectStatus(201, stack.send("POST", "/v1/connections", { body }))).body as { id: string }).id;
  });

  it("asks for what the schema says, with labels, and shows no secret", async () => {
    const { text } = await openPage(browser, id);
    expect(text).toContain("<h1>Connect Keyed &#60;API&#62;</h1>");
    expect(text).toContain("<dd>production</dd>");
    expect(text).toMatch(/<label for="p-account">Account number<\/label>/);
    expect(text).toMatch(
      /<input type="text" id="p-account" name="p\.account" aria-describedby="p-account-help" required value="000000"/,
    );
    expect(text).toContain('pattern="^[0-9]{6}$" placeholder="123456"');
    expect(text).toMatch(/<input type="password" id="p-key"[^>]* value=""/);
    expect(text).toContain("Leave empty to keep what is stored.");
    expect(text).toContain('<option value="eu" selected>Europe</option>');
    expect(text).toMatch(/<input type="checkbox" id="p-beta"/);
    expect(text).toMatch(/<label for="p-host">Host of your server<\/label>/);
    expect(text).toContain("Needed only for some choices above.");
    expect(text).not.toContain("to-be-replaced");
    expect(text).not.toContain("<script");
  });

  it("is never cached, framed or scripted", async () => {
    const begun = await stack.send("POST", `/v1/connections/${id}/authorize`, { body: {} });
    const { headers } = await fetch((begun.body as { url: string }).url);
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-frame-options")).toBe("DENY");
    expect(headers.get("referrer-policy")).toBe("no-referrer");
    expect(headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; style-src 'nonce-[^']+'; script-src 'nonce-/,
    );
    expect(headers.get("set-cookie")).toMatch(
      /^junctor_connect=[\w-]{43}; Path=\/oauth; Max-Age=3600; HttpOnly; SameSite=Lax$/,
    );
  });

  it.each([
    ["a value that does not match", { ...good, "p.account": "12" }, "p-account"],
    ["a missing value of a branch", { ...good, "p.region": "own" }, "p-host"],
  ])("%s: the page says which field, and the link stays good", async (_title, fields, field) => {
    const before = await read(id);
    const refused = await browser.submit(await openPage(browser, id), fields);
    expect(refused.status).toBe(400);
    expect(refused.text).toContain('role="alert"');
    expect(refused.text).toMatch(new RegExp(`id="${field}"[^>]*aria-invalid="true"|name="p\\.host"`));
    expect(refused.text).not.toContain(key);
    expect(await read(id)).toEqual(before);
    expect((await browser.submit(refused, good)).text).toContain("is connected");
  });

  it("stores what was entered, tests it and keeps the label", async () => {
    const last = await browser.submit(await openPage(browser, id), good);
    expect(last.text).toContain("Keyed &#60;API&#62; is connected.");
    expect(await read(id)).toMatchObject({
      status: "active",
      label: "/api/who",
      parameters: { account: "123456", region: "eu" },
      secretParameters: ["key"],
    });
    expect(api.lastAuthorization()).toBe(`Key ${key}`);
  });

  it("an empty secret field keeps the stored secret", async () => {
    await browser.submit(await openPage(browser, id), { "p.account": "654321", "p.key": "", "p.region": "eu" });
    expect(api.lastAuthorization()).toBe(`Key ${key}`);
    expect(await read(id)).toMatchObject({ parameters: { account: "654321" } });
  });

  it("a credential that the API refuses is said at once", async () => {
    const refused = await browser.submit(await openPage(browser, id), { ...good, "p.key": "refused-by-the-api" });
    expect(refused.text).toContain("The upstream");
    expect(refused.text).not.toContain("refused-by-the-api");
    expect(refused.text).toContain("<form");
  });
});
