import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { stages } from "./stages.ts";

const read = (...path: readonly string[]): string => readFileSync(join(import.meta.dirname, ...path), "utf8");

test.each(stages)("the stage $name is a file that says so", ({ name, file }) => {
  expect(read(file)).toMatch(new RegExp(`Stage \\*${name}\\*|fast path of \\*${name}\\*`));
});

test("the picture above the list and the package's README name every stage, in this order", () => {
  for (const text of [read("stages.ts"), read("..", "..", "README.md")]) {
    const positions = stages.map(({ name }) => text.search(new RegExp(`^[ *│|┌\\]\\[]*${name}\\b`, "m")));
    expect(positions.every((position) => position >= 0)).toBe(true);
    expect(positions).toEqual([...positions].sort((a, b) => a - b));
  }
});
