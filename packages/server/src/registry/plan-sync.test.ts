import type { ConnectorVersionRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { planSync, type WantedConnector } from "./plan-sync.ts";

const mine = "repository:r1";
const record = (
  name: string,
  version: string,
  digest: string,
  reference: string | null = mine,
): ConnectorVersionRecord => ({
  workspaceId: "w",
  name,
  version,
  state: "published",
  definition: { name },
  digest,
  source: reference === null ? { kind: "api", locked: false } : { kind: "repository", reference, locked: true },
  createdAt: "",
  publishedAt: "",
});
const want = (name: string, digest: string, version?: string, path = `${name}.json`): WantedConnector => ({
  name,
  path,
  digest,
  definition: { name },
  ...(version === undefined ? {} : { version }),
});

describe("a sync", () => {
  const table: readonly [
    name: string,
    current: readonly ConnectorVersionRecord[],
    wanted: readonly WantedConnector[],
    expected: { create?: string[]; update?: string[]; remove?: string[]; unchanged?: string[]; problems?: string[] },
  ][] = [
    ["creates what is new", [], [want("a", "1", "1.0.0"), want("b", "1")], { create: ["a@1.0.0", "b@0.0.0"] }],
    ["leaves what is the same", [record("a", "1.0.0", "1")], [want("a", "1", "1.0.0")], { unchanged: ["a"] }],
    ["updates to the stated version", [record("a", "1.0.0", "1")], [want("a", "2", "1.1.0")], { update: ["a@1.1.0"] }],
    [
      "counts patches where the format has no versions",
      [record("a", "0.0.9", "1")],
      [want("a", "2")],
      { update: ["a@0.0.10"] },
    ],
    ["removes what is gone", [record("a", "1.0.0", "1")], [], { remove: ["a"] }],
    [
      "removes nothing of others",
      [record("a", "1.0.0", "1", null), record("b", "1.0.0", "1", "repository:r2")],
      [],
      {},
    ],
    [
      "refuses a change without a new version",
      [record("a", "1.0.0", "1")],
      [want("a", "2", "1.0.0")],
      { problems: ["a.json"] },
    ],
    [
      "refuses a name that somebody made by hand",
      [record("a", "1.0.0", "1", null)],
      [want("a", "2")],
      { problems: ["a.json"] },
    ],
    [
      "refuses a name of another repository",
      [record("a", "1.0.0", "1", "repository:r2")],
      [want("a", "1")],
      { problems: ["a.json"] },
    ],
    [
      "refuses a name that comes twice",
      [],
      [want("a", "1"), want("a", "2", undefined, "x/a.json")],
      { create: ["a@0.0.0"], problems: ["x/a.json"] },
    ],
  ];
  it.each(table)("%s", (_name, current, wanted, expected) => {
    const plan = planSync(mine, current, wanted);
    const versions = (list: typeof plan.create) => list.map(({ name, version }) => `${name}@${version}`);
    expect({
      create: versions(plan.create),
      update: versions(plan.update),
      remove: plan.remove,
      unchanged: plan.unchanged,
      problems: plan.problems.map(({ path }) => path),
    }).toEqual({ create: [], update: [], remove: [], unchanged: [], problems: [], ...expected });
  });
});
