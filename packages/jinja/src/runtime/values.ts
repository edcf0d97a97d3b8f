import { TemplateError, type TemplateErrorType } from "../errors.ts";
import type { Runtime, UndefinedBehaviour } from "./runtime.ts";

export type { UndefinedBehaviour } from "./runtime.ts";

/** Marks the absence of a value where `undefined` and `null` are values. */
export const MISSING: unique symbol = Symbol("missing");

/** Is a Python tuple. */
export class Tuple {
  readonly items: readonly unknown[];
  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** Is the value of a name or member that does not exist; knows how to say so. */
export class Undefined {
  readonly behaviour: UndefinedBehaviour;
  readonly reason: string;
  readonly type: TemplateErrorType;
  constructor(behaviour: UndefinedBehaviour, reason: string, type: TemplateErrorType = "UndefinedError") {
    this.behaviour = behaviour;
    this.reason = reason;
    this.type = type;
  }

  /** Makes the error that using this value gives. */
  failure(): TemplateError {
    return new TemplateError(this.type, this.reason);
  }
}

/** Is a `range`; its members are computed on demand. */
export class Range {
  readonly start: number;
  readonly stop: number;
  readonly step: number;
  readonly length: number;
  constructor(start: number, stop: number, step: number) {
    this.start = start;
    this.stop = stop;
    this.step = step;
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }
}

/** Is a lazy sequence that can be read once, as filters such as `map` and `select` give. */
export class Generator {
  readonly name: string;
  readonly iterator: Iterator<unknown>;
  constructor(name: string, iterator: Iterator<unknown>) {
    this.name = name;
    this.iterator = iterator;
  }
}

/** Is the live result of `dict.keys()`, `values()` or `items()`. */
export class DictView {
  readonly kind: "keys" | "values" | "items";
  readonly dict: object;
  constructor(kind: "keys" | "values" | "items", dict: object) {
    this.kind = kind;
    this.dict = dict;
  }
}

/** Is the value of `namespace()`: attributes that `set ns.x = …` may change. */
export class Namespace {
  readonly members = new Map<string, unknown>();
}

/** Receives the arguments of a call: positional ones, and named ones or `null`. */
export type NativeCall = (rt: Runtime, args: readonly unknown[], named: Map<string, unknown> | null) => unknown;

/** Is a callable of the language itself: a bound method, a global such as `range`, a macro, `caller`, `loop`. */
export class Callable {
  readonly name: string;
  readonly invoke: NativeCall;
  /** How Python would print it. */
  readonly shown: string;
  constructor(name: string, shown: string, invoke: NativeCall) {
    this.name = name;
    this.shown = shown;
    this.invoke = invoke;
  }
}

/**
 * Is a callable that also has readable members, as `loop`, `cycler` and macros do. Where one is made at each run, name its functions
 * first: V8 allocates those that are written right into a property in the old space, where they keep all of a render alive.
 */
export class ObjectValue {
  readonly typeName: string;
  /** Reads a member; MISSING when there is none. */
  readonly member: (name: string) => unknown;
  readonly invoke: NativeCall | null;
  readonly shown: () => string;
  readonly length: (() => number) | null;
  readonly iterate: (() => Iterator<unknown>) | null;
  constructor(
    typeName: string,
    parts: {
      member: (name: string) => unknown;
      shown: () => string;
      invoke?: NativeCall;
      length?: () => number;
      iterate?: () => Iterator<unknown>;
    },
  ) {
    this.typeName = typeName;
    this.member = parts.member;
    this.shown = parts.shown;
    this.invoke = parts.invoke ?? null;
    this.length = parts.length ?? null;
    this.iterate = parts.iterate ?? null;
  }
}

/** Makes an error of one of Python's types. */
export function fail(type: TemplateErrorType, message: string): TemplateError {
  return new TemplateError(type, message);
}
