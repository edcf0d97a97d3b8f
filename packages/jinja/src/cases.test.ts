import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createEnvironment, parseJson, TemplateError, type UndefinedMode } from "./index.ts";

/** Is one recorded case: what Python's Jinja2 gave for a template over `cases/context.json`. */
interface RecordedCase {
  readonly category: string;
  readonly template: string;
  readonly autoescape?: boolean;
  readonly undefined?: UndefinedMode;
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly expect: { readonly output?: string; readonly error?: string };
}

const read = (name: string): string => readFileSync(new URL(`../cases/${name}`, import.meta.url), "utf8");
const context = parseJson(read("context.json")) as Record<string, unknown>;
const casesOf = (name: string): RecordedCase[] =>
  read(name)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as RecordedCase);

function render({ template, category, expect: _, ...settings }: RecordedCase): RecordedCase["expect"] {
  try {
    return { output: createEnvironment(settings).compile(template).render(context) };
  } catch (error) {
    if (error instanceof TemplateError) return { error: error.type };
    throw error;
  }
}

describe("what Python's Jinja2 gives", () => {
  it.each(casesOf("documented.jsonl"))("$category: $template", (item) => {
    expect(render(item)).toEqual(item.expect);
  });

  it("for generated templates", () => {
    // Complex numbers are a listed difference (DIFFERENCES.md).
    const comparable = casesOf("generated.jsonl").filter((item) => !/\dj\)/.test(item.expect.output ?? ""));
    const different = comparable.filter((item) => {
      const got = render(item);
      return item.expect.error === undefined ? got.output !== item.expect.output : got.error === undefined;
    });
    expect(different).toEqual([]);
  });
});
