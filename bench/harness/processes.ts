import { type ChildProcess, spawn } from "node:child_process";
import { connect } from "node:net";

/** Names cores as `taskset` has them: the server under test has one for itself, the load and the upstream share the other. */
export const CORES = { server: "0", others: "1", all: "0,1" } as const;

export type Cores = (typeof CORES)[keyof typeof CORES];

let precedence: readonly string[] = [];

/** Lets what is started from now on go before other work of the machine; only root may. */
export function takePrecedence(): void {
  if (process.getuid?.() !== 0) throw new Error("--precedence needs root.");
  precedence = ["nice", "-n", "-15"];
}

/** Writes a command line that runs on one core. */
export function onCore(core: Cores, command: readonly string[]): readonly [command: string, ...rest: string[]] {
  const [first = "taskset", ...rest] = [...precedence, "taskset", "-c", core, ...command];
  return [first, ...rest];
}

/** A process that a bench started. */
export interface Running {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  /** What it wrote to standard output and error so far, for the error message when it fails. */
  readonly output: () => string;
  stop(): Promise<void>;
}

/** Describes a process to start. */
export interface Start {
  readonly name: string;
  readonly command: readonly string[];
  readonly core: Cores;
  readonly port: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Longest wait until the port answers, in milliseconds. Default 20,000. */
  readonly readyMs?: number;
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** Starts a process on one core, as a child in the foreground, and waits until its port accepts connections. */
export async function startProcess(start: Start): Promise<Running> {
  const [command, ...rest] = onCore(start.core, start.command);
  const child = spawn(command, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...start.environment },
    ...(start.cwd !== undefined && { cwd: start.cwd }),
  });
  running.add(child);
  let output = "";
  const keep = (piece: Buffer): void => {
    output = (output + piece.toString()).slice(-20_000);
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  void ended.then(() => running.delete(child));

  await waitForPort(start, child, () => output);
  return {
    name: start.name,
    pid: child.pid ?? 0,
    port: start.port,
    output: () => output,
    stop: () => stopProcess(child, ended),
  };
}

async function waitForPort(start: Start, child: ChildProcess, output: () => string): Promise<void> {
  const until = performance.now() + (start.readyMs ?? 20_000);
  while (performance.now() < until) {
    if (child.exitCode !== null) throw new Error(`${start.name} ended with code ${child.exitCode}:\n${output()}`);
    if (await answers(start.port)) return;
    await sleep(20);
  }
  child.kill("SIGKILL");
  throw new Error(`${start.name} didn't listen on port ${start.port} in time:\n${output()}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

async function stopProcess(child: ChildProcess, ended: Promise<void>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const patience = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(patience);
}

/** Waits. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
