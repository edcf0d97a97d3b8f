import { enableCompileCache } from "node:module";

// Before anything else is loaded: what was compiled for the last command need not be compiled again.
enableCompileCache();
const { runCli } = await import("./run-cli.ts");
const { processTerminal } = await import("./terminal.ts");

process.exitCode = await runCli(process.argv.slice(2), processTerminal());
