import type { ProblemDetail } from "@junctor/contract";
import type { ConnectorVersionRecord, JsonObject } from "@junctor/core";

/** One connector as the repository has it. */
export interface WantedConnector {
  readonly path: string;
  readonly name: string;
  /** Undefined where the format has no versions: each change is then a patch of the last one. */
  readonly version?: string;
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
 * Compares a repository with what the workspace has. A connector belongs to the repository that created it
 * (`reference`); one that belongs to somebody else is a clash, never an update. Pure.
 */
export function planSync(
  reference: string,
  current: readonly ConnectorVersionRecord[],
  wanted: readonly WantedConnector[],
): SyncPlan {
  const byName = new Map(current.map((record) => [record.name, record]));
  const seen = new Map<string, string>();
  const plan = {
    create: [] as PlannedVersion[],
    update: [] as PlannedVersion[],
    unchanged: [] as string[],
    problems: [] as SyncProblem[],
  };
  for (const connector of wanted) {
    const { name, path } = connector;
    const other = seen.get(name);
    if (other !== undefined) {
      plan.problems.push(
        problem(path, `The connector "${name}" is also defined in ${other}.`, "Give one of them another name."),
      );
      continue;
    }
    seen.set(name, path);
    const existing = byName.get(name);
    if (existing === undefined) plan.create.push(planned(connector, connector.version ?? "0.0.0"));
    else if (!belongsTo(existing, reference)) {
      const hint = "Rename it in the repository, or delete the other one first.";
      plan.problems.push(
        problem(path, `The workspace has a connector "${name}" that is not from this repository.`, hint),
      );
    } else if (existing.digest === connector.digest) plan.unchanged.push(name);
    else if (connector.version === existing.version) {
      const message = `The connector "${name}" changed, but its version is still ${existing.version}.`;
      plan.problems.push({
        ...problem(path, message, "Published versions never change: raise `version`."),
        pointer: "/version",
      });
    } else {
      const version = connector.version ?? nextPatch(existing.version);
      plan.update.push({ ...planned(connector, version), from: existing.version });
    }
  }
  const remove = current
    .filter((record) => belongsTo(record, reference) && !seen.has(record.name))
    .map(({ name }) => name);
  return { ...plan, remove };
}

const belongsTo = ({ source }: ConnectorVersionRecord, reference: string): boolean =>
  source.kind === "repository" && source.reference === reference;

const problem = (path: string, message: string, hint: string): SyncProblem => ({ path, pointer: "", message, hint });

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
