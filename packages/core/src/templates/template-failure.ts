import { TemplateError } from "@junctor/jinja";
import { ConnectorError } from "../errors/connector-error.ts";

/**
 * Turns what a template threw into the engine's error, with its place in the definition. A host function's own
 * `ConnectorError` (an unknown secret) passes through. The message of a template error names no values.
 */
export function describeTemplateFailure(error: unknown, pointer: string): ConnectorError {
  if (error instanceof ConnectorError) return error;
  if (!(error instanceof TemplateError)) {
    return new ConnectorError("INTERNAL", `The template at ${pointer} failed in an unexpected way.`, { cause: error });
  }
  if (error.cause instanceof ConnectorError) return error.cause;
  const place = error.line === undefined ? "" : `, line ${error.line}, column ${error.column ?? 1}`;
  return new ConnectorError("TEMPLATE_FAILED", `The template at ${pointer}${place} failed: ${error.message}`, {
    cause: error,
    details: [
      {
        pointer,
        message: `${error.type}: ${error.message}`,
        ...(error.line !== undefined && { line: error.line, column: error.column ?? 1 }),
        ...(error.excerpt !== "" && { hint: error.excerpt }),
      },
    ],
    hint: hintFor(error),
  });
}

function hintFor(error: TemplateError): string {
  switch (error.type) {
    case "UndefinedError":
      return "Give the value a default, or let the whole place be one expression, so that it is omitted when undefined.";
    case "LimitError":
      return "Let the upstream do more of the work, or split the template: it used up its budget.";
    default:
      return "Correct the template in the connector's definition.";
  }
}
