import { describe, expect, it } from "vitest";
import { encodePathSegment, encodeUrlPart, percentEncode, tidyPath } from "./encode-url.ts";
import { writeParameter } from "./parameter-style.ts";

const refused = expect.objectContaining({
  code: "VALUE_REFUSED",
  message: expect.stringMatching(/lone surrogate/),
  hint: expect.stringMatching(/whole/),
});

describe("half of a character", () => {
  const ways: readonly [where: string, encode: (text: string) => unknown][] = [
    ["a path segment", (text) => encodePathSegment(text)],
    ["a list of segments", (text) => encodePathSegment(["a", text])],
    ["a part of a URL", (text) => encodeUrlPart(text)],
    ["a query or a form", (text) => percentEncode(text)],
    [
      "a parameter that may hold reserved characters",
      (text) => writeParameter("q", text, { style: "form", explode: true, allowReserved: true, encode: true }),
    ],
    ["a written path", (text) => tidyPath(`/items/${text}`)],
  ];
  for (const [where, encode] of ways) {
    for (const text of ["\ud800", "a\udc00b", "\ude00\ud83d"]) {
      it(`is refused in ${where}: ${JSON.stringify(text)}`, () => expect(() => encode(text)).toThrow(refused));
    }
    it(`is no matter in ${where} where it has its other half`, () => {
      expect(String(encode("\ud83d\ude00"))).toContain("%F0%9F%98%80");
    });
  }
});
