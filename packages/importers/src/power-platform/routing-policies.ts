import { asList, asObject, type Obj } from "../json-value.ts";
import type { BuiltAction } from "../openapi/build-definition.ts";
import { literal, memberOf } from "../openapi/template-text.ts";
import { type Piece, readExpression, readPath, toTemplate } from "./expressions.ts";
import { type Policy, type PolicyContext, partly, requestOf, scopeOf } from "./policy-context.ts";

/** Templates that say where a request goes. */
export const routeTemplates: ReadonlySet<string> = new Set([
  "dynamichosturl",
  "dynamicsubdomain",
  "routerequesttoendpoint",
  "setvaluefromurl",
]);

/** Applies a policy that says where a request goes; yields the reason if it cannot. */
export function applyRouting(
  policy: Policy,
  context: PolicyContext,
  targets: readonly BuiltAction[],
): string | undefined {
  if (policy.template === "routerequesttoendpoint") return route(policy, context, targets);
  if (policy.template === "setvaluefromurl") return lookUp(policy, context, targets);
  return setHost(policy, context, targets);
}

function setHost(policy: Policy, context: PolicyContext, targets: readonly BuiltAction[]): string | undefined {
  const url = String(policy.parameters.urlTemplate ?? "")
    .trim()
    .replace(/\/+$/, "");
  const [sample] = targets;
  if (url === "") return "The policy names no URL.";
  if (sample === undefined) return undefined;
  const read = readExpression(url, scopeOf(context, sample, "request"));
  const readsInput =
    read.unknown.length > 0 || read.pieces.some((piece) => piece.kind === "code" && piece.code.includes("input"));
  if (targets.length === context.draft.actions.length && !readsInput) {
    const { definition } = context.draft;
    definition.baseUrl = hostTemplate(read.pieces);
    markOrigin(definition, read.pieces);
    return undefined;
  }
  for (const built of targets) {
    const own = readExpression(url, scopeOf(context, built, "request"));
    if (own.unknown.length > 0)
      return `The expression ${own.unknown[0]} reads something that the operation ${String(built.source.operation.operationId)} does not have.`;
    const request = asObject(built.action.request);
    if (request.path === undefined && request.url === undefined) continue;
    const path = String(request.path ?? `/${String(request.url).replace(/^[a-z]+:\/\/[^/]+\//, "")}`);
    request.url = hostTemplate(own.pieces) + path;
    delete request.path;
    allowHost(context, own.pieces);
  }
  return undefined;
}

/** A URL in front of which no scheme stands is called over https. */
function hostTemplate(pieces: readonly Piece[]): string {
  const [first] = pieces;
  const template = toTemplate(pieces).replace(/^http:\/\//i, "https://");
  if (first === undefined || first.kind === "code" || /^https?:\/\//i.test(first.text)) return template;
  return `https://${template}`;
}

/** A parameter that supplies the whole origin says so in its schema. */
function markOrigin(definition: Obj, pieces: readonly Piece[]): void {
  const [first] = pieces;
  if (first?.kind !== "code") return;
  const connection = asObject(definition.connection);
  for (const holder of [connection, ...asList(connection.auth).map(asObject)]) {
    const properties = asObject(asObject(holder.parameters).properties);
    for (const [name, schema] of Object.entries(properties)) {
      if (
        (first.code === memberOf("connection", name) ||
          first.code.startsWith(`(${memberOf("connection", name)} | default(`)) &&
        asObject(schema).type === "string" &&
        asObject(schema).oneOf === undefined
      ) {
        const fallback = /default\('([^']*)', true\)/.exec(first.code)?.[1];
        properties[name] = {
          ...asObject(schema),
          format: "uri",
          ...(fallback === undefined || asObject(schema).default !== undefined ? {} : { default: fallback }),
        };
      }
    }
  }
}

/** The hosts that a connection parameter with fixed choices can make of a template. */
function chosenHosts(definition: Obj, pieces: readonly Piece[]): readonly string[] {
  const codes = pieces.filter((piece) => piece.kind === "code");
  const [only] = codes;
  if (codes.length !== 1 || only?.kind !== "code") return [];
  const connection = asObject(definition.connection);
  const properties = [connection, ...asList(connection.auth).map(asObject)].map((holder) =>
    asObject(asObject(holder.parameters).properties),
  );
  for (const [name, schema] of properties.flatMap((map) => Object.entries(map))) {
    if (only.code !== memberOf("connection", name)) continue;
    const values = asList(asObject(schema).oneOf).map((choice) => String(asObject(choice).const ?? ""));
    const hosts = values.map((value) =>
      pieces
        .map((piece) => (piece.kind === "text" ? piece.text : value))
        .join("")
        .replace(/^https?:\/\//i, "")
        .replace(/\/.*$/s, "")
        .toLowerCase(),
    );
    return hosts.filter((host) => /^[a-z0-9.-]+\.[a-z]{2,}$/.test(host));
  }
  return [];
}

/** A host that input supplies must be among `hosts`: the fixed part of the template, or relatives of the source's host. */
function allowHost(context: PolicyContext, pieces: readonly Piece[]): void {
  const { definition } = context.draft;
  const text = pieces
    .map((piece) => (piece.kind === "text" ? piece.text : "\u0000"))
    .join("")
    .replace(/^https?:\/\//i, "");
  const host = text.split("/")[0] ?? "";
  const fixed = host.includes("\u0000") ? /\u0000(\.[a-z0-9.-]+\.[a-z]{2,})$/i.exec(host)?.[1] : host;
  const hosts = new Set(asList(definition.hosts).map(String));
  const choices = chosenHosts(definition, pieces);
  if (choices.length > 0) {
    definition.hosts = [...new Set([...hosts, ...choices])];
    return;
  }
  if (fixed !== undefined && fixed !== "")
    hosts.add(fixed.startsWith(".") ? `*${fixed}`.toLowerCase() : fixed.toLowerCase());
  else {
    const base = JSON.stringify(definition.baseUrl ?? "");
    const domain = /https?:\/\/(?:[a-z0-9-]+\.)*?([a-z0-9-]+\.[a-z]{2,}(?:\.[a-z]{2})?)(?=[/":])/i.exec(base)?.[1];
    const isOpen = !context.hasMethod && context.secrets.size === 0;
    if (isOpen) hosts.add("*");
    else if (domain !== undefined) hosts.add(`*.${domain.toLowerCase()}`);
    context.draft.context.report.note(
      "/host",
      "host-from-input",
      `An input chooses the whole host; only ${[...hosts].join(", ") || "the base URL"} is allowed.`,
      "Add the hosts that may be called to hosts.",
    );
  }
  definition.hosts = [...hosts];
}

function route(policy: Policy, context: PolicyContext, targets: readonly BuiltAction[]): string | undefined {
  const path = String(policy.parameters.newPath ?? "").trim();
  const method = String(policy.parameters.httpMethod ?? "")
    .trim()
    .toUpperCase();
  if (path === "") return "The policy names no path.";
  const missing: string[] = [];
  for (const built of targets) {
    const request = requestOf(built);
    const read = readExpression(path, scopeOf(context, built, "request"));
    const [unknown] = read.unknown;
    if (unknown !== undefined) {
      missing.push(`${unknown} in ${String(built.source.operation.operationId)}`);
      continue;
    }
    const template = fillVariables(toTemplate(read.pieces), built);
    const split = splitQuery(template);
    if (/^https?:\/\//i.test(path)) {
      request.url = split.path;
      delete request.path;
    } else if (request.url === undefined) request.path = split.path.startsWith("/") ? split.path : `/${split.path}`;
    else
      request.url = String(request.url).replace(
        /^([a-z]+:\/\/[^/]*|\{\{[^}]*\}\})\/.*$/is,
        `$1${split.path.startsWith("/") ? "" : "/"}${split.path}`,
      );
    if (Object.keys(split.query).length > 0) request.query = { ...asObject(request.query), ...split.query };
    if (/^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/.test(method)) request.method = method;
  }
  return partly(policy, context, missing, targets.length);
}

/** `{name}` in a new path is the parameter of the operation. */
function fillVariables(template: string, built: BuiltAction): string {
  const properties = asObject(asObject(built.action.input).properties);
  return template.replaceAll(/(?<!\{)\{([^{}%#]+)\}(?!\})/g, (whole, name: string) => {
    const known = Object.keys(properties).find((property) => property.toLowerCase() === name.trim().toLowerCase());
    return known === undefined ? literal(whole) : `{{ ${memberOf("input", known)} }}`;
  });
}

function splitQuery(template: string): { readonly path: string; readonly query: Obj } {
  const mark = template.indexOf("?");
  if (mark < 0) return { path: template, query: {} };
  const query: Obj = {};
  for (const part of template.slice(mark + 1).split("&")) {
    const [name = "", ...value] = part.split("=");
    if (name !== "" && !name.includes("{{")) query[name] = value.join("=");
  }
  return { path: template.slice(0, mark), query };
}

/** A value that another request yields: the action gets a step in front. */
function lookUp(policy: Policy, context: PolicyContext, targets: readonly BuiltAction[]): string | undefined {
  const target = /^@?\{?@?(\w+)\s*\(\s*['"]([^'"]+)['"]\s*\)/.exec(String(policy.parameters.parameterTemplate ?? ""));
  const path = readPath(policy.parameters.parameterValuePathTemplate);
  const place = target?.[1]?.toLowerCase().startsWith("header") === true ? "headers" : "query";
  const name = target?.[2];
  if (name === undefined || path === undefined)
    return "The policy does not say what it reads, or where the value goes.";
  for (const built of targets) {
    const request = asObject(built.action.request);
    const read = readExpression(String(policy.parameters.parameterValueUrl ?? ""), scopeOf(context, built, "request"));
    if (read.unknown.length > 0)
      return `The expression ${read.unknown[0]} reads something that the operation does not have.`;
    const split = splitQuery(fillVariables(toTemplate(read.pieces), built));
    const value = path.path.reduce<string>(
      (code, step) => (typeof step === "number" ? `${code}[${step}]` : memberOf(code, step)),
      "steps.lookup.body",
    );
    const isUrl = /^https?:\/\//i.test(split.path);
    const first: Obj = {
      method: String(policy.parameters.httpMethod ?? "GET").toUpperCase(),
      ...(isUrl ? { url: split.path } : { path: split.path.startsWith("/") ? split.path : `/${split.path}` }),
      ...(Object.keys(split.query).length > 0 ? { query: split.query } : {}),
    };
    const main: Obj = { ...request, [place]: { ...asObject(request[place]), [name]: `{{ ${value} }}` } };
    built.action.steps = [
      { id: "lookup", request: first },
      { id: "call", request: main },
    ];
    delete built.action.request;
  }
  return undefined;
}
