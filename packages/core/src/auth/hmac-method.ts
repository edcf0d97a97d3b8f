import { authMethodId } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import { renderValue } from "../templates/render-value.ts";
import { bindRoots } from "../templates/template-host.ts";
import { applyCredential, compileApply } from "./apply-credential.ts";
import type { AuthMethodCompiler, AuthSession } from "./auth-method.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { type HmacEncoding, isHmacAlgorithm, signHmac } from "./hmac-signature.ts";
import type { OutgoingRequest } from "./outgoing-request.ts";
import { recordUses } from "./record-uses.ts";
import { bodyText } from "./request-body.ts";

/** Compiles `hmac`: a keyed hash over a canonical string that the definition declares; `apply` places the `signature`. */
export const hmacCompiler: AuthMethodCompiler = {
  type: "hmac",
  compile(definition, given) {
    if (definition.type !== "hmac") throw new TypeError("not an hmac definition");
    const templates = recordUses(given);
    const { algorithm } = definition;
    if (!isHmacAlgorithm(algorithm)) throw invalid("/algorithm", `"${algorithm}" is no keyed hash.`);
    const encoding: HmacEncoding = definition.encoding ?? "hex";
    const key = templates.value(definition.key, "/key");
    const payload = templates.value(definition.payload, "/payload", ["request"]);
    const apply = compileApply(definition.apply, templates, ["request", "signature"]);
    if (apply === null) throw invalid("/apply", "hmac needs an apply that says where the signature goes.");
    return createFixedMethod({
      type: definition.type,
      name: authMethodId(definition),
      uses: templates.uses(),
      needsBody: true,
      apply(request: OutgoingRequest, session: AuthSession): undefined {
        const root = describeRequest(request);
        const scope = bindRoots(session.scope, { request: root });
        const secret = renderValue(key, scope);
        const text = renderValue(payload, scope);
        if (typeof secret !== "string" || typeof text !== "string") {
          throw new ConnectorError("SIGNING_FAILED", "The key or the payload of the signature is not text.", {
            hint: "Give the connection its signing key, and write the payload as one text.",
          });
        }
        session.redact(secret);
        applyCredential(apply, request, session, {
          request: root,
          signature: signHmac(text, secret, algorithm, encoding),
        });
      },
    });
  },
};

/** What templates see as `request` when a request is signed (definition 2): everything as it will leave. */
export function describeRequest(request: OutgoingRequest): Readonly<Record<string, unknown>> {
  const url = new URL(request.url);
  const headers: Record<string, string> = {};
  for (let index = 0; index < request.headers.length; index += 2) {
    const name = (request.headers[index] ?? "").toLowerCase();
    const value = request.headers[index + 1] ?? "";
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return {
    method: request.method,
    url: request.url,
    host: url.host,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    queryString: url.search.slice(1),
    headers,
    rawBody: bodyText(request),
  };
}

function invalid(pointer: string, message: string): ConnectorError {
  return new ConnectorError("DEFINITION_INVALID", message, { details: [{ pointer, message }] });
}
