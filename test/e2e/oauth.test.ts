import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AuthorizationServer, startAuthorizationServer } from "./harness/authorization-server.ts";
import { type Browser, type Page, startBrowser } from "./harness/browser.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

let server: AuthorizationServer;
let stack: Stack;
beforeAll(async () => {
  server = await startAuthorizationServer();
  stack = await startStack({ odd: false, environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${server.port}` } });
  server.open(`${stack.url}/oauth/callback`);
  stack.guard(server.clientSecret);
  await publish();
});
afterAll(async () => {
  for (const token of server.seenTokens) stack.guard(token);
  await stack.stop();
  await server.close();
});

function definition() {
  const { url } = server;
  const client = { tokenUrl: `${url}/token`, scopes: ["orders"] };
  const secret = "{{ connection.secret }}";
  const asked = (title: string) => ({
    type: "object",
    required: ["secret"],
    properties: { secret: { type: "string", title, writeOnly: true } },
  });
  const assertion = (claims: object) => ({ algorithm: "ES256", key: secret, header: { kid: "client-key" }, claims });
  return {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "accounts",
    title: "Accounts & <Orders>",
    version: "1.0.0",
    baseUrl: url,
    connection: {
      auth: [
        {
          ...client,
          name: "person",
          type: "oauth2",
          grant: "authorizationCode",
          authorizationUrl: `${url}/auth`,
          revocationUrl: `${url}/token/revocation`,
          clientAuthentication: "client_secret_basic",
          issuer: url,
          scopes: ["openid", "orders"],
        },
        {
          ...client,
          name: "robot",
          type: "oauth2",
          grant: "clientCredentials",
          clientId: "robot",
          clientSecret: secret,
          parameters: asked("Client secret"),
        },
        {
          ...client,
          name: "signer",
          type: "oauth2",
          grant: "clientCredentials",
          clientId: "signer",
          clientAuthentication: "private_key_jwt",
          assertion: assertion({}),
          parameters: asked("Private key"),
        },
        {
          ...client,
          name: "television",
          type: "oauth2",
          grant: "deviceCode",
          authorizationUrl: `${url}/device/auth`,
          clientId: "television",
          clientAuthentication: "none",
        },
        {
          ...client,
          name: "bearer",
          type: "oauth2",
          grant: "jwtBearer",
          clientId: "bearer",
          clientSecret: "{{ secret('oauth.accounts.client-secret') }}",
          assertion: assertion({ iss: "junctor", sub: "grace", aud: `${url}/token` }),
          parameters: asked("Private key"),
        },
      ],
      test: { action: "whoAmI", label: "{{ output.account }}" },
    },
    actions: { whoAmI: { title: "Who am I", request: { path: "/api/me" } } },
  };
}

async function publish(): Promise<void> {
  const hosts = [`127.0.0.1:${server.port}`];
  const register = (name: string, value: string) =>
    expectStatus(200, stack.send("PUT", `/v1/secrets/oauth.accounts.${name}`, { body: { value, hosts } }));
  await register("client-id", "web");
  await register("client-secret", server.clientSecret);
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition() }));
}

async function connect(name: string, authMethod: string, parameters?: object): Promise<string> {
  const body = { connector: "accounts", name, authMethod, ...(parameters === undefined ? {} : { parameters }) };
  const created = await expectStatus(201, stack.send("POST", "/v1/connections", { body }));
  return (created.body as { id: string }).id;
}

const whoAmI = (connection: string) => stack.execute("accounts", "whoAmI", { input: {}, connection });
const statusOf = async (id: string) =>
  (await stack.send("GET", `/v1/connections/${id}`)).body as { status: string; statusReason: string; label: string };

async function connectPage(id: string, browser: Browser, options: object = {}): Promise<Page> {
  const begun = await expectStatus(200, stack.send("POST", `/v1/connections/${id}/authorize`, { body: options }));
  return browser.open((begun.body as { url: string }).url);
}

/** Goes through connect page, login and consent; ends on the last page. */
async function authorize(id: string, browser: Browser, login: string, options: object = {}): Promise<Page> {
  let page = await browser.submit(await connectPage(id, browser, options));
  page = await browser.submit(page, { login, password: "any" });
  return page.text.includes('name="prompt"') ? browser.submit(page) : page;
}

describe("authorization code with PKCE, against oidc-provider", () => {
  it("a person connects an account, and calls use it", async () => {
    const id = await connect("ada", "person");
    expect(await statusOf(id)).toMatchObject({ status: "needs-authorization" });
    const browser = startBrowser();
    const page = await connectPage(id, browser);
    expect(page.text).toContain("Connect Accounts &#38; &#60;Orders&#62;");
    expect(page.text).toContain("openid, orders");
    const last = await authorize(id, browser, "ada");
    expect(last.text).toContain("is connected as ada");
    expect(await statusOf(id)).toMatchObject({ status: "active", statusReason: null, label: "ada" });
    expect((await whoAmI("ada")).body).toMatchObject({ output: { account: "ada" } });
  });

  it("a call before anybody authorized says what to do", async () => {
    await connect("nobody", "person");
    const answer = await whoAmI("nobody");
    expect(answer.body).toMatchObject({ code: "CONNECTION_UNUSABLE", hint: expect.any(String) });
  });

  it("a refused access token is renewed once and the call repeated, with a rotated refresh token", async () => {
    const before = server.issued.get("refresh_token") ?? 0;
    await server.endAccessToken(server.seenTokens.at(-1) ?? "");
    expect((await whoAmI("ada")).body).toMatchObject({ output: { account: "ada" }, meta: { attempts: 2 } });
    expect(server.issued.get("refresh_token")).toBe(before + 1);
    expect((await whoAmI("ada")).body).toMatchObject({ meta: { attempts: 1 } });
  });

  it("a popup tells the page that opened it, and nobody else", async () => {
    const id = await connect("popup", "person");
    const returnTo = `${stack.url}/app`;
    const last = await authorize(id, startBrowser(), "grace", { mode: "popup", returnTo });
    expect(last.text).toContain(`window.opener.postMessage({"type":"junctor:connection","connectionId":"${id}"`);
    expect(last.text).toContain(`"${new URL(stack.url).origin}")`);
  });

  it("a redirect goes back to an allowed address, with the outcome", async () => {
    const id = await connect("redirect", "person");
    const last = await authorize(id, startBrowser(), "grace", { returnTo: `${server.url}/after?tab=1` });
    expect(last.url).toBe(`${server.url}/after?tab=1&connection=${id}&connected=true`);
  });

  it("an address that is not allowed is refused before anything begins", async () => {
    const id = await connect("elsewhere", "person");
    for (const returnTo of ["https://evil.example/", "http://127.0.0.1.evil.example/", "javascript:alert(1)"]) {
      const answer = await stack.send("POST", `/v1/connections/${id}/authorize`, { body: { returnTo } });
      expect(answer.body, returnTo).toMatchObject({ code: expect.stringMatching(/INPUT_INVALID|REQUEST_INVALID/) });
    }
  });

  it("deleting the connection revokes its grant (RFC 7009)", async () => {
    const id = await connect("leaving", "person");
    await authorize(id, startBrowser(), "leaver");
    const token = server.seenTokens.at(-1) ?? "";
    expect(await server.knows("AccessToken", token)).toBe(true);
    await expectStatus(204, stack.send("DELETE", `/v1/connections/${id}`));
    expect(await server.knows("AccessToken", token)).toBe(false);
  });
});

describe("what may go wrong with a redirect leaves the connection as it was", () => {
  let id: string;
  let browser: Browser;
  beforeAll(async () => {
    id = await connect("attacked", "person");
    browser = startBrowser();
    await authorize(id, browser, "owner");
  });
  const isUntouched = async () => {
    expect(await statusOf(id)).toMatchObject({ status: "active", label: "owner" });
    expect((await whoAmI("attacked")).body).toMatchObject({ output: { account: "owner" } });
  };

  /** Starts an authorization and stops at the authorization server's login page: returns the state that was sent there. */
  async function startAgain(inBrowser: Browser): Promise<string> {
    const seen = server.authorizationRequests.length;
    await inBrowser.submit(await connectPage(id, inBrowser));
    return server.authorizationRequests.slice(seen).at(-1)?.get("state") ?? "";
  }
  const callback = (inBrowser: Browser, query: Record<string, string>) =>
    inBrowser.open(`${stack.url}/oauth/callback?${new URLSearchParams(query)}`);

  it.each([
    ["a state that nobody issued", () => Promise.resolve(`jst_${"x".repeat(43)}`)],
    ["no state", () => Promise.resolve("")],
  ])("%s", async (_title, makeState) => {
    const page = await callback(browser, { code: "stolen", state: await makeState() });
    expect(page.status).toBe(400);
    expect(page.text).toContain("was not started in this browser");
    await isUntouched();
  });

  it("a state that was issued to another browser", async () => {
    const state = await startAgain(startBrowser());
    const page = await callback(browser, { code: "stolen", state, iss: server.url });
    expect(page.text).toContain("was not started in this browser");
    await isUntouched();
  });

  it("a state that was used already", async () => {
    const fresh = startBrowser();
    const state = await startAgain(fresh);
    await callback(fresh, { code: "wrong", state, iss: server.url });
    const again = await callback(fresh, { code: "wrong", state, iss: server.url });
    expect(again.text).toContain("was used already");
    await isUntouched();
  });

  it("a code that the server does not know", async () => {
    const fresh = startBrowser();
    const page = await callback(fresh, { code: "replayed-code", state: await startAgain(fresh), iss: server.url });
    expect(page.status).toBe(400);
    expect(page.text).toContain("invalid_grant");
    expect(page.text).not.toContain("replayed-code");
    await isUntouched();
  });

  it.each([
    ["another issuer (mix-up)", { iss: "https://evil.example" }],
    ["no issuer where the definition states one", {}],
  ])("%s", async (_title, extra) => {
    const fresh = startBrowser();
    const page = await callback(fresh, { code: "any", state: await startAgain(fresh), ...extra });
    expect(page.status).toBe(400);
    expect(page.text).toContain("The redirect was refused");
    await isUntouched();
  });

  it("the person said no", async () => {
    const fresh = startBrowser();
    const state = await startAgain(fresh);
    const denied = { error: "access_denied", error_description: "<b>changed</b> my mind", state, iss: server.url };
    const page = await callback(fresh, denied);
    expect(page.text).toContain("access_denied: changed my mind");
    await isUntouched();
  });

  it("a connect link works once", async () => {
    const fresh = startBrowser();
    const page = await connectPage(id, fresh);
    await fresh.submit(page);
    const again = await fresh.submit(page);
    expect(again.text).toContain("was used already");
  });

  it("a connect form that another site posts is refused", async () => {
    const victim = startBrowser();
    const page = await connectPage(id, victim);
    const forged = await startBrowser().submit(page);
    expect(forged.text).toContain("was not opened in this browser");
    expect((await victim.submit(page)).text).toContain('name="login"');
  });
});

describe("grants without a browser", () => {
  it("client credentials", async () => {
    await connect("robot", "robot", { secret: server.clientSecret });
    expect((await whoAmI("robot")).body).toMatchObject({ output: { account: "robot" } });
    await whoAmI("robot");
    expect(server.issued.get("client_credentials")).toBe(1);
  });

  it("a changed client secret ends the token of the old one", async () => {
    const id = await connect("changed", "robot", { secret: "not-the-secret-of-the-robot" });
    const refused = await whoAmI("changed");
    expect(refused.body).toMatchObject({ code: "AUTHENTICATION_FAILED", retryable: false });
    expect(refused.text).toContain("invalid_client");
    await expectStatus(
      200,
      stack.send("PATCH", `/v1/connections/${id}`, { body: { parameters: { secret: server.clientSecret } } }),
    );
    await expect.poll(async () => (await whoAmI("changed")).status, { timeout: 8_000, interval: 250 }).toBe(200);
  });

  it("private_key_jwt", async () => {
    stack.guard(server.clientKey.split("\n")[1] ?? "");
    await connect("signer", "signer", { secret: server.clientKey });
    expect((await whoAmI("signer")).body).toMatchObject({ output: { account: "signer" } });
  });

  it("JWT bearer (RFC 7523)", async () => {
    await connect("assertion", "bearer", { secret: server.clientKey });
    expect((await whoAmI("assertion")).body).toMatchObject({ output: { account: "grace" } });
  });

  it("a device code (RFC 8628)", async () => {
    const id = await connect("television", "television");
    const begun = (await expectStatus(200, stack.send("POST", `/v1/connections/${id}/authorize`, { body: {} })))
      .body as {
      verificationUriComplete: string;
      userCode: string;
    };
    expect(begun).toMatchObject({ kind: "device", userCode: expect.stringMatching(/^[A-Z-]+$/) });
    const look = async () => (await stack.send("POST", `/v1/connections/${id}/authorize/continue`)).body;
    expect(await look()).toMatchObject({ done: false });
    const browser = startBrowser();
    let page = await browser.submit(await browser.open(begun.verificationUriComplete));
    for (let step = 0; step < 4 && /<form/.test(page.text); step++) {
      page = await browser.submit(page, page.text.includes('name="login"') ? { login: "viewer", password: "any" } : {});
    }
    await expect.poll(look, { timeout: 20_000, interval: 1_000 }).toMatchObject({ done: true });
    expect((await whoAmI("television")).body).toMatchObject({ output: { account: "viewer" } });
  });

  it("tokens from another system are imported, used and renewed", async () => {
    const browser = startBrowser();
    const id = await connect("exported", "person");
    await authorize(id, browser, "mover");
    const record = await stack.server.context.stores.connections.get("default", id);
    const credential = (await stack.server.context.vault.open(
      record?.workspaceId ?? "",
      `connection-credential:${id}`,
      record?.sealedCredential ?? "",
    )) as { refreshToken: string };
    stack.guard(credential.refreshToken);
    const body = {
      connector: "accounts",
      name: "imported",
      authMethod: "person",
      credential: {
        accessToken: "an-access-token-that-ended",
        refreshToken: credential.refreshToken,
        expiresAt: 1_700_000_000,
      },
    };
    const created = await expectStatus(201, stack.send("POST", "/v1/connections", { body }));
    expect(created.body).toMatchObject({ status: "active" });
    expect(created.text).not.toContain("an-access-token");
    expect((await whoAmI("imported")).body).toMatchObject({ output: { account: "mover" } });
  });
});
