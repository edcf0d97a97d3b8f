import { hasSurrogates, splitCharacters } from "../text/characters.ts";
import { asSliceBound } from "./arguments.ts";
import { isDict } from "./dict.ts";
import { Markup } from "./host-values.ts";
import { bytesMembers } from "./iterate.ts";
import type { Runtime } from "./runtime.ts";
import { hostObjectError, isKnownValue, typeName } from "./type-names.ts";
import { fail, Range, Tuple, Undefined } from "./values.ts";

/** Applies Python's `value[start:stop:step]`. */
export function sliceValue(rt: Runtime, value: unknown, start: unknown, stop: unknown, step: unknown): unknown {
  if (typeof value === "string") return sliceText(rt, value, start, stop, step);
  if (value instanceof Markup) return new Markup(sliceText(rt, value.text, start, stop, step));
  if (Array.isArray(value)) return sliceItems(rt, value, start, stop, step);
  if (value instanceof Tuple) return new Tuple(sliceItems(rt, value.items, start, stop, step));
  if (value instanceof Uint8Array)
    return Uint8Array.from(sliceItems(rt, bytesMembers(rt, value), start, stop, step) as number[]);
  if (value instanceof Range) return sliceRange(value, start, stop, step);
  if (value instanceof Undefined) {
    if (value.behaviour === "chainable" || value.behaviour === "propagate") return value;
    throw value.failure();
  }
  if (!isKnownValue(value)) throw hostObjectError();
  if (isDict(value)) throw fail("TypeError", "unhashable type: 'slice'");
  throw fail("TypeError", `'${typeName(value)}' object is not subscriptable`);
}

/** Is a slice in terms of one sequence. */
interface Span {
  readonly first: number;
  /** Where the slice was asked to end, which only a range shows. */
  readonly end: number;
  readonly step: number;
  readonly count: number;
}

function resolveSpan(length: number, start: unknown, stop: unknown, step: unknown): Span {
  const stride = asSliceBound(step) ?? 1;
  if (stride === 0) throw fail("ValueError", "slice step cannot be zero");
  const low = stride < 0 ? -1 : 0;
  const high = stride < 0 ? length - 1 : length;
  const place = (bound: number | null, fallback: number): number => {
    if (bound === null) return fallback;
    return bound < 0 ? Math.max(low, bound + length) : Math.min(high, bound);
  };
  const first = place(asSliceBound(start), stride < 0 ? high : low);
  const end = place(asSliceBound(stop), stride < 0 ? low : high);
  const distance = stride < 0 ? first - end : end - first;
  return { first, end, step: stride, count: distance <= 0 ? 0 : Math.ceil(distance / Math.abs(stride)) };
}

function sliceItems(rt: Runtime, items: readonly unknown[], start: unknown, stop: unknown, step: unknown): unknown[] {
  const span = resolveSpan(items.length, start, stop, step);
  rt.allocate(span.count * 8);
  rt.spend(span.count >> 4);
  if (span.step === 1) return items.slice(span.first, span.first + span.count);
  return Array.from({ length: span.count }, (_, index) => items[span.first + index * span.step]);
}

function sliceText(rt: Runtime, text: string, start: unknown, stop: unknown, step: unknown): string {
  if (hasSurrogates(text)) return sliceItems(rt, splitCharacters(text), start, stop, step).join("");
  const span = resolveSpan(text.length, start, stop, step);
  rt.allocate(span.count);
  rt.spend(span.count >> 4);
  if (span.step === 1) return text.slice(span.first, span.first + span.count);
  let result = "";
  for (let index = 0; index < span.count; index++) result += text.charAt(span.first + index * span.step);
  return result;
}

function sliceRange(range: Range, start: unknown, stop: unknown, step: unknown): Range {
  const span = resolveSpan(range.length, start, stop, step);
  return new Range(range.start + span.first * range.step, range.start + span.end * range.step, range.step * span.step);
}
