import { notCallable } from "./access.ts";
import { callHost } from "./host-call.ts";
import { HostFunction } from "./host-values.ts";
import type { Runtime } from "./runtime.ts";
import { Callable, ObjectValue, Undefined } from "./values.ts";

/** Calls a value. Throws TypeError, UndefinedError or SecurityError for what cannot be called. */
export function callValue(
  rt: Runtime,
  callee: unknown,
  args: readonly unknown[],
  named: Map<string, unknown> | null,
): unknown {
  rt.spend(5);
  if (callee instanceof Callable) return callee.invoke(rt, args, named);
  if (callee instanceof ObjectValue && callee.invoke !== null) return callee.invoke(rt, args, named);
  if (callee instanceof HostFunction) return callHost(rt, callee.name, callee.callable, args, named);
  if (callee instanceof Undefined && callee.behaviour === "propagate") return callee;
  throw notCallable(callee);
}
