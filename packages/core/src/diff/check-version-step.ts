import type { ConnectorDefinition } from "@junctor/sdk";
import semver from "semver";
import { ConnectorError } from "../errors/connector-error.ts";
import { type DefinitionChange, stepOf, type VersionStep } from "./change.ts";
import { type DefinitionDiff, diffDefinitions } from "./diff-definitions.ts";

const SIZE: Readonly<Record<VersionStep, number>> = { patch: 1, minor: 2, major: 3 };

/**
 * Tells which part of the version number grew; null when the version did not grow, or when one of them is no semantic version
 * that can be compared: numbers above 2^53, which were taken once, come after nothing and before nothing.
 */
export const versionStep = (before: string, after: string): VersionStep | null => {
  const from = semver.parse(before);
  const to = semver.parse(after);
  if (from === null || to === null || semver.compare(to, from) <= 0) return null;
  if (to.major > from.major) return "major";
  return to.minor > from.minor ? "minor" : "patch";
};

/**
 * Refuses to publish `after` as the successor of `before` when its version does not grow, or grows by a smaller step than its
 * changes ask for: VERSION_STEP_TOO_SMALL, with each change that asks for more as a detail. Gives the diff otherwise.
 */
export const checkVersionStep = (before: ConnectorDefinition, after: ConnectorDefinition): DefinitionDiff => {
  const diff = diffDefinitions(before, after);
  const taken = versionStep(before.version, after.version);
  if (taken === null) {
    throw new ConnectorError(
      "VERSION_STEP_TOO_SMALL",
      `Version ${after.version} does not come after ${before.version}, which is published`,
      { hint: `Use ${nextVersion(before.version, diff.step ?? "patch")}` },
    );
  }
  const large = diff.changes.filter(({ kind }) => SIZE[stepOf[kind]] > SIZE[taken]);
  if (diff.step === null || large.length === 0) return diff;
  throw tooSmall(before.version, after.version, diff.step, large);
};

const nextVersion = (before: string, step: VersionStep): string =>
  semver.inc(before, step) ?? "a version of three numbers of at most 15 digits";

const tooSmall = (
  before: string,
  after: string,
  needed: VersionStep,
  changes: readonly DefinitionChange[],
): ConnectorError =>
  new ConnectorError(
    "VERSION_STEP_TOO_SMALL",
    `From ${before} to ${after} is too small a step for ${changes.length === 1 ? "this change" : `these ${changes.length} changes`}: ${changes[0]?.message ?? ""}`,
    {
      hint: `Use ${nextVersion(before, needed)}, or take the ${changes[0]?.kind} changes back`,
      details: changes.map(({ pointer, message, kind }) => ({
        pointer,
        message,
        hint: `This is ${kind} and needs a ${stepOf[kind]} step`,
      })),
    },
  );
