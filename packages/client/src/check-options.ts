import { ClientError } from "./client-error.ts";

/** Verbs of a widget call, and whether they carry a payload. */
export const widgetMethods = {
  GET: false,
  HEAD: false,
  OPTIONS: false,
  DELETE: false,
  POST: true,
  PUT: true,
  PATCH: true,
} as const;
export type WidgetMethod = keyof typeof widgetMethods;

/** Characters that the serialised path parameters may have; the server has the same limit. */
const pathParamsLimit = 4096;

const refuse = (message: string): never => {
  throw new ClientError("options", message, { retryable: false });
};

/** Refuses options that nobody declared: a misspelt one would otherwise be ignored in silence. */
export function checkKeys(options: object, allowed: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!allowed.includes(key)) refuse(`Unknown option "${key}". Known: ${allowed.join(", ")}.`);
  }
}

/** Refuses a payload where the verb has none, or one that is not JSON data. */
export function checkPayload(method: WidgetMethod, payload: unknown): void {
  const carries = (widgetMethods as Record<string, boolean | undefined>)[method];
  if (carries === undefined) refuse(`Unknown method "${method}". Known: ${Object.keys(widgetMethods).join(", ")}.`);
  if (payload === undefined) return;
  if (!carries) refuse(`A ${method} call carries no payload; use queryParams.`);
  if (typeof payload !== "object" || payload === null) refuse("The payload must be an object or a list.");
}

/** Checks path parameters and returns the value of the `X-Path-Params` header (form-urlencoded pairs), or nothing when there are none. */
export function writePathParams(params: Readonly<Record<string, string | number>> | undefined): string | undefined {
  if (params === undefined || Object.keys(params).length === 0) return undefined;
  for (const [key, value] of Object.entries(params)) {
    if (key.trim() === "") refuse("A path parameter has a blank name.");
    if (typeof value !== "string" && (typeof value !== "number" || !Number.isFinite(value))) {
      refuse(`Path parameter "${key}" must be a string or a number.`);
    }
  }
  const text = new URLSearchParams(params as Record<string, string>).toString();
  if (text.length > pathParamsLimit) refuse(`The path parameters exceed ${pathParamsLimit} characters.`);
  return text;
}

/** Writes a query string; a list repeats its name, undefined values are left out. */
export function writeQuery(params: Readonly<Record<string, QueryValue | readonly QueryValue[]>> | undefined): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(params ?? {})) {
    for (const item of Array.isArray(value) ? value : [value]) if (item !== undefined) query.append(key, String(item));
  }
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
export type QueryValue = string | number | boolean | undefined;
