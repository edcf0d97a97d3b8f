import { type Obj, setMember, without } from "../json-value.ts";
import type { BuiltAction } from "../openapi/build-definition.ts";
import { expression, memberOf, quote } from "../openapi/template-text.ts";
import type { BodyState } from "./body-state.ts";
import { readExpression, readPath, toCode } from "./expressions.ts";
import { bodyState, type Policy, type PolicyContext, scopeOf } from "./policy-context.ts";

/** Templates that change a body. */
export const bodyTemplates: ReadonlySet<string> = new Set([
  "setproperty",
  "stringreplace",
  "convertobjecttoarray",
  "convertarraytoobject",
  "stringtoarray",
  "encodepropertyvalue",
  "moveproperties",
]);

type Path = readonly (string | number)[];

/** Applies a policy that changes a body; yields the reason if it cannot. */
export function applyBodyPolicy(
  policy: Policy,
  context: PolicyContext,
  targets: readonly BuiltAction[],
): string | undefined {
  for (const built of targets) {
    const state = bodyState(context, built, policy.section);
    const problem = change(policy, context, built, state);
    if (problem !== undefined) return `${problem} (operation ${String(built.source.operation.operationId)})`;
  }
  return undefined;
}

const nowhere = "The path of the policy is not one into a body.";
const unmapped = "The body has no declared properties, so a list in it cannot be gone through.";

function change(policy: Policy, context: PolicyContext, built: BuiltAction, state: BodyState): string | undefined {
  const { parameters } = policy;
  if (policy.template === "setproperty") return setProperty(parameters, context, built, state, policy.section);
  if (policy.template === "moveproperties") return moveProperties(parameters, state);
  const parent = readPath(parameters.propertyParentPath);
  if (parent === undefined) return nowhere;
  const sub = subPath(parameters.propertySubPath);
  const target = readPath(parameters.newPropertyPath) ?? { root: parent.root, path: [...parent.path, ...sub] };
  switch (policy.template) {
    case "stringreplace":
      return onText(
        state,
        parent.path,
        sub,
        target,
        (code) =>
          `${code} | replace(${quote(String(parameters.sourceString ?? ""))}, ${quote(String(parameters.replacementString ?? ""))})`,
      );
    case "encodepropertyvalue":
      return onText(state, parent.path, sub, target, (code) => `${code} | urlencode`);
    case "convertobjecttoarray":
      return toArray(
        state,
        [...parent.path, ...sub],
        target,
        String(parameters.keyName ?? "key"),
        String(parameters.valueName ?? "value"),
        parent.path,
        sub,
      );
    case "convertarraytoobject":
      return toObject(
        state,
        [...parent.path, ...sub],
        target.path,
        String(parameters.keyWithinCollectionPath ?? "key"),
        String(parameters.retainKey) === "true",
      );
    default: {
      const from = [...parent.path, ...sub];
      const code = state.read(from);
      if (code === undefined) return unmapped;
      const delimiter = String(parameters.delimiterList ?? ",")[0] ?? ",";
      const child = parameters.childPropertyName;
      const list = `(${code}).split(${quote(delimiter)})`;
      if (typeof child !== "string" || child === "") return state.set(target.path, list) ? undefined : nowhere;
      return state.repeat(from, target.path, { [child]: "{{ item }}" }, { list }) ? undefined : unmapped;
    }
  }
}

/** A sub-path is a name or names with dots; `null` and nothing mean the parent itself. */
function subPath(value: unknown): Path {
  if (typeof value !== "string" || value === "" || value === "null") return [];
  const read = readPath(value);
  return read === undefined ? value.split(/[./]/).filter((part) => part !== "") : read.path;
}

function setProperty(
  parameters: Obj,
  context: PolicyContext,
  built: BuiltAction,
  state: BodyState,
  section: string,
): string | undefined {
  const parent =
    readPath(parameters.newPropertyParentPathTemplate) ??
    readPath(`@${String(parameters.newPropertyParentPathTemplate ?? "body()")}`);
  if (parent === undefined) return nowhere;
  const sub = subPath(parameters.newPropertySubPathTemplate);
  const written = parameters.propertyValuePathTemplate;
  const text = typeof written === "string" ? written : JSON.stringify(written ?? "");
  const read = readExpression(text, scopeOf(context, built, section));
  if (read.unknown.length > 0) return `The expression ${read.unknown[0]} reads something that is not there.`;
  if (/@\{?item\(/i.test(text) || text.includes("@item")) {
    const name = String(sub[0] ?? "");
    return state.map(
      parent.path,
      (item) =>
        `${wrapItem(item)} | merge({${quote(name)}: ${toCode(read.pieces).replaceAll(/\bitem\b/g, wrapItem(item))}})`,
    )
      ? undefined
      : unmapped;
  }
  return state.set([...parent.path, ...sub], toCode(read.pieces)) ? undefined : nowhere;
}

const wrapItem = (code: string): string => (code === "item" ? code : `(${code})`);

function onText(
  state: BodyState,
  parent: Path,
  sub: Path,
  target: { readonly root: string; readonly path: Path },
  convert: (code: string) => string,
): string | undefined {
  if (target.root === "item" || state.isList(parent)) {
    const from = String(sub[0] ?? "");
    const to = String((target.root === "item" ? target.path[0] : target.path.at(-1)) ?? from);
    return state.map(
      parent,
      (item) => `${wrapItem(item)} | merge({${quote(to)}: ${convert(memberOf(wrapItem(item), from))}})`,
    )
      ? undefined
      : unmapped;
  }
  const code = state.read([...parent, ...sub]);
  if (code === undefined) return unmapped;
  return state.set(target.path, convert(code)) ? undefined : nowhere;
}

function toArray(
  state: BodyState,
  from: Path,
  target: { readonly root: string; readonly path: Path },
  key: string,
  value: string,
  parent: Path,
  sub: Path,
): string | undefined {
  if (target.root === "item") {
    const [name = ""] = sub.map(String);
    const to = String(target.path[0] ?? name);
    return state.map(
      parent,
      (item) => `${wrapItem(item)} | merge({${quote(to)}: ${memberOf(wrapItem(item), name)} | dictsort | list})`,
    )
      ? undefined
      : unmapped;
  }
  const tree: Obj = {};
  setMember(tree, key, "{{ item.key }}");
  setMember(tree, value, "{{ item.value }}");
  return state.repeat(from, target.path, tree) ? undefined : unmapped;
}

function toObject(state: BodyState, from: Path, to: Path, key: string, retainKey: boolean): string | undefined {
  const properties = without(state.itemProperties(from), ...(retainKey ? [] : [key]));
  const tree: Obj = {};
  for (const name of Object.keys(properties)) setMember(tree, name, expression(memberOf("(ITEM)", name)));
  const value = Object.keys(tree).length === 0 ? "{{ ITEM }}" : tree;
  return state.repeat(from, to, value, { key: memberOf("(ITEM)", key) }) ? undefined : unmapped;
}

function moveProperties(parameters: Obj, state: BodyState): string | undefined {
  const source = readPath(parameters.srcParentPath);
  const target = readPath(parameters.dstParentPath);
  if (source === undefined || target === undefined) return nowhere;
  const code = state.read([...source.path, ...subPath(parameters.srcSubPath)]);
  if (code === undefined) return unmapped;
  const to = [...target.path, ...subPath(parameters.dstSubPath)];
  if (String(parameters.copyOnlySubProperties) !== "true" || to.length === 0)
    return state.set(to, code) ? undefined : nowhere;
  const before = state.read(to);
  return before !== undefined && state.set(to, `(${before} | default({})) | merge(${code} | default({}))`)
    ? undefined
    : nowhere;
}
