import { randomBytes } from "node:crypto";
import { access, link, open, readFile, stat, unlink } from "node:fs/promises";
import { ConnectorError } from "../../errors/connector-error.ts";
import type { KeyPort } from "../../ports/key-port.ts";
import { parseMasterKey, wrapLocally } from "./wrap-locally.ts";

/**
 * Makes a key port of a file with one master key per line, 32 bytes in base64 or hex; lines that start with `#` are
 * comments. The first key wraps, the others only unwrap. Refuses a file that others than its owner can read or write.
 */
export async function loadKeyFile(path: string): Promise<KeyPort> {
  const origin = `the key file ${path}`;
  let text: string;
  try {
    const { mode } = await stat(path);
    // Windows has no such bits; there the folder's access list has to do it.
    if (process.platform !== "win32" && (mode & 0o077) !== 0) throw openToOthers(path, mode);
    text = await readFile(path, "utf8");
  } catch (cause) {
    if (cause instanceof ConnectorError) throw cause;
    throw new ConnectorError("KEY_UNAVAILABLE", `The key file ${path} cannot be read.`, {
      hint: "Check the path and that the server's user owns the file.",
      retryable: false,
      cause,
    });
  }
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return wrapLocally(
    lines.filter((line) => line !== "" && !line.startsWith("#")).map((line) => parseMasterKey(line, origin)),
    origin,
  );
}

/**
 * Loads a key file, or makes one with a random key and mode 0600 when there is none; `created` says which, so that the
 * caller can say so too. Two processes that start at once end with the same key.
 */
export async function loadOrCreateKeyFile(
  path: string,
): Promise<{ readonly keyPort: KeyPort; readonly created: boolean }> {
  const created = await createKeyFile(path);
  return { keyPort: await loadKeyFile(path), created };
}

async function createKeyFile(path: string): Promise<boolean> {
  const isThere = await access(path).then(
    () => true,
    () => false,
  );
  if (isThere) return false;
  const text = [
    "# Master key of Junctor. Whoever has it and the database can read every secret; without it nobody can.",
    "# Keep a copy apart from the backups of the database.",
    randomBytes(32).toString("base64"),
    "",
  ].join("\n");
  const unfinished = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    const file = await open(unfinished, "wx", 0o600);
    try {
      await file.writeFile(text);
      // A key that secrets are sealed under already must not get lost with the power.
      await file.sync();
    } finally {
      await file.close();
    }
    // Linking appears at once and never replaces: nobody reads half a key, and of two that start at once one wins.
    await link(unfinished, path);
    return true;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "EEXIST") return false;
    throw new ConnectorError("KEY_UNAVAILABLE", `The key file ${path} cannot be written.`, {
      hint: "Check that the folder exists and is writable.",
      retryable: false,
      cause,
    });
  } finally {
    await unlink(unfinished).catch(() => undefined);
  }
}

const openToOthers = (path: string, mode: number): ConnectorError =>
  new ConnectorError(
    "KEY_UNAVAILABLE",
    `The key file ${path} is open to other users (mode ${(mode & 0o777).toString(8).padStart(4, "0")}).`,
    { hint: `Run: chmod 600 ${path}`, retryable: false },
  );
