import { expect, test } from "vitest";
import { keepBody, recallBody } from "./kept-bodies.ts";

const settings = { type: "json", charset: null, gzip: false, delimiter: ",", header: true, lists: [] } as const;
const decodedOf = (text: string) => ({ text, body: JSON.parse(text), jsonText: text, longNumbers: false });

test("bytes are decoded once for an action's settings", () => {
  const bytes = new Uint8Array(1);
  const decoded = decodedOf('{"a":[{"b":1}]}');
  keepBody(bytes, settings, decoded);
  expect(recallBody(bytes, settings)).toBe(decoded);
  expect(recallBody(bytes, null)).toBeUndefined();
  expect(recallBody(new Uint8Array(1), settings)).toBeUndefined();
});

test("nobody can change what others get", () => {
  const decoded = decodedOf('{"a":[{"b":1}]}');
  keepBody(new Uint8Array(1), settings, decoded);
  expect(() => decoded.body.a.push(1)).toThrow(TypeError);
  expect(() => {
    decoded.body.a[0].b = 2;
  }).toThrow(TypeError);
});

test("long texts are not kept", () => {
  const bytes = new Uint8Array(1);
  keepBody(bytes, settings, decodedOf(JSON.stringify("x".repeat(70_000))));
  expect(recallBody(bytes, settings)).toBeUndefined();
});
