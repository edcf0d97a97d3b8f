import { describe, expect, it } from "vitest";
import { listNames } from "./known-names.ts";

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index + 1}`);

describe("listNames", () => {
  it.each([
    [0, "none"],
    [1, "n1"],
    [3, "n1, n2, n3"],
    [20, `${names(20).join(", ")}`],
    [21, `${names(20).join(", ")} and 1 more`],
    [3000, `${names(20).join(", ")} and 2980 more`],
  ])("%i names", (count, expected) => expect(listNames(names(count))).toBe(expected));
});
