import { plainOperation } from "../export/plain-operation.ts";
import { plainRoot } from "../export/plain-root.ts";
import { asObject, type Obj, setMember } from "../json-value.ts";
import type { DefinitionDraft } from "../openapi/build-definition.ts";
import type { SourceModel, SourceOperation } from "../openapi/source-model.ts";
import { difference } from "./difference.ts";
import { keyOperation } from "./keyed-operation.ts";

/**
 * Keeps, under `x-openapi`, what the source says and the definition does not: the difference between the source and
 * what an export of the definition alone would give. By construction nothing can be missing from both.
 *
 *   definition.x-openapi            { root, pathItems, components, webhooks, names }
 *   action.x-openapi                { path?, method?, operation? }
 */
export function keepResidue(
  draft: DefinitionDraft,
  model: SourceModel,
  extras: { readonly components: Obj; readonly renamed: Obj },
): Obj {
  const { definition } = draft;
  const actions: Obj = {};
  const triggers: Obj = {};
  for (const { name, action, source } of draft.actions) setMember(actions, name, withResidue(name, action, source));
  for (const { name, trigger, source, replaces } of draft.triggers) {
    setMember(
      triggers,
      name,
      replaces ? withWhole(trigger, source) : { ...trigger, "x-openapi": { within: source.pointer } },
    );
  }
  const result: Obj = { ...definition };
  if (Object.keys(actions).length > 0) result.actions = actions;
  if (Object.keys(triggers).length > 0) result.triggers = triggers;
  const kept: Obj = {};
  const root = difference(plainRoot(result), model.root);
  if (root !== undefined) kept.root = root;
  if (Object.keys(model.pathItems).length > 0) kept.pathItems = model.pathItems;
  if (model.webhooks.length > 0) kept.webhooks = webhooksOf(model.webhooks);
  if (Object.keys(extras.components).length > 0) kept.components = extras.components;
  if (Object.keys(extras.renamed).length > 0) kept.names = extras.renamed;
  if (Object.keys(kept).length > 0) result["x-openapi"] = kept;
  return result;
}

function withResidue(name: string, action: Obj, source: SourceOperation): Obj {
  const plain = plainOperation(name, action);
  const kept: Obj = {};
  if (plain.path !== source.path) kept.path = source.path;
  if (plain.method !== source.method) kept.method = source.method;
  const operation = difference(plain.operation, keyOperation(source.operation));
  if (operation !== undefined) kept.operation = operation;
  return Object.keys(kept).length === 0 ? action : { ...action, "x-openapi": kept };
}

/** A trigger keeps the operation it replaces as it was. */
const withWhole = (trigger: Obj, source: SourceOperation): Obj => ({
  ...trigger,
  "x-openapi": { path: source.path, method: source.method, operation: keyOperation(source.operation) },
});

function webhooksOf(webhooks: readonly SourceOperation[]): Obj {
  const result: Obj = {};
  for (const source of webhooks) {
    const item = { ...source.pathItem, ...asObject(result[source.path]), [source.method]: source.operation };
    setMember(result, source.path, item);
  }
  return result;
}
