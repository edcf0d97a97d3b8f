import type { Action, DeclarativeAction as DeclarativeDefinition, Defaults, IdempotencyKey } from "@junctor/sdk";
import type { TemplateUses } from "../templates/compiled-value.ts";
import { extendPlace, places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import { joinUses } from "../templates/template-uses.ts";
import { compileErrors, type ErrorLayer } from "./compile-errors.ts";
import { compileRetry } from "./compile-repetition.ts";
import { compileRequest, requestUses } from "./compile-request.ts";
import { compileResponse, responseUses } from "./compile-response.ts";
import type { CompiledExchange } from "./compiled-connector.ts";

/** Methods whose repetition has no further effect (RFC 9110, 9.2.2). */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);

/**
 * Compiles request, answer, errors and retry of an action or of a step. `within` is what a step adds: further context
 * roots, and the error rules of its action, which come after its own.
 */
export function compileExchange(
  templates: TemplateCompiler,
  action: Pick<Action, "response" | "errors" | "retry" | "idempotencyKey"> & Pick<DeclarativeDefinition, "request">,
  defaults: Defaults | undefined,
  readOnly: boolean,
  pointer: string,
  within: { readonly roots: readonly string[]; readonly outer?: ErrorLayer } = { roots: [] },
): CompiledExchange {
  const { roots, outer } = within;
  const place = roots.length === 0 ? places.request : extendPlace(places.request, roots);
  const request = compileRequest(templates, action.request, defaults?.request, `${pointer}/request`, place);
  const errors = compileErrors(templates, [
    { errors: action.errors, pointer: `${pointer}/errors` },
    ...(outer === undefined ? [] : [outer]),
    { errors: defaults?.errors, pointer: "/defaults/errors" },
  ]);
  const response = compileResponse(templates, action.response, defaults?.response, `${pointer}/response`, errors);
  const idempotencyKey = compileIdempotencyKey(templates, action.idempotencyKey, `${pointer}/idempotencyKey`);
  const partial = {
    request,
    response,
    errors,
    // Imported connectors repeat nothing of themselves: their callers are told of a failure within 15 s, at once.
    retry: compileRetry(
      templates,
      action.retry ?? defaults?.retry ?? (templates.names.imported === true ? { attempts: 1 } : undefined),
      `${pointer}/retry`,
    ),
    idempotencyKey,
    repeatable: readOnly || idempotencyKey !== null || IDEMPOTENT.has(request.method),
  };
  return withUses(
    partial,
    joinUses([
      ...requestUses(request),
      ...responseUses(response),
      ...errors.flatMap(({ when, message, after }) => usesOf(when, message, after)),
      ...(idempotencyKey === null ? [] : [idempotencyKey.value.uses]),
    ]),
  );
}

/** Notes what the templates of an exchange read, and so which members of `response` have to be made for them. */
export function withUses(
  exchange: Omit<CompiledExchange, "uses" | "responseReads">,
  uses: TemplateUses,
): CompiledExchange {
  const reads = (member: string): boolean => uses.response.includes(member) || uses.response.includes("*");
  const responseReads = Object.freeze({
    headers: reads("headers"),
    text: reads("text"),
    cookies: reads("cookies"),
    links: reads("links"),
    statusCode: reads("status_code"),
  });
  return Object.freeze({ ...exchange, uses, responseReads });
}

function compileIdempotencyKey(
  templates: TemplateCompiler,
  key: string | IdempotencyKey | undefined,
  pointer: string,
): CompiledExchange["idempotencyKey"] {
  if (key === undefined) return null;
  if (typeof key === "string") {
    return Object.freeze({ value: templates.tree(key, places.request, pointer), header: "Idempotency-Key" });
  }
  const header = key.header === undefined ? "Idempotency-Key" : key.header;
  return Object.freeze({ value: templates.tree(key.value, places.request, `${pointer}/value`), header });
}

/** What compiled values read; absent ones read nothing. */
export const usesOf = (...values: readonly ({ readonly uses: TemplateUses } | null)[]): readonly TemplateUses[] =>
  values.flatMap((value) => (value === null ? [] : [value.uses]));
