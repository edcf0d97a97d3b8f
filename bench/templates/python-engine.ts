import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("./python-bench.py", import.meta.url));

/** Measures one shape with CPython, in a process of its own that waits between rounds. */
export interface PythonEngine {
  /** Renders `count` times and gives CPU microseconds per render. */
  readonly measure: (count: number) => Promise<number>;
  readonly close: () => void;
}

/** Starts CPython on a shape; `null` when there is no Jinja2 for it. */
export async function startPython(shape: {
  readonly template: string;
  readonly context: unknown;
  readonly compile?: boolean;
}): Promise<PythonEngine | null> {
  const child = spawn("/usr/bin/python3", [SCRIPT], { stdio: ["pipe", "pipe", "ignore"] });
  const failed = new Promise<null>((resolve) => {
    child.once("error", () => resolve(null));
    child.once("exit", () => resolve(null));
  });
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  child.stdin.write(`${JSON.stringify(shape)}\n`);
  const measure = async (count: number): Promise<number> => {
    child.stdin.write(`${count}\n`);
    const line = await Promise.race([lines.next(), failed]);
    if (line === null || line.done === true) throw new Error("CPython with Jinja2 ended early");
    return Number(line.value);
  };
  try {
    await measure(1);
  } catch {
    return null;
  }
  return { measure, close: () => child.stdin.end() };
}
