import { existsSync, type FSWatcher, readdirSync, watch } from "node:fs";
import { join } from "node:path";

/** Editors write a file in several steps; what comes within this time is one change. */
const SETTLE_MS = 25;

/**
 * Watches the folders of connectors until `signal` aborts: `root` itself when it holds a connector.json, else each folder below
 * that does, and their `cases`. Calls `onChange` with the folder and the moment of the first change; calls run one after
 * another. Folders are watched rather than files, because editors replace files; new folders are found as they come.
 */
export const watchConnectors = async (
  root: string,
  signal: AbortSignal,
  onChange: (folder: string, changedAt: number) => Promise<void>,
): Promise<void> => {
  const watchers = new Map<string, FSWatcher>();
  const changed = new Map<string, number>();
  const known = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();

  function flush(): void {
    const all = [...changed];
    changed.clear();
    for (const [folder, at] of all) running = running.then(() => onChange(folder, at));
    follow();
  }
  function note(folder: string): void {
    if (!changed.has(folder)) changed.set(folder, performance.now());
    clearTimeout(timer);
    timer = setTimeout(flush, SETTLE_MS);
  }
  function follow(): void {
    for (const { folder, connector } of listFolders(root)) {
      if (watchers.has(folder)) continue;
      const watcher = watch(folder, (_event, file) => {
        if (connector === undefined || file === "connector.json" || file === "cases") find();
        if (connector !== undefined && (file === null || file.endsWith(".json"))) note(connector);
      });
      // A folder that goes away ends its watch; it is followed again when it comes back.
      watcher.on("error", () => watchers.delete(folder));
      watchers.set(folder, watcher);
    }
  }
  function find(): void {
    follow();
    for (const { connector } of listFolders(root)) {
      if (connector === undefined || known.has(connector)) continue;
      known.add(connector);
      note(connector);
    }
  }

  for (const { connector } of listFolders(root)) if (connector !== undefined) known.add(connector);
  follow();
  if (!signal.aborted) {
    await new Promise<void>((stopped) => signal.addEventListener("abort", () => stopped(), { once: true }));
  }
  clearTimeout(timer);
  for (const watcher of watchers.values()) watcher.close();
  await running;
};

interface WatchedFolder {
  readonly folder: string;
  readonly connector: string | undefined;
}

/** The folders to watch, each with the connector that a change in it concerns; none where a connector may yet come. */
const listFolders = (root: string): readonly WatchedFolder[] => {
  const ofConnector = (connector: string): readonly WatchedFolder[] => [
    { folder: connector, connector },
    ...(existsSync(join(connector, "cases")) ? [{ folder: join(connector, "cases"), connector }] : []),
  ];
  if (existsSync(join(root, "connector.json"))) return ofConnector(root);
  const below = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith(".") && entry.name !== "node_modules")
    .map(({ name }) => join(root, name));
  return [
    { folder: root, connector: undefined },
    ...below.flatMap((path): readonly WatchedFolder[] =>
      existsSync(join(path, "connector.json")) ? ofConnector(path) : [{ folder: path, connector: undefined }],
    ),
  ];
};
