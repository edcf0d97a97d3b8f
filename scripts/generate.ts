import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/**
 * `npm run generate` rewrites every committed generated file; `--check` fails, naming the files, when one is not
 * current. A generator exports `generate(): Promise<Record<path from the repository root, content>>`.
 */
const generators: readonly string[] = [
  "packages/sdk/scripts/generate-types.ts",
  "packages/sdk/scripts/generate-examples.ts",
  "packages/core/scripts/generate-lint-docs.ts",
  "packages/cli/scripts/generate-docs.ts",
  "packages/sdk/scripts/generate-reference.ts",
  "packages/contract/scripts/generate-types.ts",
  "packages/contract/scripts/generate-docs.ts",
  "packages/server/scripts/generate-configuration.ts",
  "packages/importers/scripts/generate-docs.ts",
];

const root = new URL("..", import.meta.url);
const check = process.argv.includes("--check");
const stale: string[] = [];

for (const path of generators) {
  const module = (await import(new URL(path, root).href)) as { generate(): Promise<Record<string, string>> };
  for (const [file, content] of Object.entries(await module.generate())) {
    const target = fileURLToPath(new URL(file, root));
    const current = existsSync(target) ? readFileSync(target, "utf8") : undefined;
    if (current === content) continue;
    stale.push(file);
    if (!check) writeFileSync(target, content);
  }
}

if (check && stale.length > 0) {
  console.error(`Not current: ${stale.join(", ")}. Run: npm run generate`);
  process.exit(1);
}
if (!check && stale.length > 0) {
  console.log(`Rewritten: ${stale.join(", ")}`);
}
