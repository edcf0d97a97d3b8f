import type { Json } from "../ports/records.ts";

/** What a call sent, or a dry run would send. Secrets are masked. */
export interface PlannedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly { readonly name: string; readonly value: string }[];
  /** JSON for JSON bodies, text for the others; a file is described, not shown. */
  readonly body?: Json;
  readonly contentType?: string;
}

/** A name in a template of the request that has no value in this call: it is left out, or prints empty. */
export interface UnresolvedName {
  /** As the template reads it: `user.nickname`. */
  readonly name: string;
  /** Where the template stands in the definition. */
  readonly pointer: string;
  readonly line: number;
  readonly column: number;
}

/** Time of one stage, or of one step of a composite with the stages of its own. */
export interface StageTime {
  readonly stage: string;
  readonly ms: number;
  readonly stages?: readonly StageTime[];
}

/** What a call tells those who may see it. */
export interface CallTrace {
  /** The last planned request; null where none was planned. */
  readonly request: PlannedRequest | null;
  readonly auth: string | null;
  readonly unresolved: readonly UnresolvedName[];
  readonly stages: readonly StageTime[];
}
