import { expect, test } from "vitest";
import { readUpstreamMessage } from "./read-upstream-message.ts";

test.each([
  [{ detail: "no such book", title: "Not Found" }, "no such book"],
  [{ error: "invalid_grant", error_description: "expired" }, "expired"],
  [{ error: { code: 5, message: "quota" } }, "quota"],
  [{ errors: [{ message: "first" }, { message: "second" }] }, "first"],
  [{ errors: ["plain"] }, "plain"],
  ["line\n  two", "line two"],
  ["<html><body>502</body></html>", undefined],
  [{ code: 5 }, undefined],
  [null, undefined],
  ["x".repeat(400), `${"x".repeat(300)}…`],
])("%j says %s", (body, expected) => {
  expect(readUpstreamMessage(body)).toBe(expected);
});
