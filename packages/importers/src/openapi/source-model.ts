import type { Obj } from "../json-value.ts";

/**
 * The internal form of a source: OpenAPI 3.1 with everything inlined but schemas, whose references point to `#/$defs`.
 *
 *   Swagger 2.0 ─┐
 *   OpenAPI 3.0 ─┼─► SourceModel ─► definition ─► exportPlain ─► difference to the SourceModel = kept residue
 *   OpenAPI 3.1 ─┘        ▲
 *   Postman, HAR, … ──────┘ (they write an OpenAPI document first)
 */
export interface SourceModel {
  /** Members of the root but for `paths`, `webhooks` and schemas. */
  readonly root: Obj;
  readonly operations: readonly SourceOperation[];
  readonly webhooks: readonly SourceOperation[];
  /** Members of path items that are no operations, by path. */
  readonly pathItems: Obj;
  readonly version: "2.0" | "3.0" | "3.1";
}

/** HTTP methods that a path item can hold. */
export const pathItemMethods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"] as const;

/** One operation, references followed. */
export interface SourceOperation {
  /** Lower case, as in a path item. */
  readonly method: string;
  readonly path: string;
  /** Where it stands in the source. */
  readonly pointer: string;
  /** The operation object in the internal form. */
  readonly operation: Obj;
  /** Its parameters in order; the same objects as in `operation.parameters`. */
  readonly parameters: readonly SourceParameter[];
  /** Members of the path item that are no operations (`x-ms-notification-content`, …). */
  readonly pathItem: Obj;
  /** Schema of what a subscription delivers, wherever `x-ms-notification-content` stands; triggers only. */
  readonly payload?: unknown;
}

/** One parameter, reference followed. */
export interface SourceParameter {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "cookie";
  readonly pointer: string;
  readonly object: Obj;
}
