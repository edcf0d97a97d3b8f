import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Command } from "commander";
import { CliFailure } from "../cli-failure.ts";
import type { Terminal } from "../terminal.ts";

/** Where the server is and the key to it. */
export interface ServerSettings {
  /** Without a slash at its end. */
  readonly url: string;
  readonly key: string | undefined;
}

/** What the flags of a command say of the server. */
export interface ServerFlags {
  readonly url?: string;
  readonly key?: string;
}

export const DEFAULT_URL = "http://127.0.0.1:4000";

/** Adds the flags by which a command finds its server. */
export const withServerFlags = (command: Command): Command =>
  command
    .option("--url <url>", `address of the server (default: JUNCTOR_URL, .junctor/cli.json, ${DEFAULT_URL})`)
    .option("--key <key>", "API key (default: JUNCTOR_KEY, .junctor/cli.json, .junctor/first-key)");

/**
 * Finds the server: flags win over the environment, which wins over `.junctor/cli.json` in this folder or one above it. A key is
 * also found in `.junctor/first-key`, where `npm start` leaves it.
 */
export const findServer = ({ folder, environment }: Terminal, flags: ServerFlags): ServerSettings => {
  const file = findAbove(folder, ".junctor/cli.json");
  const stored = file === undefined ? {} : readStored(file);
  const firstKey = findAbove(folder, ".junctor/first-key");
  const url = flags.url ?? environment.JUNCTOR_URL ?? stored.url ?? DEFAULT_URL;
  const key =
    flags.key ??
    environment.JUNCTOR_KEY ??
    stored.key ??
    (firstKey === undefined ? undefined : readFileSync(firstKey, "utf8").trim());
  checkUrl(url);
  checkKey(key);
  return { url: url.replace(/\/+$/, ""), key };
};

const checkUrl = (url: string): void => {
  const parsed = /^https?:\/\/[^/]/.test(url) ? URL.parse(url) : null;
  if (parsed === null) {
    throw new CliFailure(`${url} is no address of a server`, { kind: "usage", hint: `Write it like ${DEFAULT_URL}` });
  }
  // Not shown: what stands there may be secret.
  if (parsed.username !== "" || parsed.password !== "" || url.includes("?") || url.includes("#")) {
    throw new CliFailure("The address of a server has no user, no query and no fragment", {
      kind: "usage",
      hint: `Write it like ${DEFAULT_URL}; a key goes into --key or JUNCTOR_KEY`,
    });
  }
};

/** A header carries it as it is. The message must not: whoever pasted too much pasted a secret. */
const checkKey = (key: string | undefined): void => {
  if (key === undefined || /^[\x21-\x7e]*$/.test(key)) return;
  throw new CliFailure("The key has characters that a key cannot have", {
    kind: "usage",
    hint: "A key is letters, digits, - and _; look for spaces, line ends and typographic characters around it",
  });
};

const readStored = (file: string): ServerFlags => {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ServerFlags;
  } catch {
    throw new CliFailure(`${file} is not JSON`, { kind: "usage", hint: "Write it anew with: junctor login" });
  }
};

const findAbove = (folder: string, name: string): string | undefined => {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, name);
    if (existsSync(path)) return path;
    if (dirname(at) === at) return undefined;
  }
};
