import { ConnectorError } from "@junctor/core";

/** Counts the imports in progress. */
export interface ImportSlots {
  /**
   * Takes a slot and returns how to give it back (further calls of that do nothing). Throws OVERLOADED when none is free: nothing
   * waits, so nothing piles up.
   */
  enter(): () => void;
}

/** Seconds after which a caller should ask again: most imports end sooner. */
const retryAfter = 5;

/** Makes the slots of one server process. Each import in progress may take the memory of one body and of one process. */
export function createImportSlots(limit: number): ImportSlots {
  const running = new Set<symbol>();
  return {
    enter() {
      if (running.size >= limit) {
        throw new ConnectorError("OVERLOADED", `The server has ${running.size} imports in progress already.`, {
          retryAfter,
          hint: "Repeat in a few seconds, import with the command line, or let the operator raise JUNCTOR_IMPORTS.",
        });
      }
      const slot = Symbol("import");
      running.add(slot);
      return () => void running.delete(slot);
    },
  };
}
