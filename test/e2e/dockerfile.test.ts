import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** No container engine is needed: what matters can be read. */
const root = join(import.meta.dirname, "../..");
const text = readFileSync(join(root, "Dockerfile"), "utf8").replaceAll(/\\\n\s*/g, "");
const instructions = text
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => ({ name: line.split(" ")[0] ?? "", rest: line.slice(line.indexOf(" ") + 1) }));
const named = (name: string) => instructions.filter((one) => one.name === name).map((one) => one.rest);
const lastStage = instructions.slice(instructions.findLastIndex(({ name }) => name === "FROM"));

describe("the Dockerfile", () => {
  it("builds on the Node version that the repository pins", () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
      devDependencies: { node: string };
    };
    expect(named("FROM").length).toBe(2);
    for (const image of named("FROM")) expect(image).toMatch(`node:${manifest.devDependencies.node}-`);
  });

  it("runs as a user without rights, which owns nothing but the data folder", () => {
    const order = lastStage.map(({ name }) => name);
    expect(lastStage.find(({ name }) => name === "USER")?.rest).toBe("node");
    expect(order.indexOf("USER")).toBeLessThan(order.indexOf("CMD"));
    expect(order.slice(order.indexOf("USER"))).not.toContain("RUN");
    expect(lastStage.filter(({ name, rest }) => name === "COPY" && rest.includes("--chown"))).toEqual([]);
  });

  it("copies only what exists and what .dockerignore lets through", () => {
    const allowed = readFileSync(join(root, ".dockerignore"), "utf8")
      .split("\n")
      .filter((line) => line.startsWith("!"))
      .map((line) => line.slice(1));
    const sources = named("COPY")
      .filter((rest) => !rest.startsWith("--from"))
      .flatMap((rest) => rest.split(" ").slice(0, -1));
    expect(sources.filter((source) => !existsSync(join(root, source)))).toEqual([]);
    expect(sources.filter((source) => !allowed.includes(source))).toEqual([]);
  });

  it("starts a file that exists, directly, so that SIGTERM reaches the server", () => {
    const command = JSON.parse(named("CMD").at(-1) ?? "[]") as string[];
    expect(command[0]).toBe("node");
    expect(command.slice(2)).toEqual(["packages/cli/src/main.ts", "serve"]);
    expect(existsSync(join(root, command[2] ?? ""))).toBe(true);
  });

  it("holds no secret", () => {
    expect(text.match(/ENV .*(KEY|SECRET|TOKEN|PASSWORD)/)).toBeNull();
    expect(named("ARG")).toEqual([]);
  });
});
