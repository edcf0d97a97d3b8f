import type { Evaluate, Frame } from "../runtime/frame.ts";
import { internName } from "./intern.ts";
import type { Scope } from "./state.ts";
import type { Slot } from "./symbols.ts";

/** Compiles the reading of a slot, from the frame that owns it. */
export function compileSlotRead(scope: Scope, slot: Slot): Evaluate {
  const { index } = slot;
  let depth = 0;
  for (let fn = scope.fn; fn !== slot.owner && fn.parent !== null; fn = fn.parent) depth++;
  if (depth === 0) return (frame) => frame.slots[index];
  if (depth === 1) return (frame) => (frame.parent as Frame).slots[index];
  return (frame) => {
    let owner: Frame = frame;
    for (let up = 0; up < depth; up++) owner = owner.parent as Frame;
    return owner.slots[index];
  };
}

/** Compiles the reading of a name as it is stored: MISSING when nothing is there. */
export function compileRawName(scope: Scope, given: string): Evaluate {
  const name = internName(given);
  if (scope.symbols.readsContext(name)) return (frame) => frame.context.resolve(frame.rt, name);
  const slot = scope.symbols.findSlot(name);
  return slot === undefined ? (frame) => frame.context.resolve(frame.rt, name) : compileSlotRead(scope, slot);
}
