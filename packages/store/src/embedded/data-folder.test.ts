import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeDataFolder } from "./data-folder.ts";

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "junctor-make-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));

it("a data folder is made by all that start at once, with the folders above it", async () => {
  const folders = Array.from({ length: 20 }, (_, index) => join(root, `new-${index}`, "below", "data"));
  await Promise.all(folders.flatMap((folder) => Array.from({ length: 8 }, () => makeDataFolder(folder))));
  for (const folder of folders) expect((await stat(folder)).mode & 0o777).toBe(0o700);
});
