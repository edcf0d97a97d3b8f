import { userIdOf } from "../callers/user-id.ts";
import type { CompiledPagination } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import type { CallState, PageState } from "./call-state.ts";

/**
 * Writes where a list goes on, as opaque text that only we can have written. It is bound to workspace, connector, action,
 * connection and user. It holds no secret: `next` comes from an answer that was cleaned. A URL from it passes the
 * same host rules as one from an answer.
 */
export function writeContinuation(state: CallState, page: PageState): Promise<string> {
  const { number, offset, next } = page;
  const content = {
    c: state.connector.name,
    a: state.action.name,
    k: state.connection?.record.id ?? null,
    u: userIdOf(state.call.caller) ?? null,
    n: number,
    o: offset,
    ...(next !== undefined && { x: next }),
  };
  return state.context.continuations.seal(state.call.workspace.id, JSON.stringify(content));
}

/** Reads a continuation that an earlier call of the same action gave. Fails with INPUT_INVALID. */
export async function readContinuation(
  state: CallState,
  text: string,
  pagination: CompiledPagination,
): Promise<PageState> {
  const { c, a, k, u, n, o, x } = parse(await state.context.continuations.open(state.call.workspace.id, text));
  const mine =
    c === state.connector.name &&
    a === state.action.name &&
    k === (state.connection?.record.id ?? null) &&
    u === (userIdOf(state.call.caller) ?? null);
  if (!mine || !isCount(n, 1) || !isCount(o, 0)) throw refuse();
  return { number: n, offset: o, size: pagination.size ?? undefined, next: x };
}

function parse(text: string | undefined): Readonly<Record<string, Json>> {
  try {
    const content: unknown = JSON.parse(text ?? "");
    if (content !== null && typeof content === "object") return content as Readonly<Record<string, Json>>;
  } catch {
    // Refused below: what does not parse is no continuation of ours.
  }
  throw refuse();
}

const isCount = (value: Json | undefined, least: number): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= least;

const refuse = (): ConnectorError =>
  new ConnectorError("INPUT_INVALID", "The continuation does not belong to this action.", {
    details: [{ pointer: "/page/continuation", message: "It was not given by an earlier page of this action." }],
    hint: "Begin with the first page.",
  });
