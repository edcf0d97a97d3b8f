import { spawnSync } from "node:child_process";

/** A Debian package that some tests need, and the command that shows it is there. */
interface SystemPackage {
  readonly name: string;
  readonly probe: readonly [command: string, ...args: string[]];
  readonly neededFor: string;
}

const packages: readonly SystemPackage[] = [
  { name: "git", probe: ["git", "--version"], neededFor: "the repository registry" },
  { name: "chromium", probe: ["chromium", "--version"], neededFor: "browser tests" },
  {
    name: "python3-jinja2",
    probe: ["/usr/bin/python3", "-c", "import jinja2"],
    neededFor: "the differential test against Jinja2",
  },
];

/**
 * Installs the Debian packages that tests need, when they are missing and this process may (root on a Debian system).
 * Where it may not, it names each package; the tests that need it then skip with that reason.
 */
export function installSystemPackages(): void {
  const missing = packages.filter((wanted) => !isPresent(wanted));
  if (missing.length === 0) return;
  const mayInstall = process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0;
  if (!mayInstall) {
    for (const { name, neededFor } of missing) {
      console.error(`Debian package ${name} is missing (${neededFor}). Install it with: apt-get install ${name}`);
    }
    return;
  }
  console.error(`Installing Debian packages: ${missing.map(({ name }) => name).join(", ")} …`);
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-qq"], { env, stdio: ["ignore", "ignore", "inherit"] });
  spawnSync("apt-get", ["install", "-y", "-qq", "--no-install-recommends", ...missing.map(({ name }) => name)], {
    env,
    stdio: ["ignore", "ignore", "inherit"],
  });
  for (const wanted of missing.filter((candidate) => !isPresent(candidate))) {
    console.error(`Debian package ${wanted.name} could not be installed; ${wanted.neededFor} will be skipped.`);
  }
}

function isPresent({ probe: [command, ...args] }: SystemPackage): boolean {
  return spawnSync(command, args, { stdio: "ignore" }).status === 0;
}
