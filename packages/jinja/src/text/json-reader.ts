import { Float } from "../runtime/host-values.ts";
import { makeInt } from "../runtime/numbers.ts";

/** Deepest nesting of a document. */
const MAX_DEPTH = 500;
const NUMBER = /-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/y;
const SPACE = /[ \t\n\r]*/y;
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const INDEX_KEY = /^(?:0|[1-9][0-9]*)$/;

/** Reads JSON without losing whole floats, large integers or the order of keys. Throws `SyntaxError`. */
export function readJson(text: string): unknown {
  const reader = new JsonReader(text);
  return reader.readDocument();
}

class JsonReader {
  private readonly text: string;
  private index = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  readDocument(): unknown {
    const value = this.readValue();
    this.skipSpace();
    if (this.index < this.text.length) throw this.error("unexpected text behind the value");
    return value;
  }

  private error(reason: string): SyntaxError {
    return new SyntaxError(`invalid JSON at character ${this.index}: ${reason}`);
  }

  private skipSpace(): void {
    SPACE.lastIndex = this.index;
    SPACE.exec(this.text);
    this.index = SPACE.lastIndex;
  }

  private readValue(): unknown {
    this.skipSpace();
    switch (this.text.charAt(this.index)) {
      case '"':
        return this.readString();
      case "{":
        return this.nest(() => this.readObject());
      case "[":
        return this.nest(() => this.readArray());
      case "t":
        return this.readWord("true", true);
      case "f":
        return this.readWord("false", false);
      case "n":
        return this.readWord("null", null);
      default:
        return this.readNumber();
    }
  }

  private nest<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) throw this.error(`nested more than ${MAX_DEPTH} levels deep`);
    this.index++;
    const value = read();
    this.depth--;
    return value;
  }

  private readWord<T>(word: string, value: T): T {
    if (!this.text.startsWith(word, this.index)) throw this.error("unexpected character");
    this.index += word.length;
    return value;
  }

  private readString(): string {
    STRING.lastIndex = this.index;
    const match = STRING.exec(this.text);
    if (match === null) throw this.error("unterminated or malformed string");
    this.index = STRING.lastIndex;
    return match[0].includes("\\") ? (JSON.parse(match[0]) as string) : match[0].slice(1, -1);
  }

  private readNumber(): unknown {
    NUMBER.lastIndex = this.index;
    const match = NUMBER.exec(this.text);
    if (match === null) throw this.error(this.index < this.text.length ? "unexpected character" : "unexpected end");
    this.index = NUMBER.lastIndex;
    const isFloat = match[1] !== undefined || match[2] !== undefined;
    const value = Number(match[0]);
    if (isFloat) return Number.isSafeInteger(value) ? new Float(value) : value;
    return Number.isSafeInteger(value) ? value + 0 : makeInt(BigInt(match[0]));
  }

  private readArray(): unknown[] {
    const items: unknown[] = [];
    this.skipSpace();
    if (this.take("]")) return items;
    for (;;) {
      items.push(this.readValue());
      this.skipSpace();
      if (this.take("]")) return items;
      if (!this.take(",")) throw this.error("expected ',' or ']'");
    }
  }

  private take(character: string): boolean {
    const found = this.text.charAt(this.index) === character;
    if (found) this.index++;
    return found;
  }

  private readObject(): unknown {
    const entries = new Map<unknown, unknown>();
    let reorders = false;
    this.skipSpace();
    if (this.take("}")) return {};
    for (;;) {
      this.skipSpace();
      if (this.text.charAt(this.index) !== '"') throw this.error("expected a name");
      const key = this.readString();
      reorders ||= INDEX_KEY.test(key) || key.charCodeAt(0) === 0;
      this.skipSpace();
      if (!this.take(":")) throw this.error("expected ':'");
      entries.set(key, this.readValue());
      this.skipSpace();
      if (this.take("}")) return reorders ? entries : toObject(entries);
      if (!this.take(",")) throw this.error("expected ',' or '}'");
    }
  }
}

function toObject(entries: Map<unknown, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of entries as Map<string, unknown>) {
    if (key === "__proto__")
      Object.defineProperty(result, key, { value, enumerable: true, configurable: true, writable: true });
    else result[key] = value;
  }
  return result;
}
