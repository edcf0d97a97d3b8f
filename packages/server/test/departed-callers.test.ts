import { once } from "node:events";
import { connect } from "node:net";
import type { Route } from "@junctor/contract";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { resolveConfig } from "../src/config.ts";
import { createAdmission } from "../src/http/admission.ts";
import { createApp } from "../src/http/create-app.ts";
import { createRequestValidators } from "../src/http/request-validator.ts";
import type { KeyHolder } from "../src/keys/key-ring.ts";
import { createLogger } from "../src/logging/create-logger.ts";
import { createSecretValues } from "../src/logging/secret-values.ts";
import { createMetrics } from "../src/metrics/metrics.ts";
import type { ServerContext } from "../src/server-context.ts";
import { mountExecute } from "../src/surfaces/execute/mount-execute.ts";
import { mountImports } from "../src/surfaces/management/imports.ts";

/** Callers that go away while their key is looked up: what is given back when a request ends must not be taken after that. */
const idle = { connections: 0, running: 0, queued: 0, requests: 0, refused: 0, failed: 0 };
const admission = createAdmission({ concurrency: 10, workspaceConcurrency: 1 });
const workspace = { id: "ws_1", name: "one" };
const caller = { kind: "service", id: "key_1", scopes: ["*"] };
const holder = {
  workspace,
  caller,
  key: { kind: "service", scopes: ["execute", "connectors:write"] },
} as unknown as KeyHolder;

let lookup: PromiseWithResolvers<KeyHolder>;
let asked: PromiseWithResolvers<void>;
let executed = 0;
const secrets = createSecretValues();
const validators = createRequestValidators();
const context = {
  config: resolveConfig({ JUNCTOR_IMPORTS: "1" }),
  log: createLogger({ level: "silent", secrets, destination: { write: () => undefined } }),
  secrets,
  metrics: createMetrics({
    running: () => admission.running,
    executions: () => ({ queued: 0, dropped: 0 }),
    egress: () => idle,
  }),
  admission,
  state: { phase: "ready", url: "" },
  validatorOf: (route: Route) => validators(route),
  keys: {
    peek: () => undefined,
    load() {
      asked.resolve();
      return lookup.promise;
    },
  },
  gate: { check: () => undefined },
  engine: {
    execute() {
      executed += 1;
      return new Promise(() => undefined);
    },
  },
};
let app: Awaited<ReturnType<typeof createApp>>;
let port: number;

beforeAll(async () => {
  // The application and the two surfaces use these members of a context and no others.
  app = await createApp(context as unknown as ServerContext);
  mountExecute(app, context as unknown as ServerContext);
  mountImports(app, context as unknown as ServerContext);
  await app.listen({ port: 0, host: "127.0.0.1" });
  port = (app.server.address() as { port: number }).port;
});
afterAll(() => app.close());
beforeEach(() => {
  lookup = Promise.withResolvers();
  asked = Promise.withResolvers();
});

const key = `Authorization: Bearer jk_${"a".repeat(43)}`;

/** Sends a request without a body, leaves while the key is looked up, and lets the lookup end after that. */
async function leaveEarly(path: string): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.write(`POST ${path} HTTP/1.1\r\nHost: x\r\n${key}\r\n\r\n`);
  await asked.promise;
  socket.destroy();
  await once(socket, "close");
  await expect.poll(() => admission.running).toBe(0);
  lookup.resolve(holder);
  await new Promise((resolve) => setImmediate(resolve));
}

it("a call whose caller left is not made, and takes no place of its workspace", async () => {
  await leaveEarly("/v1/connectors/shop/actions/read/execute");
  expect(executed).toBe(0);
  expect(() => admission.enterWorkspace(workspace.id)).not.toThrow();
});

it("an import whose caller left takes no slot", async () => {
  await leaveEarly("/v1/imports");
  const answer = await fetch(`http://127.0.0.1:${port}/v1/imports`, {
    method: "POST",
    headers: { authorization: key.slice("Authorization: ".length) },
  });
  expect(await answer.json()).toMatchObject({ status: 400, code: "REQUEST_INVALID" });
});
