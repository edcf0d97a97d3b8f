import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { readCpuMicros } from "./cpu-clock.ts";
import { CORES, onCore, type Running } from "./processes.ts";
import { findTool } from "./tools.ts";

/** Describes the requests that are sent, all of them the same. */
export interface Load {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Default 32, all kept alive. */
  readonly connections?: number;
}

/** Holds what one slice of load showed. */
export interface Slice {
  readonly requests: number;
  readonly requestsPerSecond: number;
  /** CPU of the measured process per request, in microseconds. */
  readonly cpuMicros: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const run = promisify(execFile);

/** Sends load with wrk for some seconds and divides the CPU time of the server's process by the requests. */
export async function applyLoad(server: Running, load: Load, seconds: number, folder: string): Promise<Slice> {
  const tool = findTool("wrk");
  if ("missing" in tool) throw new Error(tool.missing);
  const script = join(folder, `load-${server.port}.lua`);
  writeFileSync(script, writeScript(load));
  const before = readCpuMicros(server.pid);
  const [command, ...rest] = onCore(CORES.others, [
    tool.path,
    "-t1",
    `-c${load.connections ?? 32}`,
    `-d${seconds}s`,
    "--timeout",
    "10s",
    "--latency",
    "-s",
    script,
    load.url,
  ]);
  const { stdout } = await run(command, rest);
  const cpu = readCpuMicros(server.pid) - before;
  return readReport(stdout, cpu, server);
}

function readReport(report: string, cpu: number, server: Running): Slice {
  const requests = Number(/(\d+) requests in/.exec(report)?.[1] ?? 0);
  const wrong = /Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)/.exec(report)?.[0];
  if (wrong !== undefined || requests === 0) {
    throw new Error(
      `${server.name} answered wrongly under load: ${wrong ?? "no request was answered"}\n${server.output()}`,
    );
  }
  return {
    requests,
    requestsPerSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(report)?.[1] ?? 0),
    cpuMicros: cpu / requests,
    p50Ms: readMilliseconds(report, "50%"),
    p99Ms: readMilliseconds(report, "99%"),
  };
}

function readMilliseconds(report: string, line: string): number {
  const match = new RegExp(`${line}\\s+([\\d.]+)(us|ms|s)`).exec(report);
  const factor = { us: 0.001, ms: 1, s: 1000 }[match?.[2] ?? "ms"] ?? 1;
  return Number(match?.[1] ?? Number.NaN) * factor;
}

function writeScript(load: Load): string {
  const quote = (text: string): string => `"${text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n")}"`;
  const lines = [`wrk.method = ${quote(load.method)}`];
  for (const [name, value] of Object.entries(load.headers ?? {}))
    lines.push(`wrk.headers[${quote(name)}] = ${quote(value)}`);
  if (load.body !== undefined) lines.push(`wrk.body = ${quote(load.body)}`);
  return `${lines.join("\n")}\n`;
}
