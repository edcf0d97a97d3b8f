import { ConnectorError } from "@junctor/core";
import { ConfigError } from "./config.ts";

/** Says in one or two lines why a server did not start and what to do; for what nobody expected, the whole error. */
export function describeStartFailure(error: unknown): string {
  if (error instanceof ConfigError) return `Setting ${error.message}`;
  if (error instanceof ConnectorError) return [error.message, error.hint].filter(Boolean).join("\n");
  if (error instanceof Error && "code" in error) {
    const { code, address, port } = error as NodeJS.ErrnoException & {
      readonly address?: string;
      readonly port?: number;
    };
    if (code === "EADDRINUSE") {
      return `Port ${port} at ${address} is in use.\nStop the program that listens there, or choose another port.`;
    }
    if (code === "EACCES" && port !== undefined) return `Port ${port} needs more rights.\nChoose a port from 1024.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
