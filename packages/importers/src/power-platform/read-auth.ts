import { asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import { literal, memberOf } from "../openapi/template-text.ts";
import type { ImportReport } from "../report/import-report.ts";
import { pointer } from "../source/json-pointer.ts";
import {
  type ConnectionParameter,
  type ReadParameters,
  readConnectionParameters,
  toSchema,
} from "./connection-parameters.ts";
import { readOAuth } from "./oauth-settings.ts";

/** The connection of a Power-Platform connector: parameters, methods, and the names that expressions use. */
export interface PowerPlatformConnection {
  readonly connection: Obj | undefined;
  /** Name in the source → name in the definition. */
  readonly names: ReadonlyMap<string, string>;
  /** Names in the definition of secret parameters. */
  readonly secrets: ReadonlySet<string>;
  /** Whether some scheme or OAuth setting became a method. */
  readonly hasMethod: boolean;
}

/** Reads parameters, parameter sets and OAuth settings, and matches them to the security definitions by convention. */
export function readConnection(
  properties: Obj,
  root: Obj,
  place: string,
  report: ImportReport,
  extra: Obj,
): PowerPlatformConnection {
  const schemes = asObject(asObject(root.components).securitySchemes);
  const base = readConnectionParameters(
    properties.connectionParameters,
    pointer(place, "connectionParameters"),
    report,
  );
  const sets = asList(asObject(properties.connectionParameterSets).values).filter(isObject);
  const names = new Map<string, string>();
  const secrets = new Set<string>();
  const learn = (read: ReadParameters): void => {
    for (const parameter of read.parameters) {
      names.set(parameter.source, parameter.name);
      if (parameter.secret) secrets.add(parameter.name);
    }
  };
  learn(base);
  if (sets.length > 0) {
    const siblings = asObject(
      sets
        .flatMap((set) => Object.values(asObject(set.parameters)))
        .map((parameter) => asObject(parameter).oAuthSettings)
        .find(isObject),
    );
    const methods = sets.map((set, index) => {
      const where = pointer(place, "connectionParameterSets", "values", index);
      const read = readConnectionParameters(set.parameters, pointer(where, "parameters"), report);
      learn(read);
      return setMethod(set, index, read, schemes, root, report, names, siblings);
    });
    const connection = { ...toConnection(base.parameters, extra), auth: methods };
    return { connection, names, secrets, hasMethod: true };
  }
  const method = chooseMethod(base, schemes, root, report, names, place);
  const connection: Obj = toConnection([...base.parameters, ...(method?.added ?? [])], extra);
  for (const parameter of method?.added ?? []) {
    names.set(parameter.source, parameter.name);
    if (parameter.secret) secrets.add(parameter.name);
  }
  if (method !== undefined) connection.auth = [method.method];
  return {
    connection: Object.keys(connection).length === 0 ? undefined : connection,
    names,
    secrets,
    hasMethod: method !== undefined,
  };
}

function toConnection(parameters: readonly ConnectionParameter[], extra: Obj): Obj {
  const { properties, required } = toSchema(parameters);
  const all: Obj = { ...extra, ...properties };
  if (Object.keys(all).length === 0) return {};
  return { parameters: { type: "object", properties: all, ...(required.length > 0 ? { required } : {}) } };
}

function setMethod(
  set: Obj,
  index: number,
  read: ReadParameters,
  schemes: Obj,
  root: Obj,
  report: ImportReport,
  names: ReadonlyMap<string, string>,
  siblings: Obj,
): Obj {
  const ui = asObject(set.uiDefinition);
  const found = chooseMethod(read, schemes, root, report, names, "", siblings);
  const { properties, required } = toSchema([...read.parameters, ...(found?.added ?? [])]);
  const name =
    String(set.name ?? "")
      .replaceAll(/[^A-Za-z0-9_]+/g, "_")
      .replace(/^[^A-Za-z]+/, "") || `set${index + 1}`;
  const title = ui.displayName ?? ui.displayname;
  const description = ui.description;
  return {
    [found?.method.type === "apiKey" ? "id" : "name"]: name,
    ...(typeof title === "string" && title !== "" ? { title } : {}),
    ...(typeof description === "string" && description !== "" ? { description } : {}),
    ...(found?.method ?? { type: "none" }),
    ...(Object.keys(properties).length > 0
      ? { parameters: { type: "object", properties, ...(required.length > 0 ? { required } : {}) } }
      : {}),
  };
}

interface ChosenMethod {
  readonly method: Obj;
  /** Parameters that the scheme needs and the source does not declare. */
  readonly added: readonly ConnectionParameter[];
}

function chooseMethod(
  read: ReadParameters,
  schemes: Obj,
  root: Obj,
  report: ImportReport,
  names: ReadonlyMap<string, string>,
  place: string,
  /** OAuth settings of another set: the one for applications shares the resource with the one for people. */
  siblings: Obj = {},
): ChosenMethod | undefined {
  const list = Object.entries(schemes).map(([name, scheme]) => ({ name, scheme: asObject(scheme) }));
  const oauthScheme = list.find(({ scheme }) => scheme.type === "oauth2");
  const apiKey = list.find(({ scheme }) => scheme.type === "apiKey");
  const basic = list.find(({ scheme }) => scheme.type === "http" && scheme.scheme === "basic");
  const [oauth] = read.oauth;
  const client = clientMethod(read.parameters, oauthScheme?.scheme, siblings);
  if (oauth === undefined && client !== undefined) return client;
  if (oauth !== undefined) {
    const flow = asObject(Object.values(asObject(oauthScheme?.scheme.flows))[0]);
    const method = readOAuth(oauth.settings, { place: oauth.place, report, flow, names, root });
    return method === undefined ? tokenMethod() : withKey({ method, added: [] }, apiKey?.scheme, read);
  }
  const pair = basicPair(read.parameters);
  if (basic !== undefined && (pair !== undefined || apiKey === undefined)) return basicMethod(pair);
  if (apiKey !== undefined) return keyMethod(apiKey.scheme, read.parameters, report, place);
  if (oauthScheme !== undefined) {
    const flow = asObject(Object.values(asObject(oauthScheme.scheme.flows))[0]);
    const method = readOAuth({}, { place: `/securityDefinitions/${oauthScheme.name}`, report, flow, names, root });
    return method === undefined ? tokenMethod() : { method, added: [] };
  }
  return undefined;
}

/** Parameters for client id and secret of the token, without settings of their own, are how an application signs in. */
function clientMethod(
  parameters: readonly ConnectionParameter[],
  scheme: Obj | undefined,
  settings: Obj,
): ChosenMethod | undefined {
  const named = (pattern: RegExp): ConnectionParameter | undefined =>
    parameters.find((parameter) => pattern.test(parameter.source));
  const id = named(/^token:client_?id$/i);
  const secret = named(/^token:client_?secret$/i);
  if (id === undefined || secret === undefined) return undefined;
  const tenant = named(/^token:tenant_?id$/i);
  const custom = asObject(settings.customParameters);
  const resourceName = Object.keys(custom).find((name) => name.toLowerCase() === "resourceuri");
  const resource = resourceName === undefined ? undefined : asObject(custom[resourceName]).value;
  const flow = asObject(Object.values(asObject(scheme?.flows))[0]);
  const written = typeof flow.tokenUrl === "string" && flow.tokenUrl.startsWith("https://") ? flow.tokenUrl : undefined;
  const isAzure = written === undefined || /login\.(microsoftonline\.com|windows\.net)/.test(written);
  const place = tenant === undefined ? "common" : `{{ ${memberOf("connection", tenant.name)} }}`;
  return {
    method: {
      type: "oauth2",
      grant: "clientCredentials",
      tokenUrl: isAzure ? `https://login.microsoftonline.com/${place}/oauth2/token` : literal(written),
      clientId: `{{ ${memberOf("connection", id.name)} }}`,
      clientSecret: `{{ ${memberOf("connection", secret.name)} }}`,
      ...(typeof resource === "string" && isAzure ? { tokenRequest: { body: { resource: literal(resource) } } } : {}),
    },
    added: [],
  };
}

/** A key beside OAuth is added to each request. */
function withKey(chosen: ChosenMethod, scheme: Obj | undefined, read: ReadParameters): ChosenMethod {
  const parameter = scheme === undefined ? undefined : keyParameter(read.parameters);
  if (scheme === undefined || parameter === undefined) return chosen;
  const value = `{{ ${memberOf("connection", parameter.name)} }}`;
  const name = String(scheme.name);
  const apply =
    scheme.in === "query"
      ? { headers: { Authorization: "Bearer {{ token.accessToken }}" }, query: { [name]: value } }
      : { headers: { Authorization: "Bearer {{ token.accessToken }}", [name]: value } };
  return { ...chosen, method: { ...chosen.method, apply } };
}

const secretText = (title: string): Obj => ({ type: "string", title, writeOnly: true });
const added = (name: string, schema: Obj, required: boolean): ConnectionParameter => ({
  source: name,
  name,
  schema,
  required,
  secret: schema.writeOnly === true,
});

const tokenMethod = (): ChosenMethod => ({
  method: { type: "bearer", token: "{{ connection.accessToken }}" },
  added: [added("accessToken", secretText("Access token"), true)],
});

interface BasicPair {
  readonly user: ConnectionParameter;
  readonly password: ConnectionParameter;
}

function basicPair(parameters: readonly ConnectionParameter[]): BasicPair | undefined {
  const byName = (pattern: RegExp): ConnectionParameter | undefined =>
    parameters.find((parameter) => pattern.test(parameter.source));
  const user = byName(/^user_?-?name$/i) ?? byName(/user|login|e-?mail|account|client_?id/i);
  const password = byName(/^pass_?word$/i) ?? byName(/pass|secret|token|key/i);
  if (user !== undefined && password !== undefined && user !== password) return { user, password };
  return undefined;
}

function basicMethod(pair: BasicPair | undefined): ChosenMethod {
  if (pair === undefined) {
    return {
      method: {
        type: "basic",
        username: "{{ connection.username }}",
        password: "{{ connection.password | default('') }}",
      },
      added: [
        added("username", { type: "string", title: "User name" }, true),
        added("password", secretText("Password"), false),
      ],
    };
  }
  return {
    method: {
      type: "basic",
      username: `{{ ${memberOf("connection", pair.user.name)} }}`,
      password: `{{ ${memberOf("connection", pair.password.name)} | default('') }}`,
    },
    added: [],
  };
}

function keyParameter(parameters: readonly ConnectionParameter[]): ConnectionParameter | undefined {
  const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return (
    parameters.find((parameter) => plain(parameter.source) === "apikey") ??
    parameters.find((parameter) => parameter.secret && /key|token|secret|password/i.test(parameter.source)) ??
    parameters.find((parameter) => parameter.secret) ??
    parameters.find((parameter) => /key|token|authorization/i.test(parameter.source))
  );
}

function keyMethod(
  scheme: Obj,
  parameters: readonly ConnectionParameter[],
  report: ImportReport,
  place: string,
): ChosenMethod {
  const known = keyParameter(parameters);
  const parameter = known ?? added("api_key", secretText("API key"), true);
  if (known === undefined)
    report.repair(
      pointer(place, "connectionParameters"),
      "connection-parameter-missing",
      "no parameter for the API key",
      "api_key",
    );
  const name = typeof scheme.name === "string" && scheme.name.trim() !== "" ? scheme.name.trim() : "Authorization";
  const method: Obj = {
    type: "apiKey",
    in: scheme.in === "query" ? "query" : "header",
    name,
    value: `{{ ${memberOf("connection", parameter.name)} }}`,
  };
  return { method, added: known === undefined ? [parameter] : [] };
}

/** Adds parameters to a connection's schema. */
export function addParameters(connection: Obj, properties: Obj): void {
  const schema = asObject(connection.parameters);
  const all: Obj = { ...asObject(schema.properties) };
  for (const [name, value] of Object.entries(properties)) if (!Object.hasOwn(all, name)) setMember(all, name, value);
  connection.parameters = { type: "object", ...schema, properties: all };
}
