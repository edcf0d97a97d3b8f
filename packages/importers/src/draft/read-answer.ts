import { ConnectorError } from "@junctor/core";
import { isObject, type Obj } from "../json-value.ts";
import { checkShape, defaultLimits } from "../source/limits.ts";

/** Reads the document out of a model's answer: bare JSON, or JSON in a fenced block with talk around it. */
export function readAnswer(answer: string): Obj {
  for (const candidate of candidates(answer)) {
    try {
      const parsed: unknown = JSON.parse(candidate);
      if (!isObject(parsed)) continue;
      checkShape("the draft", parsed, { ...defaultLimits, depth: 100, values: 500_000 });
      if (isObject(parsed.paths) && typeof parsed.openapi === "string") return withoutReferences(parsed);
    } catch (cause) {
      if (cause instanceof ConnectorError) throw cause;
    }
  }
  throw new ConnectorError("IMPORT_FAILED", "The model's answer holds no OpenAPI document.", {
    hint: "Try again, with another model or a shorter text.",
  });
}

function* candidates(answer: string): Iterable<string> {
  yield answer;
  for (const match of answer.matchAll(/```(?:json)?\s*\n([\s\S]*?)```/g)) yield match[1] ?? "";
  const start = answer.indexOf("{");
  const end = answer.lastIndexOf("}");
  if (start >= 0 && end > start) yield answer.slice(start, end + 1);
}

/** References that leave the document have nothing to lead to in a draft. */
function withoutReferences(value: Obj): Obj {
  const visit = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(visit);
    if (!isObject(item)) return item;
    if (typeof item.$ref === "string" && !item.$ref.startsWith("#/"))
      return { "x-uncertain": "It referred to another document." };
    return Object.fromEntries(Object.entries(item).map(([name, inner]) => [name, visit(inner)]));
  };
  return visit(value) as Obj;
}
