import type { PathRead } from "@junctor/jinja";
import type { CallState } from "../pipeline/call-state.ts";
import type { CompiledTemplate, ValueNode } from "../templates/compiled-value.ts";
import type { UnresolvedName } from "./call-trace.ts";

/** Lists the names that the templates of a request read and that have no value: null counts as none. */
export function listUnresolved(state: CallState): readonly UnresolvedName[] {
  const { request } = state.action.exchange;
  const templates: CompiledTemplate[] = [];
  const add = (template: string | CompiledTemplate | null | undefined): void => {
    if (typeof template === "object" && template !== null) templates.push(template);
  };
  add(request.path);
  add(request.url);
  add(request.body?.contentType);
  for (const { value } of request.headers.entries) collect(value.node, templates);
  for (const part of request.query.parts) if (typeof part !== "string") collect(part.value.node, templates);
  for (const value of [request.headers.whole, request.query.whole, request.body?.value]) {
    if (value != null) collect(value.node, templates);
  }
  return templates.flatMap(({ template, pointer, secret }) =>
    template.analysis.reads
      .filter((read) => isUnresolved(read, state.closedScope.context, secret))
      .map(({ root, path, line, column }) => ({ name: [root, ...path].join("."), pointer, line, column })),
  );
}

/** Roots that every call has, where a member may be missing. Others are bound later, or are functions. */
const known: ReadonlySet<string> = new Set([
  "input",
  "user",
  "connection",
  "workspace",
  "call",
  "pathParams",
  "body_text",
]);

function isUnresolved({ root, path }: PathRead, context: Readonly<Record<string, unknown>>, secret: boolean): boolean {
  // A secret member of the connection is not in the closed scope, and is there all the same.
  if (!known.has(root) || (secret && root === "connection")) return false;
  let value: unknown = context[root];
  for (const segment of path) {
    if (value === null || typeof value !== "object") return value === null || value === undefined;
    if (typeof segment !== "string" && typeof segment !== "number") return false;
    value = (value as Readonly<Record<string | number, unknown>>)[segment];
  }
  return value === undefined || value === null;
}

/** Templates of a tree, but for those of a repetition, whose elements are known only while it runs. */
function collect(node: ValueNode, templates: CompiledTemplate[]): void {
  switch (node.kind) {
    case "expression":
    case "text":
      templates.push(node);
      return;
    case "list":
      for (const item of node.items) collect(item, templates);
      return;
    case "object":
      for (const value of node.values) collect(value, templates);
      return;
    case "each":
      collect(node.list, templates);
      return;
    case "literal":
  }
}
