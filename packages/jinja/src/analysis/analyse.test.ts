import { describe, expect, it } from "vitest";
import { createEnvironment } from "../index.ts";

const environment = createEnvironment({
  functions: { secret: { call: () => "" } },
  filters: { known: { call: () => "" } },
});
const analyse = (source: string) => environment.compile(source).analysis;
const paths = (source: string): string[] =>
  analyse(source).reads.map(
    ({ root, path, computed, called }) => [root, ...path].join(".") + (computed ? ".*" : "") + (called ? "()" : ""),
  );

describe("what a template reads", () => {
  it.each<[string, string[]]>([
    ["{{ input.isbn }}", ["input.isbn"]],
    ["{{ input['x'].y[0] }}", ["input.x.y.0"]],
    ["{{ input[name].y }}", ["name", "input.*"]],
    ["{{ input.list[1:] }}", ["input.list.*"]],
    ["{{ secret('a') }}{{ user.get('x') }}", ["secret()", "user.get()"]],
    ["{{ (a or b).c }}", ["a", "b"]],
    ["{{ x | default(y) }}{{ z is eq(w) }}", ["x", "y", "z", "w"]],
    ["{% for i in items if i.a == j %}{{ i }}{{ loop.index }}{% else %}{{ i }}{% endfor %}", ["items", "j", "i"]],
    ["{% set x = y %}{{ x }}", ["y"]],
    ["{{ x }}{% set x = 1 %}{{ x }}", ["x", "x"]],
    ["{% if a %}{% set b = 1 %}{% endif %}{{ b }}", ["a", "b"]],
    ["{% with a = b %}{{ a }}{% endwith %}{{ a }}", ["b", "a"]],
    ["{% macro m(a, b=c) %}{{ a }}{{ b }}{{ d }}{{ varargs }}{{ caller() }}{% endmacro %}{{ m(e) }}", ["c", "d", "e"]],
    ["{% call(x) m(y) %}{{ x }}{{ z }}{% endcall %}", ["m()", "y", "z"]],
    ["{% set ns = namespace(a=b) %}{% set ns.a = c %}{{ ns.a }}", ["namespace()", "b", "c"]],
    ["{% block t %}{{ a }}{{ self.t() }}{% endblock %}", ["a"]],
    ["{% include name %}{% filter known(a) %}{{ b }}{% endfilter %}", ["name", "b", "a"]],
    ["{{ [a, {'k': b}, c if d else e] }}{% do f %}", ["a", "b", "d", "c", "e", "f"]],
  ])("%s reads %j", (source, expected) => {
    expect(paths(source)).toEqual(expected);
  });

  it("lists calls with literal arguments and points at computed ones", () => {
    expect(analyse("{{ secret('a') }}\n {{ secret(name, strict=true) }}").calls).toEqual([
      { name: "secret", args: [{ literal: true, value: "a" }], named: {}, spread: false, line: 1, column: 4 },
      {
        name: "secret",
        args: [{ literal: false }],
        named: { strict: { literal: true, value: true } },
        spread: false,
        line: 2,
        column: 5,
      },
    ]);
  });

  it("lists filters, tests and templates, and says which are unknown", () => {
    const { filters, tests, templates } = analyse(
      "{% if 1 %}{{ 1|known|nope(2) is odd }}{% endif %}{% include 'a' %}{% extends b %}",
    );
    expect(filters.map(({ name, known, column }) => [name, known, column])).toEqual([
      ["nope", false, 22],
      ["known", true, 16],
    ]);
    expect(tests.map(({ name, known }) => [name, known])).toEqual([["odd", true]]);
    expect(templates).toEqual([{ literal: true, value: "a" }, { literal: false }]);
  });

  it("lists each root once, in order", () => {
    expect(analyse("{{ b.x }}{{ a }}{{ b.y }}").roots).toEqual(["b", "a"]);
  });
});
