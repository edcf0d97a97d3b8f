import type { RenderOptions } from "@junctor/jinja";
import type { Json } from "../ports/records.ts";

/**
 * What the host functions of a template (`secret()`, `var()`, `now()` …) reach: the state of one call. Everything is
 * synchronous; the engine has loaded the named secrets and variables before it renders.
 */
export interface TemplateHost {
  /** Gives a workspace secret in clear; throws `ConnectorError` SECRET_UNKNOWN. */
  secret(name: string): string;
  /** Gives a workspace variable; throws `ConnectorError` VARIABLE_UNKNOWN. */
  variable(name: string): Json;
  /** Milliseconds since the epoch; the same for all templates of one call. */
  now(): number;
  newId(): string;
}

/**
 * What a template is rendered with. A *closed* scope shows no secret: `connection` lacks its `writeOnly` members and
 * `secret()` throws. An *open* one shows all of them and exists only while an attempt is put together.
 */
export interface RenderScope {
  /** The context roots of the place: `input`, `connection`, `user` … */
  readonly context: Readonly<Record<string, unknown>>;
  /** Handed to the template engine; `options.host` is a {@link TemplateHost}. Built once per scope, not per template. */
  readonly options: RenderOptions & { readonly host: TemplateHost };
  readonly open: boolean;
}
