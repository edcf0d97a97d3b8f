import { join } from "node:path";
import { expect, it } from "vitest";
import type { Terminal } from "../terminal.ts";
import { makeFolder } from "../testkit/test-terminal.ts";
import { DEFAULT_URL, findServer } from "./settings.ts";

const files = { ".junctor/cli.json": { url: "http://file:1/", key: "file" }, "below/x": "" };
const environment = { JUNCTOR_URL: "http://env:2", JUNCTOR_KEY: "env" };

it.each([
  ["flags first", files, environment, { url: "http://flag:3/", key: "flag" }, { url: "http://flag:3", key: "flag" }],
  ["then the environment", files, environment, {}, { url: "http://env:2", key: "env" }],
  ["then the file of a folder above", files, {}, {}, { url: "http://file:1", key: "file" }],
  ["then the default, without a key", { "below/x": "" }, {}, {}, { url: DEFAULT_URL, key: undefined }],
  [
    "a key that npm start left",
    { ".junctor/first-key": "jk_1\n", "below/x": "" },
    {},
    {},
    { url: DEFAULT_URL, key: "jk_1" },
  ],
])("takes %s", async (_what, content, variables, flags, expected) => {
  const folder = join(await makeFolder(content), "below");
  expect(findServer({ folder, environment: variables } as unknown as Terminal, flags)).toEqual(expected);
});
