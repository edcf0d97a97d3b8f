import type { RenderOptions } from "@junctor/jinja";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";

/**
 * What the host functions of a template (`secret()`, `var()`, `now()` …) reach: the state of one call. Everything is
 * synchronous; the engine has loaded the named secrets and variables before it renders.
 */
export interface TemplateHost {
  /** Gives a workspace secret in clear; throws `ConnectorError` SECRET_UNKNOWN. */
  secret(name: string): string;
  /**
   * Gives a workspace variable; undefined for one that is not there but has a default wherever it is read. All others
   * were asked for before the call (VARIABLE_UNKNOWN).
   */
  variable(name: string): Json | undefined;
  /** Milliseconds since the epoch; the same for all templates of one call. */
  now(): number;
  newId(): string;
}

/**
 * What a template is rendered with. A *closed* scope shows no secret: `connection` lacks its `writeOnly` members, and a
 * template that reads a secret yields a `Deferred`. An *open* one shows all and exists only while an attempt is put
 * together.
 */
export interface RenderScope {
  /** The context roots of the place: `input`, `connection`, `user` … */
  readonly context: Readonly<Record<string, unknown>>;
  /** Handed to the template engine; `options.host` is a {@link TemplateHost}. Built once per scope, not per template. */
  readonly options: RenderOptions & { readonly host: TemplateHost };
  readonly open: boolean;
  /** Roots that an `$each` bound on the way here; null outside of one. */
  readonly locals: Readonly<Record<string, unknown>> | null;
  /** Rounds of `$each` left in this call, all loops together. */
  readonly budget: { rounds: number };
}

/** Rounds of `$each` that one call may make. */
export const EACH_ROUNDS = 100_000;

/** Makes a scope over a context. */
export function createScope(
  context: Readonly<Record<string, unknown>>,
  host: TemplateHost,
  open: boolean,
): RenderScope {
  const options = { host: open ? host : new ClosedHost(host) };
  return { context, options, open, locals: null, budget: { rounds: EACH_ROUNDS } };
}

/** The host of a closed scope: whatever a template does, no secret comes out of it. */
class ClosedHost implements TemplateHost {
  readonly #host: TemplateHost;

  constructor(host: TemplateHost) {
    this.#host = host;
  }

  secret(name: string): never {
    throw new ConnectorError("VALUE_REFUSED", `The secret "${name}" cannot be read here.`, {
      hint: "Secrets may stand in path, query, headers, body and auth of a request.",
    });
  }

  variable(name: string): Json | undefined {
    return this.#host.variable(name);
  }

  now(): number {
    return this.#host.now();
  }

  newId(): string {
    return this.#host.newId();
  }
}

/** Makes a scope in which further roots are bound, over the same host and budget. */
export function bindRoots(scope: RenderScope, roots: Readonly<Record<string, unknown>>): RenderScope {
  return {
    context: { ...scope.context, ...roots },
    options: scope.options,
    open: scope.open,
    locals: scope.locals === null ? roots : { ...scope.locals, ...roots },
    budget: scope.budget,
  };
}
