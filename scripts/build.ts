import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";

/**
 * `npm run build`: writes `dist` of every package for publishing, in the order of the import table. Nothing in the
 * repository needs it: start, tests and checks run from source.
 */
const packages = ["sdk", "jinja", "egress", "contract", "core", "client", "importers", "store", "server", "cli"];

for (const name of packages) {
  const folder = `packages/${name}`;
  rmSync(`${folder}/dist`, { recursive: true, force: true });
  const config = {
    extends: "../../tsconfig.json",
    compilerOptions: {
      noEmit: false,
      rootDir: "src",
      outDir: "dist",
      declaration: true,
      sourceMap: false,
      allowImportingTsExtensions: false,
      // Other packages are seen as their users see them: by what was built before.
      customConditions: [],
    },
    include: ["src"],
    exclude: ["src/**/*.test.ts"],
  };
  const path = `${folder}/tsconfig.build.json`;
  writeFileSync(path, JSON.stringify(config));
  const { status } = spawnSync("tsc", ["-p", path], { stdio: "inherit" });
  rmSync(path);
  if (status !== 0) {
    console.error(`${name}: not built`);
    process.exit(1);
  }
  console.log(`${name}: built`);
}
