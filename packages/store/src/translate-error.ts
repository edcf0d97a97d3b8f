import { ConnectorError } from "@junctor/core";

/**
 * What a failed statement means for the one who asked for it.
 *   lost          the connection broke: whether the statement took effect is unknown
 *   unreachable   it never got to the database
 *   contended     rolled back because of a concurrent transaction; repeating it is safe
 */
export type FailureKind = "lost" | "unreachable" | "contended" | "timeout" | "duplicate" | "missing" | "text" | "other";

const contended = new Set(["40001", "40P01", "55P03"]);
const unreachable = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ENOENT"]);
const lost = new Set(["ECONNRESET", "EPIPE", "ETIMEDOUT", "57P01", "57P02"]);
// 57P03 starting up, 53300 no connection left, 25006 read-only after a failover, 28… and 3D000 wrong credentials or name
const refused = new Set(["57P03", "53300", "25006", "28000", "28P01", "3D000"]);
const badText = new Set(["22021", "22P05", "22P02", "54000"]);

/** Classifies what a driver threw, by SQLSTATE, system error code, or (where drivers give neither) message. */
export function classifyFailure(error: unknown): FailureKind {
  const { code, message } = readError(error);
  if (code !== undefined) {
    if (contended.has(code)) return "contended";
    if (unreachable.has(code) || refused.has(code)) return "unreachable";
    if (lost.has(code) || code.startsWith("08")) return "lost";
    if (code === "57014") return "timeout";
    if (code === "23505") return "duplicate";
    if (code === "23503") return "missing";
    if (badText.has(code)) return "text";
  }
  if (
    /timeout exceeded when trying to connect|cannot use a pool after|already been destroyed|is closed/i.test(message)
  ) {
    return "unreachable";
  }
  if (/connection terminated|connection ended|connection error|not queryable|query read timeout/i.test(message))
    return "lost";
  return "other";
}

/** Turns what a driver threw into an error of the catalogue; a `ConnectorError` passes as it is. */
export function translateError(error: unknown): ConnectorError {
  if (error instanceof ConnectorError) return error;
  const reason = readError(error).message;
  switch (classifyFailure(error)) {
    case "lost":
    case "unreachable":
      return new ConnectorError("STORE_UNAVAILABLE", `The database cannot be used: ${reason}.`, {
        hint: "Check that the database runs and that its address and credentials are right; then repeat the request.",
        cause: error,
      });
    case "contended":
      return new ConnectorError("STORE_UNAVAILABLE", "The database is too contended for this write.", {
        hint: "Repeat the request.",
        cause: error,
      });
    case "timeout":
      return new ConnectorError("STORE_UNAVAILABLE", "The database did not finish a statement in time.", {
        hint: "Repeat the request; if it stays so, look for what blocks the database.",
        cause: error,
      });
    case "duplicate":
      return new ConnectorError("CONFLICT", "A resource with this name or id exists already.", {
        hint: "Choose another name, or change the existing resource.",
        cause: error,
      });
    case "missing":
      return new ConnectorError("CONFLICT", "The resource depends on one that is not there, or others depend on it.", {
        hint: "Create what it names first, or delete what depends on it first.",
        cause: error,
      });
    case "text":
      return new ConnectorError("REQUEST_INVALID", "A value holds text that the database cannot store.", {
        hint: "Remove NUL characters and check the encoding.",
        cause: error,
      });
    case "other":
      return new ConnectorError("INTERNAL", `The database refused a statement: ${reason}.`, { cause: error });
  }
}

function readError(error: unknown): { readonly code: string | undefined; readonly message: string } {
  if (error instanceof AggregateError && error.errors.length > 0) {
    // A host with several addresses: the reasons are inside, and the message outside is empty.
    const [first] = error.errors as unknown[];
    const inner = readError(first);
    return { code: readCode(error) ?? inner.code, message: error.message || inner.message };
  }
  return { code: readCode(error), message: error instanceof Error ? error.message : String(error) };
}

function readCode(error: unknown): string | undefined {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}
