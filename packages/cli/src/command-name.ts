import type { Terminal } from "./terminal.ts";

/** What somebody types to run this command here: `npx junctor` where npm found it, as in a checkout, else `junctor`. */
export const commandName = ({ environment }: Pick<Terminal, "environment">): string =>
  environment.npm_command === "exec" ? "npx junctor" : "junctor";
