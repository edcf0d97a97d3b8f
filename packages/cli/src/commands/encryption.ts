import { setTimeout as sleep } from "node:timers/promises";
import type { Encryption, KeyRotation } from "@junctor/contract";
import { Argument, type Command } from "commander";
import type { ApiClient } from "../api/api-client.ts";
import { connect } from "../api/connect.ts";
import { type ServerFlags, withServerFlags } from "../api/settings.ts";
import type { CommandContext } from "../command-context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatTable, printResult } from "../print.ts";
import type { Terminal } from "../terminal.ts";

interface StatusFlags extends ServerFlags {
  readonly json?: boolean;
}

interface RotateFlags extends StatusFlags {
  readonly workspaces?: string;
  readonly force?: boolean;
  readonly wait: boolean;
}

/** How often a rotation is asked how far it is, and how often that is told. */
const ASK_MS = 1_000;
const TELL_MS = 5_000;

/** `junctor encryption`: the keys that protect secrets, and their rotation. */
export const registerEncryption = (program: Command, context: CommandContext): void => {
  const { terminal } = context;
  const encryption = program
    .command("encryption")
    .description("The keys that protect secrets: master key and data keys. Needs a key with the scope admin.");
  withServerFlags(
    encryption
      .command("status")
      .description("Say which master keys are needed, which replica has which, and how the latest rotation went.")
      .option("--json", "print one object: { encryption }"),
  ).action(async (flags: StatusFlags) => {
    const status = await connect(terminal, flags).call<Encryption>("getEncryption");
    printResult(terminal, flags.json, { encryption: status }, () => describeStatus(status));
  });
  withServerFlags(
    encryption
      .command("rotate")
      .description(
        "Rotate keys while the servers run. Exits with 1 when something stayed as it was. Interrupting the command does not stop the rotation.",
      )
      .addArgument(
        new Argument(
          "<what>",
          "master-key: wrap every data key with the current master key; data-keys: new data keys, every value sealed anew",
        ).choices(["master-key", "data-keys"]),
      )
      .option("--workspaces <ids>", "whose data keys, separated by commas (default: all)")
      .option("--force", "wrap anew also what is under the current master key, after a key service rotated it inside")
      .option("--no-wait", "return when it has begun")
      .option("--json", "print one object: { ok, rotation }"),
  ).action((what: string, flags: RotateFlags) => rotate(what, flags, context));
};

const rotate = async (what: string, flags: RotateFlags, { terminal, exit }: CommandContext): Promise<void> => {
  const api = connect(terminal, flags);
  const ids = flags.workspaces
    ?.split(",")
    .map((id) => id.trim())
    .filter((id) => id !== "");
  const begun = await api.call<KeyRotation>("createKeyRotation", {
    body: { what, ...(ids === undefined ? {} : { workspaces: ids }), ...(flags.force ? { force: true } : {}) },
  });
  const rotation = flags.wait ? await follow(begun, api, terminal) : begun;
  const ok = rotation.state !== "incomplete";
  printResult(terminal, flags.json, { ok, rotation }, () => describeRotation(rotation));
  if (!ok) exit(exitCodes.failed.code);
};

/** Asks until the rotation has ended; tells on the error stream how far it is when that takes longer. */
const follow = async (begun: KeyRotation, api: ApiClient, terminal: Terminal): Promise<KeyRotation> => {
  let rotation = begun;
  let toldAt = performance.now();
  while (rotation.state === "running") {
    await sleep(ASK_MS, undefined, { signal: terminal.signal });
    rotation = await api.call<KeyRotation>("getKeyRotation", { parameters: { id: rotation.id } });
    if (rotation.state !== "running" || performance.now() - toldAt < TELL_MS) continue;
    toldAt = performance.now();
    const { done, total, changed, trouble } = rotation;
    const progress = `${done} of ${total} done, ${changed} changed`;
    terminal.error(trouble === null ? `${progress} …\n` : `${progress}; waiting: ${trouble}\n`);
  }
  return rotation;
};

const describeRotation = ({ id, what, state, masterKeyId, changed, problems, ...rest }: KeyRotation): string => {
  const counted = what === "master-key" ? "data keys wrapped" : "values sealed";
  const { trouble, problemCount } = rest;
  const lines = [
    `${id} is ${state}: ${changed} ${counted} anew, master key ${masterKeyId}`,
    ...(trouble === null ? [] : [`waiting: ${trouble}`]),
    ...problems.map((problem) => `  ${problem.workspace} ${problem.what}: ${problem.reason}`),
    ...(problemCount > problems.length ? [`  and ${problemCount - problems.length} more`] : []),
  ];
  return lines.join("\n");
};

const describeStatus = ({ masterKeyId, replicas, dataKeys, rotation }: Encryption): string =>
  [
    formatTable(
      ["master key", "data keys", "retired", "note"],
      dataKeys.map((count) => [
        count.masterKeyId,
        String(count.current),
        String(count.retired),
        count.masterKeyId === masterKeyId ? "current" : count.isKnown ? "still needed" : "NOT KNOWN to this server",
      ]),
    ),
    formatTable(
      ["replica", "uses", "knows"],
      replicas.map((holder) => [holder.replica, holder.masterKeyId, holder.knownMasterKeyIds.join(",")]),
    ),
    ...(rotation === null ? [] : [describeRotation(rotation)]),
  ].join("\n");
