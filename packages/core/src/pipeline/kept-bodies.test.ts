import { expect, test } from "vitest";
import { keepBody, recallBody } from "./kept-bodies.ts";

const settings = {
  type: "json",
  charset: null,
  gzip: false,
  delimiter: ",",
  header: true,
  lists: [],
  utf8: false,
} as const;
const decodedOf = (text: string) => ({
  text,
  body: JSON.parse(text),
  jsonText: text,
  kind: "json" as const,
  longNumbers: false,
});

test("bytes are decoded once for an action's settings", () => {
  const bytes = new Uint8Array(1);
  const decoded = decodedOf('{"a":[{"b":1}]}');
  keepBody(bytes, settings, decoded);
  expect(recallBody(bytes, settings)?.decoded).toBe(decoded);
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

test("what is used stays, and what is not makes room, however many bodies the cache has", () => {
  const text = JSON.stringify("x".repeat(60_000));
  const [used, unused] = [new Uint8Array(1), new Uint8Array(1)];
  const others: Uint8Array[] = [];
  for (const bytes of [used, unused]) keepBody(bytes, settings, decodedOf(text));
  for (let count = 0; count < 400; count++) {
    const bytes = new Uint8Array(1);
    others.push(bytes);
    keepBody(bytes, settings, decodedOf(text));
    recallBody(used, settings);
  }
  expect(recallBody(used, settings)).toBeDefined();
  expect(recallBody(unused, settings)).toBeUndefined();
  const left = others.filter((bytes) => recallBody(bytes, settings) !== undefined);
  expect(left.length * text.length).toBeLessThan(2 * 8 * 1024 * 1024);
});
