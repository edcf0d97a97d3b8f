/** Most names that one hint lists: thousands of them would help nobody, and a hint is written per finding. */
const LISTED = 20;

/** Lists names for the end of a hint: the first twenty, and how many there are besides; `none` where there is none. */
export const listNames = (names: readonly string[]): string =>
  names.length <= LISTED
    ? names.join(", ") || "none"
    : `${names.slice(0, LISTED).join(", ")} and ${names.length - LISTED} more`;
