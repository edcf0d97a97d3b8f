import type { Terminal } from "./terminal.ts";

/** What a command needs: its terminal, and a way to end with a code when nothing failed loudly. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly exit: (code: number) => void;
}
