import { ConnectorError } from "../errors/connector-error.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import type { AuthSession } from "./auth-method.ts";

/** Renders a part of a credential as text and keeps it out of everything the call leaves behind. */
export function renderCredential(value: CompiledValue, session: AuthSession, what: string): string {
  const rendered = renderValue(value, session.scope);
  if (typeof rendered === "string" || typeof rendered === "number") {
    const text = String(rendered);
    session.redact(text);
    return text;
  }
  throw new ConnectorError("AUTHENTICATION_FAILED", `The ${what} of the credential is ${describe(rendered)}.`, {
    status: 409,
    retryable: false,
    hint: "Complete the connection's parameters, or correct the auth method of the connector.",
  });
}

function describe(value: unknown): string {
  if (value === undefined) return "undefined";
  return value === null ? "null" : "not text";
}
