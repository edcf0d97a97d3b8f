import { describe, expect, it } from "vitest";
import { readHeaderName } from "./header-name.ts";

describe("readHeaderName", () => {
  const cases = [
    { as: "Content-Type", name: "content-type" },
    { as: "content-type", name: "content-type" },
    { as: "CONTENT-TYPE", name: "content-type" },
    { as: "Content-Tyre", name: "content-tyre" },
    { as: "", name: "" },
    { as: "X", name: "x" },
    { as: "X-Caf\u00e9", name: "x-caf\u00e9" },
    { as: `X-${"long".repeat(40)}`, name: `x-${"long".repeat(40)}` },
  ];

  it.each(cases)("reads $as, the first time and later", ({ as, name }) => {
    expect(readHeaderName(Buffer.from(as, "latin1"))).toBe(name);
    expect(readHeaderName(Buffer.from(as, "latin1"))).toBe(name);
  });

  it("tells names apart that agree in length, first and last byte", () => {
    expect(["X-Ab", "X-Cb", "X-Ab", "x-cb"].map((as) => readHeaderName(Buffer.from(as)))).toEqual([
      "x-ab",
      "x-cb",
      "x-ab",
      "x-cb",
    ]);
  });

  it("reads right also when an upstream has invented more names than are kept", () => {
    for (let count = 0; count < 2_000; count++) {
      const name = `x-${count.toString(36)}-${"y".repeat(count % 30)}`;
      expect(readHeaderName(Buffer.from(name))).toBe(name);
    }
  });

  it("does not keep a view of the bytes, which the next answer may overwrite", () => {
    const bytes = Buffer.from("X-Kept");
    expect(readHeaderName(bytes)).toBe("x-kept");
    bytes.write("X-Lost");
    expect(readHeaderName(bytes)).toBe("x-lost");
    expect(readHeaderName(Buffer.from("X-Kept"))).toBe("x-kept");
  });

  it("reads an absent name as nothing", () => expect(readHeaderName(undefined)).toBe(""));
});
