import type { HostCallable } from "../types.ts";

/** Is a float with a whole value (1.0, -0.0, 1e3), which a JavaScript number cannot tell from an int. */
export class Float {
  readonly value: number;
  constructor(value: number) {
    this.value = value;
  }
}

/** Is text that is already escaped for the place where it lands, as `safe` makes it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Is a callable that may stand anywhere in a context, such as `user.profile_fields.by_id`. Make it with `defineFunction`. */
export class HostFunction {
  readonly name: string;
  readonly callable: HostCallable;
  constructor(name: string, callable: HostCallable) {
    this.name = name;
    this.callable = callable;
  }
}

/** Makes a callable that may stand anywhere in a context; plain JavaScript functions in a context cannot be called. */
export function defineFunction(name: string, callable: HostCallable): HostFunction {
  return new HostFunction(name, callable);
}

/** Marks text as ready for the place where it lands, so that neither autoescape nor `encode` touches it. */
export function markSafe(text: string): Markup {
  return new Markup(text);
}
