import type { FormatReader } from "../format-reader.ts";
import type { ImportReport } from "../report/import-report.ts";
import { importGenerated } from "../samples/import-generated.ts";
import { describeRequests, type RecordedRequest } from "../samples/recorded-requests.ts";
import { importError } from "../source/limits.ts";
import { splitCommand } from "./split-command.ts";

/** Imports cURL command lines, one action each; credentials on the line become an auth method, never a value. */
export const importCurl: FormatReader = (source, report, options, limits) => {
  const lines = source.text
    .split(/^(?=\s*(?:\$\s+)?curl(?:\.exe)?\s)/m)
    .filter((line) => /^\s*(?:\$\s+)?curl/.test(line));
  const requests = lines.map((line, index) => readCommand(line, index, report));
  const [first] = requests;
  if (first === undefined) throw importError("There is no cURL command.", "Begin the line with curl.");
  const hosts = new Map<string, RecordedRequest[]>();
  for (const request of requests) hosts.set(request.url.origin, [...(hosts.get(request.url.origin) ?? []), request]);
  const documents = [...hosts].map(([origin, list]) =>
    describeRequests(options.title ?? new URL(origin).hostname, origin, list, report),
  );
  return importGenerated(documents, report, options, limits);
};

/** Options that take a value and say nothing about the request. */
const ignoredWithValue = new Set([
  "-o",
  "--output",
  "-w",
  "--write-out",
  "-m",
  "--max-time",
  "--connect-timeout",
  "--retry",
  "--retry-delay",
  "-c",
  "--cookie-jar",
  "-D",
  "--dump-header",
  "--limit-rate",
  "-x",
  "--proxy",
  "--interface",
  "--resolve",
  "-E",
  "--cert",
  "--key",
  "--cacert",
  "--max-redirs",
  "-K",
  "--config",
  "--ciphers",
  "-r",
  "--range",
]);
const lost = new Set(["-E", "--cert", "--key", "--cacert", "-x", "--proxy", "-K", "--config", "--resolve"]);

interface Command {
  method: string | undefined;
  url: string | undefined;
  readonly headers: [string, string][];
  readonly data: string[];
  readonly form: string[];
  isGet: boolean;
  isJson: boolean;
}

function readCommand(line: string, index: number, report: ImportReport): RecordedRequest {
  const words = splitCommand(line.replace(/^\s*\$\s+/, ""));
  const command: Command = {
    method: undefined,
    url: undefined,
    headers: [],
    data: [],
    form: [],
    isGet: false,
    isJson: false,
  };
  const queue = expandShort(words.slice(1));
  for (let word = queue.shift(); word !== undefined; word = queue.shift())
    readOption(word, queue, command, `/${index}`, report);
  const written = command.url ?? "";
  const address = /^[a-z]+:\/\//i.test(written) ? written : `https://${written}`;
  if (written === "" || !URL.canParse(address))
    throw importError("The cURL command names no URL that can be read.", "Write out variables and quote the URL.");
  const url = new URL(address);
  if (url.username !== "") command.headers.push(["Authorization", "Basic x"]);
  url.username = "";
  url.password = "";
  if (command.isGet)
    for (const [name, value] of new URLSearchParams(command.data.join("&"))) url.searchParams.append(name, value);
  const body = command.isGet ? undefined : bodyOf(command);
  const method = command.method ?? (body === undefined ? "GET" : "POST");
  return {
    pointer: `/${index}`,
    method: method.toUpperCase(),
    url,
    headers: command.headers,
    ...(body === undefined ? {} : { body }),
  };
}

/** `-sSLX POST` is `-s -S -L -X POST`; `-HName: x` is `-H "Name: x"`. */
function expandShort(words: readonly string[]): string[] {
  return words.flatMap((word) => {
    if (!/^-[A-Za-z]./.test(word)) {
      const long = /^(--[a-z-]+)=(.*)$/s.exec(word);
      return long === null ? [word] : [long[1] as string, long[2] as string];
    }
    const pieces: string[] = [];
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] as string;
      pieces.push(`-${letter}`);
      if (/[XHdFubAeoTmwxcDEKr]/.test(letter)) {
        if (at + 1 < word.length) pieces.push(word.slice(at + 1));
        break;
      }
    }
    return pieces;
  });
}

function readOption(word: string, queue: string[], command: Command, pointer: string, report: ImportReport): void {
  const value = (): string => queue.shift() ?? "";
  switch (word) {
    case "-X":
    case "--request":
      command.method = value();
      return;
    case "--url":
      command.url = value();
      return;
    case "-H":
    case "--header": {
      const [, name = "", text = ""] = /^([^:]+):\s*(.*)$/s.exec(value()) ?? [];
      if (name !== "") command.headers.push([name.trim(), text]);
      return;
    }
    case "-u":
    case "--user":
      value();
      command.headers.push(["Authorization", "Basic x"]);
      return;
    case "--oauth2-bearer":
      value();
      command.headers.push(["Authorization", "Bearer x"]);
      return;
    case "-b":
    case "--cookie":
      value();
      report.lose(
        pointer,
        "curl-cookie",
        "Cookies of a recorded session are left out.",
        "Use a key or token of the API, or a session method.",
      );
      return;
    case "-d":
    case "--data":
    case "--data-raw":
    case "--data-binary":
    case "--data-ascii":
      command.data.push(value());
      return;
    case "--data-urlencode":
      command.data.push(encodeData(value()));
      return;
    case "--json":
      command.data.push(value());
      command.isJson = true;
      return;
    case "-F":
    case "--form":
    case "--form-string":
      command.form.push(value());
      return;
    case "-T":
    case "--upload-file":
      value();
      command.method ??= "PUT";
      command.data.push("@file");
      return;
    case "-G":
    case "--get":
      command.isGet = true;
      return;
    case "-I":
    case "--head":
      command.method = "HEAD";
      return;
    case "-A":
    case "--user-agent":
    case "-e":
    case "--referer":
      value();
      return;
    case "-k":
    case "--insecure":
      report.lose(
        pointer,
        "curl-insecure",
        "Certificates are always verified.",
        "Add a private certificate authority under connection.tls.ca.",
      );
      return;
    default:
      if (ignoredWithValue.has(word)) {
        value();
        if (lost.has(word))
          report.lose(
            pointer,
            `curl-option${word}`,
            `The option ${word} has no counterpart in a definition.`,
            "Proxies and certificates are settings of the operator and of connection.tls.",
          );
      } else if (!word.startsWith("-")) command.url ??= word;
  }
}

function encodeData(text: string): string {
  const [, name, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [undefined, "", text];
  return name === "" || name === undefined
    ? encodeURIComponent(value ?? "")
    : `${name}=${encodeURIComponent(value ?? "")}`;
}

function bodyOf(command: Command): RecordedRequest["body"] {
  if (command.form.length > 0) {
    const sample = Object.fromEntries(command.form.map((field) => [field.split("=")[0] ?? "", ""]));
    return { mediaType: "multipart/form-data", sample };
  }
  if (command.data.length === 0) return undefined;
  const text = command.data.join("&");
  const declared = command.headers
    .find(([name]) => name.toLowerCase() === "content-type")?.[1]
    .split(";")[0]
    ?.trim()
    .toLowerCase();
  const parsed = parse(text);
  const mediaType =
    declared ?? (command.isJson || parsed !== undefined ? "application/json" : "application/x-www-form-urlencoded");
  if (mediaType.includes("json")) return { mediaType, sample: parsed ?? {} };
  if (mediaType === "application/x-www-form-urlencoded")
    return { mediaType, sample: Object.fromEntries([...new URLSearchParams(text).keys()].map((name) => [name, ""])) };
  return { mediaType, sample: "" };
}

function parse(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
