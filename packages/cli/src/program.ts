import { Command } from "commander";
import type { CommandContext } from "./command-context.ts";
import { registerBackup } from "./commands/backup.ts";
import { registerCall } from "./commands/call.ts";
import { registerConnection } from "./commands/connection.ts";
import { registerDev } from "./commands/dev.ts";
import { registerDiff } from "./commands/diff.ts";
import { registerEncryption } from "./commands/encryption.ts";
import { registerExport } from "./commands/export.ts";
import { registerImport } from "./commands/import.ts";
import { registerInit } from "./commands/init.ts";
import { registerKey } from "./commands/key.ts";
import { registerLint } from "./commands/lint.ts";
import { registerLogin } from "./commands/login.ts";
import { registerPublish } from "./commands/publish.ts";
import { registerSecret } from "./commands/secret.ts";
import { registerServe } from "./commands/serve.ts";
import { registerTemplate } from "./commands/template.ts";
import { registerTest } from "./commands/test.ts";
import { registerTypes } from "./commands/types.ts";
import { registerVariable } from "./commands/variable.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Builds the tree of commands. The reference page is made from it. Without `tellUsage` nothing is written of arguments that are
 * not understood; the error that is thrown says it all.
 */
export const createProgram = (
  terminal: Terminal,
  exit: (code: number) => void,
  { tellUsage = true }: { readonly tellUsage?: boolean } = {},
): Command => {
  const program = new Command("junctor")
    .description("Write, test and call connectors, and run the server they live in.")
    .exitOverride()
    .configureOutput({ writeOut: terminal.out, writeErr: tellUsage ? terminal.error : () => undefined })
    .showHelpAfterError("Run with --help to see what there is.")
    .showSuggestionAfterError()
    .helpCommand(false);
  const context: CommandContext = { terminal, exit };
  for (const register of [
    registerInit,
    registerLint,
    registerTest,
    registerDev,
    registerDiff,
    registerPublish,
    registerCall,
    registerImport,
    registerExport,
    registerTypes,
    registerTemplate,
    registerServe,
    registerLogin,
    registerSecret,
    registerVariable,
    registerKey,
    registerConnection,
    registerEncryption,
    registerBackup,
  ]) {
    register(program, context);
  }
  return program;
};
