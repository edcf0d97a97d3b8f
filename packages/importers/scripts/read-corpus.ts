import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ImportFile } from "../src/import-result.ts";

/** Reads the own corpus: folder name → the files of one import. */
export function readCorpus(): Readonly<Record<string, readonly ImportFile[]>> {
  const root = fileURLToPath(new URL("../corpus", import.meta.url));
  const read = (folder: string, below: string): readonly ImportFile[] =>
    readdirSync(`${root}/${folder}/${below}`, { withFileTypes: true }).flatMap((entry) => {
      const path = `${below}${entry.name}`;
      if (entry.isDirectory()) return read(folder, `${path}/`);
      return [{ path, bytes: new Uint8Array(readFileSync(`${root}/${folder}/${path}`)) }];
    });
  const folders = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Object.fromEntries(folders.map((entry) => [entry.name, read(entry.name, "")]));
}
