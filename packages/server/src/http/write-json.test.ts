import { expect, it } from "vitest";
import { writeJson } from "./write-json.ts";

it("writes integers of any size with all their digits", () => {
  expect(writeJson({ a: [9n ** 30n], b: 1, c: "x" })).toBe('{"a":[42391158275216203514294433201],"b":1,"c":"x"}');
});
it("is plain JSON otherwise", () => {
  expect(writeJson({ a: undefined, b: [null, 1.5] })).toBe('{"b":[null,1.5]}');
});
