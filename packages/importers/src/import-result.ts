import type { JsonObject } from "@junctor/core";
import type { SourceFormat } from "./source/detect-format.ts";
import type { ImportLimits } from "./source/limits.ts";

/** One file as the caller read it: a path relative to what was given (forward slashes), and its bytes. */
export interface ImportFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Which operations to take. Criteria of one kind are alternatives; kinds are combined. */
export interface Selection {
  /** Operation ids, action names, or `METHOD /path`. */
  readonly operations?: readonly string[];
  readonly tags?: readonly string[];
  /** Words that must all occur in id, path, summary, description or tags. */
  readonly search?: string;
  readonly methods?: readonly string[];
}

/** How to import. */
export interface ImportOptions {
  /** Default: found from the content. */
  readonly format?: SourceFormat;
  /** Path of the root document among the files; default: the file that looks like one. */
  readonly entry?: string;
  readonly select?: Selection;
  /** Identity of the connector; defaults come from the source. */
  readonly name?: string;
  readonly title?: string;
  readonly version?: string;
  /** `certification` turns advice about the source into errors where the rule says so. Default: `advice`. */
  readonly strictness?: "advice" | "certification";
  /** How much the engine's lint says about the definition: only what stops publishing, or advice too. Default: `gate`. */
  readonly lint?: "gate" | "advice";
  /** Whether misspelt extensions and broken syntax are repaired (and reported). Default: true. */
  readonly repair?: boolean;
  /** For widget connectors: what becomes of query parameters that nobody declared. Default: `drop`. */
  readonly undeclaredQuery?: "forward" | "drop";
  readonly limits?: Partial<ImportLimits>;
}

/** A source fact that the definition does not hold. */
export interface Loss {
  /** JSON pointer into the source, with the file in front (`apiProperties.json#/properties/…`) if it is not the root. */
  readonly pointer: string;
  readonly code: string;
  readonly reason: string;
  readonly hint: string;
}

/**
 * A source fact that the definition holds (and an export gives back), but which a call does not follow to the letter:
 * the second content type of a body, an implicit OAuth flow.
 */
export type Note = Loss;

/** Something in the source that was wrong and was read as what was meant. */
export interface Repair {
  readonly pointer: string;
  readonly code: string;
  readonly from: string;
  readonly to: string;
}

/** What a lint rule says about the source or the definition. */
export interface LintFinding {
  readonly rule: string;
  readonly severity: "error" | "warning" | "advice";
  readonly pointer: string;
  readonly message: string;
  readonly hint?: string;
  /** `source` = the document, `definition` = what it became. */
  readonly about: "source" | "definition";
}

/** Says that an operation of the source is not in the definition. */
export interface SkippedOperation {
  readonly pointer: string;
  readonly code: string;
  readonly reason: string;
}

/** What an import yields. It never throws for what is wrong inside a document, only for what is no document at all. */
export interface ImportResult {
  /** Whether there is a definition that the schema and the gate accept. */
  readonly ok: boolean;
  readonly format: SourceFormat;
  /** The (first) definition; undefined if nothing could be made of the source. */
  readonly definition: JsonObject | undefined;
  /** Further definitions, where a source holds several connectors (a registry, a recording of several hosts). */
  readonly further: readonly JsonObject[];
  readonly losses: readonly Loss[];
  readonly notes: readonly Note[];
  readonly repairs: readonly Repair[];
  readonly lint: readonly LintFinding[];
  readonly operations: {
    readonly source: number;
    readonly imported: number;
    readonly skipped: readonly SkippedOperation[];
  };
  readonly triggers: { readonly webhook: number; readonly polling: number };
  /** Types of the auth methods (`apiKey`, `oauth2`, …); empty if the API needs none. */
  readonly auth: readonly string[];
  readonly stats: {
    readonly sourceBytes: number;
    readonly definitionBytes: number;
    readonly policies: { readonly found: number; readonly applied: number };
    readonly dynamicLinks: { readonly found: number; readonly resolved: number };
    readonly schemas: number;
  };
}
