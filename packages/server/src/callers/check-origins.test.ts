import { describe, expect, it } from "vitest";
import { checkOrigins } from "./check-origins.ts";

describe("an origin of a key, a policy or a workspace", () => {
  it.each(["https://app.example", "http://localhost:3000", "https://app.example:8443", "http://[::1]"])(
    "may be %s",
    (origin) => {
      expect(() => checkOrigins([origin], "/origins")).not.toThrow();
    },
  );
  const refused: readonly [origin: string, hint: string][] = [
    ["https://*.example", "Name each origin."],
    ["https://a.example:443", 'Write "https://a.example".'],
    ["http://a.example:80", 'Write "http://a.example".'],
    ["https://A.example", 'Write "https://a.example".'],
    ["https://bücher.example", 'Write "https://xn--bcher-kva.example".'],
    ["https://me@a.example", 'Write "https://a.example".'],
    ["https://a.example?x", 'Write "https://a.example".'],
    ["https://a b", 'Write it like "https://app.example".'],
  ];
  it.each(refused)("may not be %s, which no browser sends", (origin, hint) => {
    expect(() => checkOrigins(["https://good.example", origin], "/origins")).toThrow(
      expect.objectContaining({
        code: "REQUEST_INVALID",
        hint,
        details: [expect.objectContaining({ pointer: "/origins/1", hint })],
      }),
    );
  });
});
