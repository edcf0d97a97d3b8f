import { expect, it } from "vitest";
import { runFuzzer } from "../scripts/fuzz/run-fuzzer.ts";

it("neither crashes nor hangs on five seconds of random templates", async () => {
  const report = await runFuzzer({ seconds: 5, seed: 20_260_101 });
  expect(report.findings).toEqual([]);
  expect(report.cases).toBeGreaterThan(100);
  expect(report.rendered).toBeGreaterThan(10);
});
