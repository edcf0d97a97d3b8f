import { authMethodId } from "@junctor/sdk";
import { applyCredential, compileApply } from "../auth/apply-credential.ts";
import type { AuthMethodCompiler } from "../auth/auth-method.ts";
import { awsSigV4Compiler } from "../auth/aws-sig-v4-method.ts";
import { digestCompiler } from "../auth/digest-method.ts";
import { createFixedMethod } from "../auth/fixed-method.ts";
import { hmacCompiler } from "../auth/hmac-method.ts";
import { jwtCompiler } from "../auth/jwt-method.ts";
import { oauth1Compiler } from "../auth/oauth1-method.ts";
import { setHeader } from "../auth/outgoing-request.ts";
import { recordUses } from "../auth/record-uses.ts";

/** The token that a case has instead of one from an authorization server. */
export const CASE_TOKEN = "test-token";

/**
 * Stands in for a method that fetches a token: a case is about the action's request, so the token is `test-token` and goes
 * where `apply` says. Nothing is fetched.
 */
const cannedToken = (type: "oauth2" | "session"): AuthMethodCompiler => ({
  type,
  compile(definition, templates) {
    const recorded = recordUses(templates);
    const apply = compileApply(definition.apply, recorded, ["token"]);
    return createFixedMethod({
      type,
      name: authMethodId(definition),
      uses: recorded.uses(),
      apply(request, session) {
        if (apply === null) setHeader(request, "authorization", `Bearer ${CASE_TOKEN}`);
        else applyCredential(apply, request, session, { token: { accessToken: CASE_TOKEN } });
        return undefined;
      },
    });
  },
});

/** The auth methods of cases, beside those that every engine has. */
export const caseAuthMethods: readonly AuthMethodCompiler[] = Object.freeze([
  cannedToken("oauth2"),
  cannedToken("session"),
  jwtCompiler,
  hmacCompiler,
  awsSigV4Compiler,
  digestCompiler,
  oauth1Compiler,
]);
