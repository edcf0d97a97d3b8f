import type { Call } from "../execute/call.ts";
import type { Json, JsonObject } from "../ports/records.ts";

/**
 * The roots that old widget templates know beside ours (`compat: "gainsight"`, definition 11): the community as
 * `tenant_id`, the path parameters, the request's body as text and as bytes, in composites also as `request`, and `user`
 * by the names of that system, all of them None for an anonymous caller.
 */
export function gainsightRoots(call: Call, input: Json): Readonly<Record<string, unknown>> {
  const { path, query, body } = isObject(input) ? input : {};
  const text = call.bodyText ?? writeBodyText(body);
  const raw = text === null ? null : new TextEncoder().encode(text);
  return {
    tenant_id: call.workspace.id,
    pathParams: path ?? {},
    body_text: text,
    body_raw: raw,
    request: {
      body_text: text,
      body_raw: raw,
      headers: { "content-type": "application/json" },
      query_parameters: query ?? {},
    },
    user: describeUser(call),
  };
}

/**
 * The text of a body that came without one (a call of an action by its name). It is JSON whatever the body is, as on the widget
 * surface: templates put it into the bodies they write, so a text in it must not be able to end a value and begin another.
 */
function writeBodyText(body: Json | undefined): string | null {
  return body === undefined || body === null ? null : JSON.stringify(body);
}

function describeUser({ caller }: Call): Readonly<Record<string, unknown>> {
  const { user } = caller;
  const claims = user?.claims ?? {};
  const claim = (...names: readonly string[]): Json => {
    const name = names.find((each) => Object.hasOwn(claims, each));
    return name === undefined ? null : (claims[name] as Json);
  };
  return {
    ...user,
    id: user?.id ?? null,
    email: user?.email ?? null,
    name: user?.name ?? null,
    username: claim("username", "preferred_username"),
    first_name: claim("first_name", "given_name"),
    last_name: claim("last_name", "family_name"),
    profile_fields: isObject(claims.profile_fields) ? claims.profile_fields : {},
  };
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);
