import type { FormatReader } from "../format-reader.ts";
import { asList, asObject, type Obj } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { importGenerated } from "../samples/import-generated.ts";
import { describeRequests, type RecordedRequest } from "../samples/recorded-requests.ts";
import { importError } from "../source/limits.ts";

/** Imports recorded traffic (HAR 1.2): one connector per host, without a single recorded value in it. */
export const importHar: FormatReader = (source, report, options, limits) => {
  const log = asObject(asObject(source.tree.document().value).log);
  const hosts = new Map<string, RecordedRequest[]>();
  asList(log.entries).forEach((entry, index) => {
    const pointer = `/log/entries/${index}`;
    const request = readEntry(asObject(entry), pointer);
    if (request === undefined) report.skip(pointer, "har-entry", "The entry has no usable request.");
    else if (isPageAsset(request))
      report.skip(pointer, "har-asset", "The request is for a part of a page, not for an API.");
    else {
      loseSession(request, pointer, report);
      hosts.set(request.url.origin, [...(hosts.get(request.url.origin) ?? []), request]);
    }
  });
  if (hosts.size === 0)
    throw importError("The recording holds no API request.", "Record calls that answer with JSON, XML or text.");
  const documents = [...hosts]
    .sort((a, b) => b[1].length - a[1].length)
    .map(([origin, requests]) => describeRequests(options.title ?? new URL(origin).hostname, origin, requests, report));
  return importGenerated(documents, report, options, limits);
};

/** What a browser sent besides the request of the API. */
function loseSession({ headers }: RecordedRequest, pointer: string, report: ImportReport): void {
  const sends = (name: string): boolean => headers.some(([header]) => header.toLowerCase() === name);
  if (sends("cookie"))
    report.lose(
      pointer,
      "har-cookie",
      "Cookies of a recorded session are left out.",
      "Use a key or token of the API, or a session method.",
    );
  if (sends("content-encoding"))
    report.lose(pointer, "har-encoding", "The body was sent compressed; it is sent as it is.", "Nothing to do.");
}

function readEntry(entry: Obj, pointer: string): RecordedRequest | undefined {
  const request = asObject(entry.request);
  if (typeof request.url !== "string" || !/^https?:/i.test(request.url) || !URL.canParse(request.url)) return undefined;
  const url = new URL(request.url);
  url.username = "";
  url.password = "";
  const headers = asList(request.headers).flatMap((header) => {
    const { name, value } = asObject(header);
    return typeof name === "string" ? [[name, String(value ?? "")] as const] : [];
  });
  if (asList(request.cookies).length > 0 && !headers.some(([name]) => name.toLowerCase() === "cookie"))
    headers.push(["cookie", ""]);
  const body = readBody(asObject(request.postData));
  const response = asObject(entry.response);
  const content = asObject(response.content);
  const mediaType = plainType(content.mimeType) || "application/json";
  const status = Number(response.status);
  return {
    pointer,
    method: String(request.method ?? "GET").toUpperCase(),
    url,
    headers,
    ...(body === undefined ? {} : { body }),
    ...(status > 0 ? { response: { status, mediaType, sample: sampleOf(mediaType, decoded(content)) } } : {}),
  };
}

const plainType = (value: unknown): string =>
  typeof value === "string" ? (value.split(";")[0] ?? "").trim().toLowerCase() : "";

function readBody(data: Obj): RecordedRequest["body"] {
  const mediaType = plainType(data.mimeType);
  if (mediaType === "") return undefined;
  if (Array.isArray(data.params) && data.params.length > 0) {
    return {
      mediaType,
      sample: Object.fromEntries(data.params.map((parameter) => [String(asObject(parameter).name), ""])),
    };
  }
  if (typeof data.text !== "string" || data.text === "") return undefined;
  if (mediaType === "multipart/form-data") return multipartBody(data.text);
  return { mediaType, sample: sampleOf(mediaType, data.text) };
}

/** The names of the parts of a recorded form; those with a file name are files. */
function multipartBody(text: string): RecordedRequest["body"] {
  const parts = [...text.matchAll(/content-disposition:\s*form-data;([^\r\n]*)/gi)].flatMap(([, line = ""]) => {
    const name = /\bname="((?:[^"\\]|\\.)*)"/.exec(line)?.[1];
    return name === undefined ? [] : [{ name, isFile: /\bfilename\*?=/.test(line) }];
  });
  return {
    mediaType: "multipart/form-data",
    sample: Object.fromEntries(parts.map(({ name }) => [name, ""])),
    files: parts.filter(({ isFile }) => isFile).map(({ name }) => name),
  };
}

function decoded(content: Obj): string | undefined {
  if (typeof content.text !== "string") return undefined;
  if (content.encoding !== "base64") return content.text;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(content.text), (character) => character.charCodeAt(0)));
  } catch {
    return undefined;
  }
}

function sampleOf(mediaType: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (mediaType === "application/x-www-form-urlencoded")
    return Object.fromEntries([...new URLSearchParams(text).keys()].map((name) => [name, ""]));
  if (!mediaType.includes("json")) return "";
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isPageAsset = (request: RecordedRequest): boolean =>
  /^(image|font|video|audio)\/|^text\/(css|html|javascript)$|javascript$|^application\/(font|wasm)/.test(
    request.response?.mediaType ?? "",
  ) ||
  /\.(png|jpe?g|gif|svg|ico|css|js|mjs|woff2?|map)$/i.test(request.url.pathname) ||
  request.method === "OPTIONS";
