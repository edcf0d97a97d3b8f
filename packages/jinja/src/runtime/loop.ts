import { bindMethod, emptyValue } from "./access.ts";
import { areEqual } from "./compare.ts";
import { iteratorOf, membersOf } from "./iterate.ts";
import { method } from "./native.ts";
import type { Runtime } from "./runtime.ts";
import { fail, MISSING, type NativeCall, ObjectValue } from "./values.ts";

/** Runs the body of a recursive loop over other data, one level deeper. */
export type Recurse = (value: unknown, depth0: number) => unknown;

/**
 * Is the state of a loop that uses `loop`: where it is, and one element ahead. Lists are read in place; lazy sequences are read
 * element by element until something asks for the length.
 */
export class Loop {
  private readonly rt: Runtime;
  private items: readonly unknown[] | null;
  private readonly iterator: Iterator<unknown> | null;
  private readonly depth0: number;
  private ahead: unknown = MISSING;
  private current: unknown = MISSING;
  private before: unknown = MISSING;
  private position = 0;
  private lastChanged: readonly unknown[] | null = null;
  index0 = -1;
  readonly value: ObjectValue;

  constructor(rt: Runtime, iterable: unknown, depth0: number, recurse: Recurse | null) {
    this.rt = rt;
    this.items = membersOf(rt, iterable);
    this.iterator = this.items === null ? iteratorOf(rt, iterable) : null;
    this.depth0 = depth0;
    const member = (name: string): unknown => this.member(name);
    const shown = (): string => `<LoopContext ${this.index0 + 1}/${this.length}>`;
    const length = (): number => this.length;
    const invoke: NativeCall = (_rt, args) => {
      if (recurse === null) {
        throw fail("TypeError", "The loop must have the 'recursive' marker to be called recursively.");
      }
      if (args.length !== 1) throw fail("TypeError", "the loop takes one argument");
      return recurse(args[0], depth0 + 1);
    };
    this.value = new ObjectValue("LoopContext", { member, shown, length, invoke });
  }

  /** Goes on to the next element and gives it; MISSING at the end. */
  next(): unknown {
    let item: unknown;
    if (this.ahead === MISSING) item = this.read();
    else {
      item = this.ahead;
      this.ahead = MISSING;
    }
    if (item === MISSING) return MISSING;
    this.index0++;
    this.before = this.current;
    this.current = item;
    return item;
  }

  private read(): unknown {
    if (this.items !== null) {
      if (this.position >= this.items.length) return MISSING;
      const item = this.items[this.position++];
      return item === undefined ? null : item;
    }
    const next = (this.iterator as Iterator<unknown>).next();
    if (next.done === true) return MISSING;
    this.position++;
    return next.value;
  }

  private peek(): unknown {
    if (this.ahead === MISSING) this.ahead = this.read();
    return this.ahead;
  }

  private get length(): number {
    if (this.items !== null) return this.items.length;
    const all = new Array<unknown>(this.position).fill(null);
    const iterator = this.iterator as Iterator<unknown>;
    for (let next = iterator.next(); next.done !== true; next = iterator.next()) {
      this.rt.spend(1);
      this.rt.allocate(8);
      all.push(next.value);
    }
    this.items = all;
    return all.length;
  }

  private member(name: string): unknown {
    const { index0 } = this;
    switch (name) {
      case "index":
        return index0 + 1;
      case "index0":
        return index0;
      case "first":
        return index0 === 0;
      case "last":
        return this.peek() === MISSING;
      case "length":
        return this.length;
      case "revindex":
        return this.length - index0;
      case "revindex0":
        return this.length - index0 - 1;
      case "depth":
        return this.depth0 + 1;
      case "depth0":
        return this.depth0;
      case "previtem":
        return index0 === 0 ? emptyValue(this.rt, "there is no previous item") : this.before;
      case "nextitem":
        return this.peek() === MISSING ? emptyValue(this.rt, "there is no next item") : this.ahead;
      case "cycle": {
        const cycle: NativeCall = (_rt, [, ...args]) => this.cycle(args);
        return bindMethod(this.value, { ...CYCLE, variadic: cycle });
      }
      case "changed": {
        const changed: NativeCall = (rt, [, ...args]) => this.changed(rt, args);
        return bindMethod(this.value, { ...CYCLE, name: "changed", variadic: changed });
      }
      default:
        return MISSING;
    }
  }

  private cycle(args: readonly unknown[]): unknown {
    if (args.length === 0) throw fail("TypeError", "no items for cycling given");
    return args[this.index0 % args.length];
  }

  private changed(rt: Runtime, args: readonly unknown[]): boolean {
    const same = this.lastChanged !== null && areEqual(rt, this.lastChanged, args);
    this.lastChanged = args;
    return !same;
  }
}

const CYCLE = method("cycle", [], () => null);
