import { authMethodId, type BearerAuth } from "@junctor/sdk";
import type { AuthMethodCompiler } from "./auth-method.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { setHeader } from "./outgoing-request.ts";
import { renderCredential } from "./render-credential.ts";
import { withApply } from "./with-apply.ts";

/** `bearer` (RFC 6750): a token that whoever connected has. */
export const bearer: AuthMethodCompiler = withApply({
  type: "bearer",
  compile(definition, templates) {
    const { token } = definition as BearerAuth;
    const value = templates.value(token, "/token");
    return createFixedMethod({
      type: "bearer",
      name: authMethodId(definition),
      uses: value.uses,
      apply(request, session) {
        setHeader(request, "authorization", `Bearer ${renderCredential(value, session, "token")}`);
        return undefined;
      },
    });
  },
});
