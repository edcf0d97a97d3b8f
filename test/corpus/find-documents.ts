import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import type { ScoreTask } from "./score-document.ts";

/**
 * Finds the documents below a folder: Power-Platform pairs as one, everything else that begins like an OpenAPI or Swagger
 * document. With a list of names (one per line) only those.
 */
export function findDocuments(folder: string, calls: number, listFile?: string): readonly ScoreTask[] {
  if (statSync(folder).isFile()) return [{ name: folder, files: [folder], calls }];
  if (listFile !== undefined) {
    const names = readFileSync(listFile, "utf8")
      .split("\n")
      .map((name) => name.trim())
      .filter((name) => name !== "");
    return names.map((name) => ({ name, files: [join(folder, name)], calls }));
  }
  const tasks: ScoreTask[] = [];
  const visit = (directory: string): void => {
    const entries = readdirSync(directory, { withFileTypes: true }).sort((a, b) => a.name.localeCompare(b.name));
    const definition = entries.find((entry) => entry.name === "apiDefinition.swagger.json");
    if (definition !== undefined) {
      const files = [definition.name, "apiProperties.json"]
        .map((name) => join(directory, name))
        .filter((path) => existsSync(path));
      tasks.push({ name: relative(folder, directory) || directory, files, calls });
      return;
    }
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory() && entry.name !== "node_modules" && !entry.name.startsWith(".")) visit(path);
      else if (entry.isDirectory() && entry.name === "node_modules" && directory === folder) visit(path);
      else if (entry.isFile() && /\.(json|ya?ml)$/i.test(entry.name) && looksLikeApi(path))
        tasks.push({ name: relative(folder, path), files: [path], calls });
    }
  };
  visit(folder);
  return tasks;
}

const looksLikeApi = (path: string): boolean =>
  /["']?(swagger|openapi)["']?\s*:\s*["']?[23]/.test(readFileSync(path, "utf8").slice(0, 5_000));
