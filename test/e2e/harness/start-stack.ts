import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { type Environment, type RunningServer, resolveConfig, startServer } from "@junctor/server";
import { startBookshop } from "../../../examples/bookshop-api/start-bookshop.ts";
import { type Answer, createApiCheck } from "./api-check.ts";
import { findSecret, makeCanary, prepareSearch } from "./canary.ts";
import { makeDataFolder } from "./data-folder.ts";
import { dumpStore } from "./dump-store.ts";
import { oddConnector } from "./odd-connector.ts";
import { startOddUpstream } from "./odd-upstream.ts";

/** A whole installation for one test file: server, store, egress, and two upstreams to call. */
export interface Stack {
  readonly server: RunningServer;
  readonly url: string;
  /** A key with every right in the workspace `default`, and over the installation. */
  readonly key: string;
  readonly environment: Environment;
  readonly shop: Awaited<ReturnType<typeof startBookshop>>;
  /** The token that the shop wants; guarded already. */
  readonly shopToken: string;
  readonly odd: Awaited<ReturnType<typeof startOddUpstream>>;
  /** Secrets that may be seen nowhere. Add more with `guard`. */
  guard(secret: string): void;
  /** Sends a request with the key (another one, or none with `key: null`) and holds the answer to the document. */
  send(method: string, path: string, options?: SendOptions): Promise<Answer>;
  /** Calls an action and returns the answer. */
  execute(connector: string, action: string, body: unknown, options?: SendOptions): Promise<Answer>;
  /** Stops everything and fails if a secret was seen in a log line, an answer, a metric or the database. */
  stop(): Promise<void>;
}

/** What a request may differ in. */
export interface SendOptions {
  readonly body?: unknown;
  /** Sent as it is, in place of `body`. */
  readonly text?: string;
  readonly key?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly server?: RunningServer;
}

/** What a stack may differ in. */
export interface StackOptions {
  /** Postgres to use instead of the embedded store. */
  readonly databaseUrl?: string;
  readonly environment?: Environment;
  /** Whether the odd connector is published and connected as `main`. Default true. */
  readonly odd?: boolean;
}

/** Starts a stack on free loopback ports. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const folder = await makeDataFolder();
  const shopToken = makeCanary("shop");
  const secrets = new Set([shopToken]);
  const [shop, odd] = await Promise.all([startBookshop({ port: 0, token: shopToken }), startOddUpstream()]);
  const key = `jk_${randomBytes(32).toString("base64url")}`;
  const environment: Environment = {
    JUNCTOR_PORT: "0",
    JUNCTOR_DATA_DIR: folder,
    JUNCTOR_MASTER_KEY: randomBytes(32).toString("base64"),
    JUNCTOR_FIRST_KEY: key,
    JUNCTOR_EGRESS_ALLOW: `127.0.0.1:${shop.port},127.0.0.1:${odd.port},127.0.0.1:1`,
    JUNCTOR_LOG_LEVEL: "debug",
    ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
    ...options.environment,
  };
  const seen: string[] = [];
  const logDestination = { write: (line: string) => void seen.push(line) };
  const server = await startServer(resolveConfig(environment), { logDestination });
  const document = await (await fetch(`${server.url}/openapi.json`)).json();
  const check = createApiCheck(document);

  const stack: Stack = {
    server,
    url: server.url,
    key,
    environment,
    shop,
    shopToken,
    odd,
    guard: (secret) => void secrets.add(secret),
    async send(method, path, sendOptions = {}) {
      const answer = await sendRequest(sendOptions.server?.url ?? server.url, key, method, path, sendOptions);
      seen.push(answer.text, [...answer.headers].join("\n"));
      const complaint = check(method, path, answer);
      if (complaint !== undefined) throw new Error(`The answer is not what the OpenAPI document says: ${complaint}`);
      return answer;
    },
    execute: (connector, action, body, sendOptions) =>
      stack.send("POST", `/v1/connectors/${connector}/actions/${action}/execute`, { body, ...sendOptions }),
    async stop() {
      seen.push(await server.context.metrics.render());
      await server.close();
      seen.push(await dumpStore(options.databaseUrl, folder));
      await Promise.all([shop.close(), odd.close()]);
      await rm(folder, { recursive: true, force: true });
      refuseLeaks(seen, secrets);
    },
  };
  await fill(stack, shopToken, options.odd ?? true);
  return stack;
}

async function sendRequest(
  url: string,
  ownKey: string,
  method: string,
  path: string,
  { body, text, key = ownKey, headers = {}, signal }: SendOptions,
): Promise<Answer> {
  const payload = text ?? (body === undefined ? undefined : JSON.stringify(body));
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(payload === undefined ? {} : { body: payload }),
    ...(signal === undefined ? {} : { signal }),
  });
  const answered = Buffer.from(await response.arrayBuffer()).toString("utf8");
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    headers: response.headers,
    text: answered,
    body: isJson ? (JSON.parse(answered) as unknown) : answered,
  };
}

/** Puts a connector, a connection and a secret into the workspace, through the API as anybody would. */
async function fill(stack: Stack, shopToken: string, odd: boolean): Promise<void> {
  stack.guard(shopToken);
  if (!odd) return;
  const token = makeCanary("odd-token");
  const secret = makeCanary("odd-secret");
  stack.guard(token);
  stack.guard(secret);
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: oddConnector(stack.odd.url) }));
  await expectStatus(200, stack.send("PUT", "/v1/secrets/canary", { body: { value: secret, hosts: ["127.0.0.1"] } }));
  const connection = { connector: "odd", name: "main", parameters: { token, region: "north" } };
  await expectStatus(201, stack.send("POST", "/v1/connections", { body: connection }));
}

/** Waits for an answer and fails, showing it, unless it has the status. */
export async function expectStatus(status: number, pending: Promise<Answer>): Promise<Answer> {
  const answer = await pending;
  if (answer.status !== status) throw new Error(`Expected ${status}, got ${answer.status}: ${answer.text}`);
  return answer;
}

function refuseLeaks(seen: readonly string[], secrets: ReadonlySet<string>): void {
  for (const text of seen) {
    const prepared = prepareSearch(text);
    for (const secret of secrets) {
      const way = findSecret(prepared, secret);
      if (way === undefined) continue;
      throw new Error(`A secret (${secret.split('"')[0]}) was seen ${way}: ${text.slice(0, 2000)}`);
    }
  }
}
