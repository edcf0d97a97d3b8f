import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { isGenuinePush, type PushHeaders, readPushedBranch } from "./verify-push.ts";

const body = Buffer.from('{"ref":"refs/heads/main"}');
const sign = (secret: string, content: Uint8Array = body): string =>
  createHmac("sha256", secret).update(content).digest("hex");

const table: readonly [name: string, headers: PushHeaders, genuine: boolean][] = [
  ["GitHub's signature", { "x-hub-signature-256": `sha256=${sign("s")}` }, true],
  ["GitHub's signature in capitals", { "x-hub-signature-256": `sha256=${sign("s").toUpperCase()}` }, true],
  ["GitHub's signature by another secret", { "x-hub-signature-256": `sha256=${sign("t")}` }, false],
  ["GitHub's signature of another body", { "x-hub-signature-256": `sha256=${sign("s", Buffer.from("{}"))}` }, false],
  ["an empty signature", { "x-hub-signature-256": "" }, false],
  ["Gitea's signature", { "x-gitea-signature": sign("s") }, true],
  ["GitLab's token", { "x-gitlab-token": "s" }, true],
  ["another token", { "x-gitlab-token": "ss" }, false],
  ["a bad signature beside a good token", { "x-hub-signature-256": "sha256=00", "x-gitlab-token": "s" }, false],
  ["a header that came twice", { "x-gitlab-token": ["s", "s"] }, false],
  ["nothing", {}, false],
];
it.each(table)("%s", (_name, headers, genuine) => {
  expect(isGenuinePush(headers, body, "s")).toBe(genuine);
});
it.each([["" as string | undefined], [undefined]])("no secret (%j) admits nobody", (secret) => {
  expect(isGenuinePush({ "x-gitlab-token": "" }, body, secret)).toBe(false);
  expect(isGenuinePush({ "x-hub-signature-256": `sha256=${sign("")}` }, body, secret)).toBe(false);
});
it("the pushed branch", () => {
  expect([{ ref: "refs/heads/a/b" }, { ref: "refs/tags/v1" }, {}, null, "x"].map(readPushedBranch)).toEqual([
    "a/b",
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});
