import type { Operations, ProblemDetail } from "@junctor/contract";
import { ConnectorError, secretPurpose } from "@junctor/core";
import type { ServerContext } from "../server-context.ts";
import { namesAlike } from "./names-alike.ts";
import { isLongEnough, leastSecretBytes } from "./shared-secret.ts";
import type { IssuerSetting } from "./workspace-settings.ts";

/**
 * Refuses an issuer whose tokens could be forged (a short shared secret), or whose users could be taken for those of another issuer
 * of the workspace (docs/adr/0199). A secret may be written later; then it is checked when a token comes. Rejects with
 * REQUEST_INVALID.
 */
export async function checkIssuer(
  { stores, vault }: Pick<ServerContext, "stores" | "vault">,
  workspaceId: string,
  name: string,
  { key, subjectPrefix = "", ...naming }: Operations["putIssuer"]["body"],
): Promise<void> {
  const details: ProblemDetail[] = [];
  if (key.kind === "secret") {
    const record = await stores.secrets.get(workspaceId, key.secret);
    const secret = record && (await vault.openText(workspaceId, secretPurpose(key.secret), record.sealed));
    if (secret !== undefined && !isLongEnough(secret)) {
      const hint = `Write at least ${leastSecretBytes} random bytes to the secret "${key.secret}", here and where tokens are signed.`;
      details.push({ pointer: "/key/secret", message: "names a secret that is too short for HS256", hint });
    }
  }
  for (const record of await stores.settings.list(workspaceId, "issuer")) {
    const other = record.value as unknown as IssuerSetting;
    if (record.name === name || namesAlike(other, naming) || (other.subjectPrefix ?? "") !== subjectPrefix) continue;
    const message = `is that of the issuer "${record.name}", so that their users could not be told apart`;
    const hint = `Give one of the two a subjectPrefix of its own, such as "${name}:".`;
    details.push({ pointer: "/subjectPrefix", message, hint });
    break;
  }
  const [first] = details;
  if (first === undefined) return;
  throw new ConnectorError("REQUEST_INVALID", `The issuer cannot be trusted so: ${first.pointer} ${first.message}.`, {
    details,
    ...(first.hint !== undefined && { hint: first.hint }),
  });
}
