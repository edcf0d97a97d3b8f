import type { Action, DeclarativeAction as DeclarativeDefinition, Defaults, IdempotencyKey } from "@junctor/sdk";
import { listDeclaredNames } from "../definition/declared-names.ts";
import { escapePointer } from "../templates/compile-tree.ts";
import type { TemplateUses } from "../templates/compiled-value.ts";
import { places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import { joinUses } from "../templates/template-uses.ts";
import { compileErrors, readsBody } from "./compile-errors.ts";
import {
  compileCache,
  compilePagination,
  compileRateLimits,
  compileRetry,
  compileTimeout,
} from "./compile-repetition.ts";
import { compileRequest, requestUses } from "./compile-request.ts";
import { compileResponse, responseUses } from "./compile-response.ts";
import type { ActionCore, CompiledAction, CompiledConnector, CompiledExchange } from "./compiled-connector.ts";
import { compileInputValidator } from "./input-validator.ts";
import { compileOutputFilter } from "./output-filter.ts";

/** Methods whose repetition has no further effect (RFC 9110, 9.2.2), and those that change nothing (9.2.1). */
const IDEMPOTENT: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/** Compiles one action of a connector; undefined if there is none of that name. Fails with DEFINITION_INVALID. */
export function compileAction(connector: CompiledConnector, name: string): CompiledAction | undefined {
  const { actions = {}, defaults } = connector.definition;
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) return undefined;
  const pointer = `/actions/${escapePointer(name)}`;
  const definitions = connector.definition.$defs;
  const templates = connector.templates.withInputs(listDeclaredNames(action.input, definitions));
  const core: Omit<ActionCore, "readsUser"> = {
    name,
    definition: action,
    input: compileInputValidator(action.input, definitions, `${pointer}/input`),
    output: compileOutputFilter(action.output, definitions),
    timeout: compileTimeout(templates, action.timeout ?? defaults?.timeout, `${pointer}/timeout`),
    readOnly:
      action.annotations?.readOnly ?? (action.request !== undefined && SAFE.has(action.request.method ?? "GET")),
  };
  if (action.steps !== undefined) {
    return Object.freeze({ ...core, kind: "composite", steps: action.steps, readsUser: false });
  }
  if (action.run !== undefined) return Object.freeze({ ...core, kind: "code", run: action.run, readsUser: false });
  return compileDeclarative(templates, core, action, defaults, pointer);
}

function compileDeclarative(
  templates: TemplateCompiler,
  core: Omit<ActionCore, "readsUser">,
  action: DeclarativeDefinition,
  defaults: Defaults | undefined,
  pointer: string,
): CompiledAction {
  const exchange = compileExchange(templates, action, defaults, core.readOnly, pointer);
  const pagination = compilePagination(templates, action.pagination, `${pointer}/pagination`);
  const cache = compileCache(action.cache ?? defaults?.cache, `${pointer}/cache`);
  const rateLimits = compileRateLimits(templates, action.rateLimits ?? defaults?.rateLimits, `${pointer}/rateLimits`);
  const uses = [exchange.uses, ...rateLimits.flatMap(({ remaining, reset }) => usesOf(remaining, reset))];
  if (pagination !== null) uses.push(...usesOf(pagination.items, pagination.next, pagination.more));
  const { response, errors } = exchange;
  return Object.freeze({
    ...core,
    kind: "declarative",
    exchange: withUses(exchange, joinUses(uses)),
    rateLimits,
    pagination,
    cache: cache !== null && core.readOnly ? cache : null,
    readsUser: uses.some((one) => one.roots.includes("user")),
    passThrough:
      pagination === null &&
      cache === null &&
      core.output === null &&
      response.body === null &&
      response.text === null &&
      (response.decode === null || response.binary) &&
      !errors.some((rule) => rule.readsBody) &&
      !rateLimits.some((limit) => readsBody(limit.remaining) || readsBody(limit.reset)),
  });
}

/** Compiles request, answer, errors and retry of an action or of a step. */
export function compileExchange(
  templates: TemplateCompiler,
  action: Pick<Action, "response" | "errors" | "retry" | "idempotencyKey"> & Pick<DeclarativeDefinition, "request">,
  defaults: Defaults | undefined,
  readOnly: boolean,
  pointer: string,
): CompiledExchange {
  const request = compileRequest(templates, action.request, defaults?.request, `${pointer}/request`);
  const response = compileResponse(templates, action.response, defaults?.response, `${pointer}/response`);
  const errors = compileErrors(templates, [
    { errors: action.errors, pointer: `${pointer}/errors` },
    { errors: defaults?.errors, pointer: "/defaults/errors" },
  ]);
  const idempotencyKey = compileIdempotencyKey(templates, action.idempotencyKey, `${pointer}/idempotencyKey`);
  const partial = {
    request,
    response,
    errors,
    retry: compileRetry(templates, action.retry ?? defaults?.retry, `${pointer}/retry`),
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
function withUses(exchange: Omit<CompiledExchange, "uses" | "responseReads">, uses: TemplateUses): CompiledExchange {
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

const usesOf = (...values: readonly ({ readonly uses: TemplateUses } | null)[]): readonly TemplateUses[] =>
  values.flatMap((value) => (value === null ? [] : [value.uses]));
