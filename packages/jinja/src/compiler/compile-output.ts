import type { Expr } from "../parser/nodes.ts";
import { asText } from "../runtime/arguments.ts";
import type { Evaluate, Execute } from "../runtime/frame.ts";
import { Markup } from "../runtime/host-values.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { typeName } from "../runtime/type-names.ts";
import { fail } from "../runtime/values.ts";
import { choosePrint } from "./print.ts";
import type { CompileState, Scope } from "./state.ts";

/** Is a piece of a body: text of the template, or something that runs. */
export type Piece = string | Execute;

/** Joins texts of the template that stand next to each other. */
export function mergeTexts(pieces: readonly Piece[]): Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    if (typeof piece === "string" && typeof last === "string") merged[merged.length - 1] = last + piece;
    else if (piece !== "") merged.push(piece);
  }
  return merged;
}

/** Makes one closure of pieces in a row, which charges `cost` steps for all of them; the common numbers of pieces first. */
export function joinPieces(pieces: readonly Piece[], leaves: boolean, cost: number): Execute {
  const runs: Execute[] = [];
  const texts: string[] = [""];
  for (const piece of pieces) {
    if (typeof piece === "string") texts[texts.length - 1] = piece;
    else {
      runs.push(piece);
      texts.push("");
    }
  }
  if (leaves) return runWithSignals(runs, texts, cost);
  const size = texts.reduce((sum, text) => sum + text.length, 0);
  const [first, second, third] = runs;
  const [before = "", between = "", after = "", last = ""] = texts;
  if (first === undefined) {
    return (frame) => {
      charge(frame.rt, cost, size);
      return before;
    };
  }
  if (second === undefined) {
    return (frame) => {
      charge(frame.rt, cost, size);
      return before + first(frame) + between;
    };
  }
  if (third === undefined) {
    return (frame) => {
      charge(frame.rt, cost, size);
      return before + first(frame) + between + second(frame) + after;
    };
  }
  if (runs.length === 3) {
    return (frame) => {
      charge(frame.rt, cost, size);
      return before + first(frame) + between + second(frame) + after + third(frame) + last;
    };
  }
  return (frame) => {
    charge(frame.rt, cost, size);
    let text = before;
    for (let index = 0; index < runs.length; index++) text += (runs[index] as Execute)(frame) + texts[index + 1];
    return text;
  };
}

/** Charges one run of a body: its steps, and the template's own text. */
function charge(rt: Runtime, cost: number, size: number): void {
  rt.fuel -= cost;
  rt.room -= size;
  if (rt.fuel < 0) rt.refuel();
  if (rt.room < 0) rt.print(0);
}

/** Runs pieces until one of them leaves the loop. */
function runWithSignals(runs: readonly Execute[], texts: readonly string[], cost: number): Execute {
  return (frame) => {
    const { rt } = frame;
    let text = texts[0] as string;
    charge(rt, cost, text.length);
    for (let index = 0; index < runs.length; index++) {
      text += (runs[index] as Execute)(frame);
      if (rt.signal !== 0) return text;
      rt.print((texts[index + 1] as string).length);
      text += texts[index + 1];
    }
    return text;
  };
}

/** Compiles interpolations; constants become text of the template. */
export function compileOutput(
  state: CompileState,
  scope: Scope,
  items: readonly (string | Expr)[],
  pieces: Piece[],
): void {
  if (scope.checksExtends && state.knownExtends) return;
  const dynamic = scope.checksExtends && state.hasExtends;
  const own = dynamic ? [] : pieces;
  for (const item of items) own.push(typeof item === "string" ? item : compileInterpolation(state, scope, item));
  if (!dynamic) return;
  const run = joinPieces(mergeTexts(own), false, 0);
  pieces.push((frame) => (frame.context.extending === null ? run(frame) : ""));
}

function compileInterpolation(state: CompileState, scope: Scope, node: Expr): Piece {
  const { evaluate, fold } = state.compileExpression(scope, node);
  const print = choosePrint(state, scope);
  if (fold !== null && state.encode === null && scope.autoescape !== "volatile") {
    try {
      return print(state.folding, fold());
    } catch {
      // What fails now fails again when it is run, and then it has a place.
    }
  }
  const place = state.place(node.offset);
  if (state.encode !== null || scope.autoescape !== false) {
    return (frame) => {
      const { rt } = frame;
      const value = evaluate(frame);
      rt.at = place;
      const text = print(rt, value);
      rt.print(text.length);
      return text;
    };
  }
  // What is text already, in every mode of printing, is printed as it is.
  return (frame) => {
    const { rt } = frame;
    const value = evaluate(frame);
    let text: string;
    if (typeof value === "string") text = value;
    else if (typeof value === "number" && Number.isSafeInteger(value)) text = `${value}`;
    else if (value instanceof Markup) ({ text } = value);
    else {
      rt.at = place;
      text = print(rt, value);
    }
    rt.room -= text.length;
    if (rt.room < 0) rt.print(0);
    return text;
  };
}

/** Prints the text that a `call` or `filter` block gives, without escaping it again. */
export function compileRawOutput(scope: Scope, evaluate: Evaluate): Execute {
  return (frame) => {
    const value = evaluate(frame);
    const text = asText(value);
    if (text === null) throw fail("TypeError", `sequence item 0: expected str instance, ${typeName(value)} found`);
    if (scope.checksExtends && frame.context.extending !== null) return "";
    frame.rt.print(text.length);
    return text;
  };
}
