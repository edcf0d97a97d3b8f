import { describe, expect, it } from "vitest";
import { listTarEntries } from "./list-tar-entries.ts";

/** Makes one entry the way tar does, with a right checksum. */
function makeEntry(name: string, content: string, prefix = ""): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(content.length.toString(8).padStart(11, "0"), 124);
  header.write("ustar\u000000", 257);
  header.write(prefix, 345);
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148);
  const body = Buffer.alloc(Math.ceil(content.length / 512) * 512);
  body.write(content);
  return Buffer.concat([header, body]);
}
const end = Buffer.alloc(1024);
const two = Buffer.concat([makeEntry("/PG_VERSION", "18\n"), makeEntry("./base", "x".repeat(513), "deep"), end]);

describe("listTarEntries", () => {
  it("lists names without what leads to the root, also where they are split", () => {
    expect(listTarEntries(two)).toEqual(["PG_VERSION", "deep/./base"]);
    expect(listTarEntries(end)).toEqual([]);
  });

  it.each<[what: string, bytes: Uint8Array]>([
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from("text".repeat(500))],
    ["an archive that is cut off", two.subarray(0, 1024)],
    ["an archive with a changed header", Buffer.concat([two.subarray(0, 4), Buffer.from("X"), two.subarray(5)])],
    [
      "a size that is no number",
      (() => {
        const broken = Buffer.from(two);
        broken.write("zzz", 124);
        return broken;
      })(),
    ],
  ])("answers undefined to %s", (_what, bytes) => {
    expect(listTarEntries(bytes)).toBeUndefined();
  });
});
