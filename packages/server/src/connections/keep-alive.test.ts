import { describe, expect, test } from "vitest";
import { isDue } from "./keep-alive.ts";

const day = 24 * 3_600_000;
const now = 1_000 * day;

describe("idle grants are renewed (R10)", () => {
  test.each([
    ["used yesterday", { refreshToken: "r", refreshExpiresAt: null, obtainedAt: now - day }, false],
    ["unused for more than a week", { refreshToken: "r", refreshExpiresAt: null, obtainedAt: now - 8 * day }, true],
    [
      "in the first half of a known lifetime",
      { refreshToken: "r", refreshExpiresAt: now + 9 * day, obtainedAt: now - day },
      false,
    ],
    [
      "in the second half of a known lifetime",
      { refreshToken: "r", refreshExpiresAt: now + 4 * day, obtainedAt: now - 6 * day },
      true,
    ],
    [
      "over already: only a person can help",
      { refreshToken: "r", refreshExpiresAt: now - 1, obtainedAt: now - 9 * day },
      false,
    ],
    ["without a refresh token", { refreshToken: null, refreshExpiresAt: null, obtainedAt: 0 }, false],
  ])("%s", (_title, tokens, expected) => expect(isDue(tokens, now)).toBe(expected));
});
