import { describe, expect, it } from "vitest";
import { createEnvironment } from "../environment.ts";
import { Float } from "../runtime/host-values.ts";

/** Everything that a path may meet on its way. */
const context = {
  text: "a",
  number: 1.5,
  none: null,
  no: false,
  list: [1, { a: 1 }],
  big: 2n ** 70n,
  float: new Float(2),
  bare: Object.assign(Object.create(null), { a: 1 }),
  made: new Date(0),
  deep: { a: { b: { c: "end" } }, items: "hidden", keys: 1, _own: 1, constructor: 1, toString: "x", gone: undefined },
  run: () => 1,
  object: { run: () => 1, list: [1] },
};

const sources = [
  ..."text number none no list big float bare made deep run object absent constructor toString".split(" "),
  ..."deep.a deep.a.b deep.a.b.c deep.a.b.c.d deep.items deep.keys deep._own deep.constructor deep.toString".split(" "),
  ..."deep.gone deep.absent deep.absent.more text.upper text.absent none.a list.a bare.a bare.b made.getTime".split(
    " ",
  ),
  ..."object.run object.list big.a float.a number.real dict range.a".split(" "),
];

/** What an expression gives by way of the compiled code, which is told by a parenthesis that changes nothing else. */
const outcome = (evaluate: () => unknown): unknown => {
  try {
    return { value: evaluate() };
  } catch (error) {
    return { error: String(error) };
  }
};

describe.each([
  ["Jinja2", {}],
  ["strict", { undefined: "strict" }],
  ["values first", { semantics: { propagateUndefined: true, membersFirst: true, jsonPrinting: true } }],
] as const)("a path gives what any expression would (%s)", (_, options) => {
  const environment = createEnvironment(options);
  it.each(sources)("%s", (source) => {
    const long = `[${source}][0]`;
    const expected = outcome(() => environment.compileExpression(long).evaluate(context));
    expect(outcome(() => environment.compileExpression(source).evaluate(context))).toEqual(expected);
    expect(outcome(() => environment.compile(`{{ ${source} }}`).evaluate(context))).toEqual(expected);
  });
});

describe("a path", () => {
  const environment = createEnvironment();
  it("gives an object of the host itself", () => {
    expect(environment.compileExpression("deep.a").evaluate(context)).toBe(context.deep.a);
  });
  it("reads what is there each time", () => {
    const path = environment.compileExpression("a.b");
    const contexts = [{ a: { b: 1 } }, { a: { b: 2 } }, { a: {} }];
    expect(contexts.map((each) => path.evaluate(each))).toEqual([1, 2, undefined]);
    expect(() => path.evaluate({})).toThrow("'a' is undefined");
  });
  it("does not read what a context inherits", () => {
    const inheriting = Object.create({ a: { b: 1 } }) as Record<string, unknown>;
    expect(() => environment.compileExpression("a.b").evaluate(inheriting)).toThrow("'a' is undefined");
  });
});
