import { describe, expect, it } from "vitest";
import { createEnvironment, defineFunction, Float, markSafe, parseJson, TemplateError } from "./index.ts";

const values = createEnvironment({ semantics: { propagateUndefined: true, membersFirst: true, jsonPrinting: true } });
const CONTEXT = {
  input: { isbn: "978", quantity: 2, note: null, list: [1, 2], flag: true, body: { items: [7], keys: "k" } },
};

describe("values of connector definitions", () => {
  it.each<[string, unknown]>([
    ["{{ input.isbn }}", "978"],
    ["{{ input.quantity + 1 }}", 3],
    ["{{ input.note }}", null],
    ["{{ input.list }}", [1, 2]],
    ["{{ input.body.items }}", [7]],
    ["{{ input.body.keys }}", "k"],
    ["{{ input.body.values() | list | length }}", 2],
    ["{{ input.nope }}", undefined],
    ["{{ input.nope.deeper['x'][0] }}", undefined],
    ["{{ input.nope + 1 }}", undefined],
    ["{{ 1 + input.nope }}", undefined],
    ["{{ -input.nope }}", undefined],
    ["{{ 'a' ~ input.nope }}", undefined],
    ["{{ input.nope == 1 }}", undefined],
    ["{{ input.nope | upper | length }}", undefined],
    ["{{ input.nope.call(1) }}", undefined],
    ["{{ input.nope[1:] }}", undefined],
    ["{{ input.isbn if input.nope }}", undefined],
    ["{{ input.nope | default('d') }}", "d"],
    ["{{ input.nope is defined }}", false],
    ["{{ input.nope or 'x' }}", "x"],
    ["{{ not input.nope }}", true],
    ["{{ 2.5 * 2 }}", 5],
    ["{{ {'a': 1.0, 'b': (1, 2)} }}", { a: 1, b: [1, 2] }],
    ["{{ range(3) | map('string') }}", ["0", "1", "2"]],
    ["{{ '<b>' | safe }}", "<b>"],
  ])("%s is %j", (template, expected) => {
    expect(values.compile(template).evaluate(CONTEXT)).toEqual(expected);
  });

  it("are bigints where a number would lose digits", () => {
    expect(values.compile("{{ 2 ** 60 }}").evaluate({})).toBe(2n ** 60n);
  });

  it.each([
    ["a{{ input.flag }}b", "atrueb"],
    ["a{{ input.note }}b", "ab"],
    ["a{{ 1.0 }}b{{ 1.5 }}", "a1b1.5"],
    ["{% for x in input.nope %}x{% endfor %}.", "."],
    ["{% if input.nope == 1 %}x{% endif %}.", "."],
  ])("%s prints %s", (template, expected) => {
    expect(values.compile(template).render(CONTEXT)).toBe(expected);
  });

  it.each([
    ["a{{ input.nope }}", "UndefinedError"],
    ["a{{ input.list }}", "TypeError"],
    ["a{{ input.body }}", "TypeError"],
  ])("%s is refused in text", (template, type) => {
    expect(() => values.compile(template).render(CONTEXT)).toThrow(expect.objectContaining({ type }) as TemplateError);
  });

  it("encodes each interpolation for its place, and leaves the choice about safe text to the place", () => {
    const encode = (value: unknown, safe: boolean): string =>
      safe ? `safe:${value}` : encodeURIComponent(String(value));
    const template = values.compile("/a/{{ x }}/{{ x | safe }}{% if x %}/{{ n }}{% endif %}", { encode });
    expect(template.render({ x: "b/c", n: 1 })).toBe("/a/b%2Fc/safe:b/c/1");
  });

  it("tells a literal, a single expression and text apart", () => {
    expect(
      ["a b", "{{ a }}", " {{ a }}", "{{ a }}{{ b }}", "{% raw %}{{ a }}{% endraw %}"].map(
        (source) => values.compile(source).kind,
      ),
    ).toEqual(["literal", "expression", "text", "text", "text"]);
  });
});

describe("data of the host", () => {
  it("is never changed, and a change is seen inside the template", () => {
    const context = { list: [1], object: { a: [1] } };
    const template = createEnvironment().compile(
      "{% do list.append(2) %}{% do object.a.append(3) %}{{ list }}{{ object.a }}",
    );
    expect([template.render(context), template.render(context)]).toEqual(["[1, 2][1, 3]", "[1, 2][1, 3]"]);
    expect(context).toEqual({ list: [1], object: { a: [1] } });
  });

  it("comes back as the very object that went in", () => {
    const object = { a: 1 };
    expect(createEnvironment().compile("{{ x }}").evaluate({ x: object })).toBe(object);
  });

  it("keeps whole floats, long integers and the order of keys when it is parsed here", () => {
    const context = { data: parseJson('{"2": 1.0, "1": 12345678901234567890, "f": 1e400, "n": -0.0}') };
    expect(createEnvironment().compile("{{ data }}").render(context)).toBe(
      "{'2': 1.0, '1': 12345678901234567890, 'f': inf, 'n': -0.0}",
    );
  });

  it("may hold floats, safe text, maps, bytes and functions of the host", () => {
    const context = {
      float: new Float(2),
      safe: markSafe("<b>"),
      map: new Map<unknown, unknown>([[1, "x"]]),
      bytes: new Uint8Array([104, 105]),
      user: { field: defineFunction("field", { call: ([id]) => `field ${id}` }) },
    };
    const template = createEnvironment({ autoescape: true }).compile(
      "{{ float }} {{ safe }} {{ map[1] }} {{ bytes.decode() }} {{ user.field(7) }}",
    );
    expect(template.render(context)).toBe("2.0 <b> x hi field 7");
  });
});

describe("functions of the host", () => {
  const environment = createEnvironment({
    functions: {
      secret: { call: ([name], _named, { host }) => (host as Map<string, string>).get(String(name)) },
      fails: {
        call: () => {
          throw new Error("no luck");
        },
      },
    },
    filters: { shout: { call: ([text], { mark = "!" }) => `${text}${mark}`, budget: { inputBytes: 10 } } },
    tests: { long: { call: ([text, size]) => String(text).length > Number(size) } },
  });

  it("get native arguments and the state of the call", () => {
    expect(
      environment
        .compile("{{ secret('a') }}{{ 'x'|shout(mark='?') }}{{ 'abc' is long(2) }}")
        .render({}, { host: new Map([["a", "s"]]) }),
    ).toBe("sx?True");
  });

  it.each([
    ["{{ 'a long text'|shout }}", "LimitError"],
    ["{{ fails() }}", "TemplateRuntimeError"],
    ["{{ fails.__globals__.x }}", "UndefinedError"],
  ])("%s ends with %s", (template, type) => {
    expect(() => environment.compile(template).render()).toThrow(expect.objectContaining({ type }) as TemplateError);
  });
});

describe("errors", () => {
  const failure = (source: string, context = {}): TemplateError => {
    try {
      createEnvironment().compile(source, { name: "body" }).render(context);
    } catch (error) {
      if (error instanceof TemplateError) return error;
    }
    throw new Error("no error");
  };

  it.each([
    ["a\n{{ user.nope.x }}", "UndefinedError", 2, 14],
    ["{{ 1 +\n   'a' }}", "TypeError", 1, 6],
    ["{% if x %}", "TemplateSyntaxError", 1, 11],
    ["{{ 'a'|nope }}", "TemplateAssertionError", 1, 8],
    ["{% for i in 5 %}{% endfor %}", "TypeError", 1, 13],
  ])("%j is a %s in line %i, column %i", (source, type, line, column) => {
    const { templateName, ...error } = failure(source, { user: {} });
    expect({ templateName, type: error.type, line: error.line, column: error.column }).toEqual({
      templateName: "body",
      type,
      line,
      column,
    });
  });

  it("show the line with a caret", () => {
    expect(failure("a {{ user.nope.x }} b", { user: {} }).excerpt).toBe("a {{ user.nope.x }} b\n               ^");
  });
});

describe("includes, imports and inheritance", () => {
  const sources: Record<string, string> = {
    base: "<{% block title %}base{% endblock %}|{% block body %}{% endblock %}>",
    child: "{% extends 'base' %}{% set x = 1 %}{% block title %}child {{ super() }}{{ x }}{% endblock %}dropped",
    grandchild: "{% extends 'child' %}{% block body %}{{ self.title() }}{% endblock %}",
    part: "[{{ user }}{{ x }}]",
    forms: "{% macro input(name) %}<{{ name }}{{ user }}>{% endmacro %}{% set version = 3 %}{% set _hidden = 4 %}",
    loop: "{% include 'loop' %}",
  };
  const environment = createEnvironment({ loader: (name) => sources[name] });
  const render = (source: string): string => environment.compile(source).render({ user: "ada", name: "part" });

  it.each([
    ["{% include 'part' %}", "[ada]"],
    ["{% set x = 1 %}{% include name %}", "[ada1]"],
    ["{% for x in [1, 2] %}{% include 'part' %}{% endfor %}", "[ada1][ada2]"],
    ["{% include 'part' without context %}", "[]"],
    ["{% include 'nope' ignore missing %}.", "."],
    ["{% include ['nope', 'part'] %}", "[ada]"],
    ["{% import 'forms' as f %}{{ f.input('x') }}{{ f.version }}[{{ f._hidden }}]", "<x>3[]"],
    ["{% import 'forms' as f with context %}{{ f.input('x') }}", "<xada>"],
    ["{% from 'forms' import input as i, version %}{{ i('y') }}{{ version }}", "<y>3"],
    ["{% extends 'base' %}{% block body %}b{% endblock %}", "<base|b>"],
    ["{% extends 'child' %}", "<child base1|>"],
    ["{% extends 'grandchild' %}", "<child base1|child base1>"],
  ])("%s gives %s", (source, expected) => {
    expect(render(source)).toBe(expected);
  });

  it.each([
    ["{% include 'nope' %}", "TemplateNotFound"],
    ["{% include ['a', 'b'] %}", "TemplatesNotFound"],
    ["{% include 'loop' %}", "RecursionError"],
    ["{% from 'forms' import nope %}{{ nope.x }}", "UndefinedError"],
  ])("%s ends with %s", (source, type) => {
    expect(() => render(source)).toThrow(expect.objectContaining({ type }) as TemplateError);
  });

  it("fail clearly without a loader", () => {
    expect(() => createEnvironment().compile("{% include 'a' %}").render()).toThrow(/no loader/);
  });
});
