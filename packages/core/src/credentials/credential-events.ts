import type { TokenOutcome } from "./token-error.ts";

/** What happened to a stored credential, for whoever must be told (audit, webhooks, metrics). Holds no secret. */
export interface CredentialEvent {
  readonly type: "renewed" | "renewal-failed" | "needs-authorization" | "misconfigured" | "keep-alive";
  readonly workspaceId: string;
  /** Names the place: `connection:<id>`, or the key of a shared token. */
  readonly place: string;
  readonly at: string;
  readonly outcome: TokenOutcome | null;
  readonly reason: string | null;
}

/** Takes credential events. Must return at once and never throw. */
export type CredentialEventSink = (event: CredentialEvent) => void;
