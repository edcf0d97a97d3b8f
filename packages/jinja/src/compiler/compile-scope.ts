import type { Expr, Statement, Target } from "../parser/nodes.ts";
import type { Execute, Frame } from "../runtime/frame.ts";
import { listMembers } from "../runtime/iterate.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { fail, MISSING, Namespace, Undefined } from "../runtime/values.ts";
import { compileRawName, compileSlotRead } from "./compile-name.ts";
import type { Scope } from "./state.ts";
import type { Slot, Symbols } from "./symbols.ts";

/** Puts a value into the places of a target. */
export type Assign = (frame: Frame, value: unknown) => void;

/** Compiles a list of statements; handed around to keep the compiler's files free of cycles. */
export type CompileBody = (scope: Scope, body: readonly Statement[]) => Execute;

/** Makes the scope inside a statement with names of its own. */
export function innerScope(scope: Scope, symbols: Symbols): Scope {
  return { ...scope, symbols, toplevel: false, rootlevel: false, soft: false };
}

/** Compiles what happens when a scope is entered: slots get their first values. `null` when there is nothing to do. */
export function compileEnter(outer: Scope, symbols: Symbols): ((frame: Frame) => void) | null {
  const steps: ((frame: Frame) => void)[] = [];
  const scope: Scope = { ...outer, fn: symbols.scope };
  for (const [slot, load] of symbols.loads) {
    if (load.kind === "parameter") continue;
    const { index } = slot;
    if (load.kind === "undefined") {
      steps.push((frame) => {
        frame.slots[index] = MISSING;
      });
    } else if (load.kind === "alias") {
      const read = compileRawName({ ...scope, symbols: symbols.parent as Symbols }, load.name);
      steps.push((frame) => {
        frame.slots[index] = read(frame);
      });
    } else if (symbols.stores.has(load.name)) {
      const { name } = load;
      steps.push((frame) => {
        frame.slots[index] = frame.context.resolve(frame.rt, name);
      });
    }
  }
  const [only] = steps;
  if (only === undefined) return null;
  if (steps.length === 1) return only;
  return (frame) => {
    for (const step of steps) step(frame);
  };
}

/** Compiles an assignment. Targets always belong to the function that is being compiled. */
export function compileAssign(scope: Scope, target: Target | Expr): Assign {
  if (target.kind === "name") {
    const { index } = scope.symbols.findSlot(target.name) as Slot;
    return (frame, value) => {
      frame.slots[index] = value;
    };
  }
  if (target.kind === "namespace target") {
    const read = compileRawName(scope, target.name);
    const { attribute } = target;
    return (frame, value) => {
      const namespace = read(frame);
      if (!(namespace instanceof Namespace)) {
        throw fail("TemplateRuntimeError", "cannot assign attribute on non-namespace object");
      }
      frame.rt.allocate(32);
      namespace.members.set(attribute, value);
    };
  }
  return compileUnpack(scope, target as Extract<Expr, { kind: "tuple" }>);
}

function compileUnpack(scope: Scope, target: Extract<Expr, { kind: "tuple" }>): Assign {
  const parts = target.items.map((item) => compileAssign(scope, item));
  const wanted = parts.length;
  return (frame, value) => {
    const items = unpack(frame.rt, value);
    if (items.length < wanted) {
      throw fail("ValueError", `not enough values to unpack (expected ${wanted}, got ${items.length})`);
    }
    if (items.length > wanted) throw fail("ValueError", `too many values to unpack (expected ${wanted})`);
    for (let index = 0; index < wanted; index++) (parts[index] as Assign)(frame, items[index]);
  };
}

function unpack(rt: Runtime, value: unknown): readonly unknown[] {
  if (value instanceof Undefined && value.behaviour === "strict") throw value.failure();
  if (typeof value === "number" || typeof value === "boolean" || value === null) {
    throw fail(
      "TypeError",
      `cannot unpack non-iterable ${value === null ? "NoneType" : typeof value === "boolean" ? "bool" : "int"} object`,
    );
  }
  return listMembers(rt, value);
}

/** Compiles the reading of all names that are set here and around, for templates that are included. */
export function compileLocals(scope: Scope): (frame: Frame) => Map<string, unknown> {
  const reads = Array.from(scope.symbols.allStores(), ([name, slot]) => [name, compileSlotRead(scope, slot)] as const);
  return (frame) => {
    const values = new Map<string, unknown>();
    for (const [name, read] of reads) {
      const value = read(frame);
      if (value !== MISSING) values.set(name, value);
    }
    return values;
  };
}
