import type { ErrorRule, Pagination, RequestSpec, ResponseSpec, Step } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";
import { extendPlace, type Place, places } from "../templates/places.ts";
import { type Emit, GENERAL, own, type Scope, STEP_AS_A_WHOLE } from "./emit-template.ts";

/** Timeout, attempts and rate limits, which actions and `defaults` share. */
export const emitSettings = (
  settings: { readonly timeout?: string; readonly retry?: object; readonly rateLimits?: readonly object[] },
  pointer: string,
  emit: Emit,
  scope: Scope,
): void => {
  emit(settings.timeout, `${pointer}/timeout`, "setting", places.input, scope);
  const { attempts } = (settings.retry ?? {}) as { readonly attempts?: unknown };
  emit(attempts, `${pointer}/retry/attempts`, "setting", places.input, scope);
  for (const [index, limit] of (settings.rateLimits ?? []).entries()) {
    const { remaining, reset } = limit as { readonly remaining?: unknown; readonly reset?: unknown };
    const at = extendPointer(pointer, "rateLimits", index);
    emit(remaining, `${at}/remaining`, "rateLimit", places.rateLimits, scope);
    emit(reset, `${at}/reset`, "rateLimit", places.rateLimits, scope);
  }
};

/** Takes all templates of a request. */
export const emitRequest = (request: RequestSpec, pointer: string, place: Place, emit: Emit, scope: Scope): void => {
  emit(request.path, `${pointer}/path`, "path", place, scope);
  emit(request.url, `${pointer}/url`, "url", place, scope);
  emitQuery(request.query, `${pointer}/query`, place, emit, scope);
  emit(request.headers, `${pointer}/headers`, "headers", place, scope);
  emit(request.body, `${pointer}/body`, "body", place, scope);
  emit(request.text, `${pointer}/text`, "text", place, scope);
  emit(request.contentType, `${pointer}/contentType`, "contentType", place, scope);
};

/** `style` beside `value` is a word of the format, not a template. */
export const emitQuery = (query: unknown, pointer: string, place: Place, emit: Emit, scope: Scope): void => {
  if (typeof query !== "object" || query === null || Object.hasOwn(query, "$each")) {
    emit(query, pointer, "query", place, scope);
    return;
  }
  for (const [name, value] of Object.entries(query as Readonly<Record<string, unknown>>)) {
    const at = extendPointer(pointer, name);
    const isLong =
      typeof value === "object" && value !== null && !Array.isArray(value) && !Object.hasOwn(value, "$each");
    if (isLong) emit((value as { readonly value?: unknown }).value, `${at}/value`, "query", place, scope);
    else emit(value, at, "query", place, scope);
  }
};

/** Takes all templates of steps; each sees the ids before it, but not those that run beside it. */
export const emitSteps = (steps: readonly Step[], pointer: string, base: Place, emit: Emit, scope: Scope): void => {
  const done = new Set<string>();
  const beside = new Set<string>();
  for (const [index, step] of steps.entries()) {
    const at = extendPointer(pointer, index);
    if (step.group === undefined || step.group !== steps[index - 1]?.group) {
      for (const id of beside) done.add(id);
      beside.clear();
    }
    const inner: Scope = { owner: scope.owner, steps: new Set(done), beside: new Set(beside) };
    const item = step.forEach === undefined ? [] : ["item", "index"];
    const before = own("step", [...GENERAL, "input", "connection", "steps", ...item]);
    // Both are read once for the whole step, before there is an element.
    const once = own(STEP_AS_A_WHOLE, [...GENERAL, "input", "connection", "steps"]);
    emit(step.when, `${at}/when`, "condition", once, inner);
    emit(step.forEach, `${at}/forEach`, "setting", once, inner);
    emit(step.repeat?.until, `${at}/repeat/until`, "condition", extendPlace(before, ["response"]), inner);
    if (step.request === undefined) emit(step.input, `${at}/input`, "setting", before, inner);
    else {
      emitRequest(step.request, `${at}/request`, extendPlace(base, ["steps", ...item]), emit, inner);
      const place = own("response", [...places.response.roots.filter((root) => root !== "items"), ...item]);
      emitResponse(step.response, `${at}/response`, place, emit, inner);
      emitErrors(step.errors, `${at}/errors`, emit, inner);
      emit(step.retry?.attempts, `${at}/retry/attempts`, "setting", places.input, inner);
    }
    beside.add(step.id);
  }
};

/** Takes the templates of a response. */
export const emitResponse = (
  response: ResponseSpec | undefined,
  pointer: string,
  place: Place,
  emit: Emit,
  scope: Scope,
): void => {
  emit(response?.body, `${pointer}/body`, "response", place, scope);
  emit(response?.text, `${pointer}/text`, "responseText", place, scope);
  emit(response?.contentType, `${pointer}/contentType`, "response", place, scope);
};

/** Takes the templates of error rules. */
export const emitErrors = (
  rules: readonly ErrorRule[] | undefined,
  pointer: string,
  emit: Emit,
  scope: Scope,
): void => {
  for (const [index, rule] of (rules ?? []).entries()) {
    const at = extendPointer(pointer, index);
    emit(rule.when, `${at}/when`, "condition", places.errors, scope);
    emit(rule.message, `${at}/message`, "message", places.errors, scope);
    emit(rule.after, `${at}/after`, "setting", places.errors, scope);
  }
};

/** Takes the templates of pagination. */
export const emitPagination = (pagination: Pagination | undefined, pointer: string, emit: Emit, scope: Scope): void => {
  for (const name of ["items", "next", "more"] as const) {
    emit(pagination?.[name], `${pointer}/${name}`, "pagination", places.pagination, scope);
  }
};
