import type { CompiledBaseUrl } from "../compile/compiled-connector.ts";
import type { Json, JsonObject } from "../ports/records.ts";
import type { OpenConnection } from "../ports/sources.ts";

/** What templates see as `connection`: without its secrets, and with them. */
export interface ConnectionView {
  readonly closed: JsonObject;
  readonly open: JsonObject;
  /** Texts among the secret values, for redaction. */
  readonly secrets: readonly string[];
}

const views = new WeakMap<OpenConnection, ConnectionView>();
const NONE: ConnectionView = Object.freeze({ closed: {}, open: {}, secrets: [] });

/** Makes the views of a connection once per version of it; values of its environment and of token answers join it. */
export function viewConnection(connection: OpenConnection | null, base: CompiledBaseUrl | null): ConnectionView {
  if (connection === null) {
    if (base === null || Object.keys(base.values).length === 0) return NONE;
    return { closed: base.values, open: base.values, secrets: [] };
  }
  const present = views.get(connection);
  if (present !== undefined) return present;
  const tokenValues = connection.credential?.values;
  const closed: JsonObject = { ...base?.values, ...connection.parameters, ...asObject(tokenValues) };
  const view: ConnectionView = Object.freeze({
    closed: Object.freeze(closed),
    open: Object.freeze({ ...closed, ...connection.secretParameters }),
    secrets: Object.freeze(Object.values(connection.secretParameters).flatMap(textsOf)),
  });
  views.set(connection, view);
  return view;
}

function asObject(value: Json | undefined): JsonObject {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as JsonObject) : {};
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  if (value === null || typeof value !== "object") return [];
  return Object.values(value).flatMap(textsOf);
}
