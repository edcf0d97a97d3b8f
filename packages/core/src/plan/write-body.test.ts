import { describe, expect, test } from "vitest";
import { createFile } from "../compile/file-input.ts";
import { writeBody } from "./write-body.ts";

const file = createFile(
  async function* () {
    yield Buffer.from("content");
  },
  { name: 'a "b".txt', mediaType: "text/plain" },
);

const text = (...arguments_: Parameters<typeof writeBody>) => {
  const body = writeBody(...arguments_);
  return body?.kind === "text" ? body.text : body?.kind;
};

describe("writeBody", () => {
  const plain = [
    ["json", { a: [1, null, "x"] }, '{"a":[1,null,"x"]}'],
    ["json", "text", '"text"'],
    ["form", { a: "x y&z", b: [1, true], c: null, d: undefined }, "a=x+y%26z&b=1&b=true"],
    ["text", "as it is", "as it is"],
    ["xml", "<a/>", "<a/>"],
    ["binary", "raw", "raw"],
  ] as const;
  test.each(plain.map(([format, value, expected]) => ({ format, value, expected })))("$format: $expected", (row) => {
    expect(text(row.format, row.value, "/body", "B")).toBe(row.expected);
  });

  test("a file as the whole body is streamed, also where its content type is a text", () => {
    expect(text("binary", file, "/body", "B")).toBe("file");
    expect(text("text", file, "/body", "B")).toBe("file");
    expect(() => writeBody("json", { file }, "/body", "B")).toThrow(/A file cannot stand inside JSON/);
  });

  test("undefined is no body", () => {
    expect(writeBody("json", undefined, "/body", "B")).toBeNull();
  });

  test("multipart writes plain values, lists and the long form", () => {
    const value = { a: "1", tags: ["x", "y"], meta: { value: { k: 1 }, contentType: "application/json" }, none: null };
    expect(text("multipart", value, "/body", "B")).toBe(
      [
        '--B\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n',
        '--B\r\nContent-Disposition: form-data; name="tags"\r\n\r\nx\r\n',
        '--B\r\nContent-Disposition: form-data; name="tags"\r\n\r\ny\r\n',
        '--B\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"k":1}\r\n',
        "--B--\r\n",
      ].join(""),
    );
  });

  test("a file in multipart is streamed, its name cannot leave its quotes", () => {
    const body = writeBody("multipart", { f: file }, "/body", "B");
    expect(body?.kind === "multipart" && body.parts[0]).toBe(
      '--B\r\nContent-Disposition: form-data; name="f"; filename="a %22b%22.txt"\r\nContent-Type: text/plain\r\n\r\n',
    );
    expect(body?.kind === "multipart" && body.parts[1]).toBe(file);
  });

  test.each([
    ["an object inside a form", "form", { a: { b: 1 } }],
    ["a form that is no object", "form", "text"],
    ["a number as a file", "binary", 5],
    ["a line end in a content type", "multipart", { a: { value: "x", contentType: "a\r\nb" } }],
  ] as const)("%s is refused", (_what, format, value) => {
    expect(() => writeBody(format, value, "/body", "B")).toThrow(expect.objectContaining({ code: "VALUE_REFUSED" }));
  });
});
