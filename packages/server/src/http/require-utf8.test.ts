import { describe, expect, it } from "vitest";
import { requireUtf8 } from "./require-utf8.ts";

describe("the character set of a body", () => {
  const read = [
    undefined,
    "application/json",
    "application/json; charset=utf-8",
    "application/json;charset=UTF-8",
    'application/json; charset="utf-8"',
    "application/json; charset=utf8; x=y",
    "application/json; x=charset",
  ];
  for (const type of read) it(`is read: ${type}`, () => expect(() => requireUtf8(type)).not.toThrow());

  const refused = [
    "application/json; charset=utf-16",
    "application/json;CHARSET=UTF-16LE",
    'application/json; x=y; charset="iso-8859-1"',
    "application/json; charset=",
  ];
  for (const type of refused) {
    it(`is refused: ${type}`, () => {
      expect(() => requireUtf8(type)).toThrow(
        expect.objectContaining({ code: "MEDIA_TYPE_UNSUPPORTED", status: 415, hint: expect.stringMatching(/UTF-8/) }),
      );
    });
  }
});
