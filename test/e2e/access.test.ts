import { type Route, routes } from "@junctor/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** Every route of the contract is there, and opens to nobody but whom the contract names. */
let stack: Stack;
let powerless: string;
beforeAll(async () => {
  stack = await startStack({ odd: false });
  const made = await expectStatus(201, stack.send("POST", "/v1/keys", { body: { name: "none", scopes: [] } }));
  powerless = (made.body as { key: string }).key;
});
afterAll(() => stack.stop());

const fill = (path: string) => path.replaceAll(/\{\w+\}/g, "some-name");

describe.each(Object.values<Route>(routes))("$method $path", (route) => {
  const send = (key: string | null) =>
    fetch(`${stack.url}${fill(route.path)}`, {
      method: route.method,
      headers: key === null ? {} : { authorization: `Bearer ${key}` },
      redirect: "manual",
    });

  if (route.access.kind === "public") {
    it("is there for everybody", async () => {
      const answer = await send(null);
      expect([401, 403]).not.toContain(answer.status);
      const text = await answer.text();
      expect(text.slice(0, 500)).not.toMatch(/"code":"(ROUTE_NOT_FOUND|METHOD_NOT_ALLOWED)"/);
    });
    return;
  }

  it("wants a key", async () => {
    const answer = await send(null);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toMatchObject({ code: "UNAUTHENTICATED" });
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
  });

  it(`wants the scope ${route.access.scope}`, async () => {
    const answer = await send(powerless);
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "FORBIDDEN", hint: expect.stringContaining("scope") });
  });
});
