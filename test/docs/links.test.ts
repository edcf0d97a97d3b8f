import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { describe, expect, it } from "vitest";
import { repositoryRoot } from "../architecture/read-source-files.ts";
import { pages } from "./read-code-blocks.ts";

/** Text of a page without its code, in which brackets are no links and hashes no headings. */
const readProse = (page: string): string =>
  readFileSync(join(repositoryRoot, page), "utf8").replaceAll(/^(\s*)```[\s\S]*?^\s*```/gm, "");

/** Places that a page can be linked at: headings as forges write them, and named anchors. */
function readAnchors(page: string): ReadonlySet<string> {
  const prose = readProse(page);
  const anchors = new Set([...prose.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, name = ""]) => name));
  const seen = new Map<string, number>();
  for (const [, title = ""] of prose.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const words = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = words.replaceAll(/[^\p{L}\p{N}_ -]/gu, "").replaceAll(" ", "-");
    const count = seen.get(slug) ?? 0;
    seen.set(slug, count + 1);
    anchors.add(count === 0 ? slug : `${slug}-${count}`);
  }
  return anchors;
}

const anchorsOf = new Map(pages.map((page) => [page, readAnchors(page)]));

/** Links of a page that lead to no file, or to no place in it. */
function findDeadLinks(page: string): readonly string[] {
  const prose = readProse(page).replaceAll(/`[^`\n]*`/g, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, link = ""]) => {
    if (/^[a-z]+:/i.test(link)) return [];
    const [path = "", anchor] = link.split("#");
    const target = path === "" ? page : normalize(join(dirname(page), path));
    if (!existsSync(join(repositoryRoot, target))) return [link];
    const anchors = anchorsOf.get(target);
    return anchor === undefined || anchors === undefined || anchors.has(anchor) ? [] : [link];
  });
}

describe("the links of the documentation", () => {
  it.each(pages)("%s lead somewhere", (page) => expect(findDeadLinks(page)).toEqual([]));

  it("are looked at", () => expect(pages.length).toBeGreaterThan(20));
});
