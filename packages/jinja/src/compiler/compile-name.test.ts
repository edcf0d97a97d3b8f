import { describe, expect, it } from "vitest";
import { createEnvironment } from "../index.ts";

const render = (template: string): string => createEnvironment().compile(template).render({ x: "X", n: 2 });

describe("names", () => {
  // What Python's Jinja2 gives.
  it.each([
    ["read again behind a loop over the same name", "{{ x }}{% for x in [1, 2] %}{{ x }}{% endfor %}{{ x }}", "X12X"],
    [
      "read in a loop beside a loop that binds it",
      "{% for x in [1] %}{{ x }}{% endfor %}{% for y in [1, 2] %}{{ x }}{{ y }}{% endfor %}",
      "1X1X2",
    ],
    ["read in a loop and set behind it", "{% for i in [1, 2] %}{{ x }}{% endfor %}{% set x = 'new' %}{{ x }}", "new"],
    [
      "set in one branch only",
      "{% for i in [1, 2] %}{% if i == 2 %}{% set x = 'new' %}{% endif %}{{ x }}{% endfor %}{{ x }}",
      "XnewX",
    ],
    [
      "missing, again and again",
      "{% for i in [1, 2] %}{{ gone is defined }}{{ gone | default('-') }}{% endfor %}{{ gone }}",
      "False-False-",
    ],
    [
      "in a macro called twice",
      "{% macro m(a) %}{{ x }}{{ a }}{{ x }}{% endmacro %}{{ m(1) }}{{ x }}{{ m(2) }}",
      "X1XXX2X",
    ],
    ["in a macro that sets it", "{% macro m() %}{% set x = 1 %}{{ x }}{% endmacro %}{{ m() }}{{ x }}{{ m() }}", "1X1"],
    [
      "in a block within a loop",
      "{% for i in [1, 2] %}{% block b scoped %}{{ i }}{{ x }}{% endblock %}{% endfor %}{{ x }}",
      "1X2XX",
    ],
    [
      "in a recursive loop",
      "{% for t in [[1, []], [2, [[3, []]]]] recursive %}{{ x }}{{ t[0] }}{{ loop(t[1]) }}{% endfor %}",
      "X1X2X3",
    ],
    ["in the filter of a loop", "{% for i in [1, 2, 3] if i != n %}{{ n }}{{ i }}{% endfor %}", "2123"],
    ["in a with", "{% with x = 'w' %}{{ x }}{{ n }}{% endwith %}{{ x }}{{ n }}", "w2X2"],
  ])("are what the place sees: %s", (_, template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it.each([
    ["{% for i in [1, 2] %}{{ ｌｏｏｐ.index }}{% endfor %}", "12"],
    ["{% for i in [1, 2] %}{{ i }}{% ｂｒｅａｋ %}{% endfor %}", "1"],
    ["{% block b %}{{ x }}{% endblock %}{{ ｓｅｌｆ.b() }}", "XX"],
  ])("may be written in compatibility letters: %s", (template, expected) => {
    expect(render(template)).toBe(expected);
  });

  it("hold what the context holds at each render", () => {
    const template = createEnvironment().compile("{{ x }}{% for i in [1, 2] %}{{ x }}{% endfor %}");
    expect([template.render({ x: 1 }), template.render({ x: 2 }), template.render({})]).toEqual(["111", "222", ""]);
  });
});
