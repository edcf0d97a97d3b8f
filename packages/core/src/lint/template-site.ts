import type { Place } from "../templates/places.ts";

/** Which kind of place a template stands in, as far as rules tell them apart. */
export type SitePart =
  | "baseUrl"
  | "path"
  | "url"
  | "query"
  | "headers"
  | "body"
  | "text"
  | "contentType"
  | "condition"
  | "auth"
  | "tls"
  | "response"
  | "responseText"
  | "message"
  | "pagination"
  | "rateLimit"
  | "setting"
  | "trigger"
  | "dynamic";

/** Which part of the definition a template belongs to; its inputs are those that may be read there. */
export interface SiteOwner {
  readonly kind: "connection" | "defaults" | "action" | "trigger" | "dynamic";
  /** Name of the action, trigger or source; empty for the others. */
  readonly name: string;
  /** Declared inputs; null where any name may be read. */
  readonly input: ReadonlySet<string> | null;
  /** Inputs that are there in every call: required, or with a default. Null like `input`. */
  readonly certainInput: ReadonlySet<string> | null;
}

/** A string of the definition that is a template, with what may be read there. */
export interface TemplateSite {
  readonly pointer: string;
  readonly source: string;
  readonly part: SitePart;
  readonly place: Place;
  readonly owner: SiteOwner;
  /** Ids of the steps that ran before; null outside steps. */
  readonly steps: ReadonlySet<string> | null;
  /** Ids of the steps that run at the same time as the template's own. */
  readonly beside?: ReadonlySet<string>;
}
