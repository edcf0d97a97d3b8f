import type { ProblemDetail } from "@junctor/contract";
import type { TemplateAnalysis } from "@junctor/jinja";
import { closest } from "fastest-levenshtein";
import type { Place } from "./places.ts";
import { readUses, SECRET_FUNCTIONS } from "./template-uses.ts";

/** Names that a definition declares for templates; null where it leaves the object open. */
export interface DeclaredNames {
  readonly input: ReadonlySet<string> | null;
  /** Parameters, environment values and values of token answers. */
  readonly connection: ReadonlySet<string> | null;
  /** The `writeOnly` ones among the parameters. */
  readonly secretParameters: ReadonlySet<string>;
  /** Functions and globals that templates may use. */
  readonly functions: ReadonlySet<string>;
  /** Imported templates: a name that nothing declares is undefined instead of an error, as where they come from. */
  readonly imported?: boolean;
}

/** Says whether a template reads a secret: `secret()`, a `writeOnly` parameter, or an object that may hold one. */
export function readsSecret(analysis: TemplateAnalysis, names: DeclaredNames): boolean {
  if (analysis.calls.some((call) => SECRET_FUNCTIONS.has(call.name))) return true;
  return analysis.reads.some((read) => {
    if (read.root === "token") return true;
    if (read.root !== "connection" || names.secretParameters.size === 0) return false;
    const member = read.path[0];
    return typeof member !== "string" || names.secretParameters.has(member);
  });
}

/**
 * Finds names that the place does not offer or nothing declares, computed names of secrets and variables, and secrets
 * where the place refuses them. Used by lint and, once more, by compile: such a template is never rendered.
 */
export function checkNames(
  analysis: TemplateAnalysis,
  place: Place,
  names: DeclaredNames,
  pointer: string,
): readonly ProblemDetail[] {
  const problems: ProblemDetail[] = [];
  for (const read of analysis.reads) {
    const at = { pointer, line: read.line, column: read.column };
    if (SECRET_FUNCTIONS.has(read.root) && (!read.called || read.path.length > 0)) {
      // Under another name, a call of it could not be seen: its secret would be read in clear, and sent anywhere.
      problems.push({
        ...at,
        message: `${read.root}() can only be called by its own name.`,
        hint: `Write ${read.root}('name') where the value is needed.`,
      });
      continue;
    }
    if (names.functions.has(read.root) || names.imported === true) continue;
    if (!place.roots.includes(read.root)) {
      problems.push({ ...at, message: `"${read.root}" is not known here.`, hint: suggest(read.root, place.roots) });
      continue;
    }
    const declared = read.root === "input" ? names.input : read.root === "connection" ? names.connection : null;
    const member = read.path[0];
    if (declared === null || typeof member !== "string" || declared.has(member)) continue;
    problems.push({
      ...at,
      message: `"${read.root}.${member}" is not declared.`,
      hint: suggest(member, [...declared]),
    });
  }
  for (const call of readUses(analysis, "").computed) {
    problems.push({
      pointer,
      line: call.line,
      column: call.column,
      message: `The name given to ${call.name}() must be a literal text.`,
      hint: "Write the name itself, so that it can be checked and loaded before the call.",
    });
  }
  if (place.secrets === "refused" && readsSecret(analysis, names) && !readsWholeConnection(analysis)) {
    problems.push({
      pointer,
      message: "A secret cannot be read here.",
      hint: "Secrets may stand in path, query, headers, body and auth of a request.",
    });
  }
  return problems;
}

/** Where secrets are refused, `connection` is shown without them, so reading it as a whole is no offence. */
function readsWholeConnection(analysis: TemplateAnalysis): boolean {
  return (
    !analysis.calls.some((call) => SECRET_FUNCTIONS.has(call.name)) &&
    analysis.reads.every((read) => read.root !== "connection" || typeof read.path[0] !== "string")
  );
}

function suggest(name: string, candidates: readonly string[]): string {
  if (candidates.length === 0) return "Nothing is declared here.";
  const nearest = closest(name, [...candidates]);
  return `Did you mean "${nearest}"? Known are: ${[...candidates].sort().slice(0, 20).join(", ")}.`;
}
