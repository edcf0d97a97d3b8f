import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/**
 * Lists the folders of a package and of everything that it depends on, found as Node finds them: each by the path under which
 * it is looked for and, where that is a link (workspaces, stores of package managers), by its real path too.
 * `own` is the address of the package's `package.json`.
 */
export function listModuleFolders(own: URL): readonly string[] {
  const folders = new Set<string>();
  const waiting = [fileURLToPath(own)];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const require = createRequire(file);
    // The real path: what a package depends on is looked for from there.
    const real = require.resolve(file);
    if (folders.has(dirname(file)) && folders.has(dirname(real))) continue;
    folders.add(dirname(file)).add(dirname(real));
    const { dependencies = {} } = require(real) as Manifest;
    const beside = createRequire(real);
    for (const name of Object.keys(dependencies)) {
      const found = findManifest(beside, name);
      if (found !== undefined) waiting.push(found);
    }
  }
  return [...folders];
}

/** The first `package.json` of that name on the way up; undefined where an installation left the package out. */
function findManifest(require: NodeJS.Require, name: string): string | undefined {
  return (require.resolve.paths(name) ?? [])
    .map((folder) => join(folder, name, "package.json"))
    .find((file) => canResolve(require, file));
}

function canResolve(require: NodeJS.Require, file: string): boolean {
  try {
    require.resolve(file);
    return true;
  } catch {
    return false;
  }
}
