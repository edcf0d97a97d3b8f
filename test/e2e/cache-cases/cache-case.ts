/**
 * Header fields in order; a name may repeat. A number is a moment, in seconds from when the field is sent, written as an
 * HTTP-date.
 */
export type Fields = readonly (readonly [name: string, value: string | number])[];

/** One request of a caller, what the upstream would answer to it, and what the caller must get. */
export interface Step {
  readonly ask?: {
    /** Default `GET`. Each method is a connector of its own, on the same URL. */
    readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";
    readonly headers?: Fields;
    /** Last segment of the path. Default `it`. */
    readonly target?: string;
    readonly query?: string;
    /** The connector that sends an Authorization field of its own. */
    readonly signed?: true;
  };
  readonly answer?: {
    readonly status?: number;
    readonly headers?: Fields;
    readonly body?: string;
    /** The connection is closed without an answer. */
    readonly closes?: true;
    /** An interim answer before the final one. */
    readonly interim?: 102 | 103;
  };
  /** Seconds to wait afterwards. */
  readonly wait?: number;
  readonly expect?: Expectation;
}

export interface Expectation {
  /** `kept`: an earlier answer · `anew`: this step's · `etag`, `date`: an earlier one, confirmed by that validator. */
  readonly from?: "kept" | "anew" | "etag" | "date" | undefined;
  /** Default: the status that this step's upstream would answer with. */
  readonly status?: number;
  readonly text?: string;
  readonly headers?: Fields;
  /** Names of fields with the value that the first answer had. */
  readonly same?: readonly string[];
  readonly missing?: readonly string[];
  readonly above?: readonly [name: string, value: number];
  /** Status of an interim answer that the caller gets. */
  readonly interim?: number;
  /** Fields that the upstream must be asked with, or without. */
  readonly sent?: Fields;
  readonly notSent?: readonly string[];
}

/** One case: steps one after the other, on a URL of its own. */
export interface CacheCase {
  readonly group: string;
  readonly name: string;
  /** `required`: RFC 9111 demands it · `optimal`: a good cache does it · `choice`: open, caches differ. */
  readonly kind: "required" | "optimal" | "choice";
  readonly steps: readonly Step[];
  /** Why the outcome is another one here. The test holds that it is. */
  readonly otherwise?: string;
}

/** Reads a group's rows: kind, name, steps and, where the outcome is another one, why. */
export function listCases(
  group: string,
  rows: readonly (readonly [CacheCase["kind"], name: string, steps: readonly Step[], otherwise?: string | undefined])[],
): readonly CacheCase[] {
  return rows.map(([kind, name, steps, otherwise]) => ({
    group,
    kind,
    name,
    steps,
    ...(otherwise !== undefined && { otherwise }),
  }));
}

const day = 86_400;

/** An answer with these fields, then a pause in which anything short-lived ends, then the same question. */
export const twice = (headers: Fields, from: Expectation["from"]): readonly Step[] => [
  { answer: { headers }, wait: 3 },
  { expect: { from } },
];

/** The same without the pause. */
export const atOnce = (headers: Fields, from: Expectation["from"]): readonly Step[] => [
  { answer: { headers } },
  { expect: { from } },
];

/** Fields of an answer that stays fresh for a day. */
export const fresh: Fields = [
  ["Expires", day],
  ["Cache-Control", `max-age=${day}`],
  ["Last-Modified", 0],
  ["Date", 0],
];

/** Fields of an answer that ended long ago. */
export const ended: Fields = [
  ["Expires", -5_000],
  ["Last-Modified", -100_000],
  ["Date", 0],
];

/** Fields of an answer that ends during the pause. */
export const brief: Fields = [
  ["Cache-Control", "max-age=2"],
  ["Shape", "round"],
];
