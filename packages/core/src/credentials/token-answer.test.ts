import { describe, expect, test } from "vitest";
import { readTokenAnswer, sniffBody } from "./token-answer.ts";

describe("token answers: the text decides what it is", () => {
  test.each([
    ["JSON", '{"access_token":"a"}', { access_token: "a" }],
    ["JSON behind a byte order mark", '\uFEFF{"a":1}', { a: 1 }],
    ["JSON inside a JSON text", '"{\\"access_token\\":\\"a\\"}"', { access_token: "a" }],
    ["form", "access_token=a%2Fb&expires_in=3600", { access_token: "a/b", expires_in: "3600" }],
    ["the token itself", "eyJhbGciOi.J9.x", "eyJhbGciOi.J9.x"],
    ["the token as JSON text", '"abc"', "abc"],
    ["an error page", "<html><body>down</body></html>", "<html><body>down</body></html>"],
    ["a base64 token is no form", "dG9rZW4=", "dG9rZW4="],
    ["nothing", "  ", null],
    ["broken JSON stays text", '{"a":', '{"a":'],
  ])("%s", (_title, text, expected) => expect(sniffBody(text)).toEqual(expected));
});

test("cookies and repeated headers are at hand", () => {
  const answer = readTokenAnswer(
    200,
    { "set-cookie": ["session=abc; HttpOnly; Path=/", "theme=dark"], "x-a": ["1", "2"] },
    "",
  );
  expect(answer.cookies).toEqual({ session: "abc", theme: "dark" });
  expect(answer.headers["x-a"]).toBe("1, 2");
});
