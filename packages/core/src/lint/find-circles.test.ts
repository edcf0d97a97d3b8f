import { describe, expect, it } from "vitest";
import { findCircles } from "./find-circles.ts";

/** Writes the circles as sorted texts, those of more than one name or of a name that leads to itself. */
function circlesOf(edges: Readonly<Record<string, string>>): string {
  const next = (name: string): readonly string[] => (edges[name] ?? "").split(" ").filter((one) => one !== "");
  const circles = findCircles(Object.keys(edges), next);
  const members = Map.groupBy(Object.keys(edges), (name) => circles.get(name));
  return [...members.values()]
    .filter((names) => names.length > 1 || next(names[0] ?? "").includes(names[0] ?? ""))
    .map((names) => names.sort().join(""))
    .sort()
    .join(" ");
}

describe("findCircles", () => {
  it.each([
    ["nothing", {}, ""],
    ["a chain", { a: "b", b: "c", c: "" }, ""],
    ["a name that leads to itself", { a: "a", b: "a" }, "a"],
    ["two that lead to each other", { a: "b", b: "a", c: "a" }, "ab"],
    ["a circle behind a chain", { a: "b", b: "c", c: "d", d: "b" }, "bcd"],
    ["two circles with a bridge", { a: "b", b: "a c", c: "d", d: "c" }, "ab cd"],
    ["circles that share a name", { a: "b c", b: "a", c: "a" }, "abc"],
    ["a diamond", { a: "b c", b: "d", c: "d", d: "" }, ""],
    ["names that nobody declares", { a: "gone", b: "a gone" }, ""],
  ] as const)("%s", (_, edges, expected) => expect(circlesOf(edges)).toBe(expected));

  it("follows a chain of ten thousand names back to its beginning", () => {
    const count = 10_000;
    const names = Array.from({ length: count }, (_, index) => String(index));
    const circles = findCircles(names, (name) => [String((Number(name) + 1) % count)]);
    expect(new Set(circles.values()).size).toBe(1);
  });
});
