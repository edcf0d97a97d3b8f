import { describe, expect, it } from "vitest";
import { readPathParams } from "./path-params.ts";

const outcome = (header: string | undefined, declared: readonly string[] = ["id"]) => {
  const read = readPathParams(header, declared);
  return read.ok ? read.values : read.problem;
};

describe("path parameters (checks 7 and 8)", () => {
  const accepted = [
    "42",
    "user-42",
    "my.handle",
    "a~b",
    "A_b",
    "0b5e1f3c-7e0a-4c3e-9c5c-2f6d5a1b7c11",
    "x".repeat(200),
    "...".slice(0, 0) || "a.b",
  ];
  it.each(accepted)("accept %s", (value) => {
    expect(outcome(`id=${encodeURIComponent(value)}`)).toEqual({ id: value });
  });

  const refused: readonly [what: string, value: string][] = [
    ["nothing", ""],
    ["a space", "a b"],
    ["white space at the end", "a "],
    ["a slash", "a/b"],
    ["a question mark", "a?b"],
    ["a hash", "a#b"],
    ["an encoded space", "a%20b"],
    ["a control character", "a\u0000b"],
    ["a line feed at the end", "a\n"],
    ["one dot", "."],
    ["two dots", ".."],
    ["two dots inside", "a..b"],
    ["201 characters", "x".repeat(201)],
    ["a letter beyond ASCII", "é"],
  ];
  it.each(refused)("refuse %s", (_what, value) => {
    expect(outcome(`id=${encodeURIComponent(value)}`)).toEqual({ code: "INVALID_PATH_PARAMETERS", params: ["id"] });
  });

  it("missing ones are named before bad ones", () => {
    expect(outcome("a=%2F", ["a", "b", "c"])).toEqual({ code: "MISSING_PATH_PARAMETERS", params: ["b", "c"] });
  });
  it("without a header, all are missing", () => {
    expect(outcome(undefined)).toEqual({ code: "MISSING_PATH_PARAMETERS", params: ["id"] });
  });
  it("a header beyond 4096 characters is as none", () => {
    expect(outcome(`id=1&x=${"y".repeat(4096)}`)).toEqual({ code: "MISSING_PATH_PARAMETERS", params: ["id"] });
  });
  it("undeclared ones are left out, and none need be declared", () => {
    expect(outcome("id=1&more=2")).toEqual({ id: "1" });
    expect(outcome("more=2", [])).toEqual({});
  });
});
