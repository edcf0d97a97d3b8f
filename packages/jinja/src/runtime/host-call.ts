import { TemplateError } from "../errors.ts";
import type { HostCallable } from "../types.ts";
import { emptyValue } from "./access.ts";
import { copyHostValue } from "./copy.ts";
import { dictEntries, isDict } from "./dict.ts";
import { exportValue } from "./export.ts";
import { Markup } from "./host-values.ts";
import type { Runtime } from "./runtime.ts";
import { fail, Tuple, Undefined } from "./values.ts";

const DEFAULT_STEPS = 20;
const DEFAULT_INPUT_BYTES = 1 << 20;

/** Calls a function of the host within its declared budget; the size of the arguments is charged before the call. */
export function callHost(
  rt: Runtime,
  name: string,
  callable: HostCallable,
  args: readonly unknown[],
  named: Map<string, unknown> | null,
): unknown {
  const [first] = args;
  if (callable.seesUndefined !== true && first instanceof Undefined && first.behaviour === "propagate") return first;
  chargeArguments(rt, name, callable, args, named);
  const native = callable.values !== "template";
  const convert = (value: unknown): unknown => (native ? exportValue(rt, value) : value);
  const names: Record<string, unknown> = Object.create(null);
  for (const [key, value] of named ?? []) names[key] = convert(value);
  const result = callSafely(rt, name, callable, args.map(convert), names);
  if (result === undefined) return emptyValue(rt, `${name}() gave no value`);
  return rt.copying === null ? result : copyHostValue(rt, result);
}

function callSafely(
  rt: Runtime,
  name: string,
  callable: HostCallable,
  args: readonly unknown[],
  named: Readonly<Record<string, unknown>>,
): unknown {
  // Named first, see `ObjectValue`.
  const allocate = (bytes: number): void => rt.allocate(bytes);
  const spend = (steps: number): void => rt.spend(steps);
  try {
    return callable.call(args, named, { name, host: rt.host, autoescape: rt.autoescape, allocate, spend });
  } catch (error) {
    if (error instanceof TemplateError) throw error;
    const reason = error instanceof Error ? error.message : "the call failed";
    throw new TemplateError("TemplateRuntimeError", `${name}: ${reason}`, { cause: error });
  }
}

function chargeArguments(
  rt: Runtime,
  name: string,
  callable: HostCallable,
  args: readonly unknown[],
  named: Map<string, unknown> | null,
): void {
  const budget = callable.budget;
  const limit = budget?.inputBytes ?? DEFAULT_INPUT_BYTES;
  let size = 0;
  for (const arg of args) size += measure(rt, arg, limit - size);
  for (const arg of named?.values() ?? []) size += measure(rt, arg, limit - size);
  if (size > limit) throw fail("LimitError", `${name}: the arguments are larger than ${limit} bytes`);
  rt.spend((budget?.steps ?? DEFAULT_STEPS) + (budget?.stepsPer64Bytes ?? 1) * (size >> 6));
  rt.allocate(size * (budget?.growth ?? 2));
}

/** Estimates the size of a value in bytes, giving up once it is beyond `limit`. */
function measure(rt: Runtime, value: unknown, limit: number): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 8;
  if (value instanceof Markup) return value.text.length;
  if (value instanceof Uint8Array) return value.length;
  const isList = Array.isArray(value) || value instanceof Tuple;
  if (!isList && !isDict(value)) return 16;
  rt.enter();
  let size = 16;
  const members: readonly unknown[] = isList
    ? value instanceof Tuple
      ? value.items
      : value
    : dictEntries(value).flat();
  rt.spend(members.length >> 2);
  for (const member of members) {
    size += measure(rt, member, limit - size);
    if (size > limit) break;
  }
  rt.depth--;
  return size;
}
