import { authMethodId, type BasicAuth } from "@junctor/sdk";
import { ConnectorError } from "../errors/connector-error.ts";
import { joinUses } from "../templates/template-uses.ts";
import type { AuthMethodCompiler } from "./auth-method.ts";
import { createFixedMethod } from "./fixed-method.ts";
import { setHeader } from "./outgoing-request.ts";
import { renderCredential } from "./render-credential.ts";
import { withApply } from "./with-apply.ts";

/** `basic` (RFC 7617): user name and password, as UTF-8. */
export const basic: AuthMethodCompiler = withApply({
  type: "basic",
  compile(definition, templates) {
    const { username, password } = definition as BasicAuth;
    const user = templates.value(username, "/username");
    const secret = templates.value(password, "/password");
    return createFixedMethod({
      type: "basic",
      name: authMethodId(definition),
      uses: joinUses([user.uses, secret.uses]),
      apply(request, session) {
        const userName = renderCredential(user, session, "user name");
        if (userName.includes(":")) {
          throw new ConnectorError("SIGNING_FAILED", "A user name of Basic authentication cannot hold a colon.");
        }
        const pair = Buffer.from(`${userName}:${renderCredential(secret, session, "password")}`).toString("base64");
        session.redact(pair);
        setHeader(request, "authorization", `Basic ${pair}`);
        return undefined;
      },
    });
  },
});
