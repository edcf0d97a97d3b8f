import type { FormatReader } from "./import-document.ts";
import { importOpenApi } from "./openapi/import-openapi.ts";
import { applyExtensions, importPowerPlatform } from "./power-platform/import-power-platform.ts";
import type { SourceFormat } from "./source/detect-format.ts";
import { importError } from "./source/limits.ts";

const openApi: FormatReader = (source, report, options, limits) => {
  const hook = hasExtensions(source.text) ? applyExtensions : undefined;
  const { definition, found, imported } = importOpenApi(source.tree, report, options, limits, hook);
  return { definitions: [definition], found, imported };
};

/** Extensions that only the hook understands. */
const hasExtensions = (text: string): boolean => /"?x-ms-(trigger|dynamic-|capabilities|connector-metadata)/.test(text);

const unread: FormatReader = (source) => {
  throw importError(`No reader for ${source.format}.`, "Choose another format.");
};

/** The reader of each format. */
export const readers: Readonly<Record<SourceFormat, FormatReader>> = {
  openapi: openApi,
  swagger: openApi,
  "power-platform": importPowerPlatform,
  postman: unread,
  har: unread,
  curl: unread,
  gainsight: unread,
  "gainsight-registry": unread,
  "camunda-template": unread,
  "json-sample": unread,
};
