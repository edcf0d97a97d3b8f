import type { ProblemDetail } from "@junctor/contract";
import { type ConnectorVersionRecord, type JsonObject, versionStep } from "@junctor/core";

/** A place in a file of the repository; line and column count from 1. */
export interface Place {
  readonly pointer: string;
  readonly line?: number;
  readonly column?: number;
}

/** One connector as the repository has it. */
export interface WantedConnector {
  readonly path: string;
  /** Where its name is said, or would be. */
  readonly place: Place;
  readonly name: string;
  /** The words of which the name was made, where the definition does not say it. */
  readonly derivedFrom?: string;
  /** Whether it is a composite of the registry file. */
  readonly composite: boolean;
  /** Undefined where the format has no versions: each change is then a patch of the last one. */
  readonly version?: string;
  readonly versionPlace?: Place;
  readonly definition: JsonObject;
  readonly digest: string;
}

/** What a sync would do. Nothing is done unless `problems` is empty. */
export interface SyncPlan {
  readonly create: readonly PlannedVersion[];
  readonly update: readonly PlannedVersion[];
  readonly remove: readonly string[];
  readonly unchanged: readonly string[];
  readonly problems: readonly SyncProblem[];
}
export interface PlannedVersion {
  readonly name: string;
  readonly version: string;
  readonly path: string;
  readonly definition: JsonObject;
  readonly digest: string;
  /** The version it takes the place of. */
  readonly from?: string;
}
export interface SyncProblem extends ProblemDetail {
  readonly path: string;
}

/**
 * Compares a repository with what the workspace has: `current`, the highest version of each connector. A connector belongs to
 * the repository that created it (`reference`); one that belongs to somebody else is a clash, never an update. `edited` names
 * those that somebody changed by hand while the repository was not registered: they are somebody else's by now. Pure.
 */
export function planSync(
  reference: string,
  current: readonly ConnectorVersionRecord[],
  wanted: readonly WantedConnector[],
  edited: ReadonlySet<string> = new Set(),
): SyncPlan {
  const byName = new Map(current.map((record) => [record.name, record]));
  const seen = new Map<string, WantedConnector>();
  const plan = {
    create: [] as PlannedVersion[],
    update: [] as PlannedVersion[],
    unchanged: [] as string[],
    problems: [] as SyncProblem[],
  };
  for (const connector of wanted) {
    const { name } = connector;
    const other = seen.get(name);
    if (other !== undefined) {
      plan.problems.push(describeClash(connector, other));
      continue;
    }
    seen.set(name, connector);
    const existing = byName.get(name);
    if (existing === undefined) plan.create.push(planned(connector, connector.version ?? "0.0.0"));
    else if (!belongsTo(existing, reference) || edited.has(name)) {
      plan.problems.push(describeForeign(connector, edited.has(name)));
    } else if (existing.digest === connector.digest) plan.unchanged.push(name);
    else if (connector.version !== undefined && versionStep(existing.version, connector.version) === null) {
      plan.problems.push(describeStep(connector, connector.version, existing.version));
    } else {
      const version = connector.version ?? nextPatch(existing.version);
      plan.update.push({ ...planned(connector, version), from: existing.version });
    }
  }
  const remove = current
    .filter((record) => belongsTo(record, reference) && record.source.locked && !seen.has(record.name))
    .map(({ name }) => name);
  return { ...plan, remove };
}

/**
 * Refuses to delete because a file is not there: a wrong branch or folder looks the same as a wish to delete. Only a registry
 * file that lists nothing is such a wish, and connectors of our own layout as long as others are left.
 */
export function refuseVanished(
  { remove }: Pick<SyncPlan, "remove">,
  content: { readonly hasRegistryFile: boolean; readonly files: number },
  hadRegistryFile: boolean,
): readonly SyncProblem[] {
  if (remove.length === 0 || content.hasRegistryFile || (content.files > 0 && !hadRegistryFile)) return [];
  const what = content.files > 0 ? "There is no connectors_registry.json any more" : "There is no definition file";
  const message = `${what}: ${remove.length === 1 ? "a connector" : `${remove.length} connectors`} would be deleted.`;
  const hint =
    'Check the branch and the folder. To delete them, keep the file with an empty list: { "connectors": [] }.';
  return [{ path: "connectors_registry.json", pointer: "", message, hint }];
}

const belongsTo = ({ source }: ConnectorVersionRecord, reference: string): boolean =>
  source.kind === "repository" && source.reference === reference;

const problem = ({ path, place }: WantedConnector, message: string, hint: string): SyncProblem => ({
  path,
  ...place,
  message,
  hint,
});

function describeClash(connector: WantedConnector, other: WantedConnector): SyncProblem {
  const { name, derivedFrom } = connector;
  const where = other.place.line === undefined ? other.path : `${other.path}, line ${other.place.line}`;
  if (connector.composite !== other.composite && connector.path === other.path) {
    const message = `A composite and a plain connector share the permalink "${name}"; the other one is in ${where}.`;
    const hint =
      "Here both have one namespace, as policies and connections name a connector by it. Rename one of them.";
    return problem(connector, message, hint);
  }
  if (derivedFrom !== undefined) {
    const message = `The permalink "${name}", made of the name ${JSON.stringify(derivedFrom)}, is also that of ${where}.`;
    return problem(
      connector,
      message,
      "Write a `permalink`: one that is made keeps only the ASCII letters and digits.",
    );
  }
  return problem(connector, `The connector "${name}" is also defined in ${where}.`, "Give one of them another name.");
}

function describeForeign(connector: WantedConnector, edited: boolean): SyncProblem {
  const message = edited
    ? `The connector "${connector.name}" was changed by hand since the repository was removed.`
    : `The workspace has a connector "${connector.name}" that is not from this repository.`;
  return problem(connector, message, "Rename it in the repository, or delete the other one first.");
}

/** Published versions are immutable and the highest one is live, so neither the same nor a lower one can be taken over. */
function describeStep(connector: WantedConnector, version: string, existing: string): SyncProblem {
  const at = connector.versionPlace ?? connector.place;
  if (version === existing) {
    const message = `The connector "${connector.name}" changed, but its version is still ${existing}.`;
    return { ...problem(connector, message, "Published versions never change: raise `version`."), ...at };
  }
  const message = `The connector "${connector.name}" goes back to ${version}, but ${existing} is published and stays live.`;
  const hint = `Published versions never change, and the highest is live. To take a change back, publish the old content as ${nextPatch(existing)}.`;
  return { ...problem(connector, message, hint), ...at };
}

const planned = ({ name, path, definition, digest }: WantedConnector, version: string): PlannedVersion => ({
  name,
  version,
  path,
  definition: { ...definition, version },
  digest,
});

/** `1.4.2` → `1.4.3`; a pre-release or build part is dropped. */
function nextPatch(version: string): string {
  const [major = "0", minor = "0", patch = "0"] = version.split(/[-+]/)[0]?.split(".") ?? [];
  return `${major}.${minor}.${Number(patch) + 1}`;
}
