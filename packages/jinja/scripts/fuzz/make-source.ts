import { generateCase } from "../differential/generate.ts";
import { Random } from "../differential/random.ts";

const FRAGMENTS = [
  "{{",
  "}}",
  "{%",
  "%}",
  "{#",
  "#}",
  "{%-",
  "-%}",
  "{%+",
  "+%}",
  "{{-",
  "-}}",
  "{% raw %}",
  "{% endraw %}",
  "{% if ",
  "{% else %}",
  "{% elif ",
  "{% endif %}",
  "{% for ",
  " in ",
  "{% endfor %}",
  "{% set ",
  "{% endset %}",
  "{% macro ",
  "{% endmacro %}",
  "{% call ",
  "{% endcall %}",
  "{% filter ",
  "{% endfilter %}",
  "{% block ",
  "{% endblock %}",
  "{% extends 'a' %}",
  "{% include 'a' %}",
  "{% import 'a' as b %}",
  "{% from 'a' import b %}",
  "{% with ",
  "{% endwith %}",
  "{% autoescape ",
  "{% endautoescape %}",
  "{% do ",
  "{% break %}",
  "{% continue %}",
  "recursive",
  "loop",
  "self",
  "super()",
  "caller()",
  "namespace()",
  "range(",
  "(",
  ")",
  "[",
  "]",
  "{",
  "}",
  ",",
  ":",
  ";",
  ".",
  "|",
  "~",
  "+",
  "-",
  "*",
  "/",
  "//",
  "**",
  "%",
  "==",
  "!=",
  "<",
  ">",
  "<=",
  ">=",
  "=",
  "'",
  '"',
  "\\",
  "\n",
  " ",
  "not ",
  " and ",
  " or ",
  " is ",
  " if ",
  " else ",
  "none",
  "true",
  "1",
  "0",
  "-1",
  "1.5",
  "1e999",
  "9999999999999999999999",
  "0x",
  "0b2",
  "1__0",
  "1.",
  ".5",
  "user",
  "nums",
  "rows",
  "d",
  "x",
  "_",
  "__class__",
  "constructor",
  "'a'",
  '"b"',
  "'\\x'",
  "'\\u12'",
  "'\\N{DASH}'",
  "é",
  "😀",
  "\u0000",
  "\ud800",
  "\u2028",
  "upper",
  "map(",
  "select(",
  "join",
  "default(",
  "length",
  "format(",
  "tojson",
  "sort",
  "groupby(",
  "batch(",
  "indent",
  "wordwrap(",
  "urlize",
  "append(",
  "update(",
];

/** Makes the source of one case: damaged templates, mixed fragments, or plain noise. */
export function makeSource(seed: number): string {
  const random = new Random(seed);
  return random.weighted([
    [5, () => mutate(random, generateCase(seed).template)],
    [2, () => mutate(random, generateCase(seed).template + generateCase(seed + 1).template)],
    [3, () => mix(random)],
    [1, () => noise(random)],
  ]);
}

/** Applies a few random changes: pieces are cut, doubled, moved, replaced by fragments or by noise. */
function mutate(random: Random, template: string): string {
  let text = template;
  for (let count = 1 + random.below(6); count > 0; count--) {
    const at = random.below(text.length + 1);
    const length = random.below(12);
    text = random.weighted([
      [3, () => text.slice(0, at) + random.pick(FRAGMENTS) + text.slice(at)],
      [2, () => text.slice(0, at) + text.slice(at + length)],
      [2, () => text.slice(0, at) + text.slice(at, at + length) + text.slice(at)],
      [1, () => text.slice(0, at) + random.pick(FRAGMENTS) + text.slice(at + length)],
      [1, () => text.slice(at) + text.slice(0, at)],
      [
        1,
        () =>
          text.slice(0, at) + String.fromCharCode(random.below(random.chance(0.8) ? 128 : 65_536)) + text.slice(at + 1),
      ],
      [0.2, () => text.slice(0, at) + random.pick(FRAGMENTS).repeat(random.below(300)) + text.slice(at)],
    ]);
  }
  return text;
}

function mix(random: Random): string {
  let text = random.chance(0.5) ? "{{ " : "{% ";
  for (let count = random.below(25); count > 0; count--)
    text += random.pick(FRAGMENTS) + (random.chance(0.3) ? " " : "");
  return text + random.pick([" }}", " %}", ""]);
}

function noise(random: Random): string {
  return Array.from({ length: random.below(60) }, () =>
    String.fromCharCode(random.below(random.chance(0.9) ? 128 : 65_536)),
  ).join("");
}
