import { authMethodId } from "@junctor/sdk";
import type { AuthMethod, AuthMethodCompiler, AuthTemplates } from "../auth/auth-method.ts";
import type { CompiledConnector } from "../compile/compiled-connector.ts";
import { matchesHost } from "../compile/host-rules.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import { type CompiledValue, type TemplateUses, toValue } from "../templates/compiled-value.ts";
import { extendPlace, places } from "../templates/places.ts";
import { joinUses } from "../templates/template-uses.ts";

/** An auth method of a connector, compiled, with what its templates and those of the TLS settings read. */
export interface BoundMethod {
  readonly method: AuthMethod;
  readonly uses: TemplateUses;
}

const bound = new WeakMap<CompiledConnector, Map<string, BoundMethod>>();

/** Compiles the method of that id on first use; undefined if the connector has none. */
export function bindAuthMethod(
  connector: CompiledConnector,
  name: string,
  compilers: ReadonlyMap<string, AuthMethodCompiler>,
): BoundMethod | undefined {
  let methods = bound.get(connector);
  if (methods === undefined) {
    methods = new Map();
    bound.set(connector, methods);
  }
  const present = methods.get(name);
  if (present !== undefined) return present;
  const index = connector.auth.findIndex((method) => authMethodId(method) === name);
  const definition = connector.auth[index];
  if (definition === undefined) return undefined;
  const compiler = compilers.get(definition.type);
  if (compiler === undefined) {
    throw new ConnectorError("DEFINITION_UNSUPPORTED", `This server has no auth method of type "${definition.type}".`, {
      details: [{ pointer: `/connection/auth/${index}/type`, message: "The method is not installed." }],
    });
  }
  const templates = new MethodTemplates(connector, `/connection/auth/${index}`);
  const method = compiler.compile(definition, templates);
  // The client certificate goes along to a token endpoint too, and only where its secrets may go.
  const uses = connector.tls === null ? templates.uses() : joinUses([templates.uses(), connector.tls.uses]);
  const result = Object.freeze({ method, uses });
  methods.set(name, result);
  return result;
}

/** The templates of one method; remembers what they read. */
class MethodTemplates implements AuthTemplates {
  readonly connector: string;
  readonly imported: boolean;
  readonly #connector: CompiledConnector;
  readonly #pointer: string;
  readonly #uses: TemplateUses[] = [];

  constructor(connector: CompiledConnector, pointer: string) {
    this.connector = connector.name;
    this.imported = connector.definition.compat !== undefined;
    this.#connector = connector;
    this.#pointer = pointer;
  }

  value: AuthTemplates["value"] = (json, pointer, roots = [], encode) => {
    const { templates } = this.#connector;
    const place = roots.length === 0 ? places.auth : extendPlace(places.auth, roots);
    const at = `${this.#pointer}${pointer}`;
    const compiled: CompiledValue =
      encode === undefined || typeof json !== "string"
        ? templates.tree(json, place, at)
        : toValue(templates.template(json, place, at, encode));
    this.#uses.push(compiled.uses);
    return compiled;
  };

  reads: AuthTemplates["reads"] = (root) => this.#uses.some((uses) => uses.roots.includes(root));

  allowsHost: AuthTemplates["allowsHost"] = (url) => {
    const { hosts, baseUrls } = this.#connector;
    if (matchesHost({ ...hosts, any: false }, url)) return true;
    return [...(baseUrls?.values() ?? [])].some((base) => base.fixed !== null && base.fixed.host === url.host);
  };

  uses(): TemplateUses {
    return joinUses(this.#uses);
  }
}
