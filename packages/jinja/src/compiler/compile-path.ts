import type { Expr } from "../parser/nodes.ts";
import { isPlainObject } from "../runtime/dict.ts";
import type { RuntimeEnvironment } from "../runtime/runtime.ts";
import { MISSING } from "../runtime/values.ts";
import { readsMember } from "./compile-access.ts";

/** Reads a path out of the host's context; MISSING where the compiled expression must decide. */
export type ReadPath = (context: Readonly<Record<string, unknown>>) => unknown;

/**
 * Compiles `name.member.member`, which most expressions are, to a reader that needs no runtime: it answers where each step is
 * a member of plain host data and the end is text, a number, a truth value, none or such an object. Null for any other expression.
 */
export function compilePath(environment: RuntimeEnvironment, node: Expr): ReadPath | null {
  const members: string[] = [];
  let inner = node;
  while (inner.kind === "attribute") {
    if (!readsMember(environment, inner.name)) return null;
    members.unshift(inner.name);
    inner = inner.node;
  }
  if (inner.kind !== "name" || inner.name in Object.prototype) return null;
  const { name } = inner;
  const read: ReadPath = (context) => {
    let value = context[name];
    if (value === undefined || !Object.hasOwn(context, name)) return MISSING;
    for (let index = 0; index < members.length; index++) {
      if (!isPlainObject(value)) return MISSING;
      value = value[members[index] as string];
      if (value === undefined) return MISSING;
    }
    return isAnswer(value) ? value : MISSING;
  };
  return read;
}

/** Whether a value leaves a template as it is. */
function isAnswer(value: unknown): boolean {
  switch (typeof value) {
    case "string":
    case "number":
    case "boolean":
      return true;
    default:
      return value === null || isPlainObject(value);
  }
}
