import type { ConnectorSummary, ConnectorVersion } from "@junctor/contract";
import type { TypedConnector } from "@junctor/importers";
import type { Command } from "commander";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import type { CommandContext } from "../command-context.ts";
import { readDefinitionFile } from "../read-definition.ts";
import type { Terminal } from "../terminal.ts";

/** `junctor types`: TypeScript types of connectors, for callers. */
export const registerTypes = (program: Command, { terminal }: CommandContext): void => {
  const command = program
    .command("types")
    .description("Print TypeScript types of actions, for createClient<Connectors>() of @junctor/client.")
    .argument("[paths...]", "definitions, or folders with a connector.json; without any, the connectors of the server");
  withServerFlags(command).action(async (paths: readonly string[], flags: ServerFlags) => {
    const { writeClientTypes } = await import("@junctor/importers");
    const connectors = paths.length === 0 ? await readServer(terminal, flags) : await readFiles(terminal, paths);
    terminal.out(writeClientTypes(connectors));
  });
};

const readServer = async (terminal: Terminal, flags: ServerFlags): Promise<readonly TypedConnector[]> => {
  const api = connect(terminal, flags);
  const connectors: TypedConnector[] = [];
  for (const { name } of await api.list<ConnectorSummary>("listConnectors")) {
    const { definition } = await api.call<ConnectorVersion>("getConnector", { parameters: { name } });
    connectors.push(definition as unknown as TypedConnector);
  }
  return connectors;
};

const readFiles = async (terminal: Terminal, paths: readonly string[]): Promise<readonly TypedConnector[]> => {
  const connectors: TypedConnector[] = [];
  for (const path of paths) {
    const { definition } = await readDefinitionFile(terminal, path);
    connectors.push(definition as unknown as TypedConnector);
  }
  return connectors;
};
