import type { Statement } from "./nodes.ts";
import { parseExpression } from "./parse-expression.ts";
import { parseTargetName } from "./parse-target.ts";
import type { TokenStream } from "./token-stream.ts";

/** Parses `extends`. */
export function parseExtends(stream: TokenStream): Statement {
  const { offset } = stream.next();
  return { kind: "extends", template: parseExpression(stream), offset };
}

/** Parses `include`. */
export function parseInclude(stream: TokenStream): Statement {
  const { offset } = stream.next();
  const template = parseExpression(stream);
  const ignoreMissing = stream.isName("ignore") && stream.look().text === "missing";
  if (ignoreMissing) {
    stream.next();
    stream.next();
  }
  return { kind: "include", template, ignoreMissing, withContext: parseContextWord(stream) ?? true, offset };
}

/** Parses `import … as name`. */
export function parseImport(stream: TokenStream): Statement {
  const { offset } = stream.next();
  const template = parseExpression(stream);
  stream.expectName("as");
  const target = parseTargetName(stream);
  return { kind: "import", template, target, withContext: parseContextWord(stream) ?? false, offset };
}

/** Parses `from … import …`. */
export function parseFromImport(stream: TokenStream): Statement {
  const { offset } = stream.next();
  const template = parseExpression(stream);
  stream.expectName("import");
  const names: { name: string; alias: string }[] = [];
  let withContext: boolean | null = null;
  for (;;) {
    if (names.length > 0) stream.expectOperator(",");
    if (stream.current.kind !== "name") stream.expect("name");
    withContext = parseContextWord(stream);
    if (withContext !== null) break;
    const place = stream.current.offset;
    const name = parseTargetName(stream);
    if (name.startsWith("_")) throw stream.error("names starting with an underline can not be imported", place);
    names.push({ name, alias: stream.skipName("as") ? parseTargetName(stream) : name });
    withContext = parseContextWord(stream);
    if (withContext !== null || !stream.isOperator(",")) break;
  }
  return { kind: "from import", template, names, withContext: withContext ?? false, offset };
}

/** Parses `with context` or `without context`. */
function parseContextWord(stream: TokenStream): boolean | null {
  const ahead = stream.look();
  if (!(stream.isName("with") || stream.isName("without")) || ahead.kind !== "name" || ahead.text !== "context")
    return null;
  const withContext = stream.next().text === "with";
  stream.next();
  return withContext;
}
