import type { DeclarativeAction as DeclarativeDefinition, Defaults } from "@junctor/sdk";
import { listDeclaredNames } from "../definition/declared-names.ts";
import { escapePointer } from "../templates/compile-tree.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import { joinUses } from "../templates/template-uses.ts";
import { readsBody } from "./compile-errors.ts";
import { compileExchange, usesOf, withUses } from "./compile-exchange.ts";
import { compileCache, compilePagination, compileRateLimits, compileTimeout } from "./compile-repetition.ts";
import { compileComposite } from "./compile-steps.ts";
import type { ActionCore, CompiledAction, CompiledConnector } from "./compiled-connector.ts";
import { compileInputValidator } from "./input-validator.ts";
import { compileOutputFilter } from "./output-filter.ts";

/** Methods that change nothing (RFC 9110, 9.2.1). */
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
    return compileComposite(templates, core, action, defaults, pointer);
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
      response.contentType === null &&
      response.filter === null &&
      (response.decode === null || response.binary) &&
      !errors.some((rule) => rule.readsBody) &&
      !rateLimits.some((limit) => readsBody(limit.remaining) || readsBody(limit.reset)),
  });
}
