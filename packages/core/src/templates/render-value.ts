import { ConnectorError } from "../errors/connector-error.ts";
import type { CompiledTemplate, CompiledValue, ValueNode } from "./compiled-value.ts";
import { Deferred } from "./deferred.ts";
import { describeTemplateFailure } from "./template-failure.ts";
import { bindRoots, type RenderScope } from "./template-host.ts";

/**
 * Renders a value tree. Undefined omits the member or item where it stands; undefined at the top means that the whole
 * place is absent. In a closed scope a template that reads a secret yields a {@link Deferred} in its place.
 */
export function renderValue(value: CompiledValue, scope: RenderScope): unknown {
  return renderNode(value.node, scope);
}

/** Renders one template: natively if it is a single expression, as text otherwise. */
export function renderTemplate(compiled: CompiledTemplate, scope: RenderScope): unknown {
  if (compiled.secret && !scope.open) return new Deferred(compiled, scope.locals);
  try {
    return compiled.kind === "expression"
      ? compiled.template.evaluate(scope.context, scope.options)
      : compiled.template.render(scope.context, scope.options);
  } catch (error) {
    throw describeTemplateFailure(error, compiled.pointer);
  }
}

/** Renders one template as text, also when it is a single expression, so that its place's encoding applies. */
export function renderText(compiled: CompiledTemplate, scope: RenderScope): string {
  try {
    return compiled.template.render(scope.context, scope.options);
  } catch (error) {
    throw describeTemplateFailure(error, compiled.pointer);
  }
}

/** Tests a condition: Python's truth of a single expression; undefined is false. Any other text is not a condition. */
export function testValue(value: CompiledValue, scope: RenderScope): boolean {
  const { node } = value;
  if (node.kind !== "expression") return isTrue(renderNode(node, scope));
  try {
    return node.template.test(scope.context, scope.options);
  } catch (error) {
    throw describeTemplateFailure(error, node.pointer);
  }
}

/** Puts the values of deferred templates into a rendered tree; what turns out undefined is omitted. */
export function resolveDeferred(value: unknown, scope: RenderScope): unknown {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Deferred) {
    return renderTemplate(value.template, value.locals === null ? scope : bindRoots(scope, value.locals));
  }
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const resolved = resolveDeferred(item, scope);
      if (resolved !== undefined) items.push(resolved);
    }
    return items;
  }
  if (Object.getOwnPropertySymbols(value).length > 0) return value;
  const object: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const resolved = resolveDeferred((value as Record<string, unknown>)[key], scope);
    if (resolved !== undefined) setMember(object, key, resolved);
  }
  return object;
}

function renderNode(node: ValueNode, scope: RenderScope): unknown {
  switch (node.kind) {
    case "literal":
      return node.value;
    case "expression":
    case "text":
      return renderTemplate(node, scope);
    case "object":
      return renderObject(node.keys, node.values, scope);
    case "list":
      return renderList(node.items, scope);
    case "each":
      return renderEach(node, scope);
  }
}

function renderObject(keys: readonly string[], values: readonly ValueNode[], scope: RenderScope): unknown {
  const object: Record<string, unknown> = {};
  for (let index = 0; index < keys.length; index++) {
    const rendered = renderNode(values[index] as ValueNode, scope);
    if (rendered !== undefined) setMember(object, keys[index] as string, rendered);
  }
  return object;
}

function renderList(nodes: readonly ValueNode[], scope: RenderScope): unknown {
  const items: unknown[] = [];
  for (const node of nodes) {
    const rendered = renderNode(node, scope);
    if (rendered !== undefined) items.push(rendered);
  }
  return items;
}

function renderEach(node: Extract<ValueNode, { kind: "each" }>, scope: RenderScope): unknown {
  const source = renderNode(node.list, scope);
  if (source === undefined) return undefined;
  const elements = listElements(source, node.pointer);
  const list: unknown[] = [];
  const object: Record<string, unknown> = {};
  const keepsRounds = node.secret && !scope.open;
  const rounds: Record<string, unknown> | null = keepsRounds ? null : { ...scope.context };
  const shared = rounds === null ? null : { ...scope, context: rounds };
  for (let index = 0; index < elements.length; index++) {
    if (--scope.budget.rounds < 0) {
      throw new ConnectorError(
        "TEMPLATE_FAILED",
        `The repetitions of this call exceed their limit, at ${node.pointer}.`,
        {
          hint: "Ask the upstream for fewer elements, or page through them.",
        },
      );
    }
    // A deferred template remembers its round; otherwise one scope serves all of them.
    const inner =
      shared === null || rounds === null
        ? bindRoots(scope, { [node.as]: elements[index], index })
        : setRound(shared, rounds, node.as, elements[index], index);
    if (node.when !== null && !isTrue(renderNode(node.when, inner))) continue;
    const value = renderNode(node.value, inner);
    if (value === undefined) continue;
    if (node.key === null) list.push(value);
    else setMember(object, renderKey(node.key, inner, node.pointer), value);
  }
  return node.key === null ? list : object;
}

function setRound(
  scope: RenderScope,
  context: Record<string, unknown>,
  name: string,
  element: unknown,
  index: number,
): RenderScope {
  context[name] = element;
  context.index = index;
  return scope;
}

function renderKey(key: ValueNode, scope: RenderScope, pointer: string): string {
  const rendered = renderNode(key, scope);
  if (typeof rendered === "string" || typeof rendered === "number") return String(rendered);
  throw new ConnectorError("VALUE_REFUSED", `A key of the repetition at ${pointer} is neither text nor a number.`);
}

function listElements(source: unknown, pointer: string): readonly unknown[] {
  if (Array.isArray(source)) return source;
  if (source !== null && typeof source === "object" && !(source instanceof Deferred)) {
    return Object.keys(source).map((key) => ({ key, value: (source as Record<string, unknown>)[key] }));
  }
  throw new ConnectorError("VALUE_REFUSED", `The repetition at ${pointer} got neither a list nor an object.`);
}

/** Python's truth of a native value. */
export function isTrue(value: unknown): boolean {
  if (!value) return false;
  if (typeof value !== "object") return true;
  return Array.isArray(value) ? value.length > 0 : Object.keys(value).length > 0;
}

/** Sets an own member, also for the one name that would otherwise change the prototype. */
function setMember(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else object[key] = value;
}
