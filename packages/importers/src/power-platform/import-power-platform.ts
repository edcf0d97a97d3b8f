import type { FormatReader } from "../format-reader.ts";
import { asFilledText, asList, asObject, asTexts, isObject, type Obj } from "../json-value.ts";
import type { DefinitionDraft } from "../openapi/build-definition.ts";
import { isWebUrl } from "../openapi/build-definition.ts";
import { type DraftHook, importOpenApi } from "../openapi/import-openapi.ts";
import type { SourceModel } from "../openapi/source-model.ts";
import { literalTree } from "../openapi/template-text.ts";
import type { ImportReport } from "../report/import-report.ts";
import { buildDynamic } from "./dynamic.ts";
import { applyPolicies, readPolicies } from "./policies.ts";
import type { PolicyContext } from "./policy-context.ts";
import { readConnection } from "./read-auth.ts";
import { repairExtensions } from "./repair-extensions.ts";
import { buildTriggers } from "./triggers.ts";

/** Imports a Power-Platform connector: a Swagger 2.0 document with its extensions, and the properties beside it. */
export const importPowerPlatform: FormatReader = (source, report, options, limits) => {
  const { tree } = source;
  if (options.repair !== false) repairExtensions(tree.document().value, report);
  const file = source.properties;
  const properties = file === undefined ? undefined : asObject(asObject(tree.tree(file)).properties ?? tree.tree(file));
  const place = `${file ?? "apiProperties.json"}#/properties`;
  const hook: DraftHook = (draft, model) => {
    if (properties !== undefined) applyProperties(draft, model, properties, place, report);
    else applyBare(draft);
    applyRoot(draft, model);
    loseScripts(properties, source.scripts, place, report);
  };
  const { definition, found, imported } = importOpenApi(tree, report, options, limits, hook);
  return { definitions: [definition], found, imported };
};

/** A Swagger document with extensions and without properties still has triggers and dynamic links. */
function applyBare(draft: DefinitionDraft): void {
  const context = policyContext(draft, new Map(), new Set(), true);
  markOperations(draft);
  buildTriggers(context, []);
  buildDynamic(draft);
}

/** Works `x-ms-*` extensions into the draft of a document that came without properties. */
export const applyExtensions: DraftHook = (draft, model) => {
  applyBare(draft);
  applyRoot(draft, model);
};

const policyContext = (
  draft: DefinitionDraft,
  names: ReadonlyMap<string, string>,
  secrets: ReadonlySet<string>,
  hasMethod: boolean,
): PolicyContext => ({
  draft,
  names,
  secrets,
  hasMethod,
  requestBodies: new Map(),
  responseBodies: new Map(),
});

function applyProperties(
  draft: DefinitionDraft,
  model: SourceModel,
  properties: Obj,
  place: string,
  report: ImportReport,
): void {
  const { definition } = draft;
  const read = readConnection(properties, model.root, place, report, serverParameters(definition));
  if (read.connection === undefined) delete definition.connection;
  else definition.connection = read.connection;
  const policies = readPolicies(properties, place);
  const context = policyContext(draft, read.names, read.secrets, read.hasMethod);
  markOperations(draft);
  applyPolicies(policies, context);
  notePrefix(definition, report);
  buildTriggers(context, policies);
  buildDynamic(draft);
  const color = asFilledText(properties.iconBrandColor)?.trim();
  if (color !== undefined && /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.test(color)) definition.color = color;
  definition["x-power-platform"] = keptProperties(properties);
}

/** An API key in `Authorization` is sent as it is typed, unless a policy puts a word in front. */
function notePrefix(definition: Obj, report: ImportReport): void {
  for (const method of asList(asObject(definition.connection).auth).map(asObject)) {
    const isBare = /^\{\{[^{}]*\}\}$/.test(String(method.value));
    if (method.type !== "apiKey" || String(method.name).toLowerCase() !== "authorization" || !isBare) continue;
    report.note(
      "/securityDefinitions",
      "authorization-prefix",
      "The key goes into Authorization as it is; if the API wants a word such as Bearer in front, whoever connects types it.",
      'Write the prefix into value: "Bearer {{ … }}".',
    );
  }
}

/** What an export needs to give the properties back as they were; a client secret is never kept. */
function keptProperties(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(keptProperties);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !/^clientSecret$/i.test(name))
      .map(([name, item]) => [name, keptProperties(item)]),
  );
}

/** Connection parameters that the base URL reads. */
function serverParameters(definition: Obj): Obj {
  const parameters = asObject(asObject(asObject(definition.connection).parameters).properties);
  const base = JSON.stringify(definition.baseUrl ?? "");
  return Object.fromEntries(Object.entries(parameters).filter(([name]) => base.includes(`connection.${name}`)));
}

/** Visibility, safety and replacement of operations. */
function markOperations(draft: DefinitionDraft): void {
  for (const { action, source } of draft.actions) {
    const { operation } = source;
    if (String(operation["x-ms-visibility"] ?? "").toLowerCase() === "internal") action.hidden = true;
    if (operation["x-ms-safe-operation"] === true) action.annotations = { readOnly: true };
    const replacement = asFilledText(asObject(asObject(operation["x-ms-api-annotation"]).replacement).operationId);
    if (replacement === undefined || !isObject(action.deprecated)) continue;
    const target = draft.actions.find(
      (other) => String(other.source.operation.operationId).toLowerCase() === replacement.toLowerCase(),
    );
    if (target !== undefined) action.deprecated = { ...action.deprecated, replacedBy: target.name };
  }
}

/** The connection test, links and keywords of the document. */
function applyRoot(draft: DefinitionDraft, model: SourceModel): void {
  const { definition } = draft;
  const test = asObject(asObject(model.root["x-ms-capabilities"]).testConnection);
  const target = draft.actions.find(
    ({ source }) => test.operationId !== undefined && source.operation.operationId === test.operationId,
  );
  if (target !== undefined) {
    const input = asObject(literalTree(test.parameters));
    definition.connection = {
      ...asObject(definition.connection),
      test: { action: target.name, ...(Object.keys(input).length > 0 ? { input } : {}) },
    };
  } else if (test.operationId !== undefined) {
    draft.context.report.lose(
      "/x-ms-capabilities/testConnection",
      "test-operation",
      `The operation ${JSON.stringify(test.operationId)} that tests a connection is not an action.`,
      "Correct operationId.",
    );
  }
  const links: Obj = { ...asObject(definition.links) };
  for (const entry of asList(model.root["x-ms-connector-metadata"])) {
    const { propertyName, propertyValue } = asObject(entry);
    const name = String(propertyName).toLowerCase();
    if (typeof propertyValue !== "string" || !isWebUrl(propertyValue.trim())) continue;
    if (name === "website") links.documentation ??= propertyValue.trim();
    else if (name === "privacy policy") links.privacy ??= propertyValue.trim();
  }
  if (Object.keys(links).length > 0) definition.links = links;
  const keywords = asTexts(model.root["x-ms-keywords"]).filter((word) => word.trim() !== "");
  if (keywords.length > 0) definition.keywords = keywords;
}

/** Scripts are code of another platform: each one is named, with what it is for. */
function loseScripts(
  properties: Obj | undefined,
  scripts: readonly string[],
  place: string,
  report: ImportReport,
): void {
  const listed = properties?.scriptOperations;
  if (listed === undefined && scripts.length === 0) return;
  const operations = asTexts(listed);
  const which = operations.length === 0 ? "all operations" : operations.join(", ");
  const file = scripts[0] === undefined ? "The script is not among the files" : `The script ${scripts[0]} is C#`;
  report.lose(
    `${place}/scriptOperations`,
    "script",
    `${file}; it changes ${which} before and after the call.`,
    "Port it by hand: request and response templates, steps, or an exported function (run).",
  );
}
