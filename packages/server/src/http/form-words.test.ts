import { openApiDocument } from "@junctor/contract";
import { describe, expect, it } from "vitest";
import { describeForm } from "./form-words.ts";

function listForms(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const { pattern, format } = value as { readonly pattern?: unknown; readonly format?: unknown };
  const own = [pattern, format].filter((form) => typeof form === "string");
  return [...own, ...Object.values(value).flatMap(listForms)];
}

const forms = [...new Set(listForms(openApiDocument({ version: "0" })))];

describe("the forms of the contract's texts", () => {
  it("are some", () => expect(forms.length).toBeGreaterThan(5));

  for (const form of forms) {
    it(`${form} is said in words, with an example of it`, () => {
      const words = describeForm(form);
      expect(words?.message).toMatch(/^must be /);
      const [, example = ""] = /"([^"]+)"/.exec(words?.hint ?? "") ?? [];
      if (form === "date-time") expect(Date.parse(example)).not.toBeNaN();
      else if (form === "uri") expect(URL.canParse(example)).toBe(true);
      else expect(example).toMatch(new RegExp(form, "u"));
    });
  }
});
