import type { ProblemDetail, RepositoryPut } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import type { CheckUrl } from "../../connectors/check-addresses.ts";

/**
 * Refuses a repository that could never be fetched, or whose address holds a credential that everybody who may list
 * repositories would read: REQUEST_INVALID with a reason for each member. Values are not repeated.
 */
export function checkRepository({ url, folder }: RepositoryPut, checkUrl: CheckUrl): void {
  const details = [...findUrlFault(url, checkUrl), ...findFolderFault(folder ?? "")];
  const [first] = details;
  if (first === undefined) return;
  throw new ConnectorError("REQUEST_INVALID", `The repository is refused: ${first.pointer} ${first.message}.`, {
    details,
    ...(first.hint !== undefined && { hint: first.hint }),
  });
}

function findUrlFault(text: string, checkUrl: CheckUrl): readonly ProblemDetail[] {
  const fault = (message: string, hint: string) => [{ pointer: "/url", message, hint }];
  const url = URL.parse(text);
  if (url === null) return fault("is not a URL", "Write it like https://git.example/team/connectors.git.");
  if (url.username !== "" || url.password !== "") {
    const hint =
      "Store the access token as a workspace secret, bound to the host, and name the secret in `tokenSecret`.";
    return fault("must have no user name and no password", hint);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    return fault("must begin with https://", "Repositories are fetched over HTTPS.");
  }
  if (url.search !== "" || url.hash !== "") {
    return fault(
      "must have no query and no fragment",
      "Name the branch in `branch`, an access token in `tokenSecret`.",
    );
  }
  const check = checkUrl(url);
  if (check.kind === "allowed") return [];
  // Plain HTTP, a private address, a host that is not on the operator's list: fetching it would be refused as well.
  const hint = check.error.hint ?? "Use an address that the operator's outbound policy allows.";
  return fault(`is refused by the outbound policy: ${check.error.message}`, hint);
}

function findFolderFault(folder: string): readonly ProblemDetail[] {
  if (folder === "") return [];
  const segments = folder.replace(/\/$/, "").split("/");
  if (segments.every((segment) => segment !== "" && !/^\.{1,2}$|[\\\0]/.test(segment))) return [];
  const message = "must be a path below the repository's root, without . or .. in it";
  return [{ pointer: "/folder", message, hint: "Write it like connectors/crm." }];
}
