import { asList, asObject, asTexts, isObject, type Obj, setMember } from "../json-value.ts";
import type { ImportReport } from "../report/import-report.ts";
import { identifier } from "./names.ts";
import { literal, memberOf } from "./template-text.ts";

/** Base URL (or environments) of a definition, and the connection parameters that it reads. */
export interface BuiltServers {
  readonly baseUrl: unknown;
  /** Name → schema of connection parameters. */
  readonly parameters: Obj;
  readonly required: readonly string[];
}

/** Builds the base URL from `servers`. Without one, whoever connects gives it. */
export function buildServers(root: Obj, report: ImportReport): BuiltServers {
  const servers = asList(root.servers).filter(
    (server): server is Obj => isObject(server) && typeof server.url === "string",
  );
  const parameters: Obj = {};
  const required: string[] = [];
  const asked = { parameters, required, report };
  const built: { readonly url: string; readonly server: Obj }[] = [];
  const seen = new Set<string>();
  servers.forEach((server, index) => {
    const place = `/servers/${index}`;
    const plain = singleBraces(String(server.url).trim().replace(/^\/\//, "https://"), place, report);
    const written = fixPaths(plain, server);
    const url = serverUrl(written, { ...asked, place, variables: asObject(server.variables) });
    const key = url.replace(/^https?:/i, "");
    if (seen.has(key)) return;
    seen.add(key);
    built.push({ url: preferHttps(url, servers), server });
  });
  if (built.length === 0)
    built.push({ url: serverUrl("", { ...asked, place: "/servers", variables: {} }), server: {} });
  const environments = built.length === 1 ? built[0]?.url : nameEnvironments(built);
  return { baseUrl: environments, parameters, required };
}

/** `{{host}}` is how other tools write a variable. */
function singleBraces(url: string, place: string, report: ImportReport): string {
  const plain = url.replaceAll(/\{\{\s*([^{}]*?)\s*\}\}/g, "{$1}");
  if (plain !== url) report.repair(place, "server-variable", url, plain);
  return plain;
}

/** A variable whose default holds a slash is a part of the path, wherever it stands; its default is written out. */
function fixPaths(url: string, server: Obj): string {
  const variables = asObject(server.variables);
  return url.replaceAll(/\{([^{}]+)\}/g, (whole, name: string) => {
    const fallback = asObject(variables[name]).default;
    return typeof fallback === "string" && fallback.startsWith("/") ? fallback : whole;
  });
}

/** A server offered over both schemes is called over https. */
function preferHttps(url: string, servers: readonly Obj[]): string {
  if (!url.startsWith("http://")) return url;
  const rest = url.slice("http://".length).split("{{")[0] ?? "";
  return servers.some((server) => String(server.url).startsWith(`https://${rest}`))
    ? url.replace(/^http:/, "https:")
    : url;
}

function nameEnvironments(built: readonly { readonly url: string; readonly server: Obj }[]): Obj {
  const environments: Obj = {};
  built.forEach(({ url, server }, index) => {
    const description = typeof server.description === "string" ? server.description.trim() : "";
    const known = /\b(production|sandbox|staging|test|uat|development|demo|live)\b/i
      .exec(`${description} ${url}`)?.[1]
      ?.toLowerCase();
    const wanted =
      known ?? (index === 0 ? "production" : identifier(description.split(/\s+/).slice(0, 3).join(" ")).slice(0, 30));
    const base = /^[A-Za-z]/.test(wanted) ? wanted : `server${index + 1}`;
    let name = base;
    for (let count = 2; Object.hasOwn(environments, name); count++) name = `${base}${count}`;
    environments[name] = { baseUrl: url, ...(description === "" ? {} : { title: description.slice(0, 200) }) };
  });
  return environments;
}

/** What one server is read with: its variables, where it stands, and what whoever connects is asked for. */
interface ServerSite {
  readonly variables: Obj;
  readonly place: string;
  readonly parameters: Obj;
  readonly required: string[];
  readonly report: ImportReport;
}

function serverUrl(written: string, site: ServerSite): string {
  const absolute = /^([a-z][a-z0-9+.-]*|\{[^}]+\}):\/\//i.exec(written);
  if (absolute === null && !/^\{[^}]+\}/.test(written)) return relativeServer(written, site);
  const [, scheme = "", rest = ""] = /^(?:([^/{]*|\{[^}]+\}):\/\/)?(.*)$/s.exec(written) ?? [];
  const fixedScheme = schemeOf(scheme, site);
  const cut = rest.search(/[/?#]/);
  const authority = (cut < 0 ? rest : rest.slice(0, cut)).replace(/^[^@]*@/, "");
  const path = cut < 0 ? "" : rest.slice(cut).replace(/[?#].*$/, "");
  const whole = /^\{([^}]+)\}$/.exec(authority);
  if (absolute === null && whole?.[1] !== undefined) {
    const name = declare(whole[1], site, { format: "uri", title: "Base URL" });
    return `{{ ${memberOf("connection", name)} }}${fillPath(path, site)}`;
  }
  if (!isAuthority(authority)) return withoutHost(authority, path, site);
  return `${fixedScheme}://${fillHost(authority, site)}${fillPath(path, site)}`;
}

/** Says whether a text, its variables filled in, can be host and port of a URL once other characters are dashes. */
const isAuthority = (text: string): boolean => {
  const plain = text.replaceAll(/:\{[^{}]*\}$/g, "").replaceAll(/\{[^{}]*\}/g, "x");
  return /[a-z0-9]/i.test(plain) && !/[_{}]/.test(plain) && URL.canParse(`https://${encodeHost(plain)}/`);
};

/** A host that cannot be one asks whoever connects for the base URL, as no host does. */
function withoutHost(authority: string, path: string, site: ServerSite): string {
  site.report.note(
    site.place,
    "server-host",
    `${JSON.stringify(authority)} is no host that can be called.`,
    "Give the base URL when connecting, or write it into baseUrl.",
  );
  return relativeServer(path, site);
}

/** A server without host belongs to where the document was found, which nobody told us: whoever connects gives it. */
function relativeServer(path: string, site: ServerSite): string {
  const { place, parameters, required, report } = site;
  report.note(
    place,
    "server-relative",
    path === "" ? "The source names no server." : `The server ${JSON.stringify(path)} has no host.`,
    "Give the base URL when connecting, or write it into baseUrl.",
  );
  parameters.baseUrl = {
    type: "string",
    format: "uri",
    title: "Base URL",
    description: "Scheme and host of the API, such as https://api.example.com",
  };
  if (!required.includes("baseUrl")) required.push("baseUrl");
  const base = path === "" || path === "/" ? "" : path.startsWith("/") ? path : `/${path.replace(/^\.\//, "")}`;
  return `{{ connection.baseUrl }}${fillPath(base, site)}`;
}

function schemeOf(scheme: string, { variables, place, report }: ServerSite): string {
  const variable = /^\{([^}]+)\}$/.exec(scheme)?.[1];
  if (variable === undefined) return /^https?$/i.test(scheme) ? scheme.toLowerCase() : "https";
  const values = asTexts(asObject(variables[variable]).enum);
  report.note(
    `${place}/variables/${variable}`,
    "server-scheme",
    "A scheme is never chosen by a parameter; https is used.",
    "Write another scheme into baseUrl if you need it.",
  );
  return values.length > 0 && !values.includes("https") ? "http" : "https";
}

function fillHost(text: string, site: ServerSite): string {
  const { variables, place, report } = site;
  const [, host = text, port = ""] = /^(.*?)(:(?:\d+|\{[^}]+\}))?$/s.exec(text) ?? [];
  const filled = host.replaceAll(
    /\{([^{}]*)\}|([^{}]+)/g,
    (_, variable: string | undefined, plain: string | undefined) => {
      if (variable === undefined) return encodeHost(plain ?? "");
      return `{{ ${memberOf("connection", declare(variable, site, {}))} }}`;
    },
  );
  const portVariable = /^:\{([^}]+)\}$/.exec(port)?.[1];
  if (portVariable === undefined) return filled + port;
  const value = String(asObject(variables[portVariable]).default ?? "");
  report.note(
    `${place}/variables/${portVariable}`,
    "server-port",
    `The port is fixed to its default${value === "" ? "" : ` ${value}`}.`,
    "Write another port into baseUrl if you need it.",
  );
  return /^\d+$/.test(value) && value !== "443" ? `${filled}:${value}` : filled;
}

const encodeHost = (text: string): string => literal(text.replaceAll(/[^A-Za-z0-9.\-_[\]:]/g, "-").toLowerCase());

function fillPath(text: string, site: ServerSite): string {
  const { variables, place, report } = site;
  return text
    .replace(/\/+$/, "")
    .replaceAll(/\{([^{}]*)\}|([^{}]+|[{}])/g, (_, variable: string | undefined, plain: string | undefined) => {
      if (variable === undefined)
        return literal(
          (plain ?? "")
            .toWellFormed()
            .replaceAll(/[^A-Za-z0-9\-._~!$&'()*+,;=:@%/]/gu, (character) => encodeURIComponent(character)),
        );
      const fallback = String(asObject(variables[variable]).default ?? "");
      if (fallback.includes("/") || (Object.hasOwn(variables, variable) && fallback === "")) {
        report.note(
          `${place}/variables/${variable}`,
          "server-path",
          `The path part is fixed to its default ${JSON.stringify(fallback)}.`,
          "Write another path into baseUrl if you need it.",
        );
        return literal(fallback.replaceAll(/^\/+|\/+$/g, ""));
      }
      return `{{ ${memberOf("connection", declare(variable, site, {}))} }}`;
    })
    .replaceAll(/\/{2,}/g, "/")
    .replace(/\/+$/, "");
}

/** Declares a server variable as a connection parameter. */
function declare(variable: string, { variables, parameters, required }: ServerSite, extra: Obj): string {
  const name = /^[A-Za-z_]\w*$/.test(variable) ? variable : identifier(variable) || "server";
  const { default: fallback, enum: values, description, ...rest } = asObject(variables[variable]);
  const schema: Obj = { type: "string", ...extra };
  if (typeof description === "string") schema.description = description;
  const options = asList(values)
    .map(String)
    .filter((value) => value !== "");
  if (options.length > 0) schema.enum = [...new Set(options)];
  if (fallback !== undefined && fallback !== "" && (options.length === 0 || options.includes(String(fallback))))
    schema.default = String(fallback);
  for (const [key, value] of Object.entries(rest)) if (key.startsWith("x-")) schema[key] = value;
  if (!Object.hasOwn(parameters, name)) setMember(parameters, name, schema);
  if (schema.default === undefined && !required.includes(name)) required.push(name);
  return name;
}
