import { relative } from "node:path";
import type { ConnectorDefinition } from "@junctor/sdk";
import { definitionPath, readText } from "./read-file.ts";
import type { Terminal } from "./terminal.ts";
import { inFile } from "./to-failure.ts";

/** Reads a definition: a file, a folder with a `connector.json`, or `-`. What is wrong with it is told with the file's name. */
export const readDefinitionFile = async (
  terminal: Terminal,
  path: string,
): Promise<{ readonly text: string; readonly definition: ConnectorDefinition }> => {
  const file = await definitionPath(terminal, path);
  const text = await readText(terminal, file);
  const { readDefinition } = await import("@junctor/core");
  try {
    return { text, definition: readDefinition(text).definition };
  } catch (error) {
    throw inFile(file === "-" ? "Standard input" : relative(terminal.folder, file), error);
  }
};
