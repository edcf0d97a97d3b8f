import { listModuleFolders } from "./module-folders.ts";

/**
 * Flags of Node for the process in which a document is imported: a heap limit, and Node's permission model. It may read the
 * code that it runs (the folders of this package and of what it depends on) and nothing else: not the server's keys, not its
 * data folder, not the memory or the environment of other processes. It may write nothing and start no process.
 */
export function listWorkerFlags(memoryMb: number): readonly string[] {
  folders ??= listModuleFolders(new URL("../../package.json", import.meta.url));
  return [
    ...(import.meta.url.endsWith(".ts") ? ["--conditions=source"] : []),
    `--max-old-space-size=${Math.floor(memoryMb * 0.9)}`,
    "--permission",
    ...folders.map((folder) => `--allow-fs-read=${folder}`),
    // For the thread that watches memory and time.
    "--allow-worker",
  ];
}

/** They stay as they are while the process runs. */
let folders: readonly string[] | undefined;
