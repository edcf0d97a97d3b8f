import {
  ConnectorError,
  digestDefinition,
  extendPointer,
  findingsToDetails,
  type JsonObject,
  lintDefinition,
  type Positions,
  parseDefinition,
  readDefinition,
} from "@junctor/core";
import { type CheckUrl, checkAddresses } from "../connectors/check-addresses.ts";
import type { RepositoryFile } from "./fetch-repository.ts";
import type { Place, SyncProblem, WantedConnector } from "./plan-sync.ts";

/** What a repository wants, and what is wrong in it. */
export interface RegistryContent {
  readonly wanted: readonly WantedConnector[];
  readonly problems: readonly SyncProblem[];
  /** Files of either layout, readable or not. */
  readonly files: number;
  readonly hasRegistryFile: boolean;
}

/** The file that widget communities keep at the root: `{ connectors: […], composite_connectors: […] }`. */
const registryFile = "connectors_registry.json";
/** Our own layout: a folder per connector. */
const connectorFile = /(?:^|\/)connector\.json$/;
const lists = ["connectors", "composite_connectors"] as const;
const partsHint = 'A registry has "connectors" and "composite_connectors".';

/** Reads the connectors of a repository's files, in both layouts. Every problem is told, with its file and place. */
export function readRegistry(files: readonly RepositoryFile[], checkUrl?: CheckUrl): RegistryContent {
  const wanted: WantedConnector[] = [];
  const problems: SyncProblem[] = [];
  const relevant = files.filter(({ path }) => path === registryFile || connectorFile.test(path));
  for (const { path, bytes } of relevant) {
    const text = Buffer.from(bytes).toString();
    const read =
      path === registryFile ? readRegistryFile(path, text, checkUrl) : [readConnectorFile(path, text, checkUrl)];
    for (const outcome of read) {
      if ("problems" in outcome) problems.push(...outcome.problems);
      else wanted.push(outcome);
    }
  }
  return {
    wanted,
    problems,
    files: relevant.length,
    hasRegistryFile: relevant.some(({ path }) => path === registryFile),
  };
}

type Outcome = WantedConnector | { readonly problems: readonly SyncProblem[] };

function readRegistryFile(path: string, text: string, checkUrl: CheckUrl | undefined): readonly Outcome[] {
  const { document, positions, findings } = parseDefinition(text);
  if (document === undefined || findings.length > 0) {
    return [{ problems: findingsToDetails(findings).map((detail) => ({ path, ...detail })) }];
  }
  const complain = (pointer: string, message: string, hint: string, part?: "key"): SyncProblem => ({
    path,
    message,
    hint,
    ...placeOf(positions, pointer, part),
  });
  if (typeof document !== "object" || document === null || Array.isArray(document)) {
    return [{ problems: [complain("", "A registry is an object.", partsHint)] }];
  }
  const registry = document as JsonObject;
  const problems = Object.keys(registry)
    .filter((key) => !lists.some((list) => list === key))
    .map((key) => complain(extendPointer("", key), `"${key}" is not a part of a registry.`, partsHint, "key"));
  if (lists.every((key) => registry[key] === undefined)) {
    const hint = `${partsHint} To delete what it had, leave one of them empty: { "connectors": [] }.`;
    problems.push(complain("", "A registry has at least one list.", hint));
  }
  const outcomes: Outcome[] = problems.length === 0 ? [] : [{ problems }];
  for (const key of lists) {
    const list = registry[key];
    if (list === undefined) continue;
    if (!Array.isArray(list)) {
      outcomes.push({ problems: [complain(`/${key}`, `"${key}" must be a list.`, "Write [] for none.")] });
      continue;
    }
    outcomes.push({ problems: findRepeatedNames(path, `/${key}`, list, positions) });
    const composite = key === "composite_connectors";
    for (const [index, entry] of list.entries()) {
      outcomes.push(readEntry(path, entry, { pointer: `/${key}/${index}`, positions, composite }, checkUrl));
    }
  }
  return outcomes;
}

/** Names are unique among the connectors of a registry, and among its composites. */
function findRepeatedNames(
  path: string,
  list: string,
  entries: readonly unknown[],
  positions: Positions,
): readonly SyncProblem[] {
  const first = new Map<string, Place>();
  return entries.flatMap((entry, index): SyncProblem[] => {
    const name = readMember(entry, "name");
    if (name === undefined) return [];
    const place = placeOf(positions, `${list}/${index}/name`);
    const other = first.get(name);
    if (other === undefined) {
      first.set(name, place);
      return [];
    }
    const message = `The name ${JSON.stringify(name)} is also that of ${other.pointer} in line ${other.line}.`;
    return [{ path, message, hint: "Names are unique: give one of them another.", ...place }];
  });
}

interface EntrySite {
  readonly pointer: string;
  readonly positions: Positions;
  readonly composite: boolean;
}

function readEntry(
  path: string,
  entry: unknown,
  { pointer, positions, composite }: EntrySite,
  checkUrl: CheckUrl | undefined,
): Outcome {
  const outcome = readConnector(path, JSON.stringify(entry), pointer, checkUrl);
  if ("problems" in outcome) {
    return { problems: outcome.problems.map((problem) => ({ ...problem, ...positions.find(problem.pointer) })) };
  }
  const name = readMember(entry, "permalink") === undefined ? readMember(entry, "name") : undefined;
  const place = placeOf(positions, name === undefined ? `${pointer}/permalink` : `${pointer}/name`);
  return { ...outcome, path, place, composite, ...(name !== undefined && { derivedFrom: name }) };
}

function readConnectorFile(path: string, text: string, checkUrl: CheckUrl | undefined): Outcome {
  const outcome = readConnector(path, text, "", checkUrl);
  if ("problems" in outcome) return outcome;
  const { positions } = parseDefinition(text);
  const place = placeOf(positions, "/name");
  return { ...outcome, path, place, composite: false, versionPlace: placeOf(positions, "/version") };
}

type ReadConnector = Pick<WantedConnector, "name" | "definition" | "digest" | "version">;

function readConnector(
  path: string,
  text: string,
  prefix: string,
  checkUrl: CheckUrl | undefined,
): ReadConnector | { readonly problems: readonly SyncProblem[] } {
  try {
    const { document, definition, positions } = readDefinition(text);
    const addresses = checkUrl === undefined ? [] : checkAddresses(document, positions, checkUrl);
    const findings = [...lintDefinition(document as never, positions), ...addresses];
    const errors = findings.filter(({ severity }) => severity === "error");
    if (errors.length > 0) {
      return {
        problems: findingsToDetails(errors).map((detail) => ({ path, ...detail, pointer: prefix + detail.pointer })),
      };
    }
    const { version, ...unversioned } = definition;
    const versioned = Object.hasOwn(document as object, "version");
    return {
      name: definition.name,
      definition: definition as unknown as JsonObject,
      // Where the format has no versions, the version must not make a difference.
      digest: digestDefinition((versioned ? definition : { ...unversioned, version: "0.0.0" }) as typeof definition),
      ...(versioned && { version }),
    };
  } catch (error) {
    return { problems: toProblems(path, prefix, error) };
  }
}

function toProblems(path: string, prefix: string, error: unknown): readonly SyncProblem[] {
  if (!(error instanceof ConnectorError)) throw error;
  const { hint } = error;
  if (error.details.length === 0) {
    return [{ path, pointer: prefix, message: error.message, ...(hint !== undefined && { hint }) }];
  }
  return error.details.map((detail) => ({ path, ...detail, pointer: prefix + detail.pointer }));
}

const placeOf = (positions: Positions, pointer: string, part?: "key"): Place => ({
  pointer,
  ...positions.find(pointer, part),
});

function readMember(value: unknown, name: string): string | undefined {
  const member = typeof value === "object" && value !== null ? (value as JsonObject)[name] : undefined;
  return typeof member === "string" ? member : undefined;
}
