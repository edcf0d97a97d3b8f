import { noSuchName } from "../runtime/access.ts";
import type { Evaluate, Frame } from "../runtime/frame.ts";
import { MISSING, Undefined } from "../runtime/values.ts";
import type { Scope } from "./state.ts";
import type { Slot } from "./symbols.ts";

/** Compiles the reading of a slot, from the frame that owns it. */
export function compileSlotRead(scope: Scope, slot: Slot): Evaluate {
  const { index } = slot;
  const depth = framesUp(scope, slot);
  if (depth === 0) return (frame) => frame.slots[index];
  if (depth === 1) return (frame) => (frame.parent as Frame).slots[index];
  return (frame) => {
    let owner: Frame = frame;
    for (let up = 0; up < depth; up++) owner = owner.parent as Frame;
    return owner.slots[index];
  };
}

/** Counts the frames between the running function and the one that owns a slot. */
function framesUp(scope: Scope, slot: Slot): number {
  let depth = 0;
  for (let { fn } = scope; fn !== slot.owner && fn.parent !== null; fn = fn.parent) depth++;
  return depth;
}

/** Compiles the reading of a name as it is stored: MISSING when nothing is there. */
export function compileRawName(scope: Scope, name: string): Evaluate {
  const place = scope.symbols.findRead(name);
  if (typeof place !== "string") return compileSlotRead(scope, place);
  if (place === "context" && !scope.inLoop) return (frame) => frame.context.resolve(frame.rt, name);
  // Nothing sets the name while the function runs, so that what was found once is kept in a slot.
  const { index } = scope.fn.contextSlot(name);
  return (frame) => {
    const known = frame.slots[index];
    if (known !== MISSING) return known;
    const value = frame.context.resolve(frame.rt, name);
    frame.slots[index] = value;
    return value;
  };
}

/**
 * Gives the index of the slot in which the running function keeps a name, so that a reader can look there first and save a call;
 * -1 when there is none. When the slot is empty, the compiled name must be asked.
 */
export function findOwnSlot(scope: Scope, name: string): number {
  const place = scope.symbols.findRead(name);
  if (typeof place !== "string") return framesUp(scope, place) === 0 ? place.index : -1;
  return place === "context" && !scope.inLoop ? -1 : scope.fn.contextSlot(name).index;
}

/** Compiles a name in an expression: undefined when nothing is there. */
export function compileName(scope: Scope, name: string): Evaluate {
  let reason: string | null = null;
  const read = compileRawName(scope, name);
  return (frame) => {
    const value = read(frame);
    if (value !== MISSING) return value;
    reason ??= noSuchName(name);
    return new Undefined(frame.rt.environment.undefinedBehaviour, reason);
  };
}
