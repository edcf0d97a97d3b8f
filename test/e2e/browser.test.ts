import { type ChildProcess, spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryRoot } from "../architecture/read-source-files.ts";
import { findSecret, prepareSearch } from "./harness/canary.ts";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/**
 * A widget in a real browser: its page on one origin, Junctor on another, the upstream on a third. The bundled client
 * renders live data for the user whom `examples/user-tokens` names; the upstream's credential never gets near the page.
 */
const executablePath = "/usr/bin/chromium";
const credential = "upstream-credential-open-sesame";
const tokenSecret = "0123456789abcdef0123456789abcdef";

let upstream: Server;
let page: Server;
let stack: Stack;
let tokens: ChildProcess;
let tokenUrl: string;
let browser: Browser;
let publishableKey: string;
let bundle: string;
let pageOrigin: string;
let foreignOrigin: string;

const listen = async (server: Server, port = 0): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
};

/** The example that mints user tokens, as a process of its own. */
function startTokens(): Promise<string> {
  tokens = spawn("node", ["examples/user-tokens/server.ts"], {
    cwd: repositoryRoot,
    env: { ...process.env, JUNCTOR_TOKEN_SECRET: tokenSecret, PORT: "4031" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  return new Promise((resolve, reject) => {
    tokens.once("exit", (code) => reject(new Error(`The token server ended with ${code}.`)));
    tokens.stdout?.on("data", (chunk) => {
      const url = /http:\S+/.exec(String(chunk))?.[0];
      if (url !== undefined) resolve(url);
    });
  });
}

const html = () => `<!doctype html>
<meta charset="utf-8"><title>Widget</title>
<h1>Orders of <span id="who">…</span></h1><ul id="orders"></ul><p id="error"></p>
<script type="module">
${bundle}
const client = createClient({
  baseUrl: ${JSON.stringify(stack.url)},
  key: ${JSON.stringify(publishableKey)},
  userToken: () => fetch("/junctor-token").then((answer) => answer.text()),
});
try {
  const { data, status, requestId } = await client.connectors.execute({ permalink: "orders", method: "GET", queryParams: { state: "open" } });
  document.querySelector("#who").textContent = data.who;
  for (const order of data.orders) {
    const row = document.createElement("li");
    row.textContent = order.id + ": " + order.book;
    document.querySelector("#orders").append(row);
  }
  document.body.dataset.done = status + " " + requestId.length;
} catch (error) {
  document.querySelector("#error").textContent = error.kind + " " + error.code;
  document.body.dataset.done = "failed";
}
</script>`;

/** A page that keeps a client and does what the test asks of it; its first user token has ended already. */
const workbench = () => `<!doctype html>
<meta charset="utf-8"><title>Workbench</title><h1>Workbench</h1>
<script type="module">
${bundle}
let asked = 0;
const userToken = async () => {
  asked += 1;
  return asked === 1 ? ${JSON.stringify(mintEnded())} : (await fetch("/junctor-token")).text();
};
const client = createClient({ baseUrl: ${JSON.stringify(stack.url)}, key: ${JSON.stringify(publishableKey)}, userToken });
const visitor = createClient({ baseUrl: ${JSON.stringify(stack.url)}, key: ${JSON.stringify(publishableKey)} });
globalThis.run = async (call) => {
  try {
    const { status, data } = await call({ client, visitor });
    return { status, data, asked };
  } catch ({ kind, code, status, message }) {
    return { kind, code, status, message, asked };
  }
};
document.body.dataset.done = "ready";
</script>`;

/** A token that was good a minute ago. */
function mintEnded(): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const now = Math.floor(Date.now() / 1000);
  const claims = { iss: "https://app.example", aud: "junctor", sub: "u-1", iat: now - 360, exp: now - 60 };
  const content = `${encode({ alg: "HS256" })}.${encode(claims)}`;
  return `${content}.${createHmac("sha256", tokenSecret).update(content).digest("base64url")}`;
}

function servePage(): Server {
  return createServer(async (request, response: ServerResponse) => {
    if (request.url === "/junctor-token") {
      response.writeHead(200, { "content-type": "text/plain", "cache-control": "no-store" });
      response.end(await (await fetch(tokenUrl)).text());
    } else if (request.url === "/") response.writeHead(200, { "content-type": "text/html" }).end(html());
    else if (request.url === "/workbench") response.writeHead(200, { "content-type": "text/html" }).end(workbench());
    else response.writeHead(404).end();
  });
}

const orders = [
  { id: 1, book: "Middlemarch", buyer: "ada@app.example", margin: 4 },
  { id: 2, book: "Emma", buyer: "bob@app.example", margin: 5 },
  { id: 3, book: "Persuasion", buyer: "ada@app.example", margin: 6 },
];

beforeAll(async () => {
  upstream = createServer((request, response) => {
    const known = request.headers.authorization === `Bearer ${credential}`;
    response.writeHead(known ? 200 : 401, { "content-type": "application/json", "cache-control": "max-age=60" });
    // It echoes what it got, as careless upstreams do.
    response.end(JSON.stringify(known ? { orders, debug: request.headers, url: request.url } : { error: "who?" }));
  });
  const upstreamPort = await listen(upstream);
  stack = await startStack({ odd: false, environment: { JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${upstreamPort}` } });
  stack.guard(credential);
  page = servePage();
  const pagePort = await listen(page);
  pageOrigin = `http://127.0.0.1:${pagePort}`;
  foreignOrigin = `http://localhost:${pagePort}`;
  tokenUrl = await startTokens();
  await configure(`http://127.0.0.1:${upstreamPort}`);
  const { outputFiles } = await build({
    stdin: {
      contents:
        'import { createClient } from "./packages/client/src/index.ts"; globalThis.createClient = createClient;',
      resolveDir: fileURLToPath(new URL("../..", import.meta.url)),
    },
    bundle: true,
    format: "iife",
    platform: "browser",
    write: false,
  });
  bundle = outputFiles[0]?.text ?? "";
  browser = await chromium.launch({
    executablePath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}, 60_000);

afterAll(async () => {
  await browser?.close();
  tokens?.kill();
  page?.close();
  upstream?.closeAllConnections();
  upstream?.close();
  await stack?.stop();
});

async function configure(base: string): Promise<void> {
  const host = new URL(base).hostname;
  await expectStatus(200, stack.send("PUT", "/v1/secrets/shop", { body: { value: credential, hosts: [host] } }));
  await expectStatus(200, stack.send("PUT", "/v1/secrets/app", { body: { value: tokenSecret, hosts: [] } }));
  const issuer = {
    issuer: "https://app.example",
    audience: "junctor",
    algorithms: ["HS256"],
    key: { kind: "secret", secret: "app" },
  };
  await expectStatus(200, stack.send("PUT", "/v1/issuers/app", { body: issuer }));
  const policy = { connector: "orders", action: "*", allow: { callers: ["user"] } };
  await expectStatus(200, stack.send("PUT", "/v1/policies/orders", { body: policy }));
  const created = await expectStatus(
    201,
    stack.send("POST", "/v1/keys", {
      body: { name: "page", kind: "publishable", scopes: ["execute"], origins: [pageOrigin] },
    }),
  );
  publishableKey = (created.body as { key: string }).key;
  const definition = {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "orders",
    title: "Orders",
    version: "1.0.0",
    baseUrl: base,
    hosts: [host],
    connection: { auth: [{ type: "bearer", token: "{{ secret('shop') }}" }] },
    actions: {
      execute: {
        input: { type: "object", properties: { state: { type: "string" } } },
        request: { path: "/orders", query: { state: "{{ input.state }}" } },
        cache: {},
        response: {
          body: { who: "{{ user.name }}", orders: "{{ response.body.orders }}", raw: "{{ response.body.debug }}" },
          filter: [{ at: "/orders/*", keep: "{{ item.buyer == user.email }}", remove: ["/margin", "/buyer"] }],
        },
      },
    },
  };
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition }));
}

/** Opens a page and keeps everything that the browser received. */
async function open(origin: string): Promise<{ readonly tab: Page; readonly received: readonly string[] }> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  const received: Promise<string>[] = [];
  tab.on("response", (response) => {
    const read = async () => {
      const headers = (await response.headersArray()).map(({ name, value }) => `${name}: ${value}`).join("\n");
      const body = await response.text().catch(() => "");
      return `${response.url()}\n${headers}\n\n${body}`;
    };
    received.push(read());
  });
  await tab.goto(origin);
  await tab.waitForSelector("body[data-done]", { timeout: 20_000 });
  return { tab, received: [...(await Promise.all(received)), await tab.content()] };
}

describe.skipIf(!existsSync(executablePath))("a widget in a real browser", () => {
  it("renders live data of the signed-in user, and receives no credential in any form", {
    timeout: 60_000,
  }, async () => {
    const { tab, received } = await open(`${pageOrigin}/`);
    expect(await tab.textContent("#who")).toBe("Ada");
    expect(await tab.locator("#orders li").allTextContents()).toEqual(["1: Middlemarch", "3: Persuasion"]);
    expect(await tab.getAttribute("body", "data-done")).toMatch(/^200 /);
    const all = received.join("\n");
    expect(all).toContain("Middlemarch");
    for (const secret of [credential, tokenSecret, stack.key]) {
      expect(findSecret(prepareSearch(all), secret)).toBeUndefined();
    }
    // Nor what the filter takes out: other people's orders, and the margin.
    expect(all).not.toMatch(/Emma|"margin"|bob@/);
    if (process.env.JUNCTOR_SCREENSHOT !== undefined) await tab.screenshot({ path: process.env.JUNCTOR_SCREENSHOT });
    await tab.context().close();
  });
  it("renews a token that has ended, for widgets and for actions by their names, and reads why a call was refused", {
    timeout: 60_000,
  }, async () => {
    const { tab } = await open(`${pageOrigin}/workbench`);
    const run = (call: string) => tab.evaluate(`run(${call})`);
    const widget = `({ client }) => client.connectors.execute({ permalink: "orders", method: "GET" })`;
    expect(await run(widget)).toMatchObject({ status: 200, data: { who: "Ada" }, asked: 2 });
    const action = (who: string, input: string) =>
      `({ ${who} }) => ${who}.actions.execute({ connector: "orders", action: "execute", input: ${input} })`;
    expect(await run(action("client", '{ state: "open" }'))).toMatchObject({
      status: 200,
      data: { output: { who: "Ada" }, meta: { connector: "orders" } },
      asked: 2,
    });
    const refused = { kind: "response", status: 403, code: "FORBIDDEN" };
    expect(await run(action("visitor", "{}"))).toMatchObject(refused);
    const large = { kind: "response", status: 413, code: "REQUEST_TOO_LARGE" };
    expect(await run(action("client", '{ state: "x".repeat(1_100_000) }'))).toMatchObject(large);
    const payload = `{ a: "x".repeat(1_100_000) }`;
    expect(
      await run(
        `({ client }) => client.connectors.execute({ permalink: "orders", method: "POST", payload: ${payload} })`,
      ),
    ).toMatchObject(large);
    await tab.context().close();
  });
  it("of an origin that is not on the list reads nothing", { timeout: 60_000 }, async () => {
    const { tab, received } = await open(`${foreignOrigin}/`);
    expect(await tab.locator("#orders li").count()).toBe(0);
    expect(await tab.getAttribute("body", "data-done")).toBe("failed");
    expect(await tab.textContent("#error")).toMatch(/^network/);
    expect(received.join("\n")).not.toContain("Middlemarch");
    await tab.context().close();
  });
});
