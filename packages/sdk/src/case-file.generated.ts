// Generated from packages/sdk/schema/connector-cases-v1.json by packages/sdk/scripts/generate-types.ts. Do not edit: npm run generate

import type { Case } from "./definition.generated.ts";

/** Cases of one action, with what they are called with: a file of a connector's folder cases/. */
export interface CaseFile {
  /** Address of this schema. */
  readonly "$schema"?: string;
  /** What the cases show. */
  readonly description?: string;
  /** Name of the action. */
  readonly action: string;
  readonly connection?: CaseConnection;
  /** Secrets of the workspace, by name. */
  readonly secrets?: {
    readonly [name: string]: CaseSecret;
  };
  /** Variables of the workspace, by name. */
  readonly variables?: { readonly [name: string]: unknown };
  readonly user?: CaseUser;
  /** The cases. */
  readonly cases: readonly Case[];
  readonly [extension: `x-${string}`]: unknown;
}

/** The connection that the action is called with. Default: one whose parameters are made up from their schema. */
export interface CaseConnection {
  /** Parameters, secret ones included; values are made up. */
  readonly parameters?: { readonly [name: string]: unknown };
  /** Id of the auth method. Default: the first one. */
  readonly authMethod?: string;
  /** Name of the environment. Default: the first one. */
  readonly environment?: string;
}

/** A secret of the workspace. */
export interface CaseSecret {
  /** The value; made up. */
  readonly value: string;
  /** Hosts that it may be sent to. */
  readonly hosts?: readonly string[];
}

/** The user who calls; absent = a service calls. */
export interface CaseUser {
  /** Id. */
  readonly id: string;
  /** E-mail address. */
  readonly email?: string;
  /** Name. */
  readonly name?: string;
  /** Roles. */
  readonly roles?: readonly string[];
  /** Further claims. */
  readonly claims?: { readonly [name: string]: unknown };
}
