import { importElementTemplate } from "./camunda/import-element-template.ts";
import { importCurl } from "./curl/import-curl.ts";
import { definitionMember, readPlain } from "./export/export-openapi.ts";
import type { FormatReader } from "./format-reader.ts";
import { importCodeMode, importRegistry } from "./gainsight/import-gainsight.ts";
import { importHar } from "./har/import-har.ts";
import { asObject, isObject, type Obj, without } from "./json-value.ts";
import { importOpenApi } from "./openapi/import-openapi.ts";
import { importPostman } from "./postman/import-postman.ts";
import { applyExtensions, importPowerPlatform } from "./power-platform/import-power-platform.ts";
import { repairExtensions } from "./power-platform/repair-extensions.ts";
import { withDifference } from "./residue/difference.ts";
import { importSample } from "./samples/import-sample.ts";
import type { SourceFormat } from "./source/detect-format.ts";

const openApi: FormatReader = (source, report, options, limits) => {
  const document = asObject(source.tree.document().value);
  if (isObject(document[definitionMember])) return readBack(document, options);
  const hook = hasExtensions(source.text) ? applyExtensions : undefined;
  if (hook !== undefined && options.repair !== false) repairExtensions(document, report);
  const { definition, found, imported } = importOpenApi(source.tree, report, options, limits, hook);
  return { definitions: [definition], found, imported };
};

/** An export of ours holds the difference between what its plain part says and the definition it was made of. */
function readBack(document: Obj, options: Parameters<FormatReader>[2]): ReturnType<FormatReader> {
  const definition = asObject(
    withDifference(readPlain(without(document, definitionMember)), document[definitionMember]),
  );
  const named = {
    ...definition,
    ...(options.name === undefined ? {} : { name: options.name }),
    ...(options.title === undefined ? {} : { title: options.title }),
    ...(options.version === undefined ? {} : { version: options.version }),
  };
  const count = Object.keys(asObject(definition.actions)).length + Object.keys(asObject(definition.triggers)).length;
  return { definitions: [named], found: count, imported: count };
}

/** Extensions that only the hook understands. */
const hasExtensions = (text: string): boolean => /x[-_]ms[-_](trig|dynamic|capabilit|connector|notif)/i.test(text);

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
