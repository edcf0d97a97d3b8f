/** What the command's exit code says; the meaning of a code never changes. */
export const exitCodes = Object.freeze({
  ok: { code: 0, meaning: "Done; nothing to complain about." },
  failed: {
    code: 1,
    meaning: "What was asked for failed: lint errors, failed cases, a refused call, a refused version step.",
  },
  usage: {
    code: 2,
    meaning:
      "The command was not understood: unknown command or flag, missing argument, a file that cannot be read or written.",
  },
  unreachable: { code: 3, meaning: "No server answers at the address, or it is starting or stopping." },
  refused: { code: 4, meaning: "The server does not accept the key, or the key may not do this." },
  interrupted: {
    code: 130,
    meaning: "Interrupted before it was done. `dev` and `serve` run until they are interrupted, and then end with 0.",
  },
} as const);

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]["code"];
