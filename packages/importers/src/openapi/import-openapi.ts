import type { ImportOptions } from "../import-result.ts";
import { asObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { keepResidue } from "../residue/keep-residue.ts";
import { SchemaRegistry } from "../schemas/schema-registry.ts";
import type { ImportLimits } from "../source/limits.ts";
import type { SourceTree } from "../source/source-tree.ts";
import { type DefinitionDraft, draftDefinition } from "./build-definition.ts";
import { buildPagination } from "./build-pagination.ts";
import { buildCallbackTriggers, buildWebhookTriggers } from "./build-triggers.ts";
import { listOperations, type ReadContext, readRoot, unusedComponents, versionOf } from "./read-model.ts";
import { isSelected } from "./select-operations.ts";
import type { SourceModel } from "./source-model.ts";

/** Characters of JSON that the schemas of a selection may take, so that ten operations of any API stay below a megabyte. */
const selectionBudget = 500_000;

/** What a format built on OpenAPI may do to the draft before it is finished (policies, triggers, dynamic links). */
export type DraftHook = (draft: DefinitionDraft, model: SourceModel, registry: SchemaRegistry) => void;

/** What an import of one OpenAPI document yields. */
export interface OpenApiImport {
  readonly definition: Obj;
  readonly found: number;
  readonly imported: number;
}

/** Imports an OpenAPI or Swagger document that is the root of the tree. */
export function importOpenApi(
  tree: SourceTree,
  report: ImportReport,
  options: ImportOptions,
  limits: ImportLimits,
  hook?: DraftHook,
): OpenApiImport {
  const document = asObject(tree.document().value);
  const version = versionOf(document);
  const registry = new SchemaRegistry(tree, report, limits, version === "3.1");
  const context: ReadContext = { tree, schemas: registry, report };
  const entries = listOperations(context, "paths");
  const selected = entries.filter((entry) => {
    if (isSelected(entry, options.select)) return true;
    report.skip(tree.show(entry.place), "not-selected", "The selection leaves this operation out.");
    return false;
  });
  const operations = selected.map((entry) => entry.read());
  const webhooks = version === "3.1" ? listOperations(context, "webhooks").map((entry) => entry.read()) : [];
  const isWhole = options.select === undefined;
  if (isWhole) takeAllSchemas(tree, registry, version);
  registry.drain(isWhole ? undefined : selectionBudget);
  const pathItems: Obj = {};
  for (const { path, pathItem } of operations)
    if (Object.keys(pathItem).length > 0) setMember(pathItems, path, pathItem);
  if (isWhole) keepBarePaths(tree, operations, pathItems);
  const model: SourceModel = { root: readRoot(context), operations, webhooks, pathItems, version };
  const components = isWhole ? unusedComponents(context) : {};
  const draft = draftDefinition(model, registry.definitions, report, options);
  buildWebhookTriggers(draft, model);
  buildCallbackTriggers(draft);
  hook?.(draft, model, registry);
  buildPagination(draft);
  registry.drain();
  if (entries.length === 0 && draft.triggers.length === 0) addAnyPath(draft, report);
  if (Object.keys(registry.definitions).length > 0) draft.definition.$defs = registry.definitions;
  const definition = keepResidue(draft, model, {
    components: version === "2.0" ? swaggerParts(components) : components,
    renamed: registry.renamed,
  });
  return {
    definition,
    found: entries.length,
    imported: draft.actions.length + draft.triggers.filter((trigger) => trigger.replaces).length,
  };
}

/**
 * A description without operations still says where the API is and how to sign in: it becomes a connector with one action that
 * reads any path. The action is marked, so that an export leaves it out.
 */
function addAnyPath(draft: DefinitionDraft, report: ImportReport): void {
  report.note(
    "/paths",
    "no-operations",
    "The description holds no operation; the connector has one action that reads any path.",
    "Describe the operations, or write actions by hand.",
  );
  draft.definition.actions = {
    get: {
      title: "Get any path",
      description: "Reads a path of the API. The description that was imported holds no operation.",
      input: {
        type: "object",
        required: ["path"],
        properties: {
          path: {
            type: "array",
            minItems: 1,
            items: { type: "string", minLength: 1 },
            description: "Segments of the path",
          },
          query: { type: "object", additionalProperties: { type: "string" }, default: {} },
        },
        additionalProperties: false,
      },
      request: { method: "GET", path: "/{{ input.path }}", query: "{{ input.query }}" },
      "x-openapi": { generated: true },
    },
  };
}

/** Without a selection every schema is taken over, also those that nothing refers to. */
function takeAllSchemas(tree: SourceTree, registry: SchemaRegistry, version: string): void {
  const place =
    version === "2.0" ? tree.at(tree.document(), "definitions") : tree.at(tree.document(), "components", "schemas");
  for (const name of Object.keys(asObject(place.value))) registry.nameOf(tree.at(place, name));
}

/** Paths that hold no operation at all, but something else. */
function keepBarePaths(tree: SourceTree, operations: SourceModel["operations"], pathItems: Obj): void {
  const used = new Set(operations.map((source) => source.path));
  const paths = tree.at(tree.document(), "paths");
  for (const [path, value] of Object.entries(asObject(paths.value))) {
    if (used.has(path) || path.startsWith("x-")) continue;
    setMember(pathItems, path, asObject(value));
  }
}

const swaggerParts = (components: Obj): Obj =>
  Object.keys(components).length === 0 ? {} : { "x-swagger": components };
