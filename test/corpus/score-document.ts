import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { exportOpenApi, importDocument } from "@junctor/importers";
import { callActions } from "./call-actions.ts";
import { compareFacts } from "./compare-facts.ts";
import { routingOf } from "./policies-of-source.ts";
import { isTree, list, operationsOf, readSource, type Tree, tree } from "./read-source.ts";

/** What is asked of one document. */
export interface ScoreTask {
  readonly name: string;
  readonly files: readonly string[];
  /** Most operations that are called; 0 = none. */
  readonly calls: number;
}

/** The score of one document. */
export interface DocumentScore {
  readonly name: string;
  readonly imported: boolean;
  readonly error?: string;
  readonly lossless: boolean;
  readonly facts: number;
  readonly kept: number;
  readonly silent: readonly string[];
  readonly losses: number;
  readonly operations: { readonly source: number; readonly imported: number };
  readonly calls: { readonly made: number; readonly good: number; readonly reasons: readonly string[] };
  readonly webhooks: {
    readonly wanted: number;
    readonly found: number;
    readonly withPayload: number;
    readonly withCallback: number;
  };
  readonly polling: { readonly wanted: number; readonly found: number; readonly withPayload: number };
  readonly auth: { readonly wanted: boolean; readonly mapped: boolean; readonly types: readonly string[] };
  readonly policies: { readonly found: number; readonly applied: number };
  readonly dynamicLinks: { readonly found: number; readonly resolved: number };
  readonly lintErrors: readonly string[];
  readonly sourceBytes: number;
  readonly definitionBytes: number;
  readonly timeMs: number;
  readonly rssMb: number;
}

/** Imports one document and judges what came of it. */
export async function scoreDocument(task: ScoreTask): Promise<DocumentScore> {
  const files = task.files.map((path) => ({ path: basename(path), bytes: new Uint8Array(readFileSync(path)) }));
  const started = performance.now();
  const result = importDocument(files);
  const timeMs = performance.now() - started;
  const rssMb = process.memoryUsage().rss / 1e6;
  const definition = tree(result.definition);
  const [main, beside] = files;
  const source = readSource(main?.bytes ?? new Uint8Array());
  const properties = beside === undefined ? undefined : tree(readSource(beside.bytes)).properties;
  const exported: unknown =
    result.definition === undefined ? {} : JSON.parse(JSON.stringify(exportOpenApi(result.definition).document));
  const comparison = compareFacts(source, exported, result.losses);
  const outcomes =
    task.calls === 0 || !result.ok
      ? []
      : await callActions(
          definition,
          { document: source, routing: (operation) => routingOf(properties, operation) },
          task.calls,
        );
  return {
    name: task.name,
    imported: result.ok,
    ...(result.ok
      ? {}
      : {
          error: result.lint
            .filter((finding) => finding.severity === "error")
            .slice(0, 3)
            .map((finding) => `${finding.rule} ${finding.pointer} ${finding.message}`)
            .join("; "),
        }),
    lossless: comparison.kept === comparison.facts,
    facts: comparison.facts,
    kept: comparison.kept,
    silent: comparison.silent.map((fact) => `${fact.pointer} ${fact.text}`).slice(0, 20),
    losses: result.losses.length,
    operations: { source: operationsOf(source).length, imported: result.operations.imported },
    calls: {
      made: outcomes.length,
      good: outcomes.filter((outcome) => outcome.ok).length,
      reasons: outcomes
        .filter((outcome) => !outcome.ok)
        .map((outcome) => `${outcome.action}: ${outcome.reasons.slice(0, 2).join(" | ")}`),
    },
    ...triggersOf(source, definition),
    auth: authOf(source, properties, definition, result.auth),
    policies: { found: result.stats.policies.found, applied: result.stats.policies.applied },
    dynamicLinks: { found: result.stats.dynamicLinks.found, resolved: result.stats.dynamicLinks.resolved },
    lintErrors: result.lint
      .filter((finding) => finding.about === "source" && finding.severity === "error")
      .map((finding) => `${finding.rule} ${finding.pointer}`),
    sourceBytes: result.stats.sourceBytes,
    definitionBytes: result.stats.definitionBytes,
    timeMs,
    rssMb,
  };
}

/** Triggers by what the source is annotated with, and what became of them. */
function triggersOf(source: unknown, definition: Tree): Pick<DocumentScore, "webhooks" | "polling"> {
  const triggers = Object.values(tree(definition.triggers)).map(tree);
  const find = (path: string, method: string): Tree | undefined =>
    triggers.find(
      (trigger) => tree(trigger["x-openapi"]).path === path && tree(trigger["x-openapi"]).method === method,
    );
  const webhooks = { wanted: 0, found: 0, withPayload: 0, withCallback: 0 };
  const polling = { wanted: 0, found: 0, withPayload: 0 };
  for (const { method, path, operation, pathItem } of operationsOf(source)) {
    for (const callback of Object.values(tree(operation.callbacks))) if (isTree(callback)) webhooks.wanted++;
    // Other values, such as "none", mean that the operation is an action.
    if (!/^\s*(single|batch)\s*$/i.test(String(operation["x-ms-trigger"]))) continue;
    const trigger = find(path, method);
    const isWebhook =
      pathItem["x-ms-notification-content"] !== undefined ||
      JSON.stringify(operation).includes("x-ms-notification-url");
    const kind = isWebhook ? webhooks : polling;
    kind.wanted++;
    if (trigger === undefined || (isWebhook ? trigger.webhook : trigger.poll) === undefined) continue;
    kind.found++;
    if (trigger.output !== undefined) kind.withPayload++;
    if (isWebhook && JSON.stringify(trigger.webhook).includes("webhook.url")) webhooks.withCallback++;
  }
  const within = triggers.filter((trigger) => typeof tree(trigger["x-openapi"]).within === "string");
  webhooks.wanted += Object.keys(tree(tree(source).webhooks)).length;
  webhooks.found += within.length;
  webhooks.withPayload += within.filter((trigger) => trigger.output !== undefined).length;
  return { webhooks, polling };
}

function authOf(
  source: unknown,
  properties: unknown,
  definition: Tree,
  types: readonly string[],
): DocumentScore["auth"] {
  const root = tree(source);
  const schemes = Object.values(tree(root.securityDefinitions ?? tree(root.components).securitySchemes));
  const secrets = Object.values(tree(tree(properties).connectionParameters)).some((parameter) =>
    /securestring|oauthSetting/i.test(String(tree(parameter).type)),
  );
  const wanted = schemes.length > 0 || secrets || tree(properties).connectionParameterSets !== undefined;
  const isUsed =
    JSON.stringify(tree(definition.defaults)).includes("connection.") ||
    JSON.stringify(tree(definition.actions)).includes("{{ connection.");
  return {
    wanted,
    mapped: !wanted || types.length > 0 || isUsed,
    types: types.length > 0 ? types : list([]).map(String),
  };
}
