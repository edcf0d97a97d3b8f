import { describe, expect, test } from "vitest";
import { createManualClock } from "../testkit/manual-clock.ts";
import { createMemoryRateLimits } from "../testkit/test-engine.ts";
import { RateWindows } from "./rate-window.ts";

const setUp = () => {
  const clock = createManualClock();
  const store = createMemoryRateLimits(() => clock.now());
  return { clock, store, windows: new RateWindows(store, clock) };
};

describe("RateWindows", () => {
  test("waits for the next window when the current one is used up", async () => {
    const { clock, windows } = setUp();
    const deadline = clock.now() + 60_000;
    for (let count = 0; count < 3; count++) await windows.take("k", 3, 10_000, deadline, undefined);
    expect(clock.slept).toEqual([]);
    expect(await windows.take("k", 3, 10_000, deadline, undefined)).toBeUndefined();
    expect(clock.slept).toEqual([10_000]);
  });

  test("says when the next window begins if the call has not that long", async () => {
    const { clock, windows } = setUp();
    const start = clock.now();
    await windows.take("k", 1, 10_000, start + 5_000, undefined);
    expect(await windows.take("k", 1, 10_000, start + 5_000, undefined)).toBe(start + 10_000);
  });

  test("two replicas share one limit", async () => {
    const { clock, store, windows } = setUp();
    const other = new RateWindows(store, clock);
    const deadline = clock.now() + 1;
    const taken = await Promise.all(
      [windows, other, windows, other].map((each) => each.take("k", 2, 10_000, deadline, undefined)),
    );
    expect(taken.filter((refusal) => refusal === undefined)).toHaveLength(2);
  });

  test("believes the upstream when it says that nothing is left", async () => {
    const { clock, windows } = setUp();
    await windows.take("k", 100, 10_000, clock.now() + 1, undefined);
    await windows.observe("k", 100, 10_000, 0, clock.now() + 4_000);
    expect(windows.tryTake("k")).toBe(false);
    expect(await windows.take("k", 100, 10_000, clock.now() + 1_000, undefined)).toBe(clock.now() + 4_000);
  });
});
