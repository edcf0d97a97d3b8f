import { stdin } from "node:process";

/** Everything a command touches of the process around it, so that tests run commands without processes. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
  /** Bytes, for files and streams. Resolves when they are taken. */
  readonly outBytes: (bytes: Uint8Array) => Promise<void>;
  readonly input: AsyncIterable<Uint8Array>;
  /** Whether somebody types there. */
  readonly inputIsTyped: boolean;
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborts when the command is interrupted. */
  readonly signal: AbortSignal;
}

/** The terminal of this process. */
export const processTerminal = (): Terminal => {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort(name));
  // Whoever reads the output may stop reading; that is no error of ours.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
  });
  return {
    out: (text) => void process.stdout.write(text),
    error: (text) => void process.stderr.write(text),
    outBytes: (bytes) =>
      new Promise((taken) => {
        process.stdout.write(bytes, () => taken());
      }),
    input: stdin,
    inputIsTyped: stdin.isTTY === true,
    folder: process.cwd(),
    environment: process.env,
    signal: controller.signal,
  };
};
