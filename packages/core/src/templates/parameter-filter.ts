import { type HostCallable, markSafe, TemplateError } from "@junctor/jinja";
import { readArgument, readText, readWord } from "./functions/arguments.ts";
import { ParameterError, type ParameterStyle, writeParameter } from "./parameter-style.ts";

const STYLES: readonly ParameterStyle[] = [
  "simple",
  "label",
  "matrix",
  "form",
  "spaceDelimited",
  "pipeDelimited",
  "deepObject",
];

/**
 * `value | parameter('matrix', name='id', explode=true)`: writes a value in an OpenAPI style, encoded and ready for its
 * place, so that paths and cookies can hold what `query` writes by itself. A path segment cannot become `.` or `..`.
 */
export const parameter: HostCallable = {
  budget: { growth: 9 },
  call(args, named) {
    const [value, ...rest] = args;
    const given = { args: rest, named };
    const style = readWord(given, 0, "style", STYLES);
    const name = readText(given, 1, "name", "");
    const explode = readArgument(given, 2, "explode") === true;
    try {
      const text = writeParameter(name, value, { style, explode, allowReserved: false, encode: true });
      if (text === "" || text === "." || text === "..")
        throw new ParameterError("nothing that a path can hold is left");
      return markSafe(text);
    } catch (error) {
      if (error instanceof ParameterError) throw new TemplateError("ValueError", `parameter: ${error.message}`);
      throw error;
    }
  },
};
