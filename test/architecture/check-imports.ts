import { posix } from "node:path";
import { importTable, outsideFolders, socketGlobals, socketModules, socketSpecifiers } from "./import-table.ts";
import type { SourceFile, SourceImport } from "./read-source-files.ts";

/** A breach of the architecture, as one sentence that names the file and the rule. */
export type Violation = string;

const scope = "@junctor/";
const isTest = (path: string): boolean => /\.test\.ts$|\/testkit\/|^packages\/[^/]+\/(?:test|scripts)\//.test(path);
const packageOf = (path: string): string | undefined => /^packages\/([^/]+)\//.exec(path)?.[1];

/** Checks one file against the import table: internal packages, npm dependencies, Node modules, public entries. */
export function checkImportTable(file: SourceFile, declared: ReadonlySet<string>): Violation[] {
  const own = packageOf(file.path);
  return file.imports.flatMap((imported) =>
    own === undefined ? checkOutside(file.path, imported) : checkPackage(file.path, own, imported, declared),
  );
}

function checkPackage(
  path: string,
  own: string,
  { specifier, typesOnly }: SourceImport,
  declared: ReadonlySet<string>,
): Violation[] {
  const rule = importTable[own];
  if (rule === undefined) return [`${path}: package ${own} is not in the import table`];
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(path), specifier);
    return target.startsWith(`packages/${own}/`) ? [] : [`${path}: leaves its package by ${specifier}`];
  }
  if (specifier.startsWith(scope)) {
    const other = specifier.slice(scope.length).split("/")[0] ?? "";
    if (other === own || isTest(path)) return [];
    const allowed = rule.internal[other];
    if (allowed === undefined) return [`${path}: ${own} may not import ${other}`];
    return allowed === "types" && !typesOnly ? [`${path}: ${own} may import types only from ${other}`] : [];
  }
  if (isTest(path)) return [];
  if (specifier.startsWith("node:")) return checkNode(path, own, specifier.slice("node:".length));
  const dependency = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
  if (rule.dependencies !== "any" && !rule.dependencies.includes(dependency)) {
    return [`${path}: ${own} may not depend on ${dependency}`];
  }
  return declared.has(dependency) ? [] : [`${path}: ${dependency} is not in the dependencies of ${own}`];
}

function checkNode(path: string, own: string, module: string): Violation[] {
  const rule = importTable[own]?.node;
  if (rule === "any" || rule === undefined) return [];
  if (rule === "none") return [`${path}: ${own} may not import node:${module}`];
  return rule.except.includes(module) ? [`${path}: ${own} may not import node:${module}`] : [];
}

function checkOutside(path: string, { specifier }: SourceImport): Violation[] {
  const folder = path.split("/")[0] ?? "";
  const allowed = outsideFolders[folder];
  if (specifier.startsWith(".")) {
    const target = posix.join(posix.dirname(path), specifier);
    return target.startsWith("packages/") ? [`${path}: reaches into ${target} instead of the public entry`] : [];
  }
  if (!specifier.startsWith(scope)) return [];
  const [name = "", ...rest] = specifier.slice(scope.length).split("/");
  if (rest.includes("src")) return [`${path}: reaches into ${specifier} instead of the public entry`];
  if (allowed !== undefined && allowed !== "any" && !allowed.includes(name)) {
    return [`${path}: ${folder} may not import ${name}`];
  }
  return [];
}

/** Finds code that opens sockets outside the modules that may. Type imports open nothing. */
export function checkSockets(file: SourceFile): Violation[] {
  if (!file.path.startsWith("packages/") || isTest(file.path)) return [];
  if (Object.keys(socketModules).some((module) => file.path.startsWith(module))) return [];
  const imported = file.imports
    .filter(({ specifier, typesOnly }) => !typesOnly && socketSpecifiers.includes(specifier))
    .map(({ specifier }) => `${file.path}: opens sockets through ${specifier}; only egress may`);
  const code = file.text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
  return socketGlobals.test(code) ? [...imported, `${file.path}: calls a global that opens sockets`] : imported;
}

/** Finds import cycles between files, relative imports and package names alike, type imports included. */
export function findCycles(files: readonly SourceFile[]): Violation[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const state = new Map<string, "open" | "done">();
  const cycles: Violation[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === "done") return;
    if (state.get(path) === "open") {
      cycles.push(`import cycle: ${[...trail.slice(trail.indexOf(path)), path].join(" → ")}`);
      return;
    }
    state.set(path, "open");
    for (const { specifier } of byPath.get(path)?.imports ?? []) {
      const target = resolveImport(path, specifier);
      if (target !== undefined && byPath.has(target)) visit(target, [...trail, path]);
    }
    state.set(path, "done");
  };
  for (const { path } of files) visit(path, []);
  return cycles;
}

function resolveImport(from: string, specifier: string): string | undefined {
  if (specifier.startsWith(".")) return posix.join(posix.dirname(from), specifier);
  if (!specifier.startsWith(scope)) return undefined;
  const [name, ...rest] = specifier.slice(scope.length).split("/");
  return rest.length === 0 ? `packages/${name}/src/index.ts` : `packages/${name}/src/${rest.join("/")}/index.ts`;
}
