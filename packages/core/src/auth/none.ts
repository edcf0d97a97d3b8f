import { authMethodId } from "@junctor/sdk";
import { NO_USES } from "../templates/compiled-value.ts";
import type { AuthMethodCompiler } from "./auth-method.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { withApply } from "./with-apply.ts";

/** `none`: sends no credential. */
export const none: AuthMethodCompiler = withApply({
  type: "none",
  compile: (definition) =>
    createFixedMethod({ type: "none", name: authMethodId(definition), uses: NO_USES, apply: () => undefined }),
});
