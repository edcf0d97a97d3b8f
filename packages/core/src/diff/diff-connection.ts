import { type AuthMethod, authMethodId, type ConnectorDefinition } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";
import { isEqual, type Report, show } from "./change.ts";
import { compareSchemas, type SharedSchemas } from "./compare-schemas.ts";
import { diffMembers } from "./diff-settings.ts";

/** Compares what connecting asks for and how requests are authenticated. */
export const diffConnections = (
  before: ConnectorDefinition,
  after: ConnectorDefinition,
  shared: SharedSchemas,
  report: Report,
): void => {
  const [old, now] = [before.connection ?? {}, after.connection ?? {}];
  compareSchemas(old.parameters, now.parameters, "/connection/parameters", {
    shared,
    direction: "input",
    closed: true,
    report,
  });
  const [oldMethods, methods] = [old.auth ?? [], now.auth ?? []];
  if (oldMethods.length === 0 && methods.some(({ type }) => type !== "none")) {
    report("breaking", "/connection/auth", "Calls need a connection now");
  } else diffMethods(oldMethods, methods, shared, report);
  diffMembers(old, now, "/connection", new Set(["parameters", "auth"]), report);
};

const diffMethods = (
  before: readonly AuthMethod[],
  after: readonly AuthMethod[],
  shared: SharedSchemas,
  report: Report,
): void => {
  for (const [index, method] of before.entries()) {
    const id = authMethodId(method);
    const at = after.findIndex((one) => authMethodId(one) === id);
    const next = after[at];
    if (next === undefined)
      report("breaking", extendPointer("/connection/auth", index), `Auth method ${JSON.stringify(id)} was removed`);
    else diffMethod(method, next, extendPointer("/connection/auth", at), shared, report);
  }
  for (const [index, method] of after.entries()) {
    const id = authMethodId(method);
    if (before.some((one) => authMethodId(one) === id)) continue;
    report("additive", extendPointer("/connection/auth", index), `Auth method ${JSON.stringify(id)} is new`);
  }
};

const diffMethod = (
  before: AuthMethod,
  after: AuthMethod,
  pointer: string,
  shared: SharedSchemas,
  report: Report,
): void => {
  if (before.type !== after.type) {
    report(
      "breaking",
      `${pointer}/type`,
      `type changed from ${show(before.type)} to ${show(after.type)}: connections must be made anew`,
    );
    return;
  }
  compareSchemas(before.parameters, after.parameters, `${pointer}/parameters`, {
    shared,
    direction: "input",
    closed: true,
    report,
  });
  if (before.type === "oauth2" && after.type === "oauth2") {
    if (before.grant !== after.grant) {
      report(
        "breaking",
        `${pointer}/grant`,
        `grant changed from ${show(before.grant)} to ${show(after.grant)}: connections must be made anew`,
      );
    }
    const [old, now] = [before.scopes ?? [], after.scopes ?? []];
    const added = now.filter((scope) => !old.includes(scope));
    if (added.length > 0) report("breaking", `${pointer}/scopes`, `scopes ask for more: ${added.join(", ")}`);
    else if (!isEqual(old.toSorted(), now.toSorted()))
      report("behavioural", `${pointer}/scopes`, "scopes ask for less");
  }
  diffMembers(before, after, pointer, new Set(["type", "id", "parameters", "grant", "scopes"]), report);
};
