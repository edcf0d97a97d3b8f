import type { CacheSetting, Pagination, RateLimits, Retry } from "@junctor/sdk";
import { places } from "../templates/places.ts";
import type { TemplateCompiler } from "../templates/template-compiler.ts";
import type {
  CompiledDuration,
  CompiledPagination,
  CompiledRateLimit,
  CompiledRetry,
  DeclarativeAction,
} from "./compiled-connector.ts";
import { compileDuration } from "./duration.ts";

const DEFAULT_ATTEMPTS = 3;
const DEFAULT_TIMEOUT = "PT15S";

/** Compiles `retry`; `attempts` counts the first try. */
export function compileRetry(templates: TemplateCompiler, retry: Retry | undefined, pointer: string): CompiledRetry {
  const { attempts = DEFAULT_ATTEMPTS, backoff = {} } = retry ?? {};
  const compiled =
    typeof attempts === "number" ? attempts : templates.template(attempts, places.input, `${pointer}/attempts`);
  return Object.freeze({
    attempts: typeof compiled === "string" ? Number(compiled) : compiled,
    initialMs: compileDuration(backoff.initial ?? "PT0.5S", `${pointer}/backoff/initial`),
    factor: backoff.factor ?? 2,
    maxMs: compileDuration(backoff.max ?? "PT30S", `${pointer}/backoff/max`),
  });
}

/** Compiles `timeout`: a duration, or a template over the input that yields one. */
export function compileTimeout(
  templates: TemplateCompiler,
  timeout: string | undefined,
  pointer: string,
): CompiledDuration {
  const compiled = templates.template(timeout ?? DEFAULT_TIMEOUT, places.input, pointer);
  return typeof compiled === "string" ? compileDuration(compiled, pointer) : compiled;
}

/** Compiles `rateLimits`. Limits with the same settings are one limit, whichever actions name them. */
export function compileRateLimits(
  templates: TemplateCompiler,
  limits: RateLimits | undefined,
  pointer: string,
): readonly CompiledRateLimit[] {
  return Object.freeze(
    (limits ?? []).map((limit, index): CompiledRateLimit => {
      const at = `${pointer}/${index}`;
      const windowMs = compileDuration(limit.window, `${at}/window`);
      const value = (source: string | undefined, key: string) =>
        source === undefined ? null : templates.tree(source, places.rateLimits, `${at}/${key}`);
      return Object.freeze({
        limit: limit.limit,
        windowMs,
        scope: limit.scope,
        remaining: value(limit.remaining, "remaining"),
        reset: value(limit.reset, "reset"),
        key: `${limit.scope}:${limit.limit}:${windowMs}`,
      });
    }),
  );
}

/** Compiles `pagination`; null where the action has none. */
export function compilePagination(
  templates: TemplateCompiler,
  pagination: Pagination | undefined,
  pointer: string,
): CompiledPagination | null {
  if (pagination === undefined) return null;
  const value = (source: string, key: string) => templates.tree(source, places.pagination, `${pointer}/${key}`);
  return Object.freeze({
    items: value(pagination.items, "items"),
    next: pagination.next === undefined ? null : value(pagination.next, "next"),
    more: pagination.more === undefined ? null : value(pagination.more, "more"),
    size: pagination.size ?? null,
    maxPages: pagination.maxPages ?? 100,
  });
}

/** Compiles `cache`; null where answers are not kept. */
export function compileCache(cache: CacheSetting | undefined, pointer: string): DeclarativeAction["cache"] {
  if (cache === undefined || cache === false) return null;
  const duration = (text: string | undefined, key: string) =>
    text === undefined ? undefined : compileDuration(text, `${pointer}/${key}`);
  return Object.freeze({
    ttlMs: duration(cache.ttl, "ttl"),
    staleIfErrorMs: duration(cache.staleIfError, "staleIfError"),
  });
}
