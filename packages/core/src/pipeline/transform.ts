/**
 * Stage *transform*: answer → output. Without `response.body` and `response.text` the decoded body is the output; a body
 * that is neither data nor text (an image, a file) is handed on as a stream.
 */
import type { CompiledResponse } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { renderTemplate, renderValue } from "../templates/render-value.ts";
import { bindRoots, type RenderScope } from "../templates/template-host.ts";
import type { CallState } from "./call-state.ts";
import { decodeBody, decodeKind } from "./decode.ts";
import { responseRoot } from "./response-root.ts";
import { readResponseHeader, type UpstreamResponse } from "./upstream-response.ts";

/** Makes the output of a call that is not paged. */
export function transformResponse(state: CallState): Promise<void> | undefined {
  if (state.passed) {
    state.output = { kind: "passed" };
    return undefined;
  }
  const { response } = state;
  if (response === null) {
    renderTimed(state, null);
    return undefined;
  }
  if (!response.decoded && isStreamed(state, response)) {
    state.output = streamOutput(state, response);
    return undefined;
  }
  const decoding = decodeBody(state, state.ignored || response.status >= 400);
  if (decoding !== undefined) return decoding.then(() => renderTimed(state, response));
  renderTimed(state, response);
  return undefined;
}

/**
 * Renders the output over the answer and, with pagination, over the items of all pages read. Without an answer (a failure
 * that a rule ignores) `response` is undefined in the templates.
 */
export function renderOutput(
  state: CallState,
  response: UpstreamResponse | null,
  items: readonly unknown[] | undefined,
): NonNullable<CallState["output"]> {
  try {
    return renderAnswer(state, response, items);
  } catch (thrown) {
    throw inTransform(thrown);
  }
}

/** A template of the answer fails like one of the request; the stage tells the two apart. */
function inTransform(thrown: unknown): unknown {
  if (!(thrown instanceof ConnectorError) || thrown.stage !== "render") return thrown;
  return new ConnectorError(thrown.code, thrown.message, {
    stage: "transform",
    status: thrown.status,
    retryable: thrown.retryable,
    details: thrown.details,
    cause: thrown,
    ...(thrown.hint !== undefined && { hint: thrown.hint }),
  });
}

function renderAnswer(
  state: CallState,
  response: UpstreamResponse | null,
  items: readonly unknown[] | undefined,
): NonNullable<CallState["output"]> {
  const { body, text, contentType } = state.action.exchange.response;
  if (text !== null) {
    const scope = outputScope(state, response, items);
    const rendered = typeof text === "string" ? text : renderTemplate(text, scope);
    return { kind: "text", text: toText(rendered), contentType: renderContentType(contentType, scope, response) };
  }
  if (body === null) {
    if (items !== undefined) return { kind: "json", value: items as Json };
    if (state.ignored || response === null) return { kind: "json", value: null };
    const value = response.body as Json;
    return response.jsonText === null ? { kind: "json", value } : { kind: "json", value, text: response.jsonText };
  }
  const rendered = renderValue(body, outputScope(state, response, items));
  return { kind: "json", value: rendered as Json | undefined };
}

function outputScope(
  state: CallState,
  response: UpstreamResponse | null,
  items: readonly unknown[] | undefined,
): RenderScope {
  const root = response === null ? undefined : responseRoot(state, response);
  return bindRoots(state.closedScope, items === undefined ? { response: root } : { response: root, items });
}

function renderTimed(state: CallState, response: UpstreamResponse | null): void {
  const startedAt = performance.now();
  state.output = renderOutput(state, response, undefined);
  state.transformMs += performance.now() - startedAt;
}

/** A file, or an answer of the cache that nothing shapes, where the surface wants answers as they came. */
function isStreamed({ action, sink, cache }: CallState, response: UpstreamResponse): boolean {
  const settings = action.exchange.response;
  if (response.status >= 400 && !settings.passErrors) return false;
  // What is filtered must be read.
  if (settings.filter !== null) return false;
  if (settings.binary) return true;
  if (settings.body !== null || settings.text !== null) return false;
  const asItCame = sink !== undefined && cache !== null && action.output === null && settings.decode === null;
  return asItCame || decodeKind(settings.decode, response) === "binary";
}

function streamOutput(state: CallState, response: UpstreamResponse): NonNullable<CallState["output"]> {
  const { source, bytes } = response;
  const contentType = streamedType(state, response);
  if (source === null && bytes !== null) {
    return { kind: "binary", bytes, stream: oneChunk(bytes), contentType, size: bytes.byteLength };
  }
  if (source === null)
    throw new ConnectorError("INTERNAL", "The body of the answer was read before it could be streamed.");
  response.source = null;
  const length = Number(readResponseHeader(response.headers, "content-length"));
  const encoded = response.headers["content-encoding"] !== undefined;
  return {
    kind: "binary",
    stream: source.stream(),
    contentType,
    ...(Number.isSafeInteger(length) && !encoded && { size: length }),
  };
}

function streamedType(state: CallState, response: UpstreamResponse): string {
  const { contentType } = state.action.exchange.response;
  if (contentType !== null) return renderContentType(contentType, outputScope(state, response, undefined), response);
  return readResponseHeader(response.headers, "content-type") ?? "application/octet-stream";
}

async function* oneChunk(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}

function renderContentType(
  contentType: CompiledResponse["contentType"],
  scope: RenderScope,
  response: UpstreamResponse | null,
): string {
  const rendered =
    contentType === null || typeof contentType === "string" ? contentType : renderTemplate(contentType, scope);
  if (typeof rendered === "string" && !/[\r\n]/.test(rendered)) return rendered;
  return readResponseHeader(response?.headers ?? {}, "content-type") ?? "text/plain; charset=utf-8";
}

const toText = (value: unknown): string =>
  typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
