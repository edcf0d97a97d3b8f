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

/** Options without a value that change how cURL works, not what it asks for. */
const silent = new Set(
  "-s -S -L -v -i -f -g -N -n -j -# -0 -1 -2 -3 -4 -6 -O -J -R -q -a -M -Z --silent --show-error --location --location-trusted --verbose --include --fail --fail-with-body --fail-early --globoff --no-buffer --compressed --http1.0 --http1.1 --http2 --http2-prior-knowledge --http3 --tlsv1 --tlsv1.0 --tlsv1.1 --tlsv1.2 --tlsv1.3 --ipv4 --ipv6 --progress-bar --no-progress-meter --remote-name --remote-header-name --path-as-is --keepalive --no-keepalive --basic --anyauth --digest --raw --tr-encoding --styled-output --retry-all-errors --retry-connrefused --ssl-reqd --ssl --post301 --post302 --post303 --next -: --no-alpn --ssl-no-revoke --disable --junk-session-cookies --tcp-nodelay --create-dirs".split(
    " ",
  ),
);

interface Command {
  method: string | undefined;
  url: string | undefined;
  readonly headers: [string, string][];
  readonly data: string[];
  readonly query: string[];
  readonly form: string[];
  isGet: boolean;
  isJson: boolean;
}

function readCommand(line: string, index: number, report: ImportReport): RecordedRequest {
  const words = splitCommand(fromOtherShells(line.replace(/^\s*\$\s+/, "")));
  const command: Command = {
    method: undefined,
    url: undefined,
    headers: [],
    data: [],
    query: [],
    form: [],
    isGet: false,
    isJson: false,
  };
  const queue = expandShort(words.slice(1));
  for (let word = queue.shift(); word !== undefined; word = queue.shift())
    readOption(word, queue, command, `/${index}`, report);
  const written = withoutVariables(command.url ?? "", `/${index}`, report);
  const address = /^[a-z]+:\/\//i.test(written) ? written : `https://${written}`;
  if (written === "" || !URL.canParse(address))
    throw importError("The cURL command names no URL that can be read.", "Write out variables and quote the URL.");
  const url = new URL(address);
  if (url.username !== "") command.headers.push(["Authorization", "Basic x"]);
  url.username = "";
  url.password = "";
  if (command.isGet) command.query.push(...command.data);
  for (const [name, value] of new URLSearchParams(command.query.join("&"))) url.searchParams.append(name, value);
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

/** What the copy functions of browsers write for `cmd` (`^` before what it would read) and PowerShell (a backtick), as POSIX. */
function fromOtherShells(line: string): string {
  if (/\^\r?\n|\^"/.test(line))
    return line
      .replaceAll(/\^\r?\n/g, " ")
      .replaceAll(/\^\\\^"/g, '\\"')
      .replaceAll(/\^(.)/g, "$1");
  return line.replaceAll(/[ \t]`\r?\n/g, " ");
}

/** Variables of the shell become variables of the path; what cURL itself would expand is named. */
function withoutVariables(url: string, pointer: string, report: ImportReport): string {
  if (/\{[^{}]*,[^{}]*\}|\[\w+-\w+(?::\d+)?\]/.test(url.replaceAll(/\$\{\w+\}/g, "")))
    report.lose(
      pointer,
      "curl-glob",
      "cURL makes several requests of this URL; it is read as one.",
      "Write one command each.",
    );
  const [, scheme = "", host = "", rest = ""] = /^([a-z]+:\/\/)?([^/?#]*)(.*)$/is.exec(url) ?? [];
  if (/\$/.test(host)) throw importError("The host of the cURL command is a variable.", "Write the host out.");
  const plain = rest.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced?: string, bare?: string) => `{${braced ?? bare}}`);
  if (plain !== rest) report.repair(pointer, "curl-variable", rest, plain);
  return scheme + host + plain;
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
    case "--url-query":
      command.query.push(encodeData(value()));
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
      command.form.push(value());
      return;
    case "--form-string":
      command.form.push(value().replace(/=[@<]/, "="));
      return;
    case "--aws-sigv4":
      value();
      report.lose(
        pointer,
        "curl-signature",
        "The request is signed; region and service of the signature are not carried over.",
        "Use an auth method of the type awsSigV4.",
      );
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
    case "--referer": {
      value();
      const header = word === "-A" || word === "--user-agent" ? "User-Agent" : "Referer";
      report.note(
        pointer,
        `curl-header-${header}`,
        `The header ${header} is left out.`,
        "Add it under request.headers.",
      );
      return;
    }
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
      } else if (!word.startsWith("-")) {
        if (command.url === undefined) command.url = word;
        else
          report.lose(
            pointer,
            "curl-word",
            "A command makes one action; it holds a word, or a second URL, that belongs to no option.",
            "Write one command for each URL, and quote what belongs together.",
          );
      } else if (!silent.has(word)) {
        report.lose(
          pointer,
          `curl-option${word}`,
          `The option ${word} is not known, and left out.`,
          "Remove it, or add by hand what it does.",
        );
        if (queue[0] !== undefined && !/^-|^[a-z]+:\/\//i.test(queue[0])) value();
      }
  }
}

function encodeData(text: string): string {
  const file = /^([^=@]+)@/.exec(text)?.[1];
  if (file !== undefined) return `${file}=`;
  const [, name, value] = /^([^=]*)=(.*)$/s.exec(text) ?? [undefined, "", text];
  return name === "" || name === undefined
    ? encodeURIComponent(value ?? "")
    : `${name}=${encodeURIComponent(value ?? "")}`;
}

function bodyOf(command: Command): RecordedRequest["body"] {
  if (command.form.length > 0) {
    const names = command.form.map((field) => [field.split("=")[0] ?? "", /^[^=]*=@/.test(field)] as const);
    return {
      mediaType: "multipart/form-data",
      sample: Object.fromEntries(names.map(([name]) => [name, ""])),
      files: names.filter(([, isFile]) => isFile).map(([name]) => name),
    };
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
  if (mediaType.includes("json")) return { mediaType, sample: parsed };
  if (declared === undefined && /^\s*[[{<]/.test(text)) return { mediaType: "text/plain", sample: "" };
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
