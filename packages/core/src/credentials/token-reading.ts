import type { TokenReading } from "@junctor/sdk";
import type { AuthSession, AuthTemplates } from "../auth/auth-method.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json, JsonObject } from "../ports/records.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import { bindRoots, type RenderScope } from "../templates/template-host.ts";
import type { CredentialAnswer } from "./credential-exchange.ts";
import { readClockSkew, readJwtEnd, readLifetime, readMoment } from "./token-expiry.ts";

/** The definition's `token` (definition 3.2), compiled. Null: the name of RFC 6749. */
export interface CompiledTokenReading {
  readonly accessToken: CompiledValue | null;
  readonly refreshToken: CompiledValue | null;
  readonly expiresIn: CompiledValue | number | null;
  readonly expiresAt: CompiledValue | null;
  readonly refreshExpiresIn: CompiledValue | number | null;
  readonly values: CompiledValue | null;
  readonly error: CompiledValue | null;
}

/** What one answer says; a member is undefined where it says nothing. Times are epoch milliseconds of our clock. */
export interface ReadTokens {
  readonly accessToken: string | undefined;
  readonly refreshToken: string | undefined;
  readonly expiresAt: number | undefined;
  readonly refreshExpiresAt: number | undefined;
  readonly values: JsonObject;
  /** What `token.error` found. */
  readonly error: unknown;
}

const roots = ["response", "steps", "oauth"];

/**
 * Compiles `token`; absent members read the names of RFC 6749. Fails with DEFINITION_INVALID where `values` read a secret: they
 * join `connection`, where every template sees them.
 */
export function compileTokenReading(
  reading: TokenReading | undefined,
  templates: AuthTemplates,
  pointer: string,
): CompiledTokenReading {
  const part = (name: "accessToken" | "refreshToken" | "expiresAt" | "error" | "values") =>
    reading?.[name] === undefined ? null : templates.value(reading[name] as Json, `${pointer}/${name}`, roots);
  const seconds = (name: "expiresIn" | "refreshExpiresIn") => {
    const written = reading?.[name];
    if (written === undefined) return null;
    return typeof written === "number" ? written : templates.value(written as Json, `${pointer}/${name}`, roots);
  };
  const values = part("values");
  if (values?.secret === true) {
    throw new ConnectorError("DEFINITION_INVALID", "The values of a token answer cannot read a secret.", {
      details: [{ pointer: `${pointer}/values`, message: "A secret cannot be read here." }],
      hint: "Every template of the connector sees these values. Read the secret where it is sent.",
    });
  }
  return Object.freeze({
    accessToken: part("accessToken"),
    refreshToken: part("refreshToken"),
    expiresIn: seconds("expiresIn"),
    expiresAt: part("expiresAt"),
    refreshExpiresIn: seconds("refreshExpiresIn"),
    values,
    error: part("error"),
  });
}

/** Reads tokens out of an answer. `scope` already binds `response`, `steps` and `oauth`. */
export function readTokens(
  reading: CompiledTokenReading,
  answer: CredentialAnswer,
  scope: RenderScope,
  session: Pick<AuthSession, "redact" | "clean">,
): ReadTokens {
  const body = answer.body !== null && typeof answer.body === "object" ? (answer.body as Record<string, unknown>) : {};
  const read = (value: CompiledValue | null, standard: unknown) =>
    value === null ? standard : renderValue(value, scope);
  const error = reading.error === null ? undefined : renderValue(reading.error, scope);
  const accessToken = textOf(read(reading.accessToken, body.access_token));
  const refreshToken = textOf(read(reading.refreshToken, body.refresh_token));
  if (refreshToken !== undefined) session.redact(refreshToken);
  return {
    accessToken,
    refreshToken,
    expiresAt: readEnd(reading, answer, scope, body, accessToken),
    refreshExpiresAt: readRefreshEnd(reading, answer, scope, body),
    values: reading.values === null ? {} : readValues(reading.values, scope, session),
    error,
  };
}

/** What `oauth` shows to templates whose result is no secret. */
const OPEN_MEMBERS = ["clientId", "redirectUri", "state", "scope", "callback"];

/**
 * Renders the values that join `connection`. They see the answer without the secrets that the request sent and without the
 * refresh token. The access token stays: APIs that want it in the body get it as a value.
 */
function readValues(values: CompiledValue, scope: RenderScope, session: Pick<AuthSession, "clean">): JsonObject {
  const { response, steps, oauth } = scope.context as Readonly<Record<string, Json>>;
  const shown = Object.fromEntries(
    Object.entries((oauth ?? {}) as JsonObject).filter(([name]) => OPEN_MEMBERS.includes(name)),
  );
  const clean = session.clean({ response: response ?? {}, steps: steps ?? {}, oauth: shown }) as JsonObject;
  return (renderValue(values, bindRoots(scope, clean)) ?? {}) as JsonObject;
}

function readEnd(
  reading: CompiledTokenReading,
  answer: CredentialAnswer,
  scope: RenderScope,
  body: Readonly<Record<string, unknown>>,
  accessToken: string | undefined,
): number | undefined {
  // Lifetimes count from when we asked: the token may be as old as that, never older.
  if (typeof reading.expiresIn === "number") return answer.sentAt + reading.expiresIn * 1_000;
  const lifetime = readLifetime(reading.expiresIn === null ? body.expires_in : renderValue(reading.expiresIn, scope));
  if (lifetime !== undefined && lifetime > 0) return answer.sentAt + lifetime;
  // Moments are on the server's clock, which the answer's date tells.
  const skew = readClockSkew(answer.headers.date, answer.receivedAt);
  const moment = readMoment(reading.expiresAt === null ? body.expires_at : renderValue(reading.expiresAt, scope));
  const end = moment ?? (accessToken === undefined ? undefined : readJwtEnd(accessToken));
  return end === undefined ? undefined : end - skew;
}

function readRefreshEnd(
  reading: CompiledTokenReading,
  answer: CredentialAnswer,
  scope: RenderScope,
  body: Readonly<Record<string, unknown>>,
): number | undefined {
  const written = reading.refreshExpiresIn;
  if (typeof written === "number") return answer.sentAt + written * 1_000;
  const lifetime = readLifetime(written === null ? body.refresh_token_expires_in : renderValue(written, scope));
  return lifetime !== undefined && lifetime > 0 ? answer.sentAt + lifetime : undefined;
}

function textOf(value: unknown): string | undefined {
  if (typeof value === "string") return value === "" ? undefined : value;
  return typeof value === "number" ? String(value) : undefined;
}
