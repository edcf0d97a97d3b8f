import type { Selection } from "../import-result.ts";
import { asObject, asTexts } from "../json-value.ts";
import { actionName } from "./names.ts";
import type { OperationEntry } from "./read-model.ts";

/** Says whether a selection takes an operation. Criteria of one kind are alternatives; kinds are combined. */
export function isSelected(entry: OperationEntry, select: Selection | undefined): boolean {
  if (select === undefined) return true;
  const operation = asObject(entry.place.value);
  const id = typeof operation.operationId === "string" ? operation.operationId : "";
  if (select.operations !== undefined) {
    const names = [
      id,
      actionName(operation.operationId, entry.method, entry.path),
      `${entry.method.toUpperCase()} ${entry.path}`,
    ];
    if (!select.operations.some((wanted) => names.some((name) => name.toLowerCase() === wanted.trim().toLowerCase())))
      return false;
  }
  if (select.tags !== undefined) {
    const tags = asTexts(operation.tags).map((tag) => tag.toLowerCase());
    if (!select.tags.some((tag) => tags.includes(tag.toLowerCase()))) return false;
  }
  if (select.methods !== undefined && !select.methods.some((method) => method.toLowerCase() === entry.method))
    return false;
  if (select.search !== undefined) {
    const text = [id, entry.path, operation.summary, operation.description, ...asTexts(operation.tags)]
      .join(" ")
      .toLowerCase();
    return select.search
      .toLowerCase()
      .split(/\s+/)
      .every((word) => text.includes(word));
  }
  return true;
}

/** What a picker shows of an operation. */
export interface OperationSummary {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly deprecated: boolean;
}

/** Shortens an entry to what a picker shows. */
export function summariseEntry(entry: OperationEntry): OperationSummary {
  const operation = asObject(entry.place.value);
  return {
    id: actionName(operation.operationId, entry.method, entry.path),
    method: entry.method.toUpperCase(),
    path: entry.path,
    summary: typeof operation.summary === "string" ? operation.summary : "",
    tags: asTexts(operation.tags),
    deprecated: operation.deprecated === true,
  };
}
