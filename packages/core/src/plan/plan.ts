import type { Json } from "../ports/records.ts";
import type { CompiledTemplate } from "../templates/compiled-value.ts";

/**
 * One call, fully decided, as data. Values that read a secret are still {@link Deferred}: a plan can be printed, hashed
 * and compared without anyone seeing a secret. The same plan always leads to the same request.
 */
export interface Plan {
  readonly method: string;
  /** `https://host[:port]`; never deferred: a secret cannot choose a host. */
  readonly origin: string;
  readonly hostname: string;
  /** Path and query as they go onto the wire. */
  readonly target: DeferrableText;
  /** Flat `[name, value, …]`, the constant ones first. */
  readonly headers: readonly DeferrableText[];
  /** Lower-case names of headers whose value is deferred. */
  readonly secretHeaders: readonly string[];
  readonly body: PlannedBody | null;
  /** False where the credential may not go to this origin, or the request wants none. */
  readonly carriesCredential: boolean;
  /** Whether anything in it is deferred. */
  readonly deferred: boolean;
}

/** Text, or pieces of text of which some are deferred. */
export type DeferrableText = string | DeferredText;

/** Text with deferred pieces, joined when the attempt is put together. */
export interface DeferredText {
  readonly kind: "deferredText";
  readonly pieces: readonly (string | Deferred)[];
}

/** A template that reads a secret, with the non-secret values it captured. */
export interface Deferred {
  readonly kind: "deferred";
  readonly template: CompiledTemplate;
  /** What the template reads beyond secrets, by path; part of cache keys. */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** A body ready to send, or the tree from which it is written once its deferred values are known. */
export type PlannedBody =
  | { readonly kind: "text"; readonly text: string; readonly contentType: string | null }
  | { readonly kind: "stream"; readonly file: PlannedFile; readonly contentType: string | null }
  | { readonly kind: "deferred"; readonly tree: unknown; readonly contentType: string };

/** A file that is streamed, never held whole. */
export interface PlannedFile {
  readonly name: string | null;
  readonly mediaType: string;
  readonly size: number | null;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** JSON a dry run shows in place of a deferred value. */
export const MASK: Json = "••••••";
