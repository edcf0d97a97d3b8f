import type { Redirect } from "../cache/redirect-freshness.ts";
import type { UpstreamResponse } from "./upstream-response.ts";

/** A redirect that was followed, and the request that it led to. */
export interface FollowedRedirect extends Redirect {
  /** Where it led, without a credential or a fragment. */
  readonly origin: string;
  readonly target: string;
  readonly method: string;
}

/** Beside the answers, not in them: most came straight, and all have one shape. */
const ways = new WeakMap<UpstreamResponse, readonly FollowedRedirect[]>();
const straight: readonly FollowedRedirect[] = [];

/** Notes the redirects over which an answer came. */
export function noteRedirects(response: UpstreamResponse, redirects: readonly FollowedRedirect[]): void {
  ways.set(response, redirects);
}

/** Lists the redirects over which an answer came, the first one first. */
export const redirectsTo = (response: UpstreamResponse): readonly FollowedRedirect[] => ways.get(response) ?? straight;
