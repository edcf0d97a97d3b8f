import { authMethodId, type CompiledConnector, type ConnectionRecord } from "@junctor/core";
import { type Html, html } from "./html.ts";
import type { Page } from "./send-page.ts";

/** One field of the connect page, read from the connector's parameter schema. */
export interface ParameterField {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  readonly secret: boolean;
  readonly required: boolean;
  readonly kind: "text" | "number" | "boolean" | "choice";
  readonly choices: ReadonlyArray<{ readonly value: string; readonly title: string }>;
  readonly pattern: string | null;
  readonly example: string | null;
  /** Belongs to a branch of the schema (`if` / `then`): asked for, but not always needed. */
  readonly conditional: boolean;
}

interface ParameterSchema {
  readonly [keyword: string]: unknown;
  readonly properties?: Readonly<Record<string, ParameterSchema>>;
  readonly required?: readonly string[];
}

/** Lists the fields of the connection's parameters and of its auth method, branches included. */
export function listFields(connector: CompiledConnector, record: ConnectionRecord): readonly ParameterField[] {
  const { connection } = connector.definition;
  const method = connector.auth.find((candidate) => authMethodId(candidate) === record.authMethod);
  const fields = new Map<string, ParameterField>();
  for (const schema of [connection?.parameters, method?.parameters]) {
    collectFields(schema as ParameterSchema | undefined, false, fields);
  }
  return [...fields.values()];
}

function collectFields(
  schema: ParameterSchema | undefined,
  conditional: boolean,
  into: Map<string, ParameterField>,
): void {
  if (schema === undefined || typeof schema !== "object") return;
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    if (into.has(name) || property.importance === "hidden") continue;
    const isNamed = property.title !== undefined || property.type !== undefined || property.enum !== undefined;
    // A branch often names a property only to demand or to narrow it.
    if (conditional && !isNamed) continue;
    into.set(name, readField(name, property, !conditional && (schema.required?.includes(name) ?? false), conditional));
  }
  for (const branch of ["then", "else"] as const)
    collectFields(schema[branch] as ParameterSchema | undefined, true, into);
  for (const part of (schema.allOf as readonly ParameterSchema[] | undefined) ?? [])
    collectFields(part, conditional, into);
}

function readField(name: string, property: ParameterSchema, required: boolean, conditional: boolean): ParameterField {
  const examples = property.examples as readonly unknown[] | undefined;
  const choices = readChoices(property);
  const text = (value: unknown) => (typeof value === "string" || typeof value === "number" ? String(value) : null);
  return {
    name,
    title: text(property.title) ?? name,
    description: text(property.description),
    secret: property.writeOnly === true,
    required: required && property.default === undefined,
    kind: choices.length > 0 ? "choice" : readKind(property.type),
    choices,
    pattern: text(property.pattern),
    example: text(examples?.[0]),
    conditional,
  };
}

function readKind(type: unknown): ParameterField["kind"] {
  if (type === "boolean") return "boolean";
  return type === "number" || type === "integer" ? "number" : "text";
}

function readChoices(property: ParameterSchema): ParameterField["choices"] {
  const labelled = (property.oneOf as readonly ParameterSchema[] | undefined)?.filter((one) => one.const !== undefined);
  if (labelled !== undefined && labelled.length > 0) {
    return labelled.map((one) => ({ value: String(one.const), title: String(one.title ?? one.const) }));
  }
  return ((property.enum as readonly unknown[] | undefined) ?? []).map((value) => ({
    value: String(value),
    title: String(value),
  }));
}

/** Turns the posted fields into parameters of the schema's types; an empty field is not sent, an empty secret stays as it was. */
export function readParameters(
  fields: readonly ParameterField[],
  form: URLSearchParams,
): Record<string, string | number | boolean> {
  const parameters: Record<string, string | number | boolean> = {};
  for (const { name, kind } of fields) {
    const value = form.get(`p.${name}`);
    if (kind === "boolean") parameters[name] = value === "on";
    else if (value !== null && value !== "") parameters[name] = kind === "number" ? Number(value) : value;
  }
  return parameters;
}

/** What the connect page shows. */
export interface ConnectPageView {
  readonly connector: CompiledConnector;
  readonly record: ConnectionRecord;
  readonly fields: readonly ParameterField[];
  /** Whether the person goes on to the authorization server. */
  readonly interactive: boolean;
  readonly scopes: readonly string[];
  readonly formToken: string;
  readonly problem: string | null;
  /** Problems by field. */
  readonly fieldProblems: ReadonlyMap<string, string>;
}

/** Makes the page on which a person connects an account. */
export function makeConnectPage(view: ConnectPageView): Page {
  const { connector, record } = view;
  const action = view.interactive ? `Continue to ${connector.title}` : "Connect";
  const body = html`<h1>Connect ${connector.title}</h1>
${view.problem === null ? null : html`<p class="problem" role="alert">${view.problem}</p>`}
<dl><dt>Connection</dt><dd>${record.name}</dd>
${record.environment === null ? null : html`<dt>Environment</dt><dd>${record.environment}</dd>`}
${view.scopes.length === 0 ? null : html`<dt>Access asked for</dt><dd>${view.scopes.join(", ")}</dd>`}</dl>
<form method="post"><input type="hidden" name="token" value="${view.formToken}">
${view.fields.map((field) => writeField(field, view))}
<button type="submit">${action}</button></form>`;
  return { title: `Connect ${connector.title}`, body };
}

function writeField(field: ParameterField, { record, fieldProblems }: ConnectPageView): Html {
  const id = `p-${field.name}`;
  const problem = fieldProblems.get(field.name);
  const current = field.secret ? null : (record.parameters[field.name] ?? null);
  // A secret that is stored already may stay; the field then says so instead of being required.
  const stored = field.secret && record.sealedParameters !== null;
  const describedBy = html` aria-describedby="${id}-help"`;
  const invalid = problem === undefined ? null : html` aria-invalid="true"`;
  const required = field.required && !stored ? html` required` : null;
  const common = html`id="${id}" name="p.${field.name}"${describedBy}${invalid}${required}`;
  const help = [
    field.description,
    field.conditional ? "Needed only for some choices above." : null,
    stored ? "Leave empty to keep what is stored." : null,
    problem ?? null,
  ].filter((line) => line !== null);
  return html`<label for="${id}">${field.title}${field.required || field.conditional ? null : html` <small>optional</small>`}</label>
${writeInput(field, common, current)}<small id="${id}-help">${help.join(" ")}</small>`;
}

function writeInput(field: ParameterField, common: Html, current: unknown): Html {
  const value = current === null || typeof current === "object" ? "" : String(current);
  if (field.kind === "boolean")
    return html`<input type="checkbox" ${common}${value === "true" ? html` checked` : null}>`;
  if (field.kind === "choice") {
    const options = field.choices.map(
      (choice) =>
        html`<option value="${choice.value}"${choice.value === value ? html` selected` : null}>${choice.title}</option>`,
    );
    return html`<select ${common}>${field.required ? null : html`<option value=""></option>`}${options}</select>`;
  }
  const type = field.secret ? "password" : field.kind === "number" ? "number" : "text";
  const pattern = field.pattern === null || field.secret ? null : html` pattern="${field.pattern}"`;
  const example = field.example === null ? null : html` placeholder="${field.example}"`;
  return html`<input type="${type}" ${common} value="${value}" autocomplete="off" spellcheck="false"${pattern}${example}>`;
}

/** Makes the page that hands the browser over to the authorization server. */
export function makeLeavingPage(title: string, url: string): Page {
  const body = html`<h1>Continue to ${title}</h1><p>Your browser goes on by itself.</p><a class="button" href="${url}" rel="noreferrer">Continue</a>`;
  return { title: `Continue to ${title}`, body, goTo: url };
}

/** What the last page of a flow says. */
export interface OutcomeView {
  readonly succeeded: boolean;
  readonly connectionId: string | null;
  readonly message: string;
  readonly hint: string | null;
  /** Origin of the window that opened this one; null outside of popups. */
  readonly opener: string | null;
}

/** Makes the last page of a flow; in a popup it tells the page that opened it, by its exact origin, and closes. */
export function makeOutcomePage(view: OutcomeView): Page {
  const title = view.succeeded ? "Account connected" : "The account was not connected";
  const role = view.succeeded
    ? html`<p role="status">${view.message}</p>`
    : html`<p class="problem" role="alert">${view.message}</p>`;
  const body = html`<h1>${title}</h1>${role}${view.hint === null ? null : html`<p>${view.hint}</p>`}<p>You can close this page.</p>`;
  if (view.opener === null) return { title, body };
  const message = { type: "junctor:connection", connectionId: view.connectionId, succeeded: view.succeeded };
  const script = `if (window.opener) { window.opener.postMessage(${writeScriptJson(message)}, ${writeScriptJson(view.opener)}); window.close(); }`;
  return { title, body, script };
}

/** Writes JSON that cannot end the script it stands in. */
function writeScriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
