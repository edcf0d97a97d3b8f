import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectStatus, type Stack, startStack } from "./harness/start-stack.ts";

let stack: Stack;
beforeAll(async () => {
  stack = await startStack();
});
afterAll(() => stack.stop());

const wait = (ms: number, signal?: AbortSignal) =>
  stack.execute("odd", "wait", { connection: "main", input: { ms } }, signal === undefined ? {} : { signal });

describe("many calls at once", () => {
  it("1,000 concurrent calls are all answered", async () => {
    const answers = await Promise.all(
      Array.from({ length: 1000 }, (_, note) =>
        stack.execute("odd", "plain", { connection: "main", input: { note: String(note) } }),
      ),
    );
    expect(answers.filter(({ status }) => status !== 200).map(({ text }) => text)).toEqual([]);
    // Each caller got the answer to its own call.
    const urls = answers.map(({ body }) => (body as { output: { url: string } }).output.url);
    expect(urls).toEqual(Array.from({ length: 1000 }, (_, note) => `/echo?note=${note}`));
  });

  it("calls that wait for a slow upstream do not keep others from being answered", async () => {
    const slow = Array.from({ length: 90 }, () => wait(4000));
    await expect.poll(() => stack.odd.waiting(), { timeout: 20_000 }).toBe(90);
    const quick = await Promise.all(
      Array.from({ length: 20 }, () =>
        stack.send("POST", "/v1/connectors/odd/actions/status/execute", {
          body: { connection: "main", input: { status: 200 } },
        }),
      ),
    );
    expect(quick.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(stack.odd.waiting()).toBe(90);
    for (const { status } of await Promise.all(slow)) expect(status).toBe(200);
  });
});

describe("a caller that goes away", () => {
  it("takes its upstream request along, and the record says so", async () => {
    const before = stack.odd.abandoned();
    const gone = new AbortController();
    const pending = wait(15_000, gone.signal);
    await expect.poll(() => stack.odd.waiting(), { timeout: 20_000 }).toBe(1);
    gone.abort();
    await expect(pending).rejects.toThrow();
    await expect.poll(() => stack.odd.abandoned(), { timeout: 20_000 }).toBe(before + 1);
    await expect
      .poll(
        async () => {
          const { body } = await stack.send("GET", "/v1/executions?limit=1");
          return (body as { items: { errorCode: string | null }[] }).items[0]?.errorCode;
        },
        { timeout: 20_000 },
      )
      .toBe("CALL_CANCELLED");
  });
});

describe("limits on concurrency", () => {
  const start = (environment: Readonly<Record<string, string>>) => startStack({ environment });
  const slow = (on: Stack) => on.execute("odd", "wait", { connection: "main", input: { ms: 1500 } });
  const fillPlaces = async (on: Stack, places: number) => {
    const calls = Array.from({ length: places }, () => slow(on));
    await expect.poll(() => on.odd.waiting(), { timeout: 20_000 }).toBe(places);
    return Promise.all(calls);
  };

  it("answer 429 to a workspace that has too many calls, and leave the management API alone", async () => {
    const small = await start({ JUNCTOR_WORKSPACE_CONCURRENCY: "3" });
    const running = fillPlaces(small, 3);
    await expect.poll(() => small.odd.waiting(), { timeout: 20_000 }).toBe(3);
    const fourth = await small.execute("odd", "plain", { connection: "main" });
    expect(fourth.body).toMatchObject({ status: 429, code: "TOO_MANY_REQUESTS", retryable: true, retryAfter: 1 });
    expect(fourth.headers.get("retry-after")).toBe("1");
    expect((await small.send("GET", "/v1/connectors")).status).toBe(200);
    expect((await running).map(({ status }) => status)).toEqual([200, 200, 200]);
    // The places are free again.
    expect((await fillPlaces(small, 3)).map(({ status }) => status)).toEqual([200, 200, 200]);
    await small.stop();
  });

  it("answer 503 when the whole server has too many requests, but to health", async () => {
    const small = await start({ JUNCTOR_CONCURRENCY: "3" });
    const running = fillPlaces(small, 3);
    await expect.poll(() => small.odd.waiting(), { timeout: 20_000 }).toBe(3);
    const fourth = await small.send("GET", "/v1/connectors");
    expect(fourth.body).toMatchObject({ status: 503, code: "OVERLOADED", retryable: true });
    expect((await small.send("GET", "/healthz", { key: null })).status).toBe(200);
    expect((await running).map(({ status }) => status)).toEqual([200, 200, 200]);
    await expectStatus(200, small.send("GET", "/v1/connectors"));
    await small.stop();
  });
});

describe("metrics", () => {
  it("count what happened, without a name that a caller chose", async () => {
    const { text, headers } = await expectStatus(200, stack.send("GET", "/metrics"));
    expect(headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    const ok = /junctor_http_requests_total\{route="executeAction",status="200"\} (\d+)/.exec(text);
    expect(Number(ok?.[1])).toBeGreaterThanOrEqual(1000);
    expect(text).toMatch(/junctor_calls_total\{surface="rest",outcome="succeeded",code=""\} \d{4}/);
    expect(text).toMatch(/junctor_calls_total\{surface="rest",outcome="failed",code="CALL_CANCELLED"\} 1/);
    expect(text).toMatch(/junctor_execution_records_dropped 0/);
    expect(text).not.toContain("odd");
  });
});
