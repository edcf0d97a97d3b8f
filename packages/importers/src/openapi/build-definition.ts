import type { ImportOptions } from "../import-result.ts";
import { asFilledText, asList, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { type BuiltAuth, buildAuth, coverage } from "./build-auth.ts";
import { type BuildContext, buildRequest } from "./build-request.ts";
import { buildResponse } from "./build-response.ts";
import { buildServers } from "./build-servers.ts";
import { actionName, connectorName, NameSet, semanticVersion, titleOf } from "./names.ts";
import type { SourceModel, SourceOperation } from "./source-model.ts";
import { literal } from "./template-text.ts";

/** An action and the operation that it came from. */
export interface BuiltAction {
  readonly name: string;
  readonly action: Obj;
  readonly source: SourceOperation;
}

/** A definition on its way: actions are still apart, so that policies and triggers can be worked in. */
export interface DefinitionDraft {
  readonly definition: Obj;
  readonly actions: BuiltAction[];
  /** Triggers with the operation that they replace or belong to. */
  readonly triggers: {
    readonly name: string;
    readonly trigger: Obj;
    readonly source: SourceOperation;
    readonly replaces: boolean;
  }[];
  readonly context: BuildContext;
  readonly auth: BuiltAuth;
  readonly names: NameSet;
}

/** Builds the definition of a source: identity, base URL, connection, and one action per operation. */
export function draftDefinition(
  model: SourceModel,
  definitions: Obj,
  report: ImportReport,
  options: ImportOptions,
): DefinitionDraft {
  const info = asObject(model.root.info);
  const title = options.title ?? asFilledText(info.title)?.trim() ?? "API";
  const definition: Obj = {
    name: options.name ?? connectorName(title),
    title,
    version: options.version ?? semanticVersion(info.version),
  };
  const description = asFilledText(info.description) ?? asFilledText(info.summary);
  if (description !== undefined) definition.description = description;
  const links = linksOf(model.root, info);
  if (Object.keys(links).length > 0) definition.links = links;
  const auth = buildAuth(
    model,
    model.operations,
    report,
    model.version === "2.0" ? "/securityDefinitions" : "/components/securitySchemes",
  );
  const servers = buildServers(model.root, report);
  definition.baseUrl = servers.baseUrl;
  const connection = connectionOf(auth, servers.parameters, servers.required);
  if (connection !== undefined) definition.connection = connection;
  const context: BuildContext = { definitions, report, covers: coverage(model, auth) };
  const names = new NameSet();
  const hosts = new Set<string>();
  const actions = model.operations.flatMap((source) => {
    if (source.method === "trace") {
      const reason = "TRACE is not a method that a connector calls.";
      report.skip(source.pointer, "method-unsupported", reason);
      report.lose(source.pointer, "method-unsupported", reason, "Nothing to do: it only echoes a request.");
      return [];
    }
    const name = names.take(actionName(source.operation.operationId, source.method, source.path));
    return [{ name, action: buildAction(context, model, source, name, String(definition.version), hosts), source }];
  });
  if (hosts.size > 0) definition.hosts = [...hosts];
  return { definition, actions, triggers: [], context, auth, names };
}

function linksOf(root: Obj, info: Obj): Obj {
  const links: Obj = {};
  const documentation = asFilledText(asObject(root.externalDocs).url);
  if (documentation !== undefined && isWebUrl(documentation)) links.documentation = documentation;
  const support = asFilledText(asObject(info.contact).url);
  if (support !== undefined && isWebUrl(support)) links.support = support;
  return links;
}

/** Says whether a text is a web address as `links` wants it. */
export const isWebUrl = (text: string): boolean => /^https?:\/\/[^\s<>"{}|\\^`]+$/.test(text) && URL.canParse(text);

function connectionOf(auth: BuiltAuth, serverParameters: Obj, serverRequired: readonly string[]): Obj | undefined {
  const properties: Obj = { ...serverParameters };
  for (const [name, schema] of Object.entries(auth.parameters)) setMember(properties, name, schema);
  const required = [...new Set([...serverRequired, ...auth.required])];
  const connection: Obj = {};
  if (Object.keys(properties).length > 0) {
    connection.parameters = { type: "object", properties, ...(required.length > 0 ? { required } : {}) };
  }
  if (auth.methods.length > 0) connection.auth = auth.methods;
  if (auth.tls !== undefined) connection.tls = auth.tls;
  return Object.keys(connection).length === 0 ? undefined : connection;
}

function buildAction(
  context: BuildContext,
  model: SourceModel,
  source: SourceOperation,
  name: string,
  version: string,
  hosts: Set<string>,
): Obj {
  const { operation } = source;
  const action: Obj = { title: asFilledText(operation.summary) ?? titleOf(name) };
  const description = asFilledText(operation.description);
  if (description !== undefined) action.description = description;
  if (operation.deprecated === true) action.deprecated = { since: version };
  const { input, request } = buildRequest(context, source);
  if (Object.keys(asObject(input.properties)).length > 0) action.input = input;
  if (isPublic(operation, model)) request.auth = false;
  placeOnServer(source, request, hosts, context.report);
  const { response, output, accept } = buildResponse(context, source);
  if (accept !== undefined && isMediaType(accept) && !declaresHeader(request, "accept"))
    request.headers = { Accept: literal(accept), ...asObject(request.headers) };
  action.request = request;
  if (response !== undefined) action.response = response;
  if (output !== undefined) action.output = output;
  return action;
}

/** Says whether a text can be asked for: authors write anything into these keys. */
const isMediaType = (text: string): boolean => /^[\w!#$&^.+-]+\/[\w!#$&^.+*-]+(\s*;[\x20-\x7e]*)?$/.test(text);

const declaresHeader = (request: Obj, name: string): boolean =>
  Object.keys(asObject(request.headers)).some((header) => header.toLowerCase() === name);

/** An operation with an empty list of requirements wants no credential. */
const isPublic = (operation: Obj, model: SourceModel): boolean =>
  Array.isArray(operation.security) &&
  operation.security.length === 0 &&
  isObject(asObject(model.root.components).securitySchemes);

/** Servers of an operation or its path replace those of the document. */
function placeOnServer(source: SourceOperation, request: Obj, hosts: Set<string>, report: ImportReport): void {
  const servers = asList(source.operation.servers ?? source.pathItem.servers).filter(isObject);
  const server = servers[0];
  if (server === undefined || typeof server.url !== "string") return;
  const variables = asObject(server.variables);
  const url = server.url
    .replaceAll(/\{([^{}]+)\}/g, (_, name: string) => String(asObject(variables[name]).default ?? ""))
    .replace(/\/+$/, "");
  const host = /^https?:\/\/([^/:?#]+)/i.exec(url)?.[1];
  if (host === undefined) {
    report.lose(
      `${source.pointer}/servers`,
      "operation-server-relative",
      "The server of the operation has no host of its own; the operation is called at the base URL.",
      "Write the address in full.",
    );
    return;
  }
  request.url = `${literal(url)}${String(request.path)}`;
  delete request.path;
  hosts.add(host.toLowerCase());
  if (servers.length > 1 || Object.keys(variables).length > 0) {
    report.note(
      `${source.pointer}/servers`,
      "operation-server-fixed",
      `The operation is called at ${url}.`,
      "Change url in the definition if another server is wanted.",
    );
  }
}
