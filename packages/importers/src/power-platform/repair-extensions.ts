import { asObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { pointer } from "../source/json-pointer.ts";

/** The extensions of Power-Platform connectors, and those of related generators that must not be taken for misspelt ones. */
export const knownExtensions: readonly string[] = [
  "x-ms-summary",
  "x-ms-visibility",
  "x-ms-url-encoding",
  "x-ms-dynamic-values",
  "x-ms-dynamic-list",
  "x-ms-dynamic-schema",
  "x-ms-dynamic-properties",
  "x-ms-dynamic-tree",
  "x-ms-trigger",
  "x-ms-trigger-metadata",
  "x-ms-trigger-hint",
  "x-ms-trigger-value",
  "x-ms-notification-url",
  "x-ms-notification-content",
  "x-ms-notification",
  "x-ms-api-annotation",
  "x-ms-enum-values",
  "x-ms-enum",
  "x-ms-capabilities",
  "x-ms-pageable",
  "x-ms-no-generic-test",
  "x-ms-test-value",
  "x-ms-operation-context",
  "x-ms-safe-operation",
  "x-ms-connector-metadata",
  "x-ms-docs",
  "x-ms-deployment-version",
  "x-ms-keywords",
  "x-ms-openai-manifest",
  "x-ms-openai-data",
  "x-ms-require-user-confirmation",
  "x-ms-agentic-protocol",
  "x-ms-editor",
  "x-ms-editor-options",
  "x-ms-media-kind",
  "x-ms-localizedefaultvalue",
  "x-ms-parameter-location",
  "x-ms-skip-url-encoding",
  "x-ms-client-name",
  "x-ms-client-flatten",
  "x-ms-parameterized-host",
  "x-ms-discriminator-value",
  "x-ms-azure-resource",
  "x-ms-mutability",
  "x-ms-paths",
  "x-ms-examples",
  "x-ms-odata",
  "x-ms-external",
  "x-ms-code-generation-settings",
  "x-ms-long-running-operation",
  "x-ms-request-id",
  "x-ms-permission",
  "x-ms-content-hint",
  "x-ms-contentType",
  "x-ms-sensitive",
];

const known = new Set(knownExtensions.map((name) => name.toLowerCase()));

/** The extension that a misspelt name means; undefined if it is none, or right as it is. */
export function meantExtension(name: string): string | undefined {
  if (!name.startsWith("x") && !name.startsWith("X")) return undefined;
  if (answers.has(name)) return answers.get(name);
  const meant = findMeant(name);
  if (answers.size < 10_000) answers.set(name, meant);
  return meant;
}

/** What was found for a name: large documents repeat the same few thousands of times. */
const answers = new Map<string, string | undefined>();

function findMeant(name: string): string | undefined {
  if (!/^x[-_]?m[-_]?s?[-_]/i.test(name) || known.has(name)) return undefined;
  const lower = name.toLowerCase().replaceAll("_", "-");
  const plain = lower.replaceAll(/\s+.*$/g, "").replaceAll(/[^a-z-]/g, "");
  if (known.has(plain)) return canonical(plain);
  const near = knownExtensions
    .map((candidate) => ({ candidate, distance: editDistance(plain, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near === undefined || near.distance > Math.min(3, Math.floor(near.candidate.length / 5))) return undefined;
  return near.candidate;
}

const canonical = (lower: string): string => knownExtensions.find((name) => name.toLowerCase() === lower) ?? lower;

/** Edits (insert, delete, replace, swap neighbours) that lead from one text to the other. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      let cost = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (same ? 0 : 1),
      );
      if (row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1])
        cost = Math.min(cost, (before[column - 2] ?? 0) + 1);
      current.push(cost);
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Names that are data, not extensions, where they stand. */
const dataHolders = new Set(["properties", "example", "examples", "default", "enum", "x-examples"]);

/**
 * Reads misspelt extensions as what was meant, in place. The misspelt member stays beside the right one, so that an
 * export gives back what was there.
 */
export function repairExtensions(document: unknown, report: ImportReport): void {
  const stack: { readonly value: unknown; readonly place: string; readonly isData: boolean }[] = [
    { value: document, place: "", isData: false },
  ];
  const seen = new Set<unknown>();
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { value, place, isData } = next;
    if (typeof value !== "object" || value === null || seen.has(value)) continue;
    seen.add(value);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) stack.push({ value: item, place: `${place}/${index}`, isData });
      continue;
    }
    const object = asObject(value);
    if (!isData) repairMembers(object, place, report);
    for (const [name, item] of Object.entries(object)) {
      if (name === "example" || name === "examples" || name === "default" || name === "enum") continue;
      stack.push({ value: item, place: pointer(place, name), isData: !isData && dataHolders.has(name) });
    }
  }
}

function repairMembers(object: Obj, place: string, report: ImportReport): void {
  for (const name of Object.keys(object)) {
    const meant = meantExtension(name);
    if (meant === undefined || Object.hasOwn(object, meant)) continue;
    setMember(object, meant, object[name]);
    report.repair(pointer(place, name), "extension-name", name, meant);
  }
  const visibility = object["x-ms-visibility"];
  if (typeof visibility === "string" && visibility !== visibility.trim().toLowerCase()) {
    report.repair(pointer(place, "x-ms-visibility"), "extension-value", visibility, visibility.trim().toLowerCase());
  }
  const trigger = object["x-ms-trigger"];
  if (typeof trigger === "string" && trigger !== trigger.trim().toLowerCase()) {
    report.repair(pointer(place, "x-ms-trigger"), "extension-value", trigger, trigger.trim().toLowerCase());
    object["x-ms-trigger"] = trigger.trim().toLowerCase();
  }
}
