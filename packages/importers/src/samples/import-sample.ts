import type { FormatReader } from "../format-reader.ts";
import { connectorName, titleOf } from "../openapi/names.ts";
import { importGenerated } from "./import-generated.ts";
import { inferSchema } from "./infer-schema.ts";

/**
 * Makes a connector of JSON samples: one action that posts an object of their shape, to be completed by hand. Who wants the
 * schema alone calls `inferSchema`.
 */
export const importSample: FormatReader = (source, report, options, limits) => {
  const samples = source.paths.flatMap((path) => {
    const tree = source.tree.tree(path);
    return tree === undefined ? [] : [tree];
  });
  const base = (source.root.split("/").at(-1) ?? "sample").replace(/\.\w+$/, "");
  const title = options.title ?? titleOf(base);
  const document = {
    openapi: "3.1.0",
    info: { title, version: "0.1.0" },
    paths: {
      [`/${connectorName(base)}`]: {
        post: {
          operationId: "send",
          summary: `Send ${title}`,
          requestBody: { required: true, content: { "application/json": { schema: inferSchema(samples) } } },
          responses: { 200: { description: "Success" } },
        },
      },
    },
  };
  report.note(
    "",
    "sample-completed",
    "A sample says nothing about address, method and sign-in; they were made up.",
    "Complete baseUrl, path and auth.",
  );
  return importGenerated([{ document, places: new Map() }], report, options, limits);
};
