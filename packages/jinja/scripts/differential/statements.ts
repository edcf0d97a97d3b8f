import { NAMES } from "./context.ts";
import { anyValue, generateExpression } from "./expressions.ts";
import { intOf, textOf } from "./literals.ts";
import type { Random } from "./random.ts";

const LOCALS = ["x", "y", "i", "v", "ns", "user", "d"];

/** Writes a few statements with text between them. */
export function generateBody(random: Random, depth: number): string {
  const count = 1 + random.below(3);
  let body = "";
  for (let index = 0; index < count; index++) body += textBetween(random) + statementOf(random, depth);
  return body + textBetween(random);
}

function textBetween(random: Random): string {
  return random.pick(["", "", "", "a", " ", "\n", "  \n", "text ", "\n  ", "\n\n", "<b>", "{ ", "}} ", "\t"]);
}

function begin(random: Random): string {
  return random.pick(["{% ", "{% ", "{% ", "{% ", "{%- ", "{%+ "]);
}

function end(random: Random): string {
  return random.pick([" %}", " %}", " %}", " %}", " -%}", " +%}"]);
}

function tag(random: Random, text: string): string {
  return begin(random) + text + end(random);
}

function output(random: Random, expression: string): string {
  return `${random.pick(["{{ ", "{{ ", "{{ ", "{{- "])}${expression}${random.pick([" }}", " }}", " }}", " -}}"])}`;
}

function local(random: Random): string {
  return random.pick(LOCALS);
}

function iterable(random: Random): string {
  return random.weighted([
    [4, () => random.pick(NAMES.list ?? [])],
    [1, () => `range(${random.below(5)})`],
    [1, () => textOf(random)],
    [1, () => random.pick(NAMES.dict ?? [])],
    [1, () => `[${random.list(4, () => anyValue(random, 1)).join(", ")}]`],
    [1, () => generateExpression(random, 1)],
    [0.5, () => "nums|select('odd')"],
    [0.5, () => "words|map('upper')"],
  ]);
}

const LOOP = [
  "index",
  "index0",
  "revindex",
  "revindex0",
  "first",
  "last",
  "length",
  "depth",
  "depth0",
  "previtem",
  "nextitem",
  "cycle('a', 'b')",
  "changed(i)",
  "changed(i, 1)",
];

function loopBody(random: Random, depth: number): string {
  const parts = random.list(2, () =>
    random.weighted([
      [4, () => output(random, "i")],
      [3, () => output(random, `loop.${random.pick(LOOP)}`)],
      [1, () => `{% if ${generateExpression(random, 1)} %}{% ${random.pick(["break", "continue"])} %}{% endif %}`],
      [1, () => `{% if loop.index == 2 %}{% ${random.pick(["break", "continue"])} %}{% endif %}`],
      [1, () => output(random, "',' if not loop.last")],
      [2, () => statementOf(random, depth - 1)],
    ]),
  );
  return parts.join(textBetween(random));
}

/** Writes one statement. */
export function statementOf(random: Random, depth: number): string {
  if (depth <= 0) return output(random, random.chance(0.5) ? local(random) : anyValue(random, 0));
  const body = (): string => generateBody(random, depth - 1);
  return random.weighted([
    [5, () => output(random, generateExpression(random, 2))],
    [2, () => output(random, local(random))],
    [3, () => tag(random, `set ${local(random)} = ${generateExpression(random, 2)}`)],
    [
      0.7,
      () =>
        tag(
          random,
          `set ${local(random)}, ${local(random)} = ${random.pick(["1, 2", "'ab'", "nums[:2]", "pairs[0]", "(1, 2, 3)", "5"])}`,
        ),
    ],
    [
      1,
      () =>
        `${tag(random, `set ${local(random)}${random.chance(0.3) ? ` | ${random.pick(["upper", "trim", "length", "e", "replace('a', 'b')"])}` : ""}`)}${body()}${tag(random, "endset")}`,
    ],
    [
      1.5,
      () =>
        `{% set ns = namespace(x=${anyValue(random, 0)}) %}${loopWith(random, `{% set ns.x = ${random.pick(["ns.x + i", "i", "loop.index"])} %}`)}{{ ns.x }}`,
    ],
    [3, () => ifOf(random, body)],
    [4, () => forOf(random, depth)],
    [
      1,
      () =>
        `${tag(random, `with ${local(random)} = ${generateExpression(random, 1)}${random.chance(0.4) ? `, y = ${local(random)}` : ""}`)}${body()}${tag(random, "endwith")}`,
    ],
    [2, () => macroOf(random, depth)],
    [
      0.7,
      () =>
        `${tag(random, `filter ${random.pick(["upper", "trim", "replace('a', 'b')", "indent(2)", "e", "length", "wordcount|string", "title"])}`)}${body()}${tag(random, "endfilter")}`,
    ],
    [0.5, () => `${begin(random)}raw${end(random)}{{ x }} {% y %}${tag(random, "endraw")}`],
    [0.7, () => `{#${random.pick(["", "-", "+"])} c ${random.pick(["", "-"])}#}`],
    [
      0.5,
      () =>
        tag(
          random,
          `do ${random.pick(["nums.append(4)", "d.update({'q': 1})", "1", "words.sort()", "rows[0].tags.append('q')", "nope"])}`,
        ),
    ],
    [
      0.5,
      () =>
        `${tag(random, `autoescape ${random.pick(["true", "false", "yes", "nope"])}`)}${body()}${tag(random, "endautoescape")}`,
    ],
    [
      0.5,
      () =>
        `{% for i in tree recursive %}[{{ i.name }}{{ loop.depth }}{% if i.children %}{{ loop(i.children) }}{% endif %}]{% endfor %}`,
    ],
    [0.5, () => cyclerOf(random)],
    [
      0.4,
      () =>
        `${tag(random, "block b")}${body()}${tag(random, "endblock")}`.replace(
          /block b/,
          `block b${random.below(1000)}`,
        ),
    ],
    [0.3, () => tag(random, `print ${generateExpression(random, 1)}`)],
    [0.3, () => `{% set out = [] %}${loopWith(random, "{% set _ = out.append(i) %}")}{{ out }}`],
  ]);
}

function loopWith(random: Random, inner: string): string {
  return `{% for i in ${random.pick(["nums", "words", "floats", "range(3)", "'ab'"])} %}${inner}{% endfor %}`;
}

function ifOf(random: Random, body: () => string): string {
  const elif = random.chance(0.3) ? `${tag(random, `elif ${generateExpression(random, 1)}`)}${body()}` : "";
  const otherwise = random.chance(0.4) ? `${tag(random, "else")}${body()}` : "";
  return `${tag(random, `if ${generateExpression(random, 1)}`)}${body()}${elif}${otherwise}${tag(random, "endif")}`;
}

function forOf(random: Random, depth: number): string {
  const otherwise = random.chance(0.3) ? `${tag(random, "else")}none` : "";
  const pairs = random.chance(0.2);
  const test = random.chance(0.25)
    ? ` if ${random.pick(["i", "i is odd", "i > 2", "loop", "i is string", "not i"])}`
    : "";
  const head = pairs
    ? `for k, i in ${random.pick(["d.items()", "pairs", "d|dictsort", "rows|groupby('category')", "user.items()", "nums"])}`
    : `for i in ${iterable(random)}${test}`;
  return `${tag(random, head)}${loopBody(random, depth)}${pairs && random.chance(0.6) ? "{{ k }}" : ""}${otherwise}${tag(random, "endfor")}`;
}

function macroOf(random: Random, depth: number): string {
  const name = random.pick(["m", "f"]);
  const parameters = random.pick(["", "x", "x, y=2", "x='a', y=x", "x, y='<b>'"]);
  const inner = `${random.pick(["[", "", "<i>"])}${output(random, random.pick(["x", "y", "varargs", "kwargs", "user.name", "i", "d", "html", "caller()", "x|upper", "caller is defined"]))}${
    random.chance(0.3) ? statementOf(random, depth - 2) : ""
  }`;
  const call = random.pick([
    `${name}()`,
    `${name}(1)`,
    `${name}(${anyValue(random, 0)}, ${intOf(random)})`,
    `${name}(y=3, x=4)`,
    `${name}(1, 2, 3)`,
    `${name}(*nums)`,
    `${name}(**d)`,
    `${name}(x=${textOf(random)})`,
    `${name}('<')`,
    `${name}(html|safe)`,
    `${name}.${random.pick(["name", "arguments", "catch_kwargs", "caller"])}`,
  ]);
  const use = random.chance(0.25)
    ? `{% call${random.pick(["", "(z)"])} ${name}(${random.pick(["", "1", "x=2"])}) %}body {{ ${random.pick(["z", "x", "i", "user.age"])} }}{% endcall %}`
    : output(random, call);
  return `{% macro ${name}(${parameters}) %}${inner}{% endmacro %}${use}`;
}

function cyclerOf(random: Random): string {
  return random.pick([
    "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{% do c.reset() %}{{ c.next() }}",
    "{% set j = joiner('|') %}{% for i in nums %}{{ j() }}{{ i }}{% endfor %}",
    "{{ dict(a=1, b=[2]) }}{{ dict([('x', 1)], y=2) }}",
    "{{ namespace(a=1).a }}{{ namespace({'b': 2}).b }}{{ namespace().c }}",
    "{{ range(3) }}{{ range(1, 9, 3)|list }}{{ range(3)[1] }}{{ range(5)[::-1]|list }}{{ 3 in range(5) }}{{ range(2) == range(0, 2) }}",
    "{{ self }}",
  ]);
}
