import { describe, expect, test } from "vitest";
import { readLinks } from "./response-root.ts";

describe("readLinks", () => {
  test.each([
    [
      '<https://a.example/?page=2>; rel="next", <https://a.example/?page=9>; rel="last"',
      { next: "https://a.example/?page=2", last: "https://a.example/?page=9" },
    ],
    ["</x?a=1,2>; rel=next", { next: "/x?a=1,2" }],
    ['<u>; rel="next last"', { next: "u", last: "u" }],
    ['<u>; title="a, b"; rel="NEXT"', { next: "u" }],
    ['<first>; rel="next", <second>; rel="next"', { next: "first" }],
    ["", {}],
    ["nonsense", {}],
  ])("%s", (header, expected) => {
    expect(readLinks(header)).toEqual(expected);
  });
});
