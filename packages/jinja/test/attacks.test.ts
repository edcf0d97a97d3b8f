import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ATTACKS, type Attack } from "./attacks.ts";

/** Longest run of one attack from outside, with the start of Node; the budget inside is checked by itself. */
const PATIENCE = 20_000;
/** Computing time that the default limits allow, and one slice between two looks at the clock. */
const BUDGET_MS = 50;
const SLICE_MS = 25;
/** Largest growth of the process in KiB. */
const GROWTH_KIB = 64 * 1024;

interface Report {
  readonly output?: string;
  readonly error?: string;
  readonly cpuMilliseconds: number;
  readonly unchanged: boolean;
  readonly prototypesClean: boolean;
}

let folder: string;
let runner: string;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "jinja-attacks-"));
  runner = path.join(folder, "runner.mjs");
  const entryPoints = [fileURLToPath(new URL("./attack-runner.ts", import.meta.url))];
  await build({ entryPoints, outfile: runner, bundle: true, platform: "node", format: "esm", target: "node22" });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** Reads the largest memory that a process ever had, in KiB; 0 where the system does not tell or the process is gone. */
async function peakMemory(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, "utf8");
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** Runs an attack in a process of its own and watches its time and memory from here. */
async function runAttack(
  attack: Attack,
): Promise<{ readonly report: Report | undefined; readonly growth: number; readonly signal: string | null }> {
  const child = spawn(process.execPath, [runner], { stdio: ["pipe", "pipe", "inherit"] });
  let text = "";
  let start = 0;
  let peak = 0;
  child.stdout.on("data", (chunk) => {
    text += String(chunk);
  });
  const watch = setInterval(async () => {
    const [first] = text.split("\n");
    if (start === 0 && first !== undefined && first !== "" && text.includes("\n"))
      start = (JSON.parse(first) as { memoryBefore: number }).memoryBefore;
    peak = Math.max(peak, await peakMemory(child.pid ?? 0));
    if (start > 0 && peak > start + 4 * GROWTH_KIB) child.kill("SIGKILL");
  }, 10);
  const patience = setTimeout(() => child.kill("SIGKILL"), PATIENCE);
  child.stdin.end(JSON.stringify({ template: attack.template }));
  const signal = await new Promise<string | null>((resolve) => child.once("close", (_code, by) => resolve(by)));
  clearInterval(watch);
  clearTimeout(patience);
  const [first, last] = text.trim().split("\n");
  const before = first === undefined ? 0 : (JSON.parse(first) as { memoryBefore: number }).memoryBefore;
  const report = last === undefined ? undefined : (JSON.parse(last) as Report & { memoryAfter: number });
  return { report, growth: Math.max(peak, report?.memoryAfter ?? 0) - before, signal };
}

describe("hostile templates, each in a process of its own", () => {
  it("are at least sixty", () => {
    expect(ATTACKS.length).toBeGreaterThanOrEqual(60);
  });

  it.concurrent.each(ATTACKS)("$name", async (attack) => {
    const { report, growth, signal } = await runAttack(attack);
    expect({ signal, ended: report !== undefined }).toEqual({ signal: null, ended: true });
    expect(report?.error ?? "").not.toMatch(/^crash/);
    if (attack.error !== undefined) expect(report?.error).toBe(attack.error);
    if (attack.output !== undefined) expect(report?.output).toBe(attack.output);
    expect(report?.output ?? "").not.toContain("host secret");
    expect({ unchanged: report?.unchanged, prototypesClean: report?.prototypesClean }).toEqual({
      unchanged: true,
      prototypesClean: true,
    });
    expect(report?.cpuMilliseconds).toBeLessThan(BUDGET_MS + SLICE_MS);
    expect(growth).toBeLessThan(GROWTH_KIB);
  });
});
