import type { Call } from "../execute/call.ts";
import type { Json } from "../ports/records.ts";

/**
 * The roots that old widget templates know beside ours (`compat: "gainsight"`, definition 11): the community as
 * `tenant_id`, the path parameters, and the request's body as text and as bytes.
 */
export function gainsightRoots(call: Call, input: Json): Readonly<Record<string, unknown>> {
  const { path, body } = (input ?? {}) as { readonly path?: Json; readonly body?: Json };
  const text = body === undefined || body === null ? null : typeof body === "string" ? body : JSON.stringify(body);
  return {
    tenant_id: call.workspace.id,
    pathParams: path ?? {},
    body_text: text,
    body_raw: text === null ? null : new TextEncoder().encode(text),
  };
}
