import type { ConnectorVersionRecord } from "@junctor/core";
import { describe, expect, it } from "vitest";
import { planSync, refuseVanished, type WantedConnector } from "./plan-sync.ts";

const mine = "repository:r1";
const record = (
  name: string,
  version: string,
  digest: string,
  reference: string | null = mine,
  locked = true,
): ConnectorVersionRecord => ({
  workspaceId: "w",
  name,
  version,
  state: "published",
  definition: { name },
  digest,
  source: reference === null ? { kind: "api", locked: false } : { kind: "repository", reference, locked },
  createdAt: "",
  publishedAt: "",
});
const want = (name: string, digest: string, version?: string, path = `${name}.json`): WantedConnector => ({
  name,
  path,
  place: { pointer: "/name", line: 2 },
  composite: false,
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
      "refuses to go back to a version, as the highest published one stays live",
      [record("a", "1.1.0", "2")],
      [want("a", "1", "1.0.0")],
      { problems: ["a.json"] },
    ],
    [
      "compares versions as versions",
      [record("a", "1.9.0", "1"), record("b", "1.0.0-rc.1", "1"), record("c", "1.0.0", "1")],
      [want("a", "2", "1.10.0"), want("b", "2", "1.0.0"), want("c", "2", "1.0.0-rc.1")],
      { update: ["a@1.10.0", "b@1.0.0"], problems: ["c.json"] },
    ],
    [
      "takes back what was unlocked when the repository was removed",
      [record("a", "1.0.0", "1", mine, false), record("b", "1.0.0", "1", mine, false)],
      [want("a", "2", "1.1.0"), want("b", "1", "1.0.0")],
      { update: ["a@1.1.0"], unchanged: ["b"] },
    ],
    ["removes nothing that was unlocked", [record("a", "1.0.0", "1", mine, false)], [], {}],
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

describe("a problem says why, where and what to do", () => {
  const entry = (name: string, more: Partial<WantedConnector> = {}): WantedConnector => ({
    ...want(name, "1", undefined, "connectors_registry.json"),
    ...more,
  });
  const at = (pointer: string, line: number) => ({ place: { pointer, line, column: 5 } });
  const explain = (current: readonly ConnectorVersionRecord[], wanted: readonly WantedConnector[], edited?: string) => {
    const [first] = planSync(mine, current, wanted, new Set(edited === undefined ? [] : [edited])).problems;
    return [first?.pointer, first?.line, `${first?.message} ${first?.hint}`];
  };

  it("going back", () => {
    const back = { ...want("own", "1", "1.0.0"), versionPlace: { pointer: "/version", line: 4, column: 3 } };
    expect(explain([record("own", "1.1.0", "2")], [back])).toEqual([
      "/version",
      4,
      'The connector "own" goes back to 1.0.0, but 1.1.0 is published and stays live. Published versions never change, and ' +
        "the highest is live. To take a change back, publish the old content as 1.1.1.",
    ]);
  });
  it("a composite and a plain connector of one permalink", () => {
    const composite = entry("a", { composite: true, ...at("/composite_connectors/0/permalink", 9) });
    expect(explain([], [entry("a", at("/connectors/0/permalink", 3)), composite])).toEqual([
      "/composite_connectors/0/permalink",
      9,
      'A composite and a plain connector share the permalink "a"; the other one is in connectors_registry.json, line 3. Here ' +
        "both have one namespace, as policies and connections name a connector by it. Rename one of them.",
    ]);
  });
  it("a permalink that was made of a name", () => {
    const first = entry("connector", at("/connectors/0/name", 3));
    const second = entry("connector", { derivedFrom: "天気", ...at("/connectors/1/name", 8) });
    expect(explain([], [first, second])).toEqual([
      "/connectors/1/name",
      8,
      'The permalink "connector", made of the name "天気", is also that of connectors_registry.json, line 3. Write a ' +
        "`permalink`: one that is made keeps only the ASCII letters and digits.",
    ]);
  });
  it("what was changed by hand while the repository was away", () => {
    const [, , words] = explain([record("a", "1.0.0", "1", mine, false)], [want("a", "1")], "a");
    expect(words).toContain("changed by hand since the repository was removed");
  });
});

describe("a file that is not there", () => {
  type Content = Parameters<typeof refuseVanished>[1];
  const table: readonly [what: string, remove: string[], content: Content, had: boolean, refused: boolean][] = [
    ["no file of either layout", ["a"], { files: 0, hasRegistryFile: false }, false, true],
    ["no registry file, where there was one", ["a"], { files: 2, hasRegistryFile: false }, true, true],
    ["none, where nothing is to be deleted", [], { files: 0, hasRegistryFile: false }, true, false],
    ["a folder of several", ["a"], { files: 2, hasRegistryFile: false }, false, false],
    ["a registry file that lists nothing", ["a", "b"], { files: 1, hasRegistryFile: true }, true, false],
  ];
  it.each(table)("%s", (_what, remove, content, had, refused) => {
    expect(refuseVanished({ remove }, content, had).length > 0).toBe(refused);
  });
});
