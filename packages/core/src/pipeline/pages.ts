/**
 * The loop *pages* (definition 8): render … map errors, once per page. A caller takes one page and an opaque
 * continuation, or all items up to a limit.
 *
 *   page 1 ─► items ─┬─ wanted more, and there is more ─► next page
 *                    └─ else ─► output (+ continuation, if there is more)
 *
 * There is more while `next` is defined and not empty and `more` is not false; without both, while a page is full.
 */
import type { CompiledPagination } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { renderValue, testValue } from "../templates/render-value.ts";
import { bindRoots } from "../templates/template-host.ts";
import type { CallState, PageState } from "./call-state.ts";
import { readContinuation, writeContinuation } from "./continuation.ts";
import { decodeBody } from "./decode.ts";
import { REPLACEMENT } from "./redaction.ts";
import { responseRoot } from "./response-root.ts";
import { renderOutput } from "./transform.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

/** Reads as many pages as the caller asked for. `exchange` plans and sends the request of the current page. */
export async function readPages(
  state: CallState,
  pagination: CompiledPagination,
  exchange: (state: CallState) => Promise<void> | undefined,
): Promise<void> {
  const wanted = state.call.page ?? {};
  const limit = Math.min(wanted.limit ?? state.context.limits.items, state.context.limits.items);
  const items: unknown[] = [];
  let page: PageState | null = await firstPage(state, pagination);
  for (let count = 1; page !== null; count++) {
    state.page = page;
    await exchange(state);
    const { response } = state;
    // A failure that a rule ignores: like an error that it ignores, this page has no items and no next one.
    if (response === null) {
      page = null;
      break;
    }
    if (!response.decoded) await decodeBody(state, false);
    const found = readItems(state, pagination, response);
    for (const item of found) items.push(item);
    page = nextPage(state, pagination, page, found.length, response);
    if (wanted.all !== true || items.length >= limit) break;
    if (page !== null && count >= pagination.maxPages) throw tooManyPages(pagination.maxPages);
  }
  const kept = wanted.all === true && items.length > limit ? items.slice(0, limit) : items;
  if (page !== null && kept.length === items.length) state.continuation = await writeContinuation(state, page);
  state.output = renderOutput(state, state.response, kept);
}

async function firstPage(state: CallState, pagination: CompiledPagination): Promise<PageState> {
  const continuation = state.call.page?.continuation;
  if (continuation !== undefined) return readContinuation(state, continuation, pagination);
  return { number: 1, offset: 0, size: pagination.size ?? undefined, next: undefined };
}

function readItems(state: CallState, pagination: CompiledPagination, response: UpstreamResponse): readonly unknown[] {
  const items = renderValue(pagination.items, pageScope(state, response));
  if (items === undefined || items === null) return [];
  if (Array.isArray(items)) return items;
  throw new ConnectorError("UPSTREAM_INVALID", "The items of the page are not a list.", {
    upstreamStatus: response.status,
    hint: 'Point "pagination.items" at the list in the answer.',
  });
}

function nextPage(
  state: CallState,
  pagination: CompiledPagination,
  page: PageState,
  found: number,
  response: UpstreamResponse,
): PageState | null {
  const scope = pageScope(state, response);
  const next = pagination.next === null ? undefined : withoutRedacted(renderValue(pagination.next, scope) as Json);
  if (pagination.next !== null && (next === undefined || next === null || next === "" || next === false)) return null;
  if (pagination.more !== null && !testValue(pagination.more, scope)) return null;
  if (pagination.next === null && pagination.more === null && (found === 0 || found < (pagination.size ?? 1)))
    return null;
  if (pagination.next !== null && JSON.stringify(next) === JSON.stringify(page.next)) throw sameCursor();
  return { number: page.number + 1, offset: page.offset + found, size: page.size, next };
}

/**
 * A next link often repeats the key that the page was asked with. It was replaced when the answer was decoded, so the
 * parameter is left out: the request puts the key there anew.
 */
function withoutRedacted(next: Json | undefined): Json | undefined {
  if (typeof next !== "string" || !isRedacted(next)) return next;
  const [address = "", query = ""] = next.split(/\?(.*)/s, 2);
  const kept = query.split("&").filter((parameter) => parameter !== "" && !isRedacted(parameter));
  return kept.length === 0 ? address : `${address}?${kept.join("&")}`;
}

const isRedacted = (text: string): boolean =>
  text.includes(REPLACEMENT) || text.includes(encodeURIComponent(REPLACEMENT));

const pageScope = (state: CallState, response: UpstreamResponse) =>
  bindRoots(state.closedScope, {
    response: responseRoot(state, response),
    page: { ...state.page },
  });

const tooManyPages = (maxPages: number): ConnectorError =>
  new ConnectorError("PAGINATION_LIMIT", `The list has more than ${maxPages} pages.`, {
    hint: 'Ask for fewer items, page by page, or raise "pagination.maxPages".',
  });

const sameCursor = (): ConnectorError =>
  new ConnectorError("PAGINATION_LIMIT", "The upstream named the same next page twice; reading on would never end.", {
    hint: 'Check "pagination.next".',
  });
