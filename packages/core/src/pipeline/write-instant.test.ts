import { expect, test } from "vitest";
import { writeInstant } from "./write-instant.ts";

test.each([0, 999, 1_000, Date.UTC(2026, 10, 22, 1, 2, 3, 7), Date.UTC(1969, 11, 31, 23, 59, 59, 999)])(
  "%i is written as Date does",
  (milliseconds) => {
    expect(writeInstant(milliseconds)).toBe(new Date(milliseconds).toISOString());
    expect(writeInstant(milliseconds)).toBe(new Date(milliseconds).toISOString());
  },
);
