import { TemplateError } from "../errors.ts";
import { DICT_METHOD_NAMES } from "../methods/methods.ts";
import type { Expr, SliceNode } from "../parser/nodes.ts";
import { noSuchMember, readAttribute, readItem, readMemberFirst } from "../runtime/access.ts";
import { isPlainObject } from "../runtime/dict.ts";
import type { Evaluate } from "../runtime/frame.ts";
import type { RuntimeEnvironment } from "../runtime/runtime.ts";
import { sliceValue } from "../runtime/slice.ts";
import { MISSING, ObjectValue } from "../runtime/values.ts";
import { findOwnSlot } from "./compile-name.ts";
import { constant, withFolding } from "./fold.ts";
import type { Compiled, CompileState, Scope } from "./state.ts";

/**
 * Whether `.name` of plain host data is its member of that name. Names that Object.prototype knows are never read directly:
 * only own members of data are visible.
 */
export function readsMember({ membersFirst }: RuntimeEnvironment, name: string): boolean {
  return (membersFirst || (!DICT_METHOD_NAMES.has(name) && !name.startsWith("_"))) && !(name in Object.prototype);
}

/** Compiles `value.name`. */
export function compileAttribute(
  state: CompileState,
  scope: Scope,
  node: Extract<Expr, { kind: "attribute" }>,
): Compiled {
  const inner = state.compileExpression(scope, node.node);
  const { name } = node;
  const place = state.place(node.offset);
  const read = state.environment.membersFirst ? readMemberFirst : readAttribute;
  const direct = readsMember(state.environment, name);
  const owner = inner.evaluate;
  const slot = node.node.kind === "name" ? findOwnSlot(scope, node.node.name) : -1;
  const evaluate: Evaluate = (frame) => {
    let value = slot === -1 ? MISSING : frame.slots[slot];
    if (value === MISSING) value = owner(frame);
    if (typeof value === "object" && value !== null) {
      // Members of host objects are read directly, but for functions; everything else takes the long way.
      if (direct && isPlainObject(value)) {
        const member = value[name];
        if (member !== undefined && typeof member !== "function") return member;
      } else if (value instanceof ObjectValue) {
        const member = value.member(name);
        if (member !== MISSING) return member;
      }
    }
    frame.rt.at = place;
    return read(frame.rt, value, name);
  };
  return withFolding([inner], () => read(state.folding, inner.fold?.(), name), evaluate);
}

/** Compiles `value[key]` and slices. */
export function compileItem(state: CompileState, scope: Scope, node: Extract<Expr, { kind: "item" }>): Compiled {
  const inner = state.compileExpression(scope, node.node);
  if (node.key.kind === "slice") return compileSlice(state, scope, inner, node.key);
  if (node.key.kind === "tuple" && node.key.items.some((item) => item.kind === "slice")) {
    throw state.fail("a slice stands alone", node.key.offset);
  }
  const key = state.compileExpression(scope, node.key);
  const place = state.place(node.offset);
  const evaluate: Evaluate = (frame) => {
    const value = inner.evaluate(frame);
    const index = key.evaluate(frame);
    if (
      typeof index === "number" &&
      index >= 0 &&
      Array.isArray(value) &&
      index < value.length &&
      Number.isInteger(index)
    ) {
      const item: unknown = value[index];
      return item === undefined ? null : item;
    }
    frame.rt.at = place;
    return readItem(frame.rt, value, index);
  };
  return withFolding([inner, key], () => readItem(state.folding, inner.fold?.(), key.fold?.()), evaluate);
}

function compileSlice(state: CompileState, scope: Scope, inner: Compiled, node: SliceNode): Compiled {
  const bounds = [node.start, node.stop, node.step].map((bound) =>
    bound === null ? constant(null) : state.compileExpression(scope, bound),
  ) as [Compiled, Compiled, Compiled];
  const [start, stop, step] = bounds;
  const place = state.place(node.offset);
  const evaluate: Evaluate = (frame) => {
    const value = inner.evaluate(frame);
    const from = start.evaluate(frame);
    const to = stop.evaluate(frame);
    const by = step.evaluate(frame);
    frame.rt.at = place;
    return sliceValue(frame.rt, value, from, to, by);
  };
  const fold = (): unknown => {
    const value = inner.fold?.();
    try {
      return sliceValue(state.folding, value, start.fold?.(), stop.fold?.(), step.fold?.());
    } catch (error) {
      // Jinja2 folds a slice as an item, for which a wrong type gives undefined; when run, it is an error.
      if (error instanceof TemplateError && error.type === "TypeError")
        return noSuchMember(state.folding, value, "slice");
      throw error;
    }
  };
  return withFolding([inner, ...bounds], fold, evaluate);
}
