import { openApiDocument } from "@junctor/contract";
import { importDocument, sourceFormats } from "@junctor/importers";
import { describe, expect, it } from "vitest";

describe("formats of imports", () => {
  it("are in the contract those that the importers read", () => {
    const { ImportRequest } = openApiDocument({ version: "0" }).components.schemas;
    expect(ImportRequest).toMatchObject({ properties: { format: { enum: sourceFormats } } });
  });

  for (const format of ["zz", "constructor", "__proto__", ""]) {
    it(`do not include ${JSON.stringify(format)}, which the importers refuse with the list`, () => {
      const files = [{ path: "a.json", bytes: Buffer.from('{"openapi":"3.1.0","paths":{}}') }];
      expect(() => importDocument(files, { format: format as "openapi" })).toThrow(
        expect.objectContaining({
          code: "IMPORT_FAILED",
          message: expect.stringMatching(/no such source format/),
          hint: expect.stringContaining(sourceFormats.join(", ")),
        }),
      );
    });
  }
});
