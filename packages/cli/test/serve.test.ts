import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { makeFolder, runInTest } from "../src/testkit/test-terminal.ts";

describe("junctor serve that cannot start says in a line why, and in another what to do", () => {
  const dataHint = "\nChoose another with JUNCTOR_DATA_DIR or --data,";
  const hostHint = "\nSet JUNCTOR_HOST or --host";
  const table: readonly [flags: readonly string[], line: RegExp, hint: string][] = [
    [["--data", "a-file"], /^The data folder \/.*\/a-file cannot be used: a file is in its place\.$/, dataHint],
    [["--data", "a-file/x"], /^The data folder \/.*\/x cannot be used: a file is in its place\.$/, dataHint],
    [["--data", "/proc/x"], /^The data folder \/proc\/x cannot be used: it cannot be made there\.$/, dataHint],
    [["--host", "nohost.invalid"], /^The name nohost\.invalid to listen on has no address \(E\w+\)\.$/, hostHint],
    [["--host", "192.0.2.1"], /^192\.0\.2\.1 is no address of this machine \(EADDRNOTAVAIL\)\.$/, hostHint],
  ];
  it.each(table)("%j", async (flags, line, hint) => {
    const folder = await makeFolder({ "a-file": "x" });
    const environment = { JUNCTOR_MASTER_KEY: randomBytes(32).toString("base64"), JUNCTOR_LOG_LEVEL: "silent" };
    const data = flags.includes("--data") ? [] : ["--data", "data"];
    const run = await runInTest(["serve", "--port", "0", ...data, ...flags], { folder, environment });
    expect([run.code, run.out]).toEqual([1, ""]);
    expect(run.error.split("\n")[0]).toMatch(line);
    expect(run.error).toContain(hint);
    expect(run.error).not.toMatch(/\n\s+at /);
    expect(await readdir(folder)).toEqual(data.length === 0 ? ["a-file"] : ["a-file", "data"]);
  });
});
