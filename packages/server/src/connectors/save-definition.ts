import type { DefinitionChange, Finding as ShownFinding } from "@junctor/contract";
import {
  ConnectorError,
  type ConnectorSource,
  type ConnectorStore,
  type ConnectorVersionRecord,
  checkDefinition,
  checkVersionStep,
  diffDefinitions,
  digestDefinition,
  findingsToDetails,
  type JsonObject,
  lintDefinition,
  readDefinition,
  versionStep,
} from "@junctor/core";
import { type CheckUrl, checkAddresses } from "./check-addresses.ts";
import { showFinding } from "./show-finding.ts";

/** The canonical form of a definition. */
type Definition = ReturnType<typeof readDefinition>["definition"];

/** A definition to be saved. */
export interface DefinitionToSave {
  readonly workspaceId: string;
  /** The definition as its author wrote it. */
  readonly text: string;
  readonly publish: boolean;
  readonly source: ConnectorSource;
  /** The outbound policy, against which written addresses are held; without it they are not. */
  readonly checkUrl?: CheckUrl;
}

/** What was saved, and what there is to say about it. */
export interface SavedDefinition {
  readonly record: ConnectorVersionRecord;
  readonly findings: readonly ShownFinding[];
  /** Differences from the highest published version below it. */
  readonly changes: readonly DefinitionChange[];
}

/**
 * Saves a definition as a draft under its own name and version, and publishes it if that is wished. A draft may have
 * lint errors, a published version may not; nothing is saved when publishing would be refused.
 */
export async function saveDefinition(store: ConnectorStore, wish: DefinitionToSave): Promise<SavedDefinition> {
  const { document, positions, definition } = readDefinition(wish.text);
  const findings = [
    ...lintDefinition(document as unknown as Definition, positions),
    ...(wish.checkUrl === undefined ? [] : checkAddresses(document, positions, wish.checkUrl)),
  ];
  if (wish.publish) refuseErrors(findings);
  const current = await store.latest(wish.workspaceId, definition.name, { drafts: true });
  if (current !== undefined && !wish.source.locked) refuseLocked(current);
  const draft: ConnectorVersionRecord = {
    workspaceId: wish.workspaceId,
    name: definition.name,
    version: definition.version,
    state: "draft",
    definition: definition as unknown as JsonObject,
    digest: digestDefinition(definition),
    source: wish.source,
    createdAt: new Date().toISOString(),
    publishedAt: null,
  };
  const before = await findPublishedBelow(store, draft);
  if (wish.publish && before !== undefined) checkVersionStep(asDefinition(before), asDefinition(draft));
  await store.saveDraft(draft);
  const record = wish.publish ? await publishDraft(store, draft) : draft;
  const changes = before === undefined ? [] : diffDefinitions(asDefinition(before), definition).changes;
  return { record, findings: findings.map(showFinding), changes };
}

/** Makes a draft immutable, if it has no lint error and its version is far enough from the published one below it. */
export async function publishVersion(
  store: ConnectorStore,
  draft: ConnectorVersionRecord,
): Promise<ConnectorVersionRecord> {
  refuseLocked(draft);
  if (draft.state === "published") throw alreadyPublished(draft);
  // It may have been saved before the format became stricter.
  refuseErrors(lintDefinition(checkDefinition(draft.definition)));
  const before = await findPublishedBelow(store, draft);
  if (before !== undefined) checkVersionStep(asDefinition(before), asDefinition(draft));
  return publishDraft(store, draft);
}

/** Refuses to change by hand what a repository manages (RESOURCE_LOCKED). */
export function refuseLocked({ name, source }: ConnectorVersionRecord): void {
  if (!source.locked) return;
  throw new ConnectorError("RESOURCE_LOCKED", `${name} is managed by ${source.reference ?? "a repository"}.`, {
    hint: "Change it there.",
  });
}

async function publishDraft(store: ConnectorStore, draft: ConnectorVersionRecord): Promise<ConnectorVersionRecord> {
  const { workspaceId, name, version } = draft;
  const published = await store.publish(workspaceId, name, version, new Date().toISOString());
  if (published === undefined) throw alreadyPublished(draft);
  return published;
}

const asDefinition = ({ definition }: ConnectorVersionRecord): Definition => definition as unknown as Definition;

function refuseErrors(findings: ReturnType<typeof lintDefinition>): void {
  const errors = findings.filter(({ severity }) => severity === "error");
  const [first] = errors;
  if (first === undefined) return;
  throw new ConnectorError("DEFINITION_INVALID", `Lint refuses it: ${first.message} (${first.rule})`, {
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    details: findingsToDetails(errors),
  });
}

/** The published version that callers of the new one come from. */
async function findPublishedBelow(
  store: ConnectorStore,
  { workspaceId, name, version }: ConnectorVersionRecord,
): Promise<ConnectorVersionRecord | undefined> {
  const versions = await store.versions(workspaceId, name);
  // Versions come highest first.
  return versions.find((one) => one.state === "published" && versionStep(one.version, version) !== null);
}

function alreadyPublished({ name, version }: ConnectorVersionRecord): ConnectorError {
  return new ConnectorError("VERSION_PUBLISHED", `${name} ${version} is published already.`, {
    hint: "Save the definition under a higher version.",
  });
}
