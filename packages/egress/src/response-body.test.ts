import { describe, expect, it } from "vitest";
import { ResponseBody } from "./response-body.ts";

const call = { abort: () => undefined, resume: () => undefined };
const limits = { maxDecompressedBytes: 1_000, maxDecompressionRatio: 100 };

function bodyOf(pieces: readonly string[], headers: Record<string, string> = {}, ended = true): ResponseBody {
  const body = new ResponseBody(call, { limits, headers, decompress: true });
  for (const piece of pieces) body.push(Buffer.from(piece, "latin1"));
  if (ended) body.end();
  return body;
}

describe("the text of a body that is ready", () => {
  const table: readonly [what: string, body: ResponseBody, text: string | undefined][] = [
    ["one piece", bodyOf(["abc"]), "abc"],
    ["several pieces", bodyOf(["ab", "", "c"]), "abc"],
    ["nothing", bodyOf([]), ""],
    ["a charset of its own", bodyOf(["\xe4"], { "content-type": "text/plain; charset=latin1" }), "ä"],
    ["a body that still comes", bodyOf(["abc"], {}, false), undefined],
    ["a packed body", bodyOf(["abc"], { "content-encoding": "gzip" }), undefined],
    ["a body that says it is not packed", bodyOf(["abc"], { "content-encoding": "identity" }), "abc"],
  ];
  it.each(table)("%s", (_what, body, text) => expect(body.readyText()).toBe(text));

  it("is taken once", () => {
    const body = bodyOf(["abc"]);
    expect(body.readyText()).toBe("abc");
    expect(body.readyText()).toBeUndefined();
    expect(() => body.stream()).toThrow(/read or discarded before/);
  });

  it("takes nothing where it has none to give", async () => {
    const body = bodyOf(["ab"], {}, false);
    expect(body.readyText()).toBeUndefined();
    body.push(Buffer.from("c"));
    body.end();
    expect(await body.text()).toBe("abc");
  });
});
