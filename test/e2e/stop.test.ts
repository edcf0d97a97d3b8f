import { describe, expect, it } from "vitest";
import { type Stack, startStack } from "./harness/start-stack.ts";

/** Fetches without the harness' checks, because the server ends under the request. */
const call = (stack: Stack, ms: number) =>
  fetch(`${stack.url}/v1/connectors/odd/actions/wait/execute`, {
    method: "POST",
    headers: { authorization: `Bearer ${stack.key}`, "content-type": "application/json" },
    body: JSON.stringify({ connection: "main", input: { ms } }),
  });

describe("a graceful stop", () => {
  it("finishes the calls in progress, refuses new ones, and writes every record", async () => {
    const stack = await startStack();
    const running = Array.from({ length: 5 }, () => call(stack, 1500));
    await expect.poll(() => stack.odd.waiting(), { timeout: 20_000 }).toBe(5);

    const stopped = stack.server.close();
    const late = await call(stack, 0).then(
      (response) => response.status,
      () => "refused",
    );
    expect([503, "refused"]).toContain(late);

    for (const answer of await Promise.all(running)) {
      expect(answer.status).toBe(200);
      expect(await answer.json()).toMatchObject({ output: { waited: 1500 } });
    }
    await stopped;
    await expect(fetch(`${stack.url}/healthz`)).rejects.toThrow();
    // The dump that the search for secrets reads is made after the stop, so it holds the records too.
    await stack.stop();
  });

  it("cuts off what does not end in time", async () => {
    const stack = await startStack({ environment: { JUNCTOR_STOP_TIMEOUT: "1" } });
    const hanging = call(stack, 15_000).then(
      () => "answered",
      () => "cut off",
    );
    await expect.poll(() => stack.odd.waiting(), { timeout: 20_000 }).toBe(1);
    await stack.stop();
    expect(await hanging).toBe("cut off");
  });

  it("can be asked for twice", async () => {
    const stack = await startStack({ odd: false });
    await Promise.all([stack.server.close(), stack.server.close()]);
    await stack.stop();
  });
});
