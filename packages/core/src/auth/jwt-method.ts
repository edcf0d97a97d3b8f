import { authMethodId } from "@junctor/sdk";
import { compileAssertion, signAssertion } from "../credentials/client-authentication.ts";
import { applyCredential, compileApply } from "./apply-credential.ts";
import type { AuthMethodCompiler, AuthSession } from "./auth-method.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { type OutgoingRequest, setHeader } from "./outgoing-request.ts";
import { recordUses } from "./record-uses.ts";

/** Compiles `jwt`: a token signed for each attempt with the connection's own key (RFC 7519). */
export const jwtCompiler: AuthMethodCompiler = {
  type: "jwt",
  compile(definition, given) {
    if (definition.type !== "jwt") throw new TypeError("not a jwt definition");
    const templates = recordUses(given);
    const assertion = compileAssertion(definition, templates, "", []);
    const apply = compileApply(definition.apply, templates, ["token"]);
    return createFixedMethod({
      type: definition.type,
      name: authMethodId(definition),
      uses: templates.uses(),
      apply(request: OutgoingRequest, session: AuthSession): undefined {
        const accessToken = signAssertion(assertion, session.scope, session);
        session.redact(accessToken);
        if (apply === null) setHeader(request, "Authorization", `Bearer ${accessToken}`);
        else applyCredential(apply, request, session, { token: { accessToken } });
      },
    });
  },
};
