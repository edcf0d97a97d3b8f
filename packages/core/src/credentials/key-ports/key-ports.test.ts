import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createEnvironmentKeyPort } from "./environment-key-port.ts";
import { loadKeyFile, loadOrCreateKeyFile } from "./file-key-port.ts";
import { describeKeyPort } from "./testkit/key-port-suite.ts";

// The two key services run the same suite against servers, in packages/core/test/key-services.test.ts.

const makeKey = (encoding: "base64" | "base64url" | "hex" = "base64") => randomBytes(32).toString(encoding);

let folder: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "junctor-keys-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function writeKeyFile(text: string, mode = 0o600): Promise<string> {
  files += 1;
  const path = join(folder, `keys-${files}`);
  await writeFile(path, text);
  await chmod(path, mode);
  return path;
}

describeKeyPort("an environment variable", async () => {
  const [first, second] = [makeKey(), makeKey("hex")];
  return {
    keyPort: createEnvironmentKeyPort(first),
    rotated: createEnvironmentKeyPort(`${second},${first}`),
    stranger: createEnvironmentKeyPort(makeKey("base64url")),
  };
});

describeKeyPort("a key file", async () => {
  const [first, second] = [makeKey(), makeKey()];
  return {
    keyPort: await loadKeyFile(await writeKeyFile(first)),
    rotated: await loadKeyFile(await writeKeyFile(`# new since May\n${second}\n\n# former\n${first}\n`)),
    stranger: await loadKeyFile(await writeKeyFile(`${makeKey()}\r\n`)),
  };
});

describe("a master key that this process holds", () => {
  it("has an id that comes from the key, whatever its encoding, and does not hold it", () => {
    const bytes = randomBytes(32);
    const ids = (["base64", "base64url", "hex"] as const).map(
      (encoding) => createEnvironmentKeyPort(bytes.toString(encoding)).currentKeyId,
    );
    expect(new Set(ids).size).toBe(1);
    expect(ids[0]).toMatch(/^local:[0-9a-f]{16}$/);
    expect(bytes.toString("hex")).not.toContain(ids[0]?.slice("local:".length));
  });

  const refused: readonly [what: string, value: string, message: RegExp][] = [
    ["a passphrase", "correct-horse-battery-staple", /not 32 bytes/],
    ["a key of 16 bytes", randomBytes(16).toString("base64"), /not 32 bytes/],
    ["a key of 33 bytes", randomBytes(33).toString("base64"), /not 32 bytes/],
    ["one good key and one bad one", `${makeKey()},x`, /not 32 bytes/],
    ["nothing", "  ", /no master key in the environment variable MY_KEY/],
  ];
  it.each(refused)("is not made of %s", (_what, value, message) => {
    expect(() => createEnvironmentKeyPort(value, "MY_KEY")).toThrow(message);
    expect(() => createEnvironmentKeyPort(value, "MY_KEY")).toThrow(
      expect.objectContaining({ code: "KEY_UNAVAILABLE", hint: expect.stringContaining("openssl rand") }),
    );
  });

  it("is not repeated in the error that refuses it", () => {
    expect(() => createEnvironmentKeyPort("correct-horse-battery-staple")).not.toThrow(/correct-horse/);
  });
});

describe("a key file", () => {
  it.skipIf(process.platform === "win32").each([0o644, 0o640, 0o604, 0o660])(
    "is refused with mode %o, saying how to close it",
    async (mode) => {
      const path = await writeKeyFile(makeKey(), mode);
      await expect(loadKeyFile(path)).rejects.toMatchObject({
        code: "KEY_UNAVAILABLE",
        message: expect.stringContaining(`mode 0${mode.toString(8)}`),
        hint: `Run: chmod 600 ${path}`,
      });
    },
  );

  it("that is not there is an error with its path", async () => {
    await expect(loadKeyFile(join(folder, "none"))).rejects.toMatchObject({
      code: "KEY_UNAVAILABLE",
      message: expect.stringContaining(join(folder, "none")),
    });
  });

  it("is created once, closed to others, and loaded from then on", async () => {
    const path = join(folder, "created");
    const all = await Promise.all(Array.from({ length: 5 }, () => loadOrCreateKeyFile(path)));
    expect(all.filter(({ created }) => created)).toHaveLength(1);
    expect(new Set(all.map(({ keyPort }) => keyPort.currentKeyId)).size).toBe(1);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const again = await loadOrCreateKeyFile(path);
    expect(again.created).toBe(false);
    expect(again.keyPort.currentKeyId).toBe(all[0]?.keyPort.currentKeyId);
    expect((await readdir(folder)).filter((name) => name.startsWith("created"))).toEqual(["created"]);
    expect(await readFile(path, "utf8")).toMatch(/^# Master key/);
  });
});
