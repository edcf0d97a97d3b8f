import type { Context } from "./context.ts";
import type { Runtime } from "./runtime.ts";
import { MISSING } from "./values.ts";

/** Holds the local values of one running function (template, block, macro, `call` body, recursive loop). */
export class Frame {
  readonly rt: Runtime;
  readonly context: Context;
  readonly slots: unknown[];
  readonly parent: Frame | null;
  constructor(rt: Runtime, context: Context, size: number, parent: Frame | null) {
    this.rt = rt;
    this.context = context;
    this.slots = size === 0 ? NO_SLOTS : emptySlots(size);
    this.parent = parent;
  }
}

const NO_SLOTS: unknown[] = [];

/** Lists of empty slots by their length, for the lengths of nearly all functions: copying one is quicker than filling one. */
const BLANKS: readonly (readonly unknown[])[] = Array.from({ length: 32 }, (_, size) =>
  Array.from({ length: size }, () => MISSING),
);

function emptySlots(size: number): unknown[] {
  const blank = BLANKS[size];
  return blank === undefined ? new Array<unknown>(size).fill(MISSING) : blank.slice();
}

/** Computes the value of an expression. */
export type Evaluate = (frame: Frame) => unknown;

/** Runs statements and gives the text that they print. */
export type Execute = (frame: Frame) => string;
