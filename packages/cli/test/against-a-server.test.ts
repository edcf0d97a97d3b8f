import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { makeFolder, runInTest } from "../src/testkit/test-terminal.ts";

/** A server that answers what a test wants and keeps what it was asked: what the command does before, between and after requests. */

type Answer = { readonly status?: number; readonly body: unknown };
let server: Server;
let url: string;
let asked: string[] = [];
let answer: (request: string) => Answer = () => ({ body: {} });

const nameOf = ({ method, url: path }: IncomingMessage): string => `${method} ${path}`;
beforeAll(async () => {
  server = createServer((request, response) => {
    request.resume();
    const name = nameOf(request);
    asked.push(name);
    const { status = 200, body } = answer(name);
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((closed) => server.close(closed)));
beforeEach(() => {
  asked = [];
});
const run = async (args: readonly string[], folder?: string, input?: string) =>
  runInTest([...args, "--url", url], {
    ...(folder === undefined ? {} : { folder }),
    ...(input === undefined ? {} : { input }),
  });

describe("junctor call --output", () => {
  it.each([["none/out.json"], ["."], ["/proc/x"]])("to %s fails before the call is made", async (path) => {
    expect((await run(["call", "shop.order", "--output", path], await makeFolder())).code).toBe(2);
    expect(asked).toEqual([]);
  });

  it.each([
    ["a new file", {}],
    ["a file that held more", { "out.json": "x".repeat(1000) }],
  ])("to %s writes the output and nothing else", async (_what, files) => {
    answer = () => ({ body: { output: { id: 1 }, meta: {} } });
    const folder = await makeFolder(files);
    expect(await run(["call", "shop.order", "--output", "out.json"], folder)).toMatchObject({ code: 0, error: "" });
    expect(JSON.parse(await readFile(join(folder, "out.json"), "utf8"))).toEqual({ id: 1 });
  });

  it("to a device goes on", async () => {
    answer = () => ({ body: { output: 1, meta: {} } });
    expect((await run(["call", "shop.order", "--output", "/dev/null"])).code).toBe(0);
  });
});

describe("what a server says", () => {
  const problem = (message: string) => ({
    status: 400,
    body: {
      status: 400,
      code: "INPUT_INVALID",
      detail: "The input is wrong.",
      errors: [{ pointer: "/x", message, hint: "Did you mean y?" }],
    },
  });
  it.each([
    ["is not an input of this action.", "/x is not an input of this action. Did you mean y?"],
    ["is no number", "/x is no number. Did you mean y?"],
    ["why?", "/x why? Did you mean y?"],
  ])("%s is joined with its hint by one full stop", async (message, line) => {
    answer = () => problem(message);
    expect((await run(["call", "shop.order"])).error).toBe(`INPUT_INVALID: The input is wrong.\n  ${line}\n`);
  });

  it.each([
    ["once, where a reason has it too", "Did you mean y?", ""],
    ["below the reasons, where it is another one", "See the action.", "See the action.\n"],
  ])("has its hint shown %s", async (_where, hint, line) => {
    const { status, body } = problem("is unknown.");
    answer = () => ({ status, body: { ...body, hint } });
    const { error } = await run(["call", "shop.order"]);
    expect(error).toBe(`INPUT_INVALID: The input is wrong.\n  /x is unknown. Did you mean y?\n${line}`);
  });

  it("and is no JSON comes from no Junctor server", async () => {
    answer = () => ({ body: "<html>" });
    expect(await run(["key", "list"])).toMatchObject({
      code: 3,
      error: expect.stringContaining("it is no Junctor server's answer") as string,
    });
  });
});

describe("junctor publish of several", () => {
  const files = {
    "bad/connector.json": "{",
    "good/connector.json": {
      $schema: "https://junctor.dev/schema/connector/v1.json",
      name: "good",
      title: "Good",
      version: "1.0.0",
      baseUrl: "https://good.example",
      actions: { item: { title: "Item", request: { path: "/item" } } },
    },
  };
  const saved = { connector: { name: "good", version: "1.0.0", state: "published" }, findings: [], changes: [] };

  it("goes on after one that cannot be read, and says of each what became of it", async () => {
    answer = () => ({ status: 201, body: saved });
    const folder = await makeFolder(files);
    expect(await run(["publish", "bad", "good"], folder)).toMatchObject({
      code: 1,
      out: "good 1.0.0 is published\n",
      error: expect.stringMatching(/^bad\/connector\.json: /) as string,
    });
    expect((await run(["publish", "good", "bad", "--json"], folder)).json()).toMatchObject({
      ok: false,
      error: { code: "DEFINITION_INVALID", file: "bad/connector.json" },
      published: [{ name: "good", version: "1.0.0" }],
      failed: [{ path: "bad" }],
    });
  });

  it("names the one that the server refused, and stops where all would be", async () => {
    const refusal = (status: number, code: string) => ({ status, body: { status, code, detail: "No." } });
    const folder = await makeFolder(files);
    answer = () => refusal(409, "VERSION_STEP_TOO_SMALL");
    expect(await run(["publish", "good", "good"], folder)).toMatchObject({
      code: 1,
      error: "good: VERSION_STEP_TOO_SMALL: No.\ngood: VERSION_STEP_TOO_SMALL: No.\n",
    });
    asked = [];
    answer = () => refusal(401, "KEY_INVALID");
    expect(await run(["publish", "good", "good"], folder)).toMatchObject({ code: 4 });
    expect(asked).toHaveLength(1);
  });
});

describe("junctor connection authorize", () => {
  const connection = (change: object) => ({
    id: "c1",
    name: "main",
    connector: "shop",
    status: "active",
    version: 3,
    ...change,
  });
  const begun = { kind: "browser", url: "http://page", expiresAt: new Date(Date.now() + 600_000).toISOString() };

  it.each([
    ["was active already, so that this says nothing", connection({}), connection({ version: 5 })],
    ["waited for it", connection({ status: "needs-authorization" }), connection({ version: 5 })],
  ])("ends when somebody has acted on a connection that %s", async (_what, before, after) => {
    const looks = [before, { ...before, status: "misconfigured", statusReason: "No.", version: 4 }, after];
    answer = (name) => {
      if (name.startsWith("POST")) return { body: begun };
      if (name === "GET /v1/connections") return { body: { items: [before], cursor: null } };
      return { body: looks.shift() };
    };
    expect(await run(["connection", "authorize", "main"])).toMatchObject({
      code: 0,
      out: "main is connected\n",
      error: expect.stringContaining("It is misconfigured now: No.") as string,
    });
    expect(looks).toEqual([]);
  });

  it("of a method that nobody authorizes is refused by the server, without a page", async () => {
    const detail = 'The method "none" of the connection is not authorized by a person.';
    answer = (name) =>
      name.startsWith("POST")
        ? { status: 400, body: { status: 400, code: "INPUT_INVALID", detail } }
        : { body: { items: [connection({})], cursor: null } };
    expect(await run(["connection", "authorize", "main"])).toMatchObject({
      code: 1,
      out: "",
      error: `INPUT_INVALID: ${detail}\n`,
    });
  });
});
