import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, ConnectionAuthorization, ConnectionProgress, ConnectionTest } from "@junctor/contract";
import type { Command } from "commander";
import type { ApiClient } from "../api/api-client.ts";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import { CliFailure } from "../cli-failure.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatTable, printResult } from "../print.ts";
import { withProgress } from "../progress.ts";
import { readJsonFlag } from "../read-file.ts";
import type { Terminal } from "../terminal.ts";

interface ConnectionFlags extends ServerFlags {
  readonly connector?: string;
  readonly auth?: string;
  readonly environment?: string;
  readonly parameters?: string;
  readonly json?: boolean;
}

/** `junctor connection`: connectors bound to accounts. */
export const registerConnection = (program: Command, context: CommandContext): void => {
  const connection = program.command("connection").description("Connections: a connector bound to one account.");
  registerCreate(connection, context);
  registerList(connection, context);
  registerTestOne(connection, context);
  registerAuthorize(connection, context);
  registerDelete(connection, context);
};

const registerCreate = (connection: Command, { terminal }: CommandContext): void => {
  withServerFlags(
    connection
      .command("create")
      .description("Create a connection.")
      .argument("<name>", "what callers name")
      .requiredOption("--connector <name>", "name of the connector")
      .option("--parameters <json>", "parameters, secret ones included: JSON, @file, or - for standard input")
      .option("--auth <method>", "auth method, where the connector has several")
      .option("--environment <name>", "environment, where the connector has several")
      .option("--json", "print one object: { ok, connection }"),
  ).action(async (name: string, flags: ConnectionFlags) => {
    const parameters =
      flags.parameters === undefined ? undefined : await readJsonFlag(terminal, "--parameters", flags.parameters);
    const created = await connect(terminal, flags).call<Connection>("createConnection", {
      body: {
        connector: flags.connector,
        name,
        ...(parameters === undefined ? {} : { parameters }),
        ...(flags.auth === undefined ? {} : { authMethod: flags.auth }),
        ...(flags.environment === undefined ? {} : { environment: flags.environment }),
      },
    });
    printResult(terminal, flags.json, { ok: true, connection: created }, () =>
      created.status === "active" ? `${name} is active` : `${name} is ${created.status}: ${created.statusReason ?? ""}`,
    );
  });
};

const registerList = (connection: Command, { terminal }: CommandContext): void => {
  withServerFlags(
    connection
      .command("list")
      .description("List connections, without their credentials.")
      .option("--connector <name>", "only those of this connector")
      .option("--json", "print one object: { connections }"),
  ).action(async (flags: ConnectionFlags) => {
    const connections = await connect(terminal, flags).list<Connection>("listConnections", {
      query: { connector: flags.connector },
    });
    printResult(terminal, flags.json, { connections }, () =>
      formatTable(
        ["id", "connector", "name", "status", "account"],
        connections.map(({ id, connector, name, status, label }) => [id, connector, name, status, label ?? ""]),
      ),
    );
  });
};

const registerTestOne = (connection: Command, { terminal, exit }: CommandContext): void => {
  withServerFlags(
    connection
      .command("test")
      .description("Run the connector's test with a connection.")
      .argument("<connection>", "id or name")
      .option("--json", "print one object: { ok, label, problem }"),
  ).action(async (reference: string, flags: ConnectionFlags) => {
    const api = connect(terminal, flags);
    const { id } = await findConnection(api, reference);
    const result = await withProgress(terminal, `Testing ${reference}`, () =>
      api.call<ConnectionTest>("testConnection", { parameters: { id } }),
    );
    printResult(terminal, flags.json, { ok: result.succeeded, label: result.label, problem: result.problem }, () =>
      result.succeeded
        ? `It works${result.label === null ? "" : `: ${result.label}`}`
        : `It does not work: ${result.problem?.code}: ${result.problem?.detail}`,
    );
    if (!result.succeeded) exit(exitCodes.failed.code);
  });
};

const registerAuthorize = (connection: Command, { terminal }: CommandContext): void => {
  withServerFlags(
    connection
      .command("authorize")
      .description("Connect the account: prints the page to open, or the code to enter on another device, and waits.")
      .argument("<connection>", "id or name")
      .option("--no-wait", "do not wait until it is done")
      .option("--json", "print one object: { ok, done, url } or { ok, done, userCode, verificationUri }"),
  ).action(async (reference: string, flags: ConnectionFlags & { readonly wait: boolean }) => {
    const api = connect(terminal, flags);
    const before = await findConnection(api, reference);
    const { id } = before;
    const begun = await api.call<ConnectionAuthorization>("authorizeConnection", { parameters: { id }, body: {} });
    if (flags.json !== true) {
      terminal.error(
        begun.kind === "browser" ? `Open ${begun.url}\n` : `Enter ${begun.userCode} at ${begun.verificationUri}\n`,
      );
    }
    const done =
      flags.wait &&
      (await withProgress(terminal, "Waiting for the account", () => waitUntilDone(terminal, api, before, begun)));
    printResult(terminal, flags.json, { ok: true, done, ...begun }, () => (done ? `${reference} is connected` : ""));
  });
};

/** A connection that was active before is so until somebody acts: only what was written since the beginning counts. */
const waitUntilDone = async (
  terminal: Terminal,
  api: ApiClient,
  { id, version: before }: Connection,
  begun: ConnectionAuthorization,
): Promise<boolean> => {
  const end = Date.parse(begun.expiresAt);
  let seen = before;
  while (Date.now() < end) {
    if (begun.kind === "device") {
      const { done, waitSeconds } = await api.call<ConnectionProgress>("continueConnection", { parameters: { id } });
      if (done) return true;
      await sleep(Math.max(1, waitSeconds) * 1000, undefined, { signal: terminal.signal });
    } else {
      await sleep(2_000, undefined, { signal: terminal.signal });
      const { status, statusReason, version } = await api.call<Connection>("getConnection", { parameters: { id } });
      if (version > seen) {
        if (status === "active") return true;
        seen = version;
        terminal.error(`It is ${status} now: ${statusReason ?? ""}\n`);
      }
    }
  }
  throw new CliFailure("Nobody connected the account in time", { hint: "Run the command again" });
};

const registerDelete = (connection: Command, { terminal }: CommandContext): void => {
  withServerFlags(
    connection
      .command("delete")
      .description("Delete a connection and its credentials.")
      .argument("<connection>", "id or name")
      .option("--json", "print one object: { ok }"),
  ).action(async (reference: string, flags: ConnectionFlags) => {
    const api = connect(terminal, flags);
    const { id } = await findConnection(api, reference);
    await api.call("deleteConnection", { parameters: { id } });
    printResult(terminal, flags.json, { ok: true }, () => `${reference} is gone`);
  });
};

/** Finds a connection by its id, or by a name that only one of them has. */
const findConnection = async (api: ApiClient, reference: string): Promise<Connection> => {
  const all = await api.list<Connection>("listConnections");
  const found = all.filter(({ id, name }) => id === reference || name === reference);
  if (found.length === 1 && found[0] !== undefined) return found[0];
  throw new CliFailure(
    found.length === 0 ? `There is no connection ${reference}` : `${found.length} connections are called ${reference}`,
    {
      hint:
        found.length === 0
          ? "junctor connection list shows them"
          : `Use an id: ${found.map(({ id, connector }) => `${id} (${connector})`).join(", ")}`,
    },
  );
};
