import { type Template, type TemplateAnalysis, TemplateError } from "@junctor/jinja";
import type { ConnectorDefinition } from "@junctor/sdk";
import { listDeclaredNames, listSecretNames } from "../definition/declared-names.ts";
import { definitionEnvironment, gainsightEnvironment } from "../templates/environment.ts";
import { listRequests, type RequestSite } from "./list-requests.ts";
import { listSchemas, type SchemaSite } from "./list-schemas.ts";
import { listTemplates } from "./list-templates.ts";
import type { SiteOwner, TemplateSite } from "./template-site.ts";

/** A template site whose source was parsed. */
export interface AnalysedSite extends TemplateSite {
  readonly kind: Template["kind"];
  readonly analysis: TemplateAnalysis;
}

/** A template that does not parse. */
export interface BrokenSite extends TemplateSite {
  /** `unknown-name` when it only names a filter or test that does not exist. */
  readonly reason: "syntax" | "unknown-name";
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** What rules read: the definition, and its parts listed once. */
export interface LintContext {
  readonly definition: ConnectorDefinition;
  /** Every string in which a template may stand, literals included. */
  readonly strings: readonly TemplateSite[];
  /** Those that are templates and parse. */
  readonly templates: readonly AnalysedSite[];
  readonly brokenTemplates: readonly BrokenSite[];
  /** Templates of one action, trigger or other owner. */
  readonly templatesOf: (kind: SiteOwner["kind"], name: string) => readonly AnalysedSite[];
  readonly schemas: readonly SchemaSite[];
  readonly requests: readonly RequestSite[];
  /** Names under `connection`; null where any may be read. */
  readonly connectionNames: ReadonlySet<string> | null;
  /** Parameters of the connection that are secret. */
  readonly secretParameters: ReadonlySet<string>;
  /** Functions and globals of templates. */
  readonly functions: ReadonlySet<string>;
  /** Whether the rules of another system hold (`compat`). */
  readonly compat: boolean;
}

/** Reads a definition once for all rules. */
export const createLintContext = (definition: ConnectorDefinition): LintContext => {
  const compat = definition.compat !== undefined;
  const { environment, functions } = compat ? gainsightEnvironment() : definitionEnvironment();
  const strings = listTemplates(definition);
  const templates: AnalysedSite[] = [];
  const brokenTemplates: BrokenSite[] = [];
  for (const site of strings) {
    if (!/\{\{|\{%|\{#/.test(site.source)) continue;
    try {
      const { kind, analysis } = environment.compile(site.source, { name: site.pointer });
      templates.push({ ...site, kind, analysis });
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const reason = error.type === "TemplateAssertionError" ? "unknown-name" : "syntax";
      brokenTemplates.push({
        ...site,
        reason,
        message: error.message,
        line: error.line ?? 1,
        column: error.column ?? 1,
      });
    }
  }
  const byOwner = Map.groupBy(templates, ({ owner }) => `${owner.kind} ${owner.name}`);
  return {
    definition,
    strings,
    templates,
    brokenTemplates,
    templatesOf: (kind, name) => byOwner.get(`${kind} ${name}`) ?? [],
    schemas: listSchemas(definition),
    requests: listRequests(definition),
    connectionNames: listConnectionNames(definition),
    secretParameters: new Set(
      [
        definition.connection?.parameters,
        ...(definition.connection?.auth ?? []).map((method) => method.parameters),
      ].flatMap((schema) => [...listSecretNames(schema, definition.$defs)]),
    ),
    functions,
    compat,
  };
};

const listConnectionNames = (definition: ConnectorDefinition): ReadonlySet<string> | null => {
  const auth = definition.connection?.auth ?? [];
  const names = new Set<string>();
  for (const schema of [definition.connection?.parameters, ...auth.map((method) => method.parameters)]) {
    const declared = listDeclaredNames(schema, definition.$defs);
    if (declared === null) return null;
    for (const name of declared) names.add(name);
  }
  const environments = typeof definition.baseUrl === "object" ? Object.values(definition.baseUrl) : [];
  for (const { values } of environments) for (const name of Object.keys(values ?? {})) names.add(name);
  for (const method of auth) {
    if (method.type !== "oauth2" && method.type !== "session") continue;
    for (const name of Object.keys(method.token?.values ?? {})) names.add(name);
  }
  return names;
};
