import { isObject, type Obj } from "../json-value.ts";
import type { LintSource } from "./lint-rule.ts";

const keys = ["x-ms-dynamic-values", "x-ms-dynamic-list", "x-ms-dynamic-schema", "x-ms-dynamic-properties"] as const;

/** Lists the dynamic links of parameters and schemas, with the place that holds them. */
export function* dynamicLinks(
  source: LintSource,
): Iterable<{ readonly key: string; readonly link: Obj; readonly pointer: string }> {
  const seen = new Set<unknown>();
  const places = [
    ...source.operations.flatMap(({ parameters }) =>
      parameters.map(({ parameter, pointer }) => ({ object: parameter, pointer })),
    ),
    ...source.schemas.map(({ schema, pointer }) => ({ object: schema, pointer })),
  ];
  for (const { object, pointer } of places) {
    for (const key of keys) {
      const link = object[key];
      if (!isObject(link) || seen.has(link)) continue;
      seen.add(link);
      yield { key, link, pointer };
    }
  }
}
