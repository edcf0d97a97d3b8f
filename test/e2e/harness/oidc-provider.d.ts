/** What the tests use of `oidc-provider`, which brings no types of its own. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  /** A token as the provider stores it. */
  export interface StoredToken {
    readonly isExpired: boolean;
    readonly expiration: number;
    readonly accountId?: string;
    readonly clientId?: string;
    readonly consumed?: unknown;
    save(): Promise<string>;
    destroy(): Promise<void>;
  }
  /** A class of tokens. */
  export interface TokenClass {
    new (properties: Readonly<Record<string, unknown>>): StoredToken;
    find(token: string): Promise<StoredToken | undefined>;
  }
  /** The context of a token request. */
  export interface GrantContext {
    body: unknown;
    readonly oidc: {
      readonly client: unknown;
      readonly params: Readonly<Record<string, string>> & { readonly grant_type: string };
    };
  }
  export class Provider {
    constructor(issuer: string, configuration: Readonly<Record<string, unknown>>);
    readonly AccessToken: TokenClass;
    readonly RefreshToken: TokenClass;
    readonly ClientCredentials: TokenClass;
    callback(): (request: IncomingMessage, response: ServerResponse) => void;
    on(event: "grant.success", listener: (context: GrantContext) => void): void;
    registerGrantType(
      name: string,
      handler: (context: GrantContext) => Promise<void>,
      parameters: readonly string[],
    ): void;
  }
}
