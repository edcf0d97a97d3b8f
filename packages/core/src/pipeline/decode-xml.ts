import { XMLParser } from "fast-xml-parser";
import { ConnectorError } from "../errors/connector-error.ts";

const parsers = new Map<string, XMLParser>();
const MAX_PARSERS = 100;

/**
 * Reads XML as objects: `@name` for attributes, `#text` for text beside them, repeated elements as lists, prefixes
 * dropped, all values text. `lists` names elements that are lists even when they occur once. A document with its own
 * entities is refused: a few lines of them can unfold to gigabytes.
 */
export function decodeXml(text: string, lists: readonly string[]): unknown {
  // Without "<" among the skipped characters: a text of many openings would be read to its end from each of them.
  if (/<!(?:DOCTYPE[^<>[]*\[|ENTITY)/i.test(text)) {
    throw new ConnectorError("UPSTREAM_INVALID", "The upstream's XML declares entities, which are not read.");
  }
  return parserFor(lists).parse(text, true);
}

function parserFor(lists: readonly string[]): XMLParser {
  const key = lists.join(" ");
  const present = parsers.get(key);
  if (present !== undefined) return present;
  const names = new Set(lists);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    textNodeName: "#text",
    ignoreDeclaration: true,
    ignorePiTags: true,
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    isArray: (name) => names.has(name),
  });
  if (parsers.size >= MAX_PARSERS) parsers.clear();
  parsers.set(key, parser);
  return parser;
}
