import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Template as HuggingFaceTemplate } from "@huggingface/jinja";
import { Environment as MiniJinja } from "minijinja-js";
import nunjucks from "nunjucks";
import { createEnvironment, parseJson } from "../../src/index.ts";

/** Is a case with what Python's Jinja2 gave. */
export interface ConformanceCase {
  readonly template: string;
  readonly autoescape?: boolean;
  readonly undefined?: "lenient" | "strict" | "chainable";
  readonly trimBlocks?: boolean;
  readonly lstripBlocks?: boolean;
  readonly expect: { readonly output?: string; readonly error?: string };
}

/** Is an engine of the comparison; `prepare` reads the context once. */
export interface ComparedEngine {
  readonly name: string;
  readonly prepare: (contextText: string) => (item: ConformanceCase) => string;
}

const require = createRequire(import.meta.url);

function version(name: string): string {
  const manifest = require.resolve(name).replace(new RegExp(`(node_modules/${name}/).*$`), "$1package.json");
  return (JSON.parse(readFileSync(manifest, "utf8")) as { version: string }).version;
}

/** Templates may change what they are given in engines without a sandbox, so each case starts from a fresh context. */
const freshContext =
  (contextText: string) =>
  (render: (item: ConformanceCase, context: Record<string, unknown>) => string) =>
  (item: ConformanceCase): string =>
    render(item, JSON.parse(contextText) as Record<string, unknown>);

const ours: ComparedEngine = {
  name: "`@junctor/jinja`",
  prepare: (contextText) => {
    const context = parseJson(contextText) as Record<string, unknown>;
    return ({ template, autoescape, undefined: mode, trimBlocks, lstripBlocks }) =>
      createEnvironment({
        autoescape: autoescape ?? false,
        undefined: mode ?? "lenient",
        trimBlocks: trimBlocks ?? false,
        lstripBlocks: lstripBlocks ?? false,
      })
        .compile(template)
        .render(context);
  },
};

const minijinja: ComparedEngine = {
  name: `minijinja-js ${version("minijinja-js")}`,
  prepare: (contextText) =>
    freshContext(contextText)((item, context) => {
      const environment = new MiniJinja();
      environment.enablePyCompat();
      environment.undefinedBehavior = item.undefined ?? "lenient";
      environment.trimBlocks = item.trimBlocks ?? false;
      environment.lstripBlocks = item.lstripBlocks ?? false;
      // The name decides about autoescape.
      const name = item.autoescape === true ? "case.html" : "case.txt";
      return environment.renderNamedStr(name, item.template, context);
    }),
};

const huggingFace: ComparedEngine = {
  name: `@huggingface/jinja ${version("@huggingface/jinja")}`,
  prepare: (contextText) =>
    freshContext(contextText)((item, context) => new HuggingFaceTemplate(item.template).render(context)),
};

const nunjucksEngine: ComparedEngine = {
  name: `nunjucks ${version("nunjucks")}`,
  prepare: (contextText) =>
    freshContext(contextText)((item, context) => {
      const environment = new nunjucks.Environment(null, {
        autoescape: item.autoescape ?? false,
        throwOnUndefined: item.undefined === "strict",
        trimBlocks: item.trimBlocks ?? false,
        lstripBlocks: item.lstripBlocks ?? false,
      });
      return environment.renderString(item.template, context);
    }),
};

/** The engines of the table. */
export const ENGINES: readonly ComparedEngine[] = [ours, minijinja, huggingFace, nunjucksEngine];
