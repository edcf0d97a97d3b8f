import type { Finding as ShownFinding } from "@junctor/contract";
import type { Finding } from "@junctor/core";

/** Shows a lint finding as the API does: a place only where there was a text. */
export function showFinding({ rule, severity, pointer, message, hint, line, column }: Finding): ShownFinding {
  return {
    rule,
    severity,
    pointer,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(line === null || column === null ? {} : { line, column }),
  };
}
