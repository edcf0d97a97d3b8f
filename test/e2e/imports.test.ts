import { type IncomingMessage, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ odd: false });
});
afterAll(() => stack.stop());

const description = `openapi: 3.0.3
info: { title: Weather, version: 1.0.0 }
servers: [{ url: https://api.weather.example/v2 }]
paths:
  /forecast/{city}:
    get:
      operationId: forecast
      parameters:
        - { name: city, in: path, required: true, schema: { type: string } }
        - { name: days, in: query, schema: { type: integer } }
      responses: { "200": { description: OK, content: { application/json: { schema: { type: object } } } } }
`;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const importText = (text: string) =>
  stack.send("POST", "/v1/imports", { body: { files: [{ path: "api.yaml", text }] } });

describe("an API description", () => {
  it("becomes a definition that can be published, called and exported again", async () => {
    const { body } = await expectStatus(200, importText(description));
    expect(body).toMatchObject({ ok: true, format: "openapi", operations: { source: 1, imported: 1, skipped: [] } });
    const { definition } = body as { definition: object };
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { body: definition }));

    const plan = await expectStatus(
      200,
      stack.send("POST", "/v1/connectors/weather/actions/forecast/dry-run", {
        body: { input: { city: "Oslo", days: 3 } },
      }),
    );
    expect(plan.body).toMatchObject({
      plan: { request: { method: "GET", url: "https://api.weather.example/v2/forecast/Oslo?days=3" } },
    });

    const exported = await expectStatus(200, stack.send("GET", "/v1/connectors/weather/openapi.json"));
    expect(exported.body).toMatchObject({
      openapi: "3.1.0",
      paths: { "/forecast/{city}": { get: { operationId: "forecast" } } },
    });
  });

  const refused: readonly [what: string, text: string][] = [
    ["prose", "Dear all, please find attached"],
    ["too deep nesting", `{"openapi": "3.0.0", "x": ${"[".repeat(5000)}${"]".repeat(5000)}}`],
    [
      "aliases that multiply",
      `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghi"
        .split("")
        .map((n, i) => `${n}: &${n} [${Array.from({ length: 9 }, () => `*${"abcdefgh"[i]}`)}]`)
        .join("\n")}`,
    ],
  ];
  for (const [what, text] of refused) {
    it(`is refused when it is ${what}, and the server goes on`, async () => {
      const { body } = await importText(text);
      expect(body).toMatchObject({ status: 422, code: expect.stringMatching(/^IMPORT_(FAILED|LIMIT)$/) });
      expect((await stack.send("GET", "/healthz", { key: null })).status).toBe(200);
    });
  }

  it("needs a content for each file", async () => {
    const { body } = await stack.send("POST", "/v1/imports", { body: { files: [{ path: "api.yaml" }] } });
    expect(body).toMatchObject({ code: "REQUEST_INVALID", errors: [{ pointer: "/files/0" }] });
  });

  it("is imported beside one other, and a third one is told when to come again", async () => {
    const answers = await Promise.all([description, description, description].map(importText));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 503]);
    const refusal = answers.find(({ status }) => status === 503);
    expect(refusal?.body).toMatchObject({ code: "OVERLOADED", retryable: true });
    expect(Number(refusal?.headers.get("retry-after"))).toBeGreaterThan(0);
    expect((await importText(description)).status).toBe(200);
  });

  it("is refused before its text is read, when there is no place for it", async () => {
    const headers = {
      authorization: `Bearer ${stack.key}`,
      "content-type": "application/json",
      "content-length": 30_000_000,
    };
    const uploads = [1, 2, 3].map(() => {
      const upload = request(`${stack.url}/v1/imports`, { method: "POST", headers });
      upload.flushHeaders();
      return upload;
    });
    const answer = await Promise.race(
      uploads.map(
        (upload) =>
          new Promise<IncomingMessage>((resolve) => {
            upload.once("response", resolve).once("error", () => {});
          }),
      ),
    );
    expect(answer.statusCode).toBe(503);
    for (const upload of uploads) upload.destroy();
    let next = await importText(description);
    for (let tries = 0; tries < 20 && next.status !== 200; tries += 1) {
      await wait(250);
      next = await importText(description);
    }
    expect(next.status).toBe(200);
  });

  it("keeps no place when its caller goes away", async () => {
    const leaving = new AbortController();
    const schemas = Array.from(
      { length: 20_000 },
      (_, index) => `    S${index}: { type: object, description: ${"x".repeat(50)} }`,
    );
    const text = `${description}components:\n  schemas:\n${schemas.join("\n")}\n`;
    const body = { files: [{ path: "api.yaml", text }] };
    const gone = [1, 2].map(() => stack.send("POST", "/v1/imports", { body, signal: leaving.signal }));
    const { admission } = stack.server.context;
    for (let tries = 0; tries < 100 && admission.running < 2; tries += 1) await wait(20);
    await wait(200);
    let third = await importText(description);
    expect(third.status).toBe(503);
    leaving.abort();
    expect((await Promise.allSettled(gone)).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    for (let tries = 0; tries < 20 && third.status !== 200; tries += 1) {
      await wait(250);
      third = await importText(description);
    }
    expect(third.status).toBe(200);
  });
});
