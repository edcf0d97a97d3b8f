import { asList, asObject, equalJson, isObject, type Obj, setMember, without } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { pointer } from "../source/json-pointer.ts";
import { type SchemeForm, writeScheme } from "./auth-schemes.ts";
import { identifier } from "./names.ts";
import { isPlaceOf, requirementsOf } from "./security-requirements.ts";
import type { SourceModel, SourceOperation } from "./source-model.ts";

/** The auth methods of a definition and what they ask from whoever connects. */
export interface BuiltAuth {
  readonly methods: readonly Obj[];
  /** Parameters of the only method; with several methods each has its own. */
  readonly parameters: Obj;
  readonly required: readonly string[];
  readonly tls?: Obj;
  /** Lower-case names of headers that some method sets. */
  readonly headers: ReadonlySet<string>;
}

/** Builds the auth methods: one for each combination of schemes that some operation accepts. */
export function buildAuth(
  model: SourceModel,
  operations: readonly SourceOperation[],
  report: ImportReport,
  securityPlace: string,
): BuiltAuth {
  const schemes = asObject(asObject(model.root.components).securitySchemes);
  const combinations = requirementSets(model, operations, schemes, report, securityPlace);
  const methods: Obj[] = [];
  const forms: SchemeForm[] = [];
  const names = new Set<string>();
  let tls: Obj | undefined;
  for (const [combination, scopes] of combinations) {
    for (const form of combine(combination, schemes, scopes, report, securityPlace, model)) {
      if (form.tls !== undefined) tls = form.tls;
      const wanted = identifier(combination.join(" ")) || "auth";
      let name = names.has(wanted) ? `${wanted}_${String(form.method.grant ?? form.method.type)}` : wanted;
      for (let count = 2; names.has(name); count++) name = `${wanted}_${count}`;
      names.add(name);
      const legal = /^[A-Za-z]/.test(name) ? name : `auth${name}`;
      methods.push({ [form.method.type === "apiKey" ? "id" : "name"]: legal, ...form.method });
      forms.push(form);
    }
  }
  return { ...place(methods, forms), ...(tls === undefined ? {} : { tls }), headers: headersOf(methods) };
}

/** With one method its parameters are the connection's; with several, each keeps its own. */
function place(methods: readonly Obj[], forms: readonly SchemeForm[]): Omit<BuiltAuth, "headers" | "tls"> {
  const [only] = methods;
  if (methods.length === 1 && only !== undefined) {
    return {
      methods: [without(only, only.type === "apiKey" ? "id" : "name")],
      parameters: forms[0]?.parameters ?? {},
      required: forms[0]?.required ?? [],
    };
  }
  const own = methods.map((method, index) => {
    const form = forms[index];
    if (form === undefined || Object.keys(form.parameters).length === 0) return method;
    const parameters: Obj = { type: "object", properties: form.parameters };
    if (form.required.length > 0) parameters.required = form.required;
    return { ...method, parameters };
  });
  return { methods: own, parameters: {}, required: [] };
}

function headersOf(methods: readonly Obj[]): ReadonlySet<string> {
  const headers = new Set<string>();
  for (const method of methods) {
    if (method.type === "apiKey") {
      if (method.in === "header") headers.add(String(method.name).toLowerCase());
      if (method.in === "cookie") headers.add("cookie");
    } else if (method.type !== "none") headers.add("authorization");
    for (const name of Object.keys(asObject(asObject(method.apply).headers))) headers.add(name.toLowerCase());
  }
  return headers;
}

/** Says whether every way to sign in that an operation accepts sets a header or a query parameter. */
export function coverage(
  model: SourceModel,
  auth: BuiltAuth,
): (source: SourceOperation, location: "header" | "query", name: string) => boolean {
  const schemes = asObject(asObject(model.root.components).securitySchemes);
  return (source, location, name) => {
    const accepted = requirementsOf(model, source);
    if (source.operation.security !== undefined && accepted.length === 0) return false;
    if (accepted.length === 0)
      return location === "header"
        ? auth.methods.length === 1 && auth.headers.has(name.toLowerCase())
        : auth.methods.length === 1 && auth.methods[0]?.in === "query" && auth.methods[0].name === name;
    return accepted.every((alternative) =>
      Object.keys(alternative).some(
        (scheme) => isObject(schemes[scheme]) && isPlaceOf(asObject(schemes[scheme]), location, name),
      ),
    );
  };
}

/** The combinations of schemes that operations accept, with the scopes each asks for, in the order of the source. */
function requirementSets(
  model: SourceModel,
  operations: readonly SourceOperation[],
  schemes: Obj,
  report: ImportReport,
  securityPlace: string,
): ReadonlyMap<readonly string[], ReadonlyMap<string, ReadonlySet<string>>> {
  const sets = new Map<string, { names: readonly string[]; scopes: Map<string, Set<string>> }>();
  const shared = asList(model.root.security).filter(isObject);
  const add = (list: unknown, where: string): void => {
    asList(list).forEach((requirement, index) => {
      if (!isObject(requirement)) return;
      const names = Object.keys(requirement).filter((name) => {
        if (isObject(schemes[name])) return true;
        report.lose(
          pointer(where, index, name),
          "security-undefined",
          `The security scheme ${JSON.stringify(name)} is not defined.`,
          "Define it, or remove the requirement.",
        );
        return false;
      });
      if (names.length === 0) return;
      const key = [...names].sort().join("\n");
      const known = sets.get(key) ?? { names, scopes: new Map<string, Set<string>>() };
      for (const name of names) {
        const scopes = known.scopes.get(name) ?? new Set<string>();
        for (const scope of asList(requirement[name])) scopes.add(String(scope));
        known.scopes.set(name, scopes);
      }
      sets.set(key, known);
    });
  };
  const inherited = operations.filter((source) => source.operation.security === undefined);
  if (operations.length === 0 || inherited.some((source) => equalJson(requirementsOf(model, source), shared)))
    add(shared, "/security");
  for (const source of operations)
    add(
      requirementsOf(model, source),
      source.operation.security === undefined ? "/security" : `${source.pointer}/security`,
    );
  if (sets.size === 0) {
    for (const name of Object.keys(schemes)) {
      sets.set(name, { names: [name], scopes: new Map() });
      const says =
        model.root.security === undefined && operations.every((source) => source.operation.security === undefined);
      if (says)
        report.note(
          pointer(securityPlace, name),
          "security-unused",
          "No operation asks for this scheme; every call carries it.",
          "State security in the source.",
        );
    }
  }
  return new Map([...sets.values()].map((set) => [set.names, set.scopes]));
}

/** The methods for schemes that must hold together: the strongest is the method, the others are added to it. */
function combine(
  names: readonly string[],
  schemes: Obj,
  scopes: ReadonlyMap<string, ReadonlySet<string>>,
  report: ImportReport,
  securityPlace: string,
  model: SourceModel,
): readonly SchemeForm[] {
  const isAlone = Object.keys(schemes).length === 1;
  const distinct = names.filter(
    (name, index) => !names.slice(0, index).some((other) => isSameKey(schemes, name, other)),
  );
  const written = distinct.map((name) =>
    writeScheme({
      name,
      scheme: asObject(schemes[name]),
      scopes: scopes.get(name) ?? new Set(),
      report,
      place: pointer(securityPlace, name),
      isAlone,
      root: model.root,
    }),
  );
  const order = written.map((forms, index) => ({ forms, index })).sort((a, b) => strength(b.forms) - strength(a.forms));
  const [main, ...others] = order;
  if (main === undefined) return [];
  const extra = others.map(({ forms }) => forms[0]).filter((form): form is SchemeForm => form !== undefined);
  if (distinct.filter((name) => isPlaceOf(asObject(schemes[name]), "header", "Authorization")).length > 1) {
    report.note(
      securityPlace,
      "security-conflict",
      `${distinct.join(" and ")} use the same header and cannot hold together; either one can be chosen.`,
      "Correct the requirement: one object per alternative.",
    );
    return written.flat();
  }
  return main.forms.map((form) => merge(form, extra, report, securityPlace));
}

/** Two schemes with one place ask for one key. */
const isSameKey = (schemes: Obj, one: string, other: string): boolean => {
  const scheme = asObject(schemes[one]);
  return (
    String(scheme.type).toLowerCase() === "apikey" &&
    String(asObject(schemes[other]).type).toLowerCase() === "apikey" &&
    typeof scheme.in === "string" &&
    isPlaceOf(asObject(schemes[other]), scheme.in, String(scheme.name).trim())
  );
};

const strengths: Record<string, number> = {
  oauth2: 9,
  awsSigV4: 8,
  digest: 7,
  basic: 6,
  bearer: 5,
  apiKey: 4,
  none: 0,
};
const strength = (forms: readonly SchemeForm[]): number => strengths[String(forms[0]?.method.type)] ?? 1;

function merge(
  form: SchemeForm,
  extra: readonly SchemeForm[],
  report: ImportReport,
  securityPlace: string,
): SchemeForm {
  if (extra.length === 0) return form;
  const parameters: Obj = { ...form.parameters };
  const required = new Set(form.required);
  const headers: Obj = {};
  const query: Obj = {};
  const own = asObject(form.method.apply);
  let tls = form.tls;
  for (const other of extra) {
    const renamed = renameParameters(other, parameters);
    for (const [name, schema] of Object.entries(renamed.parameters)) setMember(parameters, name, schema);
    for (const name of renamed.required) required.add(name);
    if (renamed.tls !== undefined) tls = renamed.tls;
    if (renamed.apply === undefined && renamed.tls === undefined) {
      report.lose(
        securityPlace,
        "security-combination",
        `A method of type ${String(other.method.type)} cannot be added to another one.`,
        "Split the operations into two connectors.",
      );
    }
    Object.assign(headers, renamed.apply?.headers);
    Object.assign(query, renamed.apply?.query);
  }
  const apply: Obj = { ...own };
  if (Object.keys(headers).length > 0)
    apply.headers = { ...defaultApply(form.method), ...asObject(own.headers), ...headers };
  if (Object.keys(query).length > 0) apply.query = { ...asObject(own.query), ...query };
  const method = Object.keys(apply).length === 0 ? form.method : { ...form.method, apply };
  return { method, parameters, required: [...required], ...(tls === undefined ? {} : { tls }) };
}

/** `apply` replaces the header that a token is sent in by default, so that one is written out beside the others. */
const defaultApply = (method: Obj): Obj =>
  method.type === "oauth2" || method.type === "jwt" ? { Authorization: "Bearer {{ token.accessToken }}" } : {};

function renameParameters(form: SchemeForm, taken: Obj): SchemeForm {
  const clash = Object.keys(form.parameters).find((name) => Object.hasOwn(taken, name));
  if (clash === undefined) return form;
  let free = `${clash}2`;
  for (let count = 3; Object.hasOwn(taken, free) || Object.hasOwn(form.parameters, free); count++)
    free = `${clash}${count}`;
  const text = JSON.stringify(form).replaceAll(`connection.${clash} `, `connection.${free} `);
  const renamed = JSON.parse(text) as SchemeForm;
  const { [clash]: schema, ...rest } = renamed.parameters;
  return renameParameters(
    {
      ...renamed,
      parameters: { ...rest, [free]: schema },
      required: renamed.required.map((name) => (name === clash ? free : name)),
    },
    taken,
  );
}
