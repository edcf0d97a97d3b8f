import type { Apply } from "@junctor/sdk";
import { checkHeaderName, writeHeaderValue } from "../compile/compile-headers.ts";
import type { Json } from "../ports/records.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { renderValue } from "../templates/render-value.ts";
import { bindRoots } from "../templates/template-host.ts";
import type { AuthSession, AuthTemplates } from "./auth-method.ts";
import { addQuery, type OutgoingRequest, setHeader } from "./outgoing-request.ts";

/** Where a method puts its credential (definition 3.1, `apply`), compiled. */
export interface CompiledApply {
  readonly headers: ReadonlyArray<{ readonly name: string; readonly value: CompiledValue }>;
  readonly query: ReadonlyArray<{ readonly name: string; readonly value: CompiledValue }>;
}

/** Compiles `apply`; null when the definition has none, so that the method's own default holds. */
export function compileApply(
  apply: Apply | undefined,
  templates: AuthTemplates,
  roots: readonly string[],
): CompiledApply | null {
  if (apply === undefined) return null;
  const compile = (map: object | undefined, place: string) =>
    Object.entries(map ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [{ name, value: templates.value(value as Json, `/apply/${place}/${name}`, roots) }],
    );
  const headers = compile(apply.headers, "headers");
  for (const { name } of headers) checkHeaderName(name, `/apply/headers/${name}`);
  return Object.freeze({ headers: Object.freeze(headers), query: Object.freeze(compile(apply.query, "query")) });
}

/** Renders the places of `apply` with further roots (`token`, `signature`) and sets them, each marked as a credential. */
export function applyCredential(
  compiled: CompiledApply,
  request: OutgoingRequest,
  session: AuthSession,
  roots: Readonly<Record<string, unknown>>,
): void {
  const scope = bindRoots(session.scope, roots);
  for (const { name, value } of compiled.headers) {
    const text = writeHeaderValue(name, renderValue(value, scope));
    if (text === undefined) continue;
    setHeader(request, name, text);
    if (text.length >= 8) session.redact(text);
  }
  for (const { name, value } of compiled.query) {
    const rendered = renderValue(value, scope);
    if (rendered === undefined || rendered === null) continue;
    addQuery(request, name, String(rendered));
    session.redact(String(rendered));
  }
}
