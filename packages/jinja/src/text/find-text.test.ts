import { describe, expect, it } from "vitest";
import { createEnvironment } from "../index.ts";

/** Renders with a text and a part, both longer than what the engine's own search is trusted with. */
function render(template: string, text: string, part: string): string {
  return createEnvironment().compile(template).render({ text, part });
}

const PART = "abcabcabcabcabcabcabd";
const NEARLY = "abcabcabcabcabcabcabc";
const WIDE = "😀abcabcabcabcabcabcabd";

describe("search for long parts", () => {
  it.each([
    ["at the start", `${PART}xyz`, PART, "0 0 1"],
    ["at the end", `xyz${PART}`, PART, "3 3 1"],
    ["twice", `${PART}-${PART}`, PART, "0 22 2"],
    ["behind a false start", `${NEARLY}${PART}`, PART, "21 21 1"],
    ["within a false start", `abc${PART}`, PART, "3 3 1"],
    ["nearly there", NEARLY, PART, "-1 -1 0"],
    ["longer than the text", "abc", PART, "-1 -1 0"],
    ["the text itself", PART, PART, "0 0 1"],
    ["overlapping itself", "a".repeat(40), "a".repeat(20), "0 20 2"],
    ["behind a wide character", `😀${PART}`, PART, "1 1 1"],
    ["with a wide character", `x${WIDE}${WIDE}`, WIDE, "1 23 2"],
  ])("finds a part %s", (_, text, part, expected) => {
    const template = "{{ text.find(part) }} {{ text.rfind(part) }} {{ text.count(part) }}";
    expect(render(template, text, part)).toBe(expected);
    expect(render("{{ part in text }}", text, part)).toBe(expected.startsWith("-1") ? "False" : "True");
    expect(render("{{ part.encode() in text.encode() }}", text, part)).toBe(
      expected.startsWith("-1") ? "False" : "True",
    );
  });

  it.each([
    ["replace", "{{ text.replace(part, '_') }}", "x_y_z"],
    ["replace of the first", "{{ text.replace(part, '_', 1) }}", `x_y${PART}z`],
    ["split", "{{ text.split(part) | join('|') }}", "x|y|z"],
    ["rsplit of the last", "{{ text.rsplit(part, 1) | join('|') }}", `x${PART}y|z`],
    ["partition", "{{ text.partition(part)[2] }}", `y${PART}z`],
    ["rpartition", "{{ text.rpartition(part)[2] }}", "z"],
  ])("serves %s", (_, template, expected) => {
    expect(render(template, `x${PART}y${PART}z`, PART)).toBe(expected);
  });
});
