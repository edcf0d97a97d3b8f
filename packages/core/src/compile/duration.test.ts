import { expect, test } from "vitest";
import { parseDuration } from "./duration.ts";

test.each([
  ["PT15S", 15_000],
  ["PT0.5S", 500],
  ["PT5M", 300_000],
  ["PT1H30M", 5_400_000],
  ["P1D", 86_400_000],
  ["P2W", 1_209_600_000],
  ["P1DT12H", 129_600_000],
  ["15", undefined],
  ["P", undefined],
  ["PT", undefined],
  ["P1Y", undefined],
  ["", undefined],
])("%s is %s ms", (text, expected) => {
  expect(parseDuration(text)).toBe(expected);
});
