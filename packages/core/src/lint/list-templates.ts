import type { ConnectorDefinition } from "@junctor/sdk";
import { listCertainNames, listDeclaredNames } from "../definition/declared-names.ts";
import { extendPointer } from "../definition/json-pointer.ts";
import { extendPlace, places } from "../templates/places.ts";
import { emitAuthMethod } from "./emit-auth.ts";
import {
  emitErrors,
  emitPagination,
  emitQuery,
  emitRequest,
  emitResponse,
  emitSettings,
  emitSteps,
} from "./emit-exchange.ts";
import { type Emit, emitObject, GENERAL, own, ownerOf, type Scope } from "./emit-template.ts";
import { emitTrigger } from "./emit-trigger.ts";
import type { TemplateSite } from "./template-site.ts";

/**
 * Lists every string of a definition in which a template may stand, literals included, with the context roots that its
 * place offers. Compile knows the same places by the parts it compiles; this is the whole table, for reading only.
 */
export const listTemplates = (definition: ConnectorDefinition): readonly TemplateSite[] => {
  const sites: TemplateSite[] = [];
  const emit: Emit = (value, pointer, part, place, scope) => {
    if (typeof value === "string") sites.push({ pointer, source: value, part, place, ...scope });
    else if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) emit(item, extendPointer(pointer, index), part, place, scope);
    } else if (typeof value === "object" && value !== null) {
      emitObject(value as Readonly<Record<string, unknown>>, pointer, part, place, scope, emit);
    }
  };
  const connection: Scope = { owner: ownerOf("connection", "", null, null), steps: null };
  emitBaseUrl(definition, emit, connection);
  emitConnection(definition, emit, connection);
  emitDefaults(definition, emit);
  for (const name of Object.keys(definition.actions ?? {})) emitAction(definition, name, emit);
  for (const [name, trigger] of Object.entries(definition.triggers ?? {})) emitTrigger(definition, name, trigger, emit);
  emitDynamic(definition, emit);
  return sites;
};

const emitBaseUrl = ({ baseUrl }: ConnectorDefinition, emit: Emit, scope: Scope): void => {
  if (typeof baseUrl === "string") emit(baseUrl, "/baseUrl", "baseUrl", places.baseUrl, scope);
  for (const [name, environment] of Object.entries(typeof baseUrl === "object" ? baseUrl : {})) {
    emit(environment.baseUrl, extendPointer("/baseUrl", name, "baseUrl"), "baseUrl", places.baseUrl, scope);
  }
};

const emitConnection = ({ connection }: ConnectorDefinition, emit: Emit, scope: Scope): void => {
  for (const [index, method] of (connection?.auth ?? []).entries()) {
    emitAuthMethod(method, extendPointer("/connection/auth", index), emit, scope);
  }
  emit(connection?.tls, "/connection/tls", "tls", places.tls, scope);
  emit(connection?.test?.input, "/connection/test/input", "setting", own("test", [...GENERAL, "connection"]), scope);
  emit(connection?.test?.label, "/connection/test/label", "setting", own("test", [...GENERAL, "output"]), scope);
};

const emitDefaults = ({ defaults }: ConnectorDefinition, emit: Emit): void => {
  const scope: Scope = { owner: ownerOf("defaults", "", null, null), steps: null };
  const roots = ["steps", "item", "cursor", "webhook", "subscription"];
  const request = extendPlace(places.request, roots);
  emit(defaults?.request?.headers, "/defaults/request/headers", "headers", request, scope);
  emitQuery(defaults?.request?.query, "/defaults/request/query", request, emit, scope);
  emitErrors(defaults?.errors, "/defaults/errors", emit, scope);
  emitSettings(defaults ?? {}, "/defaults", emit, scope);
};

const emitAction = (definition: ConnectorDefinition, name: string, emit: Emit): void => {
  const action = definition.actions?.[name];
  if (action === undefined) return;
  const pointer = extendPointer("/actions", name);
  const owner = ownerOf(
    "action",
    name,
    listDeclaredNames(action.input, definition.$defs),
    listCertainNames(action.input, definition.$defs),
  );
  const scope: Scope = { owner, steps: null };
  const key = action.idempotencyKey;
  const [value, at] = typeof key === "object" ? [key.value, "/idempotencyKey/value"] : [key, "/idempotencyKey"];
  emit(value, `${pointer}${at}`, "setting", places.request, scope);
  emitSettings(action, pointer, emit, scope);
  if (action.request !== undefined) emitRequest(action.request, `${pointer}/request`, places.request, emit, scope);
  const steps = action.steps === undefined ? null : new Set(action.steps.map((step) => step.id));
  if (action.steps !== undefined) emitSteps(action.steps, `${pointer}/steps`, places.request, emit, scope);
  const after: Scope = { owner, steps };
  const roots = places.response.roots.filter(
    (root) => (root !== "items" || action.pagination !== undefined) && (root !== "steps" || steps !== null),
  );
  emitResponse(action.response, `${pointer}/response`, own("response", roots), emit, after);
  emitErrors(action.errors, `${pointer}/errors`, emit, after);
  emitPagination(action.pagination, `${pointer}/pagination`, emit, after);
};

const emitDynamic = ({ dynamic }: ConnectorDefinition, emit: Emit): void => {
  const place = own("dynamic", [...GENERAL, "input", "search", "output", "item"]);
  for (const kind of ["options", "schemas"] as const) {
    for (const [name, source] of Object.entries(dynamic?.[kind] ?? {})) {
      const scope: Scope = { owner: ownerOf("dynamic", name, null, null), steps: null };
      const at = extendPointer("/dynamic", kind, name);
      const parts = source as unknown as Readonly<Record<string, unknown>>;
      for (const part of ["input", "items", "value", "label", "schema"]) {
        emit(parts[part], extendPointer(at, part), "dynamic", place, scope);
      }
    }
  }
};
