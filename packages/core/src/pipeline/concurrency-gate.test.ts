import { describe, expect, test } from "vitest";
import { ConcurrencyGate } from "./concurrency-gate.ts";

describe("ConcurrencyGate", () => {
  test("lets the limit in, the next one when somebody leaves, in order", async () => {
    const gate = new ConcurrencyGate(1);
    expect(gate.tryEnter("a")).toBe(true);
    expect(gate.tryEnter("a")).toBe(false);
    expect(gate.tryEnter("b")).toBe(true);
    const order: string[] = [];
    const second = gate.enter("a", 1_000, undefined).then(() => order.push("second"));
    const third = gate.enter("a", 1_000, undefined).then(() => order.push("third"));
    gate.leave("a");
    await second;
    gate.leave("a");
    await third;
    expect(order).toEqual(["second", "third"]);
    gate.leave("a");
    expect(gate.tryEnter("a")).toBe(true);
  });

  test("gives up when the time or the caller is gone, and the place goes to the next", async () => {
    const gate = new ConcurrencyGate(1);
    gate.tryEnter("a");
    const controller = new AbortController();
    const cancelled = gate.enter("a", 1_000, controller.signal);
    const late = gate.enter("a", 1, undefined);
    const patient = gate.enter("a", 1_000, undefined);
    controller.abort();
    expect(await cancelled).toBe(false);
    expect(await late).toBe(false);
    gate.leave("a");
    expect(await patient).toBe(true);
  });
});
