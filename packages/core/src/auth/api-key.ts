import { type ApiKeyAuth, authMethodId } from "@junctor/sdk";
import { checkHeaderName, writeHeaderValue } from "../compile/compile-headers.ts";
import type { AuthMethodCompiler } from "./auth-method.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { addQuery, type OutgoingRequest, readHeader, setHeader } from "./outgoing-request.ts";
import { renderCredential } from "./render-credential.ts";
import { withApply } from "./with-apply.ts";

/** `apiKey`: a key in a header, a query parameter or a cookie, with its prefix. */
export const apiKey: AuthMethodCompiler = withApply({
  type: "apiKey",
  compile(definition, templates) {
    const method = definition as ApiKeyAuth;
    const value = templates.value(method.value, "/value");
    if (method.in === "header") checkHeaderName(method.name, "/name");
    return createFixedMethod({
      type: "apiKey",
      name: authMethodId(definition),
      uses: value.uses,
      apply(request, session) {
        placeKey(request, method, renderCredential(value, session, "key"));
        return undefined;
      },
    });
  },
});

function placeKey(request: OutgoingRequest, { in: place, name }: ApiKeyAuth, key: string): void {
  switch (place) {
    case "header":
      setHeader(request, name, writeHeaderValue(name, key) ?? "");
      return;
    case "query":
      addQuery(request, name, key);
      return;
    case "cookie": {
      const present = readHeader(request, "cookie");
      const cookie = `${name}=${encodeURIComponent(key)}`;
      setHeader(request, "cookie", present === undefined ? cookie : `${present}; ${cookie}`);
    }
  }
}
