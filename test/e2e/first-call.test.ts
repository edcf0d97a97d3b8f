import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startTestPostgres, type TestPostgres } from "@junctor/store/testkit";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

/** The shipped bookshop connector against the real shop, through real egress, on both stores. */
const definition = readFileSync(join(import.meta.dirname, "../../connectors/bookshop/connector.json"), "utf8");
const isbn = "9780141439518";
const soldOut = "9780140449136";
let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

const stores: readonly [name: string, databaseUrl: () => Promise<string | undefined>][] = [
  ["the embedded store", async () => undefined],
  ["Postgres", () => postgres.createDatabase("first_call")],
];

describe.each(stores)("the bookshop on %s", (_name, databaseUrl) => {
  let stack: Stack;
  beforeAll(async () => {
    const url = await databaseUrl();
    stack = await startStack({ odd: false, ...(url === undefined ? {} : { databaseUrl: url }) });
    await expectStatus(201, stack.send("POST", "/v1/connectors?publish=true", { text: definition }));
    await expectStatus(201, stack.send("POST", "/v1/connections", { body: connection(stack) }));
  });
  afterAll(() => stack.stop());

  const call = async (action: string, input: object = {}, extra: object = {}, path = "") =>
    stack.send("POST", `/v1/connectors/bookshop/actions/${action}/execute${path}`, {
      body: { input, connection: "demo", ...extra },
    });
  const output = async (action: string, input: object = {}, extra: object = {}) =>
    ((await expectStatus(200, call(action, input, extra))).body as { output: unknown }).output;

  it("gets a book", async () => {
    const { body, headers } = await expectStatus(200, call("getBook", { isbn }));
    expect(body).toMatchObject({
      output: { isbn, title: "Pride and Prejudice", author: "Jane Austen" },
      meta: { connector: "bookshop", action: "getBook", attempts: 1, upstreamStatus: 200, status: 200 },
    });
    expect(headers.get("x-request-id")).toBe((body as { meta: { requestId: string } }).meta.requestId);
  });

  it("passes the shop's own answer on, bare, when that is wished", async () => {
    const raw = await expectStatus(200, call("whoAmI", {}, {}, "?answer=raw"));
    expect(raw.body).toEqual({ account: "Corner Bookshop", plan: "demo" });
    expect(raw.headers.get("x-request-id")).toMatch(/\S+/);
  });

  it("names the account when the connection is tested", async () => {
    const { items } = (await stack.send("GET", "/v1/connections")).body as { items: { id: string }[] };
    const tested = await expectStatus(200, stack.send("POST", `/v1/connections/${items[0]?.id}/test`));
    expect(tested.body).toEqual({ succeeded: true, label: "Corner Bookshop", problem: null });
  });

  it("orders, reads, lists and cancels", async () => {
    const placed = (await output("createOrder", { isbn, quantity: 2, note: "gift" })) as { id: number };
    expect(await output("getOrder", { id: placed.id })).toMatchObject({ isbn, quantity: 2, state: "placed" });
    expect(await output("listOrders")).toContainEqual(expect.objectContaining({ id: placed.id }));
    expect(await output("cancelOrder", { id: placed.id })).toEqual({ cancelled: true });
    expect(await output("getOrder", { id: placed.id })).toMatchObject({ state: "cancelled" });
  });

  it("gives the shop's refusal the connector's own code", async () => {
    const refused = await call("createOrder", { isbn: soldOut });
    expect(refused.body).toMatchObject({
      status: 409,
      code: "UPSTREAM_STATUS",
      connectorCode: "OUT_OF_STOCK",
      upstreamStatus: 409,
    });
    expect((await call("getBook", { isbn: "9999999999999" })).body).toMatchObject({
      status: 404,
      connectorCode: "NOT_FOUND",
    });
  });

  it("reads a list page by page, and as a whole", async () => {
    const first = (await expectStatus(200, call("listBooks"))).body as {
      output: unknown[];
      meta: { continuation?: string };
    };
    const all = (await output("listBooks", {}, { page: { all: true } })) as unknown[];
    expect(all).toHaveLength(12);
    expect(all.slice(0, first.output.length)).toEqual(first.output);
    const three = (await output("listBooks", {}, { page: { all: true, limit: 3 } })) as unknown[];
    expect(three).toEqual(all.slice(0, 3));
  });

  it("hands a picture through as a file", async () => {
    const cover = await expectStatus(200, call("getCover", { isbn }));
    expect(cover.headers.get("content-type")).toBe("image/png");
    expect(cover.headers.get("x-content-type-options")).toBe("nosniff");
    expect(cover.headers.get("x-junctor-execution")).toMatch(/\S+/);
    expect(cover.text).toContain("PNG");
  });

  it("says what it would send, with the token masked", async () => {
    const { body } = await expectStatus(
      200,
      stack.send("POST", "/v1/connectors/bookshop/actions/createOrder/dry-run", {
        body: { connection: "demo", input: { isbn } },
      }),
    );
    expect(body).toMatchObject({
      plan: {
        auth: "bearer",
        request: { method: "POST", url: `${stack.shop.url}/orders`, body: { isbn, quantity: 1 } },
        egress: { allowed: true },
      },
    });
  });

  it("keeps a record of each call", async () => {
    await expect
      .poll(
        async () => {
          const { body } = await stack.send("GET", "/v1/executions?limit=500");
          return new Set((body as { items: { action: string }[] }).items.map(({ action }) => action));
        },
        { timeout: 20_000 },
      )
      .toEqual(
        new Set(["getBook", "whoAmI", "createOrder", "getOrder", "listOrders", "cancelOrder", "listBooks", "getCover"]),
      );
  });
});

function connection(stack: Stack) {
  const parameters = { token: stack.shopToken, port: stack.shop.port };
  return { connector: "bookshop", name: "demo", environment: "demo", parameters };
}
