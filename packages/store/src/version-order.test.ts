import { describe, expect, it } from "vitest";
import { encodeVersionOrder } from "./version-order.ts";

/** Lowest first; the middle of the list is the example of semver.org, section 11. */
const ascending = [
  "99999999999999999999.0.0",
  "not-a-version",
  "0.0.1",
  "0.2.0",
  "0.10.0",
  "1.0.0-0",
  "1.0.0-2",
  "1.0.0-11",
  "1.0.0-alpha",
  "1.0.0-alpha.1",
  "1.0.0-alpha.1.0",
  "1.0.0-alpha.beta",
  "1.0.0-alpha-beta",
  "1.0.0-beta",
  "1.0.0-beta.2",
  "1.0.0-beta.11",
  "1.0.0-rc.1",
  "1.0.0",
  "1.0.1-pre",
  "1.0.1",
  "1.9.0",
  "1.10.0",
  "2.0.0",
  "10.0.0",
  "10.0.1",
  "999999999999999.0.0",
];

describe("encodeVersionOrder", () => {
  it("sorts bytewise like semantic versions", () => {
    const byteOrder = (left: string, right: string) =>
      Buffer.compare(Buffer.from(encodeVersionOrder(left)), Buffer.from(encodeVersionOrder(right)));
    expect([...ascending].reverse().sort(byteOrder)).toEqual(ascending);
  });

  it.each([
    ["1.0.0+build.1", "1.0.0+build.2"],
    ["1.0.0-rc.1+a", "1.0.0-rc.1"],
  ])("gives %s and %s the same place: build metadata does not count", (left, right) => {
    expect(encodeVersionOrder(left)).toBe(encodeVersionOrder(right));
  });
});
