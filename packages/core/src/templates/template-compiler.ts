import type { Json } from "../ports/records.ts";
import type { DeclaredNames } from "./check-names.ts";
import type { CompiledTemplate, CompiledValue } from "./compiled-value.ts";
import type { Place } from "./places.ts";

/**
 * Encodes one interpolation for the place where the text lands; `undefined` leaves it to the ordinary printing. `safe`
 * says that the template marked the value as ready-made for its place.
 */
export type Encode = (value: unknown, safe: boolean) => string | undefined;

/** Compiles the templates of one definition. All failures are DEFINITION_INVALID with pointer, line and column. */
export interface TemplateCompiler {
  readonly names: DeclaredNames;
  /** Compiles one string: a literal stays a string. */
  template(source: string, place: Place, pointer: string, encode?: Encode): string | CompiledTemplate;
  /** Compiles a JSON tree whose strings are templates. */
  tree(json: Json, place: Place, pointer: string): CompiledValue;
  /** The same compiler for an action with these inputs. */
  withInputs(input: ReadonlySet<string> | null): TemplateCompiler;
}
