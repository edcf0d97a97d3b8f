/** The `junctor` command as a function, for those who run it within a process. */
export { type ExitCode, exitCodes } from "./exit-codes.ts";
export { createProgram } from "./program.ts";
export { runCli } from "./run-cli.ts";
export { processTerminal, type Terminal } from "./terminal.ts";
