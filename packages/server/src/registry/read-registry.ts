import {
  ConnectorError,
  digestDefinition,
  findingsToDetails,
  type JsonObject,
  lintDefinition,
  parseDefinition,
  readDefinition,
} from "@junctor/core";
import { type CheckUrl, checkAddresses } from "../connectors/check-addresses.ts";
import type { RepositoryFile } from "./fetch-repository.ts";
import type { SyncProblem, WantedConnector } from "./plan-sync.ts";

/** What a repository wants, and what is wrong in it. */
export interface RegistryContent {
  readonly wanted: readonly WantedConnector[];
  readonly problems: readonly SyncProblem[];
}

/** The file that widget communities keep at the root: `{ connectors: […], composite_connectors: […] }`. */
const registryFile = "connectors_registry.json";
/** Our own layout: a folder per connector. */
const connectorFile = /(?:^|\/)connector\.json$/;

/** Reads the connectors of a repository's files, in both layouts. Every problem is told, with its file and place. */
export function readRegistry(files: readonly RepositoryFile[], checkUrl?: CheckUrl): RegistryContent {
  const wanted: WantedConnector[] = [];
  const problems: SyncProblem[] = [];
  for (const { path, bytes } of files) {
    if (path !== registryFile && !connectorFile.test(path)) continue;
    const text = Buffer.from(bytes).toString();
    const read =
      path === registryFile ? readRegistryFile(path, text, checkUrl) : [readConnector(path, text, "", checkUrl)];
    for (const outcome of read) {
      if ("problems" in outcome) problems.push(...outcome.problems);
      else wanted.push(outcome);
    }
  }
  return { wanted, problems };
}

type Outcome = WantedConnector | { readonly problems: readonly SyncProblem[] };

function readRegistryFile(path: string, text: string, checkUrl: CheckUrl | undefined): readonly Outcome[] {
  const parsed = parseDefinition(text);
  if (parsed.document === undefined || parsed.findings.length > 0) {
    return [{ problems: findingsToDetails(parsed.findings).map((detail) => ({ path, ...detail })) }];
  }
  if (typeof parsed.document !== "object" || parsed.document === null || Array.isArray(parsed.document)) {
    const message = "A registry is an object.";
    return [{ problems: [{ path, pointer: "", message, hint: 'It has "connectors" and "composite_connectors".' }] }];
  }
  const lists = parsed.document as { readonly connectors?: unknown; readonly composite_connectors?: unknown };
  const unknown = Object.keys(parsed.document).filter((key) => key !== "connectors" && key !== "composite_connectors");
  const problems = unknown.map(
    (key): SyncProblem => ({
      path,
      pointer: `/${key}`,
      message: `"${key}" is not a part of a registry.`,
      hint: 'A registry has "connectors" and "composite_connectors".',
      ...parsed.positions.find(`/${key}`),
    }),
  );
  const outcomes: Outcome[] = problems.length === 0 ? [] : [{ problems }];
  for (const key of ["connectors", "composite_connectors"] as const) {
    const list = lists[key];
    if (list === undefined) continue;
    if (!Array.isArray(list)) {
      outcomes.push({ problems: [{ path, pointer: `/${key}`, message: `"${key}" must be a list.` }] });
      continue;
    }
    for (const [index, entry] of list.entries()) {
      const pointer = `/${key}/${index}`;
      const outcome = readConnector(path, JSON.stringify(entry), pointer, checkUrl);
      outcomes.push(
        "problems" in outcome
          ? { problems: outcome.problems.map((problem) => ({ ...problem, ...parsed.positions.find(problem.pointer) })) }
          : outcome,
      );
    }
  }
  return outcomes;
}

function readConnector(path: string, text: string, prefix: string, checkUrl: CheckUrl | undefined): Outcome {
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
      path,
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
  if (error.details.length === 0) return [{ path, pointer: prefix, message: error.message }];
  return error.details.map((detail) => ({ path, ...detail, pointer: prefix + detail.pointer }));
}
