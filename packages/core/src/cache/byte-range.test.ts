import { describe, expect, it } from "vitest";
import { cutPart, readByteRange } from "./byte-range.ts";

describe("a range of 11 bytes", () => {
  it.each([
    ["bytes=0-1", [0, 1]],
    ["bytes=1-", [1, 10]],
    ["bytes=-1", [10, 10]],
    ["bytes=-99", [0, 10]],
    ["bytes=5-99", [5, 10]],
    ["Bytes = 2-3", [2, 3]],
    ["bytes=11-", undefined],
    ["bytes=3-2", undefined],
    ["bytes=-0", undefined],
    ["bytes=-", undefined],
    ["bytes=0-1,3-4", undefined],
    ["lines=0-1", undefined],
    ["", undefined],
  ])("%s", (range, expected) => {
    const part = readByteRange(range, 11);
    expect(part === undefined ? undefined : [part.first, part.last]).toEqual(expected);
  });
  it("is none of an empty body", () => {
    expect(readByteRange("bytes=0-", 0)).toBeUndefined();
    expect(readByteRange("bytes=-1", 0)).toBeUndefined();
  });
});

describe("cutting a part", () => {
  const whole = {
    status: 200,
    headers: { etag: '"a"', "last-modified": "Thu, 18 Aug 2050 02:01:18 GMT", b: "1" },
    bytes: Buffer.from("0123456789A"),
  };
  it("keeps the fields and says which part it is", () => {
    const part = cutPart({ range: "bytes=1-2" }, whole);
    expect(part).toMatchObject({ status: 206, headers: { b: "1", "content-range": "bytes 1-2/11" } });
    expect(Buffer.from(part?.bytes ?? []).toString()).toBe("12");
  });
  it.each([
    ["no range", {}, whole],
    ["an empty range", { range: "" }, whole],
    ["not a 200", { range: "bytes=1-2" }, { ...whole, status: 404 }],
    ["another tag", { range: "bytes=1-2", "if-range": '"b"' }, whole],
    ["a weak tag", { range: "bytes=1-2", "if-range": 'W/"a"' }, { ...whole, headers: { etag: 'W/"a"' } }],
    ["another date", { range: "bytes=1-2", "if-range": "Thu, 18 Aug 2050 02:01:19 GMT" }, whole],
  ])("%s: the whole is the answer", (_name, request, response) => {
    expect(cutPart(request, response)).toBeUndefined();
  });
  it.each(['"a"', "Thu, 18 Aug 2050 02:01:18 GMT"])("If-Range %s", (condition) => {
    expect(cutPart({ range: "bytes=1-2", "if-range": condition }, whole)?.status).toBe(206);
  });
});
