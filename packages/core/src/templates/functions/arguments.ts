import { TemplateError } from "@junctor/jinja";

/** Arguments of a host call, read by position or by name. */
export interface Arguments {
  readonly args: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
}

/** Gives the argument at `index`, else the one called `name`, else `undefined`. */
export function readArgument({ args, named }: Arguments, index: number, name: string): unknown {
  return index < args.length ? args[index] : named[name];
}

/** Reads a text argument. Throws TypeError when it is missing and has no fallback, or is no text. */
export function readText(given: Arguments, index: number, name: string, fallback?: string): string {
  const value = readArgument(given, index, name) ?? fallback;
  if (typeof value === "string") return value;
  throw new TemplateError("TypeError", `${name} must be a text, not ${describe(value)}`);
}

/** Reads a number argument. */
export function readNumber(given: Arguments, index: number, name: string, fallback?: number): number {
  const value = readArgument(given, index, name) ?? fallback;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  throw new TemplateError("TypeError", `${name} must be a number, not ${describe(value)}`);
}

/** Reads one of a few words. */
export function readWord<T extends string>(given: Arguments, index: number, name: string, words: readonly T[]): T {
  const value = readArgument(given, index, name) ?? words[0];
  const found = words.find((word) => word === value);
  if (found === undefined) throw new TemplateError("ValueError", `${name} must be one of ${words.join(", ")}`);
  return found;
}

/** Reads an argument that must be an object. */
export function readObject(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new TemplateError("TypeError", `${name} must be an object, not ${describe(value)}`);
}

/** Tells whether a value is an object and no list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Names the kind of a value without showing it. */
export function describe(value: unknown): string {
  if (value === undefined) return "undefined";
  if (value === null) return "null";
  return Array.isArray(value) ? "a list" : typeof value === "object" ? "an object" : `a ${typeof value}`;
}
