import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { importDocument } from "./import-document.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const one = (path: string, text: string) => [{ path, bytes: bytes(text) }];
const deep = (levels: number): string => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
const bomb = `a: &a [x, x, x, x, x, x, x, x, x]\n${"bcdefgh"
  .split("")
  .map((name, index) => `${name}: &${name} [${Array(9).fill(`*${"abcdefgh"[index]}`).join(", ")}]`)
  .join("\n")}\nopenapi: 3.0.0\npaths: *h\n`;

describe("hostile documents are refused with a reason", () => {
  const table = [
    ["an alias bomb", one("a.yaml", bomb), "IMPORT_LIMIT", /alias|values/],
    ["deep nesting in JSON", one("a.json", `{"openapi":"3.0.0","x":${deep(3_000)}}`), "IMPORT_LIMIT", /nested/],
    [
      "deep nesting in broken JSON",
      one("a.json", `{"openapi":"3.0.0",,"x":${deep(100_000)}`),
      "IMPORT_LIMIT",
      /nested/,
    ],
    ["deep nesting in YAML", one("a.yaml", `openapi: ${"[".repeat(20_000)}`), "IMPORT_LIMIT", /nested/],
    [
      "a path that leaves the folder",
      [...one("openapi.json", "{}"), ...one("../../etc/passwd", "x")],
      "IMPORT_FAILED",
      /leaves the uploaded folder/,
    ],
    ["an absolute path", one("/etc/passwd", "x"), "IMPORT_FAILED", /leaves the uploaded folder/],
    [
      "a reference that leaves the folder",
      one(
        "openapi.json",
        '{"openapi":"3.0.0","info":{"title":"T","version":"1"},"paths":{"/x":{"$ref":"../../secret.json"}}}',
      ),
      "IMPORT_FAILED",
      /leaves the uploaded folder/,
    ],
    ["no document at all", one("a.txt", "hello"), "IMPORT_FAILED", /no document|neither|none of the formats/],
    ["a cURL line without a URL", one("a.sh", "curl -X POST"), "IMPORT_FAILED", /names no URL/],
  ] as const;
  it.each(table)("%s", (_, files, code, message) => {
    expect(() => importDocument(files)).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });

  it("an archive whose entries leave the folder", () => {
    const archive = zipSync({ "../evil.json": bytes("{}") });
    expect(() => importDocument([{ path: "a.zip", bytes: archive }])).toThrow(/leaves the uploaded folder/);
  });
  it("an archive that unpacks to more than is allowed", () => {
    const archive = zipSync({ "a.json": new Uint8Array(5_000_000) });
    expect(() => importDocument([{ path: "a.zip", bytes: archive }], { limits: { bytes: 1_000_000 } })).toThrow(
      /unpacks to more/,
    );
  });
  it("more schemas than one definition may hold", () => {
    const schemas = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`S${index}`, { type: "string" }]));
    const document = { openapi: "3.0.0", info: { title: "T", version: "1" }, paths: {}, components: { schemas } };
    expect(() => importDocument(one("a.json", JSON.stringify(document)), { limits: { schemas: 10 } })).toThrow(
      /needs more than 10 schemas/,
    );
  });
});

describe("odd documents are imported", () => {
  const document = (paths: string, more = ""): string =>
    `{"openapi":"3.0.0","info":{"title":"T","version":"1"},"servers":[{"url":"https://x.example"}],"paths":${paths}${more}}`;
  const ok = '{"200":{"description":"OK"}}';
  const table = [
    [
      "a reference to itself",
      document(
        `{"/x":{"get":{"responses":${ok}}}}`,
        ',"components":{"schemas":{"A":{"$ref":"#/components/schemas/A"}}}',
      ),
    ],
    [
      "a circle of parameters",
      document(
        `{"/x":{"get":{"parameters":[{"$ref":"#/components/parameters/a"}],"responses":${ok}}}}`,
        ',"components":{"parameters":{"a":{"$ref":"#/components/parameters/b"},"b":{"$ref":"#/components/parameters/a"}}}',
      ),
    ],
    [
      "a cycle through allOf",
      document(
        `{"/x":{"get":{"responses":${ok}}}}`,
        ',"components":{"schemas":{"A":{"allOf":[{"$ref":"#/components/schemas/A"}]}}}',
      ),
    ],
    [
      "members named like methods of objects",
      document(
        `{"/x":{"get":{"operationId":"constructor","parameters":[{"name":"toString","in":"query","schema":{"type":"string"}}],"responses":${ok}}}}`,
      ),
    ],
    [
      "a schema of template marks",
      document(
        `{"/x":{"get":{"summary":"{{ 7*7 }}","parameters":[{"name":"{{x}}","in":"query","schema":{"type":"string","default":"{{ secret('a') }}"}}],"responses":${ok}}}}`,
      ),
    ],
  ] as const;
  it.each(table)("%s", (_, text) => {
    const result = importDocument(one("openapi.json", text));
    expect(result.lint.filter((finding) => finding.about === "definition")).toEqual([]);
    expect(result.ok).toBe(true);
  });
});
