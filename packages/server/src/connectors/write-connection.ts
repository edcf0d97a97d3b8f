import { randomBytes } from "node:crypto";
import type { ConnectionCreate, ConnectionUpdate } from "@junctor/contract";
import {
  authMethodId,
  type CompiledConnector,
  type ConnectionRecord,
  ConnectorError,
  compileInputValidator,
  credentialPurpose,
  type ImportedTokens,
  type JsonObject,
  parametersPurpose,
  processClock,
  readImportedTokens,
  storeTokens,
  type TokenSet,
  writeTokenSet,
} from "@junctor/core";
import type { ServerContext } from "../server-context.ts";

/** Creates a connection: parameters are checked against the connector, secret ones are sealed. */
export async function createConnection(
  context: ServerContext,
  workspaceId: string,
  connector: CompiledConnector,
  wish: ConnectionCreate,
): Promise<ConnectionRecord> {
  const id = `con_${randomBytes(12).toString("hex")}`;
  const authMethod = chooseAuthMethod(connector, wish.authMethod);
  const parameters = checkParameters(connector, authMethod, (wish.parameters ?? {}) as JsonObject);
  const { open, secret } = splitParameters(connector, parameters);
  const now = new Date().toISOString();
  const imported =
    wish.credential === undefined ? undefined : readImportedTokens(wish.credential as ImportedTokens, processClock);
  const waits = imported === undefined && needsAuthorization(connector, authMethod);
  const record: ConnectionRecord = {
    id,
    workspaceId,
    connector: connector.name,
    name: wish.name,
    owner: wish.owner ?? { kind: "workspace" },
    authMethod,
    environment: chooseEnvironment(connector, wish.environment),
    parameters: open,
    sealedParameters: await sealParameters(context, workspaceId, id, secret),
    sealedCredential: imported === undefined ? null : await sealCredential(context, workspaceId, id, imported),
    version: 1,
    status: waits ? "needs-authorization" : "active",
    statusReason: waits ? "Nobody has authorized the connection yet." : null,
    label: null,
    expiresAt: imported?.expiresAt == null ? null : new Date(imported.expiresAt).toISOString(),
    createdAt: now,
    updatedAt: now,
  };
  await context.stores.connections.create(record);
  return record;
}

/** Changes a connection. Parameters that the wish does not name stay; null removes one. */
export async function updateConnection(
  context: ServerContext,
  record: ConnectionRecord,
  connector: CompiledConnector,
  wish: ConnectionUpdate,
): Promise<ConnectionRecord> {
  if (wish.version !== undefined && wish.version !== record.version) throw overtaken(record.version);
  const { workspaceId, id } = record;
  const authMethod = wish.authMethod === undefined ? record.authMethod : chooseAuthMethod(connector, wish.authMethod);
  const changesParameters = wish.parameters !== undefined || authMethod !== record.authMethod;
  const parameters = changesParameters
    ? await mergeParameters(context, record, connector, authMethod, wish)
    : undefined;
  const updated = await context.stores.connections.update(workspaceId, id, record.version, {
    ...(wish.name === undefined ? {} : { name: wish.name }),
    ...(wish.environment === undefined ? {} : { environment: chooseEnvironment(connector, wish.environment) }),
    ...(wish.authMethod === undefined ? {} : { authMethod }),
    ...parameters,
    // What was wrong may be right now; the next call tells.
    ...(parameters !== undefined && record.status === "misconfigured" ? { status: "active", statusReason: null } : {}),
  });
  if (updated === undefined) throw overtaken(undefined);
  if (wish.credential === undefined) return updated;
  const tokens = readImportedTokens(wish.credential as ImportedTokens, processClock);
  context.secrets.add(wish.credential);
  await storeTokens(workspaceId, id, tokens, { connections: context.stores.connections, sealer: context.vault });
  return (await context.stores.connections.get(workspaceId, id)) ?? updated;
}

/** Seals tokens that somebody imports with a new connection. */
async function sealCredential(
  { secrets, vault }: ServerContext,
  workspaceId: string,
  id: string,
  tokens: TokenSet,
): Promise<string> {
  secrets.add({ accessToken: tokens.accessToken, refreshToken: tokens.refreshToken });
  return vault.seal(workspaceId, credentialPurpose(id), writeTokenSet(tokens));
}

async function mergeParameters(
  context: ServerContext,
  record: ConnectionRecord,
  connector: CompiledConnector,
  authMethod: string | null,
  wish: ConnectionUpdate,
) {
  const { workspaceId, id, sealedParameters } = record;
  const sealed =
    sealedParameters === null ? {} : await context.vault.open(workspaceId, parametersPurpose(id), sealedParameters);
  const given = (wish.parameters ?? {}) as JsonObject;
  const moved = listMoved(connector, record.parameters, given);
  const unsaid = Object.keys(sealed).filter((name) => !Object.hasOwn(given, name));
  if (moved.length > 0 && unsaid.length > 0) throw secretsNeeded(moved, unsaid);
  const wished = { ...record.parameters, ...sealed, ...given };
  const merged = Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== null));
  const { open, secret } = splitParameters(connector, checkParameters(connector, authMethod, merged));
  return {
    parameters: open,
    sealedParameters: await sealParameters(context, workspaceId, id, secret),
    // Tokens belong to the account at the old address.
    ...(moved.length > 0 && record.sealedCredential !== null ? forgetTokens : {}),
  };
}

const forgetTokens = {
  sealedCredential: null,
  expiresAt: null,
  status: "needs-authorization",
  statusReason: "The address of the account was changed.",
} as const;

/** Parameters that change and that the base URL or an auth method reads: they may decide where a credential goes. */
function listMoved({ definition }: CompiledConnector, before: JsonObject, given: JsonObject): readonly string[] {
  const text = JSON.stringify([definition.baseUrl, definition.connection?.auth]);
  return Object.keys(given).filter(
    (name) =>
      Object.hasOwn(before, name) &&
      JSON.stringify(before[name]) !== JSON.stringify(given[name]) &&
      new RegExp(`connection\\s*(?:\\.\\s*${escapePattern(name)}\\b|\\[)`).test(text),
  );
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Whoever may change the address must not get a stored secret sent to one of his own. */
function secretsNeeded(moved: readonly string[], unsaid: readonly string[]): ConnectorError {
  return new ConnectorError(
    "INPUT_INVALID",
    `Changing ${moved.join(", ")} needs the secrets of the connection again.`,
    {
      hint: `Give ${unsaid.join(", ")} too: where a secret goes may depend on what changed.`,
      details: unsaid.map((name) => ({ pointer: `/parameters/${name}`, message: "It is required with this change." })),
    },
  );
}

/** Checks parameters against the connector's schema and that of the auth method; fills in defaults. */
function checkParameters(connector: CompiledConnector, authMethod: string | null, given: JsonObject): JsonObject {
  const { connection, $defs } = connector.definition;
  const method = connector.auth.find((candidate) => authMethodId(candidate) === authMethod);
  const own = (method as { readonly parameters?: unknown } | undefined)?.parameters;
  const schemas = [connection?.parameters, own].filter((schema) => schema !== undefined) as ParameterSchema[];
  const merged = {
    type: "object",
    additionalProperties: false,
    properties: Object.assign({}, ...schemas.map(({ properties }) => properties)),
    required: schemas.flatMap(({ required }) => required ?? []),
  };
  // One schema keeps all of its keywords; of two, only what can be merged holds for both.
  const [only] = schemas;
  const schema = schemas.length === 1 && only !== undefined ? only : merged;
  try {
    const noun = "a parameter of this connection";
    return compileInputValidator(schema as never, $defs, "/connection/parameters", noun).check(given) as JsonObject;
  } catch (error) {
    if (!(error instanceof ConnectorError) || error.code !== "INPUT_INVALID") throw error;
    throw new ConnectorError("INPUT_INVALID", `The connection's parameters do not match ${connector.name}.`, {
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      details: error.details.map((detail) => ({ ...detail, pointer: `/parameters${detail.pointer}` })),
    });
  }
}

interface ParameterSchema {
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

function splitParameters({ secretParameters }: CompiledConnector, parameters: JsonObject) {
  const entries = Object.entries(parameters);
  return {
    open: Object.fromEntries(entries.filter(([name]) => !secretParameters.has(name))),
    secret: Object.fromEntries(entries.filter(([name]) => secretParameters.has(name))),
  };
}

async function sealParameters(
  { secrets, vault }: ServerContext,
  workspaceId: string,
  id: string,
  secret: JsonObject,
): Promise<string | null> {
  if (Object.keys(secret).length === 0) return null;
  secrets.add(secret);
  return vault.seal(workspaceId, parametersPurpose(id), secret);
}

function chooseAuthMethod({ auth }: CompiledConnector, wished: string | undefined): string | null {
  const names = auth.map(authMethodId);
  if (wished !== undefined && !names.includes(wished)) throw refusal("/authMethod", "auth method", wished, names);
  if (wished !== undefined) return wished;
  if (names.length > 1) throw refusal("/authMethod", "auth method", undefined, names);
  return names[0] ?? null;
}

function chooseEnvironment({ baseUrls }: CompiledConnector, wished: string | undefined): string | null {
  const names = [...(baseUrls?.keys() ?? [])];
  if (wished !== undefined && !names.includes(wished)) throw refusal("/environment", "environment", wished, names);
  if (wished !== undefined) return wished;
  if (names.length > 1) throw refusal("/environment", "environment", undefined, names);
  return names[0] ?? null;
}

function refusal(pointer: string, what: string, wished: string | undefined, known: readonly string[]): ConnectorError {
  const message = wished === undefined ? "is required" : "is not one of the connector's";
  const hint = known.length === 0 ? `The connector has no ${what}.` : `Known are: ${known.join(", ")}.`;
  return new ConnectorError("INPUT_INVALID", `The connection's ${what} ${message}.`, {
    hint,
    details: [{ pointer, message, hint }],
  });
}

/** Grants that wait for a person. */
const interactiveGrants = new Set(["authorizationCode", "deviceCode"]);

function needsAuthorization({ auth }: CompiledConnector, chosen: string | null): boolean {
  const method = auth.find((candidate) => authMethodId(candidate) === chosen);
  if (method === undefined) return false;
  if (method.type === "oauth2") return interactiveGrants.has(method.grant);
  return method.type === "oauth1" && method.authorizationUrl !== undefined;
}

function overtaken(version: number | undefined): ConnectorError {
  const now = version === undefined ? "" : ` It is at version ${version}.`;
  return new ConnectorError("CONFLICT", `The connection was written in the meantime.${now}`, {
    hint: "Read the connection again, then repeat the change.",
  });
}
