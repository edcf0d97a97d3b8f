import { ConnectorError } from "@junctor/core";
import { createEgress } from "@junctor/egress";
import { afterAll, describe, expect, it } from "vitest";
import { checkRepository } from "./check-repository.ts";

const egress = createEgress({ allow: ["127.0.0.1:8080"] });
afterAll(() => egress.close());

function refusalOf(repository: Parameters<typeof checkRepository>[0]): ConnectorError | undefined {
  try {
    checkRepository(repository, (url) => egress.checkUrl(url));
    return undefined;
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
}

const url = "https://git.example/team/connectors.git";

describe("a repository", () => {
  const fine: readonly [what: string, repository: Parameters<typeof checkRepository>[0]][] = [
    ["HTTPS", { url }],
    ["plain HTTP that the outbound policy allows", { url: "http://127.0.0.1:8080/public.git" }],
    ["a folder", { url, folder: "connectors/crm" }],
    ["a folder with a slash at its end, and dots in names", { url, folder: "connectors/.v1..2/" }],
  ];
  for (const [what, repository] of fine) {
    it(`is taken: ${what}`, () => expect(refusalOf(repository)).toBeUndefined());
  }

  const refused: readonly [repository: Parameters<typeof checkRepository>[0], pointer: string, hint: RegExp][] = [
    [{ url: "https://u:pass1234567@git.example/x" }, "/url", /tokenSecret/],
    [{ url: "https://ghp_token1234@git.example/x" }, "/url", /tokenSecret/],
    [{ url: "https://git.example/x?token=t1234567" }, "/url", /tokenSecret/],
    [{ url: "file:///etc/passwd" }, "/url", /HTTPS/],
    [{ url: "ssh://git@git.example/x" }, "/url", /tokenSecret/],
    [{ url: "git.example/x" }, "/url", /https:/],
    [{ url: "http://git.example/x" }, "/url", /./],
    [{ url: "https://127.0.0.1/x" }, "/url", /./],
    [{ url, folder: "../../x" }, "/folder", /below|connectors/],
    [{ url, folder: "a/../../x" }, "/folder", /connectors/],
    [{ url, folder: "/etc" }, "/folder", /connectors/],
    [{ url, folder: "a//b" }, "/folder", /connectors/],
    [{ url, folder: "..\\x" }, "/folder", /connectors/],
  ];
  for (const [repository, pointer, hint] of refused) {
    it(`is refused: ${JSON.stringify(repository)}`, () => {
      const refusal = refusalOf(repository);
      expect(refusal).toMatchObject({ code: "REQUEST_INVALID", hint: expect.stringMatching(hint) });
      expect(refusal?.details).toMatchObject([{ pointer, hint: expect.stringMatching(hint) }]);
      expect(JSON.stringify([refusal?.message, refusal?.details])).not.toMatch(/pass1234567|ghp_token1234|t1234567/);
    });
  }

  it("names all that is wrong", () => {
    const refusal = refusalOf({ url: "file:///x", folder: "/x" });
    expect(refusal?.details.map(({ pointer }) => pointer)).toEqual(["/url", "/folder"]);
  });
});
