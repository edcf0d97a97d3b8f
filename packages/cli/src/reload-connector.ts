import type { SavedConnector } from "@junctor/contract";
import type { ApiClient } from "./api/api-client.ts";
import { CliFailure } from "./cli-failure.ts";
import { formatFindings } from "./print.ts";

/** What became of a changed definition. */
export type Reloaded =
  | {
      readonly kind: "uploaded";
      readonly name: string;
      readonly version: string;
      /** The version is published already, so the draft went up under the next one. */
      readonly isDraftOfPublished: boolean;
    }
  | { readonly kind: "refused"; readonly message: string };

/**
 * Checks a definition and uploads it as a draft. A version that is published cannot change, so the draft then gets the next
 * patch version with `-dev`. What is wrong is told, not thrown: the watch goes on.
 */
export const reloadConnector = async (api: ApiClient, text: string, path: string): Promise<Reloaded> => {
  const { lintText } = await import("@junctor/core");
  const { findings, passed } = lintText(text, { level: "gate" });
  if (!passed) return { kind: "refused", message: formatFindings(`${path}/connector.json`, findings) };
  try {
    return await upload(api, text, false);
  } catch (error) {
    if (!(error instanceof CliFailure)) throw error;
    const code = (error.details as { readonly code?: string } | undefined)?.code;
    if (code !== "VERSION_PUBLISHED") return { kind: "refused", message: `${error.message}\n` };
    return upload(api, withNextVersion(text), true);
  }
};

const upload = async (api: ApiClient, text: string, isDraftOfPublished: boolean): Promise<Reloaded> => {
  const { connector } = await api.call<SavedConnector>("saveConnector", { query: { publish: "false" }, body: text });
  return { kind: "uploaded", name: connector.name, version: connector.version, isDraftOfPublished };
};

const withNextVersion = (text: string): string => {
  const document = JSON.parse(text) as { readonly version?: string };
  const [major = "0", minor = "0", patch = "0"] = (document.version ?? "0.0.0").split(/[.+-]/);
  return JSON.stringify({ ...document, version: `${major}.${minor}.${Number(patch) + 1}-dev` });
};
