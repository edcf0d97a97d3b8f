import { asFilledText, asObject, isObject, type Obj, setMember } from "../json-value.ts";
import { pointer } from "../source/json-pointer.ts";
import type { BuiltAction, DefinitionDraft } from "./build-definition.ts";
import { propertiesOf, resolveSchema, typesOf } from "./resolve-schema.ts";
import { expression, firstPageOnly, memberOf, mergeAt, quote, wrap } from "./template-text.ts";

/**
 * Turns `x-ms-pageable` (AutoRest, and the connectors of Power Platform) into `pagination`:
 *
 *   x-ms-pageable { nextLinkName, itemName = value }        nextLinkName null: one page, nothing to do
 *   first page   path and query as the operation has them
 *   next pages   the URL that nextLinkName holds, as it is: same headers, no query of ours
 *   output       as the source describes it, with the items of all pages read under itemName
 *
 * Where the source does not say enough, or the request has no room for a next link, that is a loss; the action then
 * gives one page, as before.
 */
export function buildPagination(draft: DefinitionDraft): void {
  const { report, definitions } = draft.context;
  const lost = (source: BuiltAction["source"], code: string, reason: string): void =>
    report.lose(
      pointer(source.pointer, "x-ms-pageable"),
      code,
      `${reason} The action gives one page.`,
      "Write pagination by hand.",
    );
  for (const { trigger, source } of draft.triggers)
    if (isPageable(source.operation) && asObject(trigger.poll).pagination === undefined)
      lost(source, "pageable-trigger", "A trigger reads what is new, not every page.");
  for (const built of draft.actions) {
    if (!isPageable(built.source.operation)) continue;
    const read = readPageable(draft, built, definitions);
    const problem = "problem" in read ? read : place(draft, built, read);
    if (problem !== undefined) lost(built.source, problem.code, problem.problem);
  }
}

/** What stands in the way of pagination. */
interface Problem {
  readonly code: string;
  readonly problem: string;
}

interface Pageable {
  readonly next: readonly string[];
  readonly items: readonly string[];
}

/** A next link that is named `null` means one page, by AutoRest's rules. */
const isPageable = (operation: Obj): boolean => {
  const extension = operation["x-ms-pageable"];
  return isObject(extension) && extension.nextLinkName !== null;
};

function readPageable(draft: DefinitionDraft, { action, source }: BuiltAction, definitions: Obj): Pageable | Problem {
  const { report } = draft.context;
  const extension = asObject(source.operation["x-ms-pageable"]);
  const place = pointer(source.pointer, "x-ms-pageable");
  const output = resolveSchema(action.output, definitions);
  const follower = asFilledText(extension.operationName);
  if (follower !== undefined && draft.actions.some((other) => other.source.operation.operationId === follower)) {
    return {
      code: "pageable-operation",
      problem: `Further pages come from the operation ${JSON.stringify(follower)}, with parameters of its own.`,
    };
  }
  const wanted = asFilledText(extension.itemName);
  const items = wanted === undefined ? listPath(output, definitions) : pathOf(output, wanted, definitions);
  if (items === undefined || !typesAt(output, items, definitions).has("array")) {
    return {
      code: "pageable-items",
      problem: `The answer describes no list under ${JSON.stringify(wanted ?? "value")}.`,
    };
  }
  const name = asFilledText(extension.nextLinkName) ?? "nextLink";
  const next = pathOf(output, name, definitions);
  if (next === undefined)
    report.note(
      place,
      "pageable-next-undeclared",
      `The answer does not describe ${JSON.stringify(name)}; further pages are read where it comes all the same.`,
      "Describe the member, or correct nextLinkName.",
    );
  return { items, next: next ?? [name] };
}

/** The list of an answer whose source names none: `value`, whatever its case, or the only list there is. */
function listPath(output: Obj, definitions: Obj): readonly string[] | undefined {
  const named = pathOf(output, "value", definitions);
  if (named !== undefined) return named;
  const lists = Object.entries(propertiesOf(output, definitions)).filter(([, property]) =>
    typesOf(property, definitions).has("array"),
  );
  return lists.length === 1 ? lists.map(([name]) => name) : undefined;
}

/** The path of a member by name: as it is written, whatever its case, or with dots between levels. */
function pathOf(schema: unknown, name: string, definitions: Obj): readonly string[] | undefined {
  const properties = propertiesOf(schema, definitions);
  const lower = name.toLowerCase();
  const own = Object.hasOwn(properties, name)
    ? name
    : Object.keys(properties).find((property) => property.toLowerCase() === lower);
  if (own !== undefined) return [own];
  const dot = name.indexOf(".");
  if (dot <= 0) return undefined;
  const [head] = pathOf(schema, name.slice(0, dot), definitions) ?? [];
  if (head === undefined) return undefined;
  const rest = pathOf(properties[head], name.slice(dot + 1), definitions);
  return rest === undefined ? undefined : [head, ...rest];
}

const typesAt = (schema: unknown, path: readonly string[], definitions: Obj): ReadonlySet<string> =>
  typesOf(
    path.reduce<unknown>((current, name) => propertiesOf(current, definitions)[name], schema),
    definitions,
  );

/** Writes pagination into an action; yields what stands in the way. */
function place(draft: DefinitionDraft, { action }: BuiltAction, read: Pageable): Problem | undefined {
  if (!isObject(action.request))
    return { code: "pageable-steps", problem: "The request is one of several steps, which have no pages." };
  const { request } = action;
  if (request.method !== "GET")
    return {
      code: "pageable-method",
      problem: `The source does not say whether a next link is read or asked by ${String(request.method)} again.`,
    };
  if (request.url !== undefined)
    return {
      code: "pageable-url",
      problem: "The request has a whole URL of its own, which leaves no room for a next link.",
    };
  if (isObject(action.response) && Object.keys(action.response).length > 0)
    return { code: "pageable-response", problem: "The answer is changed before it is given back." };
  const query = firstPageQuery(draft.definition, request);
  if (query === undefined)
    return { code: "pageable-query", problem: "A parameter of the query is a text with expressions in it." };
  action.request = { ...request, url: "{{ page.next }}", ...(Object.keys(query).length > 0 ? { query } : {}) };
  const access = (path: readonly string[]): string => path.reduce(memberOf, "response.body");
  action.pagination = { items: expression(access(read.items)), next: expression(access(read.next)) };
  const [list = "value", ...deeper] = read.items;
  const items = mergeAt(memberOf("response.body", list), deeper, "items");
  action.response = {
    body: expression(
      `(response.body | merge({${quote(list)}: ${items}})) if response.body is mapping else response.body`,
    ),
  };
  return undefined;
}

/** A next link comes with its query, so that the parameters of the operation and of the document go on the first page only. */
export function firstPageQuery(definition: Obj, request: Obj): Obj | undefined {
  const query: Obj = {};
  const shared = asObject(asObject(asObject(definition.defaults).request).query);
  for (const [name, value] of [...Object.entries(shared), ...Object.entries(asObject(request.query))]) {
    const guarded = isObject(value) ? { ...value, value: onFirstPage(value.value) } : onFirstPage(value);
    if ((isObject(guarded) ? guarded.value : guarded) === undefined) return undefined;
    setMember(query, name, guarded);
  }
  return query;
}

/** Leaves a value out once there is a next link; undefined where it is a text with expressions in it. */
function onFirstPage(value: unknown): unknown {
  if (value === null) return value;
  if (typeof value !== "string") return typeof value === "object" ? undefined : guard(JSON.stringify(value));
  const code = /^\{\{\s*((?:(?!\}\}).)*?)\s*\}\}$/s.exec(value)?.[1];
  if (code !== undefined) return guard(wrap(code));
  return /\{\{|\{%|\{#/.test(value) ? undefined : guard(quote(value));
}

const guard = (code: string): string => expression(`${code}${firstPageOnly}`);
