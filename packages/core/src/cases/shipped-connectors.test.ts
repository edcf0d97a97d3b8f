import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { CaseFile } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { readDefinition } from "../definition/validate-definition.ts";
import { lintText } from "../lint/lint-definition.ts";
import { type NamedCaseFile, runCases, validateCaseFile } from "./run-cases.ts";

const root = fileURLToPath(new URL("../../../../connectors", import.meta.url));
const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

const readText = (path: string): string => readFileSync(`${root}/${path}`, "utf8");

const readCases = (folder: string): readonly NamedCaseFile[] =>
  readdirSync(`${root}/${folder}/cases`).map((name) => ({
    name,
    file: JSON.parse(readText(`${folder}/cases/${name}`)) as CaseFile,
  }));

describe.each(folders)("connectors/%s", (folder) => {
  it("has what a folder needs", () => {
    for (const file of ["connector.json", "README.md", "icon.svg"])
      expect(existsSync(`${root}/${folder}/${file}`)).toBe(true);
  });

  it("is called like its folder", () => {
    expect(readDefinition(readText(`${folder}/connector.json`)).definition.name).toBe(folder);
  });

  it("passes lint without errors and warnings", () => {
    const { findings } = lintText(readText(`${folder}/connector.json`));
    expect(findings.filter(({ severity }) => severity !== "info")).toEqual([]);
  });

  it("has a case for each action, in valid files", () => {
    const { definition } = readDefinition(readText(`${folder}/connector.json`));
    const cases = readCases(folder);
    for (const { file } of cases) expect(validateCaseFile(file)).toEqual([]);
    expect(new Set(cases.map(({ file }) => file.action))).toEqual(new Set(Object.keys(definition.actions ?? {})));
  });

  it("passes its cases", async () => {
    const { definition } = readDefinition(readText(`${folder}/connector.json`));
    const results = await runCases(definition, readCases(folder));
    expect(results.filter(({ passed }) => !passed)).toEqual([]);
    expect(results.length).toBeGreaterThan(0);
  });
});
