/**
 * Encodes a semantic version as text that sorts bytewise like the versions themselves (semver.org, section 11), so
 * that the highest one is the first entry of an index:
 *
 *   1.10.0        → 0110210010~
 *   1.10.0-rc.2   → 0110210010!1rc 0012 …     '!' < '~': a pre-release is below its release
 *
 * Numbers carry their length in two digits, numeric identifiers (0…) sort below others (1…), and each identifier ends
 * with a space, which is below every character allowed in one, so that a shorter list is below a longer one. Build
 * metadata does not count. Text that is not a semantic version sorts below all that are; so do numbers of more than 15
 * digits, which no definition may have any more.
 */
export function encodeVersionOrder(version: string): string {
  const match = /^(\d{1,15})\.(\d{1,15})\.(\d{1,15})(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(version);
  if (match === null) return ` ${version}`;
  const [, major = "", minor = "", patch = "", prerelease] = match;
  const core = [major, minor, patch].map(encodeNumber).join("");
  if (prerelease === undefined) return `${core}~`;
  return `${core}!${prerelease.split(".").map(encodeIdentifier).join("")}`;
}

const encodeIdentifier = (identifier: string): string =>
  /^\d+$/.test(identifier) ? `0${encodeNumber(identifier)} ` : `1${identifier} `;

function encodeNumber(digits: string): string {
  const significant = digits.replace(/^0+(?=\d)/, "");
  return String(significant.length).padStart(2, "0") + significant;
}
