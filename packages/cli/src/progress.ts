import type { Terminal } from "./terminal.ts";

/** After this long somebody wonders whether anything happens. */
const FIRST_MS = 2_000;
const NEXT_MS = 5_000;

/**
 * Runs `work` and says on the error stream what is going on when it takes longer than two seconds, and every five seconds
 * after that. Standard output stays clean for whoever reads it.
 */
export const withProgress = async <Value>(
  terminal: Terminal,
  what: string,
  work: () => Promise<Value>,
): Promise<Value> => {
  const startedAt = performance.now();
  let timer = setTimeout(tell, FIRST_MS);
  function tell(): void {
    terminal.error(`${what} … ${Math.round((performance.now() - startedAt) / 1000)} s\n`);
    timer = setTimeout(tell, NEXT_MS);
  }
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
};
