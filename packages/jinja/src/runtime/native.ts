import type { Native, Param, Runtime } from "./runtime.ts";
import { fail } from "./values.ts";

export type { Native, Param } from "./runtime.ts";

/** Settings of `native`. */
export interface NativeOptions {
  readonly named?: boolean;
  readonly seesUndefined?: boolean;
  readonly impure?: boolean;
}

/** Defines a function with fixed parameters. */
export function native(
  name: string,
  params: readonly Param[],
  run: (rt: Runtime, args: unknown[]) => unknown,
  options: NativeOptions = {},
): Native {
  const required = params.filter((param) => param.length === 1).length;
  return {
    name,
    params,
    required,
    named: options.named ?? true,
    run,
    variadic: null,
    seesUndefined: options.seesUndefined ?? false,
    impure: options.impure ?? false,
  };
}

/** Defines a method whose arguments cannot be given by name, as most of Python's built-in types have. */
export function method(name: string, params: readonly Param[], run: (rt: Runtime, args: unknown[]) => unknown): Native {
  return native(name, [["self"], ...params], run, { named: false });
}

/** Defines a function that looks at its arguments itself. */
export function variadic(
  name: string,
  run: (rt: Runtime, args: readonly unknown[], named: Map<string, unknown> | null) => unknown,
  options: NativeOptions = {},
): Native {
  return {
    name,
    params: [],
    required: 0,
    named: true,
    run: (rt, args) => run(rt, args, null),
    variadic: run,
    seesUndefined: options.seesUndefined ?? false,
    impure: options.impure ?? false,
  };
}

/** Calls a native with arguments as written; throws TypeError when they do not fit its parameters. */
export function callNative(
  rt: Runtime,
  target: Native,
  args: readonly unknown[],
  named: Map<string, unknown> | null,
): unknown {
  if (target.variadic !== null) return target.variadic(rt, args, named);
  return target.run(rt, bindArguments(target, args, named));
}

/** Puts arguments in the order of the parameters and fills in defaults. */
export function bindArguments(target: Native, args: readonly unknown[], named: Map<string, unknown> | null): unknown[] {
  const { params } = target;
  if (args.length > params.length) {
    throw fail("TypeError", `${target.name}() takes ${params.length} arguments but ${args.length} were given`);
  }
  const bound = args.slice();
  for (let index = args.length; index < params.length; index++) {
    const param = params[index] as Param;
    if (target.named && named?.has(param[0])) bound.push(named.get(param[0]));
    else if (param.length === 2) bound.push(param[1]);
    else throw fail("TypeError", `${target.name}() missing required argument: '${param[0]}'`);
  }
  if (named !== null) checkNames(target, args.length, named);
  return bound;
}

function checkNames(target: Native, positional: number, named: Map<string, unknown>): void {
  for (const name of named.keys()) {
    if (!target.named) throw fail("TypeError", `${target.name}() takes no keyword arguments`);
    const index = target.params.findIndex((param) => param[0] === name);
    if (index === -1) throw fail("TypeError", `${target.name}() got an unexpected keyword argument '${name}'`);
    if (index < positional) throw fail("TypeError", `${target.name}() got multiple values for argument '${name}'`);
  }
}

/** Makes a table of natives by name. */
export function nativeTable(...lists: readonly (readonly Native[])[]): ReadonlyMap<string, Native> {
  return new Map(lists.flat().map((item) => [item.name, item]));
}
