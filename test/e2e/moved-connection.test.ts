import { afterAll, beforeAll, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ odd: false });
});
afterAll(() => stack.stop());

it("a stored secret does not follow a connection to an address that somebody else chose", async () => {
  const definition = {
    name: "movable",
    title: "Movable",
    version: "1.0.0",
    baseUrl: "https://{{ connection.host }}",
    connection: {
      parameters: {
        type: "object",
        required: ["host", "token"],
        properties: { host: { type: "string" }, note: { type: "string" }, token: { type: "string", writeOnly: true } },
      },
      auth: [{ type: "bearer", token: "{{ connection.token }}" }],
    },
    actions: { read: { title: "Read", request: { path: "/" } } },
  };
  await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition }));
  const token = "a-stored-secret-sesame";
  stack.guard(token);
  const body = { connector: "movable", name: "main", parameters: { host: "good.example", note: "a", token } };
  const { id } = (await expectStatus(201, stack.send("POST", "/v1/connections", { body }))).body as { id: string };
  const change = (parameters: object) => stack.send("PATCH", `/v1/connections/${id}`, { body: { parameters } });

  const refused = await expectStatus(400, change({ host: "evil.example" }));
  expect(refused.body).toMatchObject({ code: "INPUT_INVALID", errors: [{ pointer: "/parameters/token" }] });
  await expectStatus(200, change({ note: "b" }));
  await expectStatus(200, change({ host: "good.example" }));
  await expectStatus(200, change({ host: "other.example", token: "another-secret-sesame" }));
});
