import type { ImportFile, ImportOptions } from "../import-result.ts";
import { asObject } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { detectFormat, isCurl, type SourceFormat } from "./detect-format.ts";
import { pointer } from "./json-pointer.ts";
import { type ImportLimits, importError } from "./limits.ts";
import { decodeText, readTree } from "./read-tree.ts";
import { SourceTree } from "./source-tree.ts";
import { unpackFiles } from "./unpack-files.ts";

/** A source whose format is known and whose root document is parsed. */
export interface OpenedSource {
  readonly format: SourceFormat;
  /** Path of the root document. */
  readonly root: string;
  readonly tree: SourceTree;
  /** Text of the root document (for formats that are not JSON or YAML). */
  readonly text: string;
  /** Path of `apiProperties.json`, where the source is a Power-Platform pair. */
  readonly properties?: string;
  /** Paths of scripts that came along (`script.csx`). */
  readonly scripts: readonly string[];
  /** All paths. */
  readonly paths: readonly string[];
}

/** Unpacks, decodes and parses what was handed in, and finds out what it is. */
export function openSource(
  files: readonly ImportFile[],
  options: ImportOptions,
  report: ImportReport,
  limits: ImportLimits,
): OpenedSource {
  const unpacked = unpackFiles(files, limits);
  if (unpacked.length === 0) throw importError("There is no file to import.", "Name a file or a folder.");
  const texts = new Map<string, string>();
  for (const file of unpacked) {
    if (isDocument(file.path) || unpacked.length === 1) texts.set(file.path, decodeText(file.path, file.bytes, report));
  }
  const tree = (root: string): SourceTree =>
    new SourceTree(
      root,
      texts,
      (path, text) => {
        const document = readTree(path, text, report, limits);
        if (report.repairs.some((repair) => repair.code === "encoding" && repair.pointer === `${path}#`))
          loseGuessed(document, report);
        return document;
      },
      report,
    );
  const root = options.entry ?? chooseRoot(texts, (path) => tree(path));
  const text = texts.get(root);
  if (text === undefined)
    throw importError(
      `There is no document ${JSON.stringify(root)} among the files.`,
      `Choose one of: ${[...texts.keys()].slice(0, 10).join(", ")}.`,
    );
  const paths = unpacked.map((file) => file.path);
  const scripts = paths.filter((path) => /\.csx$/i.test(path));
  const opened = { root, text, tree: tree(root), scripts, paths };
  if (options.format === "curl" || (options.format === undefined && isCurl(text))) return { ...opened, format: "curl" };
  const properties = [...texts.keys()].find((path) => /(^|\/)apiProperties\.json$/i.test(path) && path !== root);
  const detected = options.format ?? detectFormat(opened.tree.document().value);
  if (detected === undefined) {
    throw importError(
      `${root} is none of the formats that can be imported.`,
      "Give an OpenAPI or Swagger document, a Power-Platform folder, a Postman collection, a HAR, a cURL line, a widget connector, an element template, or name the format (json-sample for a sample).",
    );
  }
  if (detected === "swagger" && properties !== undefined) return { ...opened, format: "power-platform", properties };
  return { ...opened, format: detected };
}

/** Where the encoding had to be guessed, every text with a letter beyond ASCII is one. */
function loseGuessed(document: unknown, report: ImportReport): void {
  const stack: { readonly value: unknown; readonly place: string }[] = [{ value: document, place: "" }];
  let count = 0;
  for (let next = stack.pop(); next !== undefined && count < 200; next = stack.pop()) {
    const { value, place } = next;
    if (typeof value === "string" && /[^\u0000-\u007f]/.test(value)) {
      count++;
      report.lose(
        place,
        "encoding",
        "The file is not UTF-8; this text was read as Windows-1252.",
        "Save the file as UTF-8.",
      );
    } else if (typeof value === "object" && value !== null) {
      for (const [name, item] of Object.entries(value)) stack.push({ value: item, place: pointer(place, name) });
    }
  }
}

const isDocument = (path: string): boolean =>
  /\.(json|ya?ml|har|txt|sh|postman_collection)$/i.test(path) || !/\.\w{1,5}$/.test(path);

/** Finds the root document: the usual names first, then whatever parses as a known format and lies highest. */
function chooseRoot(texts: ReadonlyMap<string, string>, open: (path: string) => SourceTree): string {
  const paths = [...texts.keys()].sort((a, b) => depthOf(a) - depthOf(b) || a.localeCompare(b));
  const [first] = paths;
  if (paths.length === 1 && first !== undefined) return first;
  const usual = paths.find((path) =>
    /(^|\/)(apiDefinition\.swagger\.json|openapi\.(json|ya?ml)|swagger\.(json|ya?ml)|connectors_registry\.json)$/i.test(
      path,
    ),
  );
  if (usual !== undefined) return usual;
  for (const path of paths) {
    const text = texts.get(path) ?? "";
    if (isCurl(text)) return path;
    if (!/["']?(swagger|openapi|info|log|connectors|appliesTo|url|steps)["']?\s*:/.test(text)) continue;
    try {
      const root = open(path).document().value;
      if (detectFormat(root) !== undefined && asObject(root).properties === undefined) return path;
    } catch {
      // Not a document; another file may be one.
    }
  }
  if (first === undefined) throw importError("None of the files is a document.", "Give JSON or YAML.");
  return first;
}

const depthOf = (path: string): number => path.split("/").length;
