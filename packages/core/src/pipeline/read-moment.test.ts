import { expect, test } from "vitest";
import { readMoment } from "./read-moment.ts";

const NOW = Date.UTC(2026, 0, 1);

test.each([
  ["120", 120_000],
  ["0", 0],
  ["1.5", 1_500],
  ["-5", 0],
  ["Thu, 01 Jan 2026 00:00:10 GMT", 10_000],
  ["2026-01-01T00:01:00Z", 60_000],
  [String(NOW / 1000 + 30), 30_000],
  [String(NOW + 45_000), 45_000],
  ["Wed, 31 Dec 2025 23:00:00 GMT", 0],
  ["soon", null],
  ["", null],
])("%s is %s ms from now", (text, expected) => {
  expect(readMoment(text, NOW)).toBe(expected);
});
