import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Terminal } from "./terminal.ts";
import { makeFolder } from "./testkit/test-terminal.ts";
import { writeFiles } from "./write-files.ts";

it("makes folders that others are making at the same time", async () => {
  const folder = await makeFolder();
  const terminal = { folder } as Terminal;
  const names = Array.from({ length: 8 }, (_, index) => `${index}.json`);
  for (let round = 0; round < 20; round++) {
    const deep = join(folder, `round-${round}`, "a", "b");
    await Promise.all(names.map((name) => writeFiles(terminal, deep, { [name]: "{}" })));
    expect((await readdir(deep)).sort()).toEqual(names);
  }
});
