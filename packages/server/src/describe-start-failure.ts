import { ConnectorError } from "@junctor/core";
import { ConfigError } from "./config.ts";

/** Says in one or two lines why a server did not start and what to do; for what nobody expected, the whole error. */
export function describeStartFailure(error: unknown): string {
  if (error instanceof ConfigError) return `Setting ${error.message}`;
  if (error instanceof ConnectorError) return [error.message, error.hint].filter(Boolean).join("\n");
  if (error instanceof Error && "code" in error) {
    const known = describeListenFailure(error) ?? describePathFailure(error);
    if (known !== undefined) return known;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What the operating system or its resolver says when a server wants an address and a port. */
function describeListenFailure(error: Error): string | undefined {
  const { code, address, port, hostname } = error as NodeJS.ErrnoException & {
    readonly address?: string;
    readonly port?: number;
    readonly hostname?: string;
  };
  switch (code) {
    case "EADDRINUSE":
      return `Port ${port} at ${address} is in use.\nStop the program that listens there, or choose another port.`;
    case "EACCES":
      return port === undefined ? undefined : `Port ${port} needs more rights.\nChoose a port from 1024.`;
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "EAI_FAIL":
      return `The name ${hostname} to listen on has no address (${code}).\n${listenHint}`;
    case "EADDRNOTAVAIL":
    case "EAFNOSUPPORT":
    case "EINVAL":
      return address === undefined ? undefined : `${address} is no address of this machine (${code}).\n${listenHint}`;
    default:
      return undefined;
  }
}

const listenHint =
  "Set JUNCTOR_HOST or --host (JUNCTOR_METRICS_ADDRESS for metrics) to 127.0.0.1, 0.0.0.0, or an address of this machine.";

/** A file or folder that a setting names and the operating system refuses. */
function describePathFailure(error: Error): string | undefined {
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  if (path === undefined) return undefined;
  return `${path} cannot be used: ${syscall} failed with ${code}.\nCheck the settings that name files and folders, such as JUNCTOR_DATA_DIR, and who may use them.`;
}
