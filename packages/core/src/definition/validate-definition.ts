import { type ConnectorDefinition, definitionSchema, type ShortConnector, shortFormSchema } from "@junctor/sdk";
import type { ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import { checkShortForm } from "./check-short-form.ts";
import { type Finding, type Fix, findingsToDetails, sortFindings } from "./finding.ts";
import { extendPointer } from "./json-pointer.ts";
import { isShortForm, normalizeDefinition } from "./normalize-definition.ts";
import type { ShortFormOptions } from "./normalize-short-form.ts";
import { parseDefinition } from "./parse-definition.ts";
import { noPositions, type Positions } from "./positions.ts";
import { explainSchemaErrors } from "./schema-errors.ts";

let compiled: { readonly full: ValidateFunction; readonly short: ValidateFunction } | undefined;

/** Compiles the two schemas on first use: it takes a tenth of a second that a process without definitions saves. */
const validators = (): NonNullable<typeof compiled> => {
  if (compiled !== undefined) return compiled;
  const ajv = new Ajv2020({
    allErrors: true,
    discriminator: true,
    verbose: true,
    strict: true,
    strictTypes: false,
    strictRequired: false,
    allowUnionTypes: true,
  });
  addFormats.default(ajv);
  compiled = { full: ajv.compile(definitionSchema), short: ajv.compile(shortFormSchema) };
  return compiled;
};

/** More findings than this help nobody. */
const MAX_FINDINGS = 100;

/**
 * Checks a document against the published schema, the short form against its own. Findings come in the order of the text,
 * each with a pointer, a message in plain words and what to do; an unknown key names the known one that is nearest.
 * An empty list means that the document is a definition; whether it is a good one is `lintDefinition`'s business.
 */
export const validateDefinition = (document: unknown, positions: Positions = noPositions): readonly Finding[] => {
  const short = isShortForm(document);
  const validate = short ? validators().short : validators().full;
  const ok = validate(document);
  const errors = ok
    ? []
    : explainSchemaErrors(validate.errors ?? [], document, short ? shortFormSchema : definitionSchema);
  const findings = errors.map((complaint): Finding => {
    const { part, nearest, ...finding } = complaint;
    const place = positions.find(finding.pointer, part);
    return {
      ...finding,
      line: place?.line ?? null,
      column: place?.column ?? null,
      ...(nearest === undefined ? {} : { fix: renameFix(finding.pointer, nearest) }),
    };
  });
  return sortFindings(short && ok ? checkShortForm(document as ShortConnector, positions) : findings).slice(
    0,
    MAX_FINDINGS,
  );
};

const renameFix = (pointer: string, name: string): Fix => ({
  title: `Rename it to ${name}`,
  patch: [{ op: "move", from: pointer, path: extendPointer(pointer.slice(0, pointer.lastIndexOf("/")), name) }],
});

/** A definition that was read from text: the author's document, its places, and its canonical form. */
export interface ReadDefinition {
  readonly document: Json;
  readonly positions: Positions;
  readonly definition: ConnectorDefinition;
}

/**
 * Parses, validates and normalises a definition's text. Throws `DEFINITION_INVALID` with every finding as a detail: pointer,
 * line, column, message and hint.
 */
export const readDefinition = (text: string, options: ShortFormOptions = {}): ReadDefinition => {
  const { document, positions, findings } = parseDefinition(text);
  const all = document === undefined || findings.length > 0 ? findings : validateDefinition(document, positions);
  if (document === undefined || all.length > 0) throw invalidDefinition(all);
  return { document, positions, definition: normalizeDefinition(document as unknown as ConnectorDefinition, options) };
};

/** Validates and normalises a document that is JSON already. Throws `DEFINITION_INVALID` like `readDefinition`. */
export const checkDefinition = (document: unknown, options: ShortFormOptions = {}): ConnectorDefinition => {
  const findings = validateDefinition(document);
  if (findings.length > 0) throw invalidDefinition(findings);
  return normalizeDefinition(document as ConnectorDefinition, options);
};

const invalidDefinition = (findings: readonly Finding[]): ConnectorError => {
  const first = findings[0];
  const place = first?.line == null ? first?.pointer || "the document" : `line ${first.line}, column ${first.column}`;
  const more = findings.length > 1 ? ` (and ${findings.length - 1} more)` : "";
  return new ConnectorError("DEFINITION_INVALID", `At ${place}: ${first?.message ?? "not a definition"}${more}`, {
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
    details: findingsToDetails(findings),
  });
};
