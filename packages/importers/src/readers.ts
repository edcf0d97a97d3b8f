import { importElementTemplate } from "./camunda/import-element-template.ts";
import { importCurl } from "./curl/import-curl.ts";
import { importCodeMode, importRegistry } from "./gainsight/import-gainsight.ts";
import { importHar } from "./har/import-har.ts";
import type { FormatReader } from "./import-document.ts";
import { importOpenApi } from "./openapi/import-openapi.ts";
import { importPostman } from "./postman/import-postman.ts";
import { applyExtensions, importPowerPlatform } from "./power-platform/import-power-platform.ts";
import { importSample } from "./samples/import-sample.ts";
import type { SourceFormat } from "./source/detect-format.ts";

const openApi: FormatReader = (source, report, options, limits) => {
  const hook = hasExtensions(source.text) ? applyExtensions : undefined;
  const { definition, found, imported } = importOpenApi(source.tree, report, options, limits, hook);
  return { definitions: [definition], found, imported };
};

/** Extensions that only the hook understands. */
const hasExtensions = (text: string): boolean => /"?x-ms-(trigger|dynamic-|capabilities|connector-metadata)/.test(text);

/** The reader of each format. */
export const readers: Readonly<Record<SourceFormat, FormatReader>> = {
  openapi: openApi,
  swagger: openApi,
  "power-platform": importPowerPlatform,
  postman: importPostman,
  har: importHar,
  curl: importCurl,
  gainsight: importCodeMode,
  "gainsight-registry": importRegistry,
  "camunda-template": importElementTemplate,
  "json-sample": importSample,
};
