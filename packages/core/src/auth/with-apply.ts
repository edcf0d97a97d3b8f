import { applyCredential, compileApply } from "./apply-credential.ts";
import type { AuthMethodCompiler } from "./auth-method.ts";

/**
 * Adds `apply` to a method with a fixed credential: what it names is sent beside the credential itself (a second key, a
 * tenant header), so that an API that wants several at once needs one method.
 */
export const withApply = (inner: AuthMethodCompiler): AuthMethodCompiler => ({
  type: inner.type,
  compile(definition, templates) {
    const method = inner.compile(definition, templates);
    const apply = compileApply(definition.apply, templates, []);
    if (apply === null) return method;
    return Object.freeze({
      ...method,
      needsConnection: method.needsConnection || templates.reads("connection"),
      apply(request, session) {
        applyCredential(apply, request, session, {});
        return method.apply(request, session);
      },
    } satisfies typeof method);
  },
});
