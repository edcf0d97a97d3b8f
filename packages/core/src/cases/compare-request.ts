import type { CaseRequest } from "@junctor/sdk";
import type { SentRequest } from "../testkit/canned-http.ts";
import { type CaseDifference, compareValues } from "./case-difference.ts";

/** Compares a request that was sent with the one that a case expects. What the case leaves out is not compared. */
export const compareRequest = (
  place: string,
  expected: CaseRequest,
  actual: SentRequest | undefined,
): readonly CaseDifference[] => {
  if (actual === undefined) return [{ place, expected, actual: undefined }];
  return [
    ...(expected.method === undefined ? [] : compareValues(`${place}/method`, expected.method, actual.method)),
    ...(expected.url === undefined ? [] : compareValues(`${place}/url`, expected.url, actual.url)),
    ...(expected.path === undefined ? [] : compareValues(`${place}/path`, expected.path, new URL(actual.url).pathname)),
    ...(expected.query === undefined
      ? []
      : compareValues(`${place}/query`, expected.query, readPairs(new URL(actual.url).searchParams))),
    ...Object.entries(expected.headers ?? {}).flatMap(([name, value]) =>
      compareValues(`${place}/headers/${name}`, value ?? undefined, actual.headers[name.toLowerCase()]),
    ),
    ...(expected.body === undefined ? [] : compareValues(`${place}/body`, expected.body, readBody(actual))),
  ];
};

/** Reads a body as a case writes it: JSON and forms as data, everything else as text, none as null. */
const readBody = ({ body, headers }: SentRequest): unknown => {
  const type = headers["content-type"] ?? "";
  if (body === null) return null;
  if (/[/+]json\b/.test(type)) return parseJson(body);
  if (type.startsWith("application/x-www-form-urlencoded")) {
    return readPairs(new URLSearchParams(body));
  }
  return body;
};

/** Reads pairs into members; a name that occurs more than once has a list. */
const readPairs = (pairs: URLSearchParams): Readonly<Record<string, string | readonly string[]>> => {
  const fields: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const earlier = fields[name];
    fields[name] = earlier === undefined ? value : [...[earlier].flat(), value];
  }
  return fields;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};
