import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";

const PACKAGES = { nginx: "nginx-light", wrk: "wrk" } as const;

/** Names a program that comes from the operating system. */
export type Tool = keyof typeof PACKAGES;

/** Finds a program; as root on Debian it is installed when it is missing. Answers why not, otherwise. */
export function findTool(tool: Tool): { readonly path: string } | { readonly missing: string } {
  const found = locate(tool) ?? install(tool);
  if (found !== undefined) return { path: found };
  return { missing: `${tool} is not installed. Debian: apt-get install ${PACKAGES[tool]}` };
}

function locate(tool: Tool): string | undefined {
  const folders = [...(process.env.PATH ?? "").split(":"), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => `${folder}/${tool}`).find((path) => existsSync(path));
}

function install(tool: Tool): string | undefined {
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return undefined;
  try {
    // With this run level the package doesn't start a service of its own on port 80.
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" };
    console.log(`Installing ${PACKAGES[tool]} …`);
    execFileSync("apt-get", ["install", "-y", "--no-install-recommends", PACKAGES[tool]], { stdio: "ignore", env });
    return locate(tool);
  } catch {
    return undefined;
  }
}
