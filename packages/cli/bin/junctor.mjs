#!/usr/bin/env node
// Starts the command: from `dist` where it was built, else from source on a Node that strips types.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const built = new URL("../dist/main.js", import.meta.url);

/** The Node that the repository pins, else the one that runs this file. */
function findNode() {
  try {
    return createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    return process.execPath;
  }
}

if (existsSync(built)) {
  await import(built.href);
} else {
  const main = fileURLToPath(new URL("../src/main.ts", import.meta.url));
  const child = spawn(findNode(), ["--conditions=source", main, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal signals both processes; this one waits for the other to end in order.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    console.error(`junctor could not start: ${error.message}`);
    process.exitCode = 1;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? (signal === "SIGINT" ? 130 : 1);
  });
}
