import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** One import of a source file. */
export interface SourceImport {
  readonly specifier: string;
  /** `import type` or `export type … from`. */
  readonly typesOnly: boolean;
}

export interface SourceFile {
  /** Path from the repository root, with forward slashes. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly SourceImport[];
}

export const repositoryRoot: string = fileURLToPath(new URL("../..", import.meta.url));

const statement = /^\s*(?:import|export)\s+(?<type>type\s+)?(?:[\w*{}\s,$]+?\s+from\s+)?["'](?<specifier>[^"']+)["']/gm;
const dynamic = /\bimport\(\s*["'](?<specifier>[^"']+)["']/g;

/** Lists the imports of a TypeScript source text: static, re-exporting and dynamic with a literal. */
export function listImports(text: string): SourceImport[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  const found: SourceImport[] = [];
  for (const match of code.matchAll(statement)) {
    found.push({ specifier: match.groups?.specifier ?? "", typesOnly: isTypesOnly(match[0]) });
  }
  for (const match of code.matchAll(dynamic)) {
    found.push({ specifier: match.groups?.specifier ?? "", typesOnly: false });
  }
  return found;
}

/** `import type { A }` and `import { type A, type B }` vanish when types are stripped. */
function isTypesOnly(declaration: string): boolean {
  if (/^\s*(?:import|export)\s+type\s/.test(declaration)) return true;
  const names = /\{([^}]*)\}/.exec(declaration)?.[1];
  if (names === undefined || /^\s*(?:import|export)\s+\w/.test(declaration)) return false;
  const listed = names.split(",").map((name) => name.trim());
  return listed.some((name) => name !== "") && listed.every((name) => name === "" || name.startsWith("type "));
}

/** Reads every TypeScript file of the project below the given folders. */
export function readSourceFiles(patterns: readonly string[]): SourceFile[] {
  return globSync([...patterns], { cwd: repositoryRoot, exclude: (name) => name === "node_modules" || name === "dist" })
    .map((path) => path.replaceAll("\\", "/"))
    .filter((path) => !path.endsWith(".d.ts"))
    .sort()
    .map((path) => {
      const text = readFileSync(`${repositoryRoot}/${path}`, "utf8");
      return { path, text, imports: listImports(text) };
    });
}
