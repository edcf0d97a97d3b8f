import { type HostCallable, TemplateError } from "@junctor/jinja";
import jmespath from "jmespath";
import { readArgument, readText } from "./arguments.ts";

/** Looks a member up by JSON pointer (RFC 6901): `body | pointer('/items/0/id', default)`. */
const pointer: HostCallable = {
  budget: { steps: 20, inputBytes: 4 << 20, growth: 0, stepsPer64Bytes: 0 },
  call: ([value, ...args], named) => {
    const given = { args, named };
    const path = readText(given, 0, "path");
    if (path !== "" && !path.startsWith("/"))
      throw new TemplateError("ValueError", "a JSON pointer is empty or begins with /");
    const found = followPointer(value, path);
    return found === undefined ? readArgument(given, 1, "default") : found;
  },
};

function followPointer(value: unknown, path: string): unknown {
  let current = value;
  for (const part of path.split("/").slice(1)) {
    const key = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(current)) current = /^(?:0|[1-9][0-9]*)$/.test(key) ? current[Number(key)] : undefined;
    else if (typeof current === "object" && current !== null && Object.hasOwn(current, key))
      current = Reflect.get(current, key);
    else return undefined;
  }
  return current;
}

const LONGEST_EXPRESSION = 1000;
const KEPT_EXPRESSIONS = 500;

/** Is a checked expression; `growth` bounds how many times larger than its input a result can be. */
interface Checked {
  readonly nodes: number;
  readonly growth: number;
}

const checked = new Map<string, Checked>();

/** Selects with a JMESPath expression: `body | jmespath('items[?active].id')`. Nothing found gives null. */
const select: HostCallable = {
  budget: { steps: 50, inputBytes: 4 << 20, growth: 1 },
  call: ([value, ...args], named, { allocate, spend }) => {
    const expression = readText({ args, named }, 0, "expression");
    const { nodes, growth } = checkExpression(expression);
    const size = JSON.stringify(value)?.length ?? 0;
    allocate(size * growth);
    spend((nodes * size * growth) >> 6);
    try {
      return jmespath.search(value, expression) as unknown;
    } catch (error) {
      throw new TemplateError(
        "ValueError",
        `jmespath: ${error instanceof Error ? error.message : "invalid expression"}`,
      );
    }
  },
};

function checkExpression(expression: string): Checked {
  const known = checked.get(expression);
  if (known !== undefined) return known;
  if (expression.length > LONGEST_EXPRESSION) {
    throw new TemplateError("ValueError", `jmespath: the expression is longer than ${LONGEST_EXPRESSION} characters`);
  }
  let tree: unknown;
  try {
    tree = (jmespath as unknown as { compile: (text: string) => unknown }).compile(expression);
  } catch (error) {
    throw new TemplateError("ValueError", `jmespath: ${error instanceof Error ? error.message : "invalid expression"}`);
  }
  const result = measureTree(tree);
  if (checked.size >= KEPT_EXPRESSIONS) checked.clear();
  checked.set(expression, result);
  return result;
}

/** Counts nodes and multiplies the widths of multi-selects, each of which can repeat its input so many times. */
function measureTree(node: unknown): Checked {
  if (typeof node !== "object" || node === null) return { nodes: 0, growth: 1 };
  const { type, children } = node as { readonly type?: string; readonly children?: readonly unknown[] };
  const value: unknown = Reflect.get(node, "value");
  const inner = [...(children ?? []), value].map(measureTree);
  const width = type === "MultiSelectList" || type === "MultiSelectHash" ? Math.max(1, children?.length ?? 1) : 1;
  return {
    nodes: inner.reduce((sum, part) => sum + part.nodes, 1),
    growth: inner.reduce((product, part) => product * part.growth, width),
  };
}

/** Filters that look members up. */
export const LOOKUP_FILTERS: Readonly<Record<string, HostCallable>> = { pointer, jmespath: select };
