import { createHash, randomUUID } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "@junctor/store";

/**
 * Makes a data folder with an empty, migrated database. Creating one takes seconds of CPU, so it is made once per schema and
 * copied from then on.
 */
export async function makeDataFolder(): Promise<string> {
  const template = join(tmpdir(), `junctor-e2e-template-${nameOfSchema()}`);
  if (!existsSync(template)) await makeTemplate(template);
  const folder = await mkdtemp(join(tmpdir(), "junctor-e2e-"));
  await cp(template, folder, { recursive: true });
  return folder;
}

async function makeTemplate(template: string): Promise<void> {
  const unfinished = `${template}.${randomUUID()}`;
  const store = await openStore({ kind: "embedded", folder: unfinished });
  await store.migrate();
  await store.close();
  // Two test files may get here at once; the first one's folder stays.
  await rename(unfinished, template).catch(() => rm(unfinished, { recursive: true, force: true }));
}

function nameOfSchema(): string {
  const root = join(import.meta.dirname, "../../..");
  const hash = createHash("sha256");
  for (const path of globSync("packages/store/src/migrations/*.ts", { cwd: root }).sort()) {
    hash.update(readFileSync(join(root, path)));
  }
  hash.update(readFileSync(join(root, "packages/store/package.json")));
  return hash.digest("hex").slice(0, 16);
}
