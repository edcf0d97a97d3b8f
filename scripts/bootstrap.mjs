// Installs what is missing before an npm script runs. Plain JavaScript without dependencies: on a fresh clone this
// file runs on whatever Node the machine has; everything after it runs on the pinned Node of the `node` package.
//
//   node scripts/bootstrap.mjs          npm packages
//   node scripts/bootstrap.mjs --test   the same; system packages for tests are installed by scripts/test.ts
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stamp = join(root, "node_modules", ".junctor-install");
const wanted = createHash("sha256")
  .update(readFileSync(join(root, "package-lock.json")))
  .digest("hex");

const [major] = process.versions.node.split(".").map(Number);
if (major < 20) {
  console.error(`Junctor needs Node 20 or newer to install itself; this is ${process.version}.`);
  process.exit(1);
}

const installed = existsSync(stamp) ? readFileSync(stamp, "utf8").trim() : "";
if (installed !== wanted) {
  console.error("Installing npm packages (once per lockfile change) …");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", "inherit", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) {
    console.error("npm ci failed; the lines above say why. Nothing was started.");
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, `${wanted}\n`);
}

// npm puts node_modules/.bin first on the PATH of its scripts, so the next command runs on the pinned Node.
const pinned = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).devDependencies.node;
const local = spawnSync(join(root, "node_modules", ".bin", "node"), ["--version"], { encoding: "utf8" });
if (local.status !== 0 || local.stdout.trim() !== `v${pinned}`) {
  console.error(
    `The pinned Node ${pinned} is not in place (found ${local.stdout?.trim() || "none"}). ` +
      "Delete node_modules and run the command again; if it stays so, the registry lacks the `node` package for this platform.",
  );
  process.exit(1);
}
