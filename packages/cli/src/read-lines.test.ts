import { expect, it } from "vitest";
import { readLines } from "./read-lines.ts";

const collect = async (chunks: readonly Uint8Array[]): Promise<readonly string[]> => {
  const lines: string[] = [];
  for await (const line of readLines(
    (async function* () {
      yield* chunks;
    })(),
  )) {
    lines.push(line);
  }
  return lines;
};

it.each([
  ["lines", ["a\nb\n"], ["a", "b"]],
  ["a last line without an end", ["a\nb"], ["a", "b"]],
  ["carriage returns", ["a\r\nb\r\n"], ["a", "b"]],
  ["lines across chunks", ["a", "b\nc", "\n"], ["ab", "c"]],
  ["nothing", [], []],
  ["empty lines", ["\n\na\n"], ["", "", "a"]],
])("reads %s", async (_what, chunks, lines) => {
  expect(await collect(chunks.map((chunk) => Buffer.from(chunk)))).toEqual(lines);
});

it("puts a character together that straddles chunks", async () => {
  const bytes = Buffer.from("é\n");
  expect(await collect([bytes.subarray(0, 1), bytes.subarray(1)])).toEqual(["é"]);
});
