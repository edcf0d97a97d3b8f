/** Request header fields with the values that led to a response; an absent one is `undefined`. */
export type Selecting = readonly (readonly [name: string, value: string | undefined])[];

type RequestFields = Readonly<Record<string, string | undefined>>;

/** Fields that list what a caller would like, in which neither letters nor white space nor, without weights, order count. */
const preferences: ReadonlySet<string> = new Set(["accept-charset", "accept-encoding", "accept-language"]);

/** Whether a field (lower-case) is a list of preferences that `normalizeField` may reorder. */
export const isPreference = (name: string): boolean => preferences.has(name);

/**
 * Writes a field value such that equal ones are the same text (RFC 9111 section 4.1): white space around members of a
 * list is taken out, and preferences without weights are sorted.
 */
export function normalizeField(name: string, value: string): string {
  const members = value.split(",").map((member) => member.trim().replace(/\s+/g, " "));
  if (!preferences.has(name)) return members.join(",");
  const lower = members.map((member) => member.toLowerCase());
  return (value.includes(";") ? lower : lower.sort()).join(",");
}

const read = (name: string, request: RequestFields): string | undefined => {
  const value = request[name];
  return value === undefined ? undefined : normalizeField(name, value);
};

/** The request header fields that `vary` names, normalised. */
export function readSelecting(vary: string | undefined, request: RequestFields): Selecting {
  const names = (vary ?? "")
    .toLowerCase()
    .split(",")
    .map((name) => name.trim());
  return [...new Set(names)].filter((name) => name !== "").map((name) => [name, read(name, request)]);
}

/** Whether a request selects a response: equal in every header field that the response's `Vary` named. */
export const isSelected = (selecting: Selecting, request: RequestFields): boolean =>
  selecting.every(([name, value]) => read(name, request) === value);
