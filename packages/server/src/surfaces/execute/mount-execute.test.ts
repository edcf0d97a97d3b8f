import { ConnectorError } from "@junctor/core";
import fastify, { type FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import type { GateQuestion } from "../../callers/call-gate.ts";
import type { ServerContext } from "../../server-context.ts";
import { mountExecute } from "./mount-execute.ts";

const holder = {
  key: { kind: "service", scopes: ["execute"] },
  workspace: { id: "w1", name: "w1" },
  caller: { kind: "service", id: "k1", scopes: ["execute"] },
};

async function call(check: (question: GateQuestion) => Promise<void> | undefined) {
  const executed: string[] = [];
  const context = {
    keys: { peek: () => holder },
    gate: { check },
    validatorOf: () => ({ parameters: () => {}, query: (query: object) => query, body: () => {} }),
    admission: { enterWorkspace: () => {}, leaveWorkspace: () => {} },
    engine: {
      execute: async ({ action }: { readonly action: string }) => {
        executed.push(action);
        return { output: { kind: "json", value: 1 }, meta: {} };
      },
    },
  };
  const app = fastify() as unknown as FastifyInstance;
  app.decorateRequest("holder", null);
  // The routes of calls use these members of a context and no others.
  mountExecute(app, context as unknown as ServerContext);
  const url = "/v1/connectors/crm/actions/remove/execute";
  const { statusCode } = await app.inject({
    method: "POST",
    url,
    headers: { authorization: `Bearer jk_${"k".repeat(43)}` },
  });
  await app.close();
  return { statusCode, executed };
}

const refusal = new ConnectorError("FORBIDDEN", "The policy does not admit service callers.");

describe("a call by a service key", () => {
  const table: readonly [what: string, check: () => Promise<void> | undefined, executed: readonly string[]][] = [
    ["is made where the policies admit it", () => undefined, ["remove"]],
    ["is made where the policies admit it later", async () => undefined, ["remove"]],
    [
      "is not made where they refuse it",
      () => {
        throw refusal;
      },
      [],
    ],
    ["is not made where they refuse it later", () => Promise.reject(refusal), []],
  ];
  it.each(table)("%s", async (_what, check, executed) => {
    const asked: GateQuestion[] = [];
    const answer = await call((question) => {
      asked.push(question);
      return check();
    });
    expect(answer.executed).toEqual(executed);
    expect(answer.statusCode < 400).toBe(executed.length > 0);
    expect(asked).toMatchObject([
      { workspaceId: "w1", connector: "crm", action: "remove", caller: { kind: "service" } },
    ]);
  });
});
