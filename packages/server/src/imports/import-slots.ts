import { ConnectorError } from "@junctor/core";

/** Runs imports, a bounded number at a time. */
export interface ImportSlots {
  /** Runs the work if a slot is free, and fails with OVERLOADED at once if none is: nothing waits, so nothing piles up. */
  run<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Seconds after which a caller should ask again: most imports end sooner. */
const retryAfter = 5;

/** Makes the slots of one server process. Each import that runs may take the memory of one import. */
export function createImportSlots(limit: number): ImportSlots {
  let running = 0;
  return {
    async run(work) {
      if (running >= limit) {
        throw new ConnectorError("OVERLOADED", `The server has ${running} imports in progress already.`, {
          retryAfter,
          hint: "Repeat in a few seconds, import with the command line, or let the operator raise JUNCTOR_IMPORTS.",
        });
      }
      running += 1;
      try {
        return await work();
      } finally {
        running -= 1;
      }
    },
  };
}
