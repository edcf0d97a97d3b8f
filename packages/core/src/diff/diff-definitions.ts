import type { Action, ConnectorDefinition, ErrorRule, ShortConnector, Trigger } from "@junctor/sdk";
import { normalizeDefinition } from "../definition/normalize-definition.ts";
import {
  type DefinitionChange,
  type DefinitionChangeKind,
  isEqual,
  type Report,
  stepOf,
  type VersionStep,
} from "./change.ts";
import { compareSchemas, type SharedSchemas } from "./compare-schemas.ts";
import { diffConnections } from "./diff-connection.ts";
import { diffErrors, diffMembers, diffNamed } from "./diff-settings.ts";

/** What changed between two versions of a connector. */
export interface DefinitionDiff {
  /** The worst first; within a kind in the order of the document. */
  readonly changes: readonly DefinitionChange[];
  /** The step that the changes ask for at least; null when nothing changed. */
  readonly step: VersionStep | null;
}

/**
 * Compares two valid definitions and says for each change whether it is breaking, behavioural, additive or cosmetic
 * (definition 12). Schemas are compared by what they accept, not by their text; references are followed.
 */
export const diffDefinitions = (
  before: ConnectorDefinition | ShortConnector,
  after: ConnectorDefinition | ShortConnector,
): DefinitionDiff => {
  const [old, now] = [normalizeDefinition(before), normalizeDefinition(after)];
  const changes: DefinitionChange[] = [];
  const report: Report = (kind, pointer, message) => {
    changes.push({ kind, pointer, message });
  };
  const shared: SharedSchemas = { before: old.$defs, after: now.$defs };
  if (old.name !== now.name) report("breaking", "/name", `The connector is called ${now.name} now`);
  diffConnections(old, now, shared, report);
  diffDefaults(old, now, report);
  diffNamed(old.actions ?? {}, now.actions ?? {}, "/actions", "Action", report, (one, other, pointer) =>
    diffAction(one, other, pointer, shared, report),
  );
  diffNamed(old.triggers ?? {}, now.triggers ?? {}, "/triggers", "Trigger", report, (one, other, pointer) =>
    diffTrigger(one, other, pointer, shared, report),
  );
  diffMembers(old, now, "", HANDLED, report);
  changes.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
  const worst = changes[0];
  return { changes, step: worst === undefined ? null : stepOf[worst.kind] };
};

const ORDER: readonly DefinitionChangeKind[] = ["breaking", "behavioural", "additive", "cosmetic"];

/** `$defs` count where they are referred to. */
const HANDLED: ReadonlySet<string> = new Set([
  "name",
  "version",
  "connection",
  "defaults",
  "actions",
  "triggers",
  "$defs",
]);

const diffDefaults = (before: ConnectorDefinition, after: ConnectorDefinition, report: Report): void => {
  const [old, now] = [before.defaults ?? {}, after.defaults ?? {}];
  diffErrors(old.errors ?? [], now.errors ?? [], "/defaults/errors", report);
  diffMembers(old, now, "/defaults", new Set(["errors"]), report);
};

const ACTION_HANDLED: ReadonlySet<string> = new Set(["input", "output", "errors", "hidden", "steps"]);

const errorsOf = (action: Action): readonly ErrorRule[] => [
  ...(action.errors ?? []),
  ...(action.steps ?? []).flatMap((step) => (step.request === undefined ? [] : (step.errors ?? []))),
];

const diffAction = (before: Action, after: Action, pointer: string, shared: SharedSchemas, report: Report): void => {
  diffHidden(before, after, pointer, report);
  compareSchemas(before.input, after.input, `${pointer}/input`, { shared, direction: "input", closed: true, report });
  diffOutput(before, after, pointer, shared, report);
  diffErrors(errorsOf(before), errorsOf(after), `${pointer}/errors`, report);
  const steps = (action: Action): unknown =>
    action.steps?.map((step) => (step.request === undefined ? step : { ...step, errors: undefined }));
  if (!isEqual(steps(before), steps(after))) report("behavioural", `${pointer}/steps`, "steps changed");
  diffMembers(before, after, pointer, ACTION_HANDLED, report);
};

/** Who is hidden is there for the connector itself only, which is as good as gone. */
const diffHidden = (
  before: { readonly hidden?: boolean },
  after: { readonly hidden?: boolean },
  pointer: string,
  report: Report,
): void => {
  if (Boolean(before.hidden) === Boolean(after.hidden)) return;
  if (after.hidden === true) report("breaking", `${pointer}/hidden`, "This is hidden from callers now");
  else report("additive", `${pointer}/hidden`, "This is offered to callers now");
};

/** No output schema promises nothing, so one that comes only adds a promise, unless it removes members. */
const diffOutput = (
  before: Pick<Action, "output">,
  after: Pick<Action, "output">,
  pointer: string,
  shared: SharedSchemas,
  report: Report,
): void => {
  const at = `${pointer}/output`;
  if (before.output !== undefined && after.output === undefined) {
    report("breaking", at, "The output is no longer declared");
  } else if (before.output === undefined && after.output !== undefined) {
    const closes = JSON.stringify(after.output).includes('"additionalProperties":false');
    report(
      closes ? "breaking" : "additive",
      at,
      closes ? "Undeclared members are removed from the output now" : "The output is declared now",
    );
  } else compareSchemas(before.output, after.output, at, { shared, direction: "output", closed: false, report });
};

const TRIGGER_HANDLED: ReadonlySet<string> = new Set(["input", "output", "hidden", "dedupe"]);

const diffTrigger = (before: Trigger, after: Trigger, pointer: string, shared: SharedSchemas, report: Report): void => {
  diffHidden(before, after, pointer, report);
  compareSchemas(before.input, after.input, `${pointer}/input`, { shared, direction: "input", closed: true, report });
  diffOutput(before, after, pointer, shared, report);
  if (before.dedupe !== after.dedupe) {
    report("breaking", `${pointer}/dedupe`, "dedupe changed: events that were delivered count as new");
  }
  diffMembers(before, after, pointer, TRIGGER_HANDLED, report);
};
