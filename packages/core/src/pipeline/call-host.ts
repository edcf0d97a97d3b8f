import { ConnectorError } from "../errors/connector-error.ts";
import type { Json } from "../ports/records.ts";
import type { Clock, SecretSource, VariableSource } from "../ports/sources.ts";
import type { TemplateHost } from "../templates/template-host.ts";
import type { Redaction } from "./redaction.ts";

/** What host functions of templates reach in one call. A secret that was read is redacted from then on. */
export class CallHost implements TemplateHost {
  readonly #workspaceId: string;
  readonly #secrets: SecretSource;
  readonly #variables: VariableSource;
  readonly #clock: Clock;
  readonly #now: number;
  readonly #redaction: Redaction;

  constructor(
    workspaceId: string,
    sources: { readonly secrets: SecretSource; readonly variables: VariableSource; readonly clock: Clock },
    now: number,
    redaction: Redaction,
  ) {
    this.#workspaceId = workspaceId;
    this.#secrets = sources.secrets;
    this.#variables = sources.variables;
    this.#clock = sources.clock;
    this.#now = now;
    this.#redaction = redaction;
  }

  secret(name: string): string {
    const secret = this.#secrets.peek(this.#workspaceId, name);
    if (!secret) throw unknownSecret(name);
    this.#redaction.add(secret.value);
    return secret.value;
  }

  variable(name: string): Json | undefined {
    return this.#variables.peek(this.#workspaceId, name)?.value;
  }

  now(): number {
    return this.#now;
  }

  newId(): string {
    return this.#clock.newId();
  }
}

export const unknownSecret = (name: string): ConnectorError =>
  new ConnectorError("SECRET_UNKNOWN", `The workspace has no secret "${name}".`, {
    hint: `Create it: junctor secret set ${name}.`,
  });

export const unknownVariable = (name: string): ConnectorError =>
  new ConnectorError("VARIABLE_UNKNOWN", `The workspace has no variable "${name}".`, {
    hint: `Create it, or give it a default: var('${name}') needs a value.`,
  });
