/** What an API key may do, one line per scope; the order is the one of the documentation. */
export const scopeDescriptions = Object.freeze({
  execute: "Call actions and dry-run them.",
  "connectors:read": "Read connectors, lint and compare definitions.",
  "connectors:write": "Save drafts, publish and delete connectors.",
  "connections:read": "Read connections, without their credentials.",
  "connections:write": "Create, change, test and delete connections.",
  "secrets:read": "Read names and hosts of secrets, never values.",
  "secrets:write": "Write and delete secrets.",
  "variables:read": "Read variables.",
  "variables:write": "Write and delete variables.",
  "callers:read": "Read issuers, policies and origins.",
  "callers:write": "Decide whose user tokens count, and who may call what.",
  "repositories:read": "Read repositories and how their synchronisation went.",
  "repositories:write": "Register and synchronise repositories of definitions.",
  "keys:read": "List keys, without the keys themselves.",
  "keys:write": "Create and revoke keys; a key can only give scopes that it has.",
  "executions:read": "Read the records of calls.",
  "audit:read": "Read the audit trail.",
  "*": "Everything above, within the key's workspace.",
  admin: "The installation: create and list workspaces, read metrics, back up the embedded store, rotate keys.",
} as const);

/** The right to do one kind of thing, as an API key carries it. */
export type Scope = keyof typeof scopeDescriptions;

/** Every scope, in the order of the documentation. */
export const scopes: readonly Scope[] = Object.freeze(Object.keys(scopeDescriptions) as Scope[]);

/** Says whether what a key carries covers a scope. `*` covers everything but `admin`. */
export function coversScope(granted: readonly string[], wanted: Scope): boolean {
  return granted.includes(wanted) || (wanted !== "admin" && granted.includes("*"));
}
