import type { KillPoint, StormResult } from "./run-storm.ts";

/** Says what a storm's result breaks of what is promised; nothing when all of it was kept. */
export function judgeStorm(
  round: { readonly kill: KillPoint; readonly leewayMs: number },
  result: StormResult,
): readonly string[] {
  const complaints: string[] = [];
  const require = (holds: boolean, complaint: string) => void (holds || complaints.push(complaint));
  const losesOne = round.kill === "between answer and commit" && round.leewayMs === 0;
  require(result.mostRefreshesPerToken <= 1, "a refresh token was used successfully more than once");
  require(result.expiredAtSend === 0, `${result.expiredAtSend} resource calls were sent with a token that had ended`);
  require(result.sends >= result.succeeded, `only ${result.sends} sends were seen`);
  require(round.kill === "never" || result.killed === 1, `${result.killed} replicas were killed instead of one`);
  require(result.refreshes > 20, `only ${result.refreshes} refreshes: the storm was none`);
  if (losesOne) {
    const [only, ...others] = result.lost;
    require(only !== undefined && others.length === 0, `${result.lost.length} grants were lost instead of one`);
    require(only?.name === result.hit, `the connection ${only?.name} was marked, but ${result.hit} was hit`);
    require(only?.reason.includes("between the server's answer and its storing") ===
      true, `the reason is "${only?.reason}"`);
    const codes = Object.keys(result.errors).filter((code) => code !== "CONNECTION_UNUSABLE");
    require(codes.length === 0, `calls failed with ${codes.join(", ")}`);
  } else {
    require(result.lost.length === 0, `${result.lost.length} grants were lost: ${JSON.stringify(result.lost)}`);
    require(Object.keys(result.errors).length ===
      0, `calls failed: ${JSON.stringify(result.errors)} ${result.samples[0] ?? ""}`);
    require(result.revokedFamilies === 0, `${result.revokedFamilies} grants were ended by the server`);
  }
  return complaints;
}
