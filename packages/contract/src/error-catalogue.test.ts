import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { errorGuide } from "./error-guide.ts";
import { errorCatalogue } from "./errors.ts";

const page = readFileSync(new URL("../../../docs/reference/errors.md", import.meta.url), "utf8");
const headings = [...page.matchAll(/^### (\S+)$/gm)].map((match) => match[1]);

describe("the error catalogue", () => {
  it("every code has a heading in docs/reference/errors.md, and every heading is a code", () => {
    expect([...headings].sort()).toEqual(Object.keys(errorCatalogue).sort());
  });

  it("every code says what led to it and what to do", () => {
    const silent = Object.entries(errorGuide).filter(
      ([, { cause, remedy }]) => cause.length < 20 || remedy.length < 10,
    );
    expect(silent).toEqual([]);
    expect(Object.keys(errorGuide).sort()).toEqual(Object.keys(errorCatalogue).sort());
  });

  it("codes are capitals with underscores, and statuses are errors", () => {
    const odd = Object.entries(errorCatalogue).filter(
      ([code, { status }]) => !/^[A-Z]+(_[A-Z]+)*$/.test(code) || status < 400 || status > 599,
    );
    expect(odd).toEqual([]);
  });
});
