import { describe, expect, test } from "vitest";
import { ParameterError, type ParameterStyle, writeParameter } from "./parameter-style.ts";

const text = "blue";
const list = ["blue", "black", "brown"];
const object = { R: 100, G: 200, B: 150 };

/** The style table of OpenAPI 3.1 (4.8.12), with encoding edge cases: [style, explode, value, expected]. */
const VECTORS: readonly (readonly [ParameterStyle, boolean, unknown, string])[] = [
  ["matrix", false, "", ";color"],
  ["matrix", false, text, ";color=blue"],
  ["matrix", false, list, ";color=blue,black,brown"],
  ["matrix", false, object, ";color=R,100,G,200,B,150"],
  ["matrix", true, text, ";color=blue"],
  ["matrix", true, list, ";color=blue;color=black;color=brown"],
  ["matrix", true, object, ";R=100;G=200;B=150"],
  ["label", false, "", "."],
  ["label", false, text, ".blue"],
  ["label", false, list, ".blue,black,brown"],
  ["label", false, object, ".R,100,G,200,B,150"],
  ["label", true, list, ".blue.black.brown"],
  ["label", true, object, ".R=100.G=200.B=150"],
  ["simple", false, text, "blue"],
  ["simple", false, list, "blue,black,brown"],
  ["simple", false, object, "R,100,G,200,B,150"],
  ["simple", true, list, "blue,black,brown"],
  ["simple", true, object, "R=100,G=200,B=150"],
  ["form", false, "", "color="],
  ["form", false, text, "color=blue"],
  ["form", false, list, "color=blue,black,brown"],
  ["form", false, object, "color=R,100,G,200,B,150"],
  ["form", true, text, "color=blue"],
  ["form", true, list, "color=blue&color=black&color=brown"],
  ["form", true, object, "R=100&G=200&B=150"],
  ["spaceDelimited", false, list, "color=blue%20black%20brown"],
  ["spaceDelimited", false, object, "color=R%20100%20G%20200%20B%20150"],
  ["pipeDelimited", false, list, "color=blue%7Cblack%7Cbrown"],
  ["pipeDelimited", false, object, "color=R%7C100%7CG%7C200%7CB%7C150"],
  ["deepObject", true, object, "color%5BR%5D=100&color%5BG%5D=200&color%5BB%5D=150"],
  [
    "deepObject",
    true,
    { a: { b: 1, c: ["x", "y"] } },
    "color%5Ba%5D%5Bb%5D=1&color%5Ba%5D%5Bc%5D=x&color%5Ba%5D%5Bc%5D=y",
  ],
  ["form", true, "a b&c=d/é'", "color=a%20b%26c%3Dd%2F%C3%A9%27"],
  ["form", true, ["a,b", "c"], "color=a%2Cb&color=c"],
  ["form", true, [null, undefined, "x"], "color=x"],
  ["form", true, [], ""],
  ["form", true, {}, ""],
  ["form", true, null, ""],
  ["simple", false, "../x", "..%2Fx"],
];

describe("writeParameter", () => {
  test.each(VECTORS)("%s, explode %s: %j is written %s", (style, explode, value, expected) => {
    expect(writeParameter("color", value, { style, explode, allowReserved: false, encode: true })).toBe(expected);
  });

  test.each([
    ["a/b?c:d@e", "color=a/b?c:d@e", "reserved characters stay"],
    ["50%", "color=50%25", "a bare percent sign is encoded"],
    ["50%25", "color=50%25", "a ready-made encoding stays"],
    ["a&b#c", "color=a%26b%23c", "what would end the parameter is encoded all the same"],
    ["é", "color=%C3%A9", "characters beyond ASCII are encoded"],
  ])("with allowReserved %s is written %s: %s", (value, expected) => {
    expect(writeParameter("color", value, { style: "form", explode: true, allowReserved: true, encode: true })).toBe(
      expected,
    );
  });

  test("a header is not percent-encoded", () => {
    const settings = { style: "simple", explode: false, allowReserved: false, encode: false } as const;
    expect(writeParameter("X-Colors", ["a b", "c"], settings)).toBe("a b,c");
  });

  test.each([
    ["a list within a list", [["x"]]],
    ["an object within an object", { a: { b: 1 } }],
  ])("%s has no room in form style", (_what, value) => {
    const settings = { style: "form", explode: true, allowReserved: false, encode: true } as const;
    expect(() => writeParameter("color", value, settings)).toThrow(ParameterError);
  });
});
