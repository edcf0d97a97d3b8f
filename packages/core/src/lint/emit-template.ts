import { extendPointer } from "../definition/json-pointer.ts";
import { extendPlace, type Place } from "../templates/places.ts";
import type { SiteOwner, SitePart } from "./template-site.ts";

/** Where a walk is: what may be read, and by whom. */
export interface Scope {
  readonly owner: SiteOwner;
  readonly steps: ReadonlySet<string> | null;
  /** Ids of the steps that run at the same time. */
  readonly beside?: ReadonlySet<string>;
}

/** Takes a value with its place. */
export type Emit = (value: unknown, pointer: string, part: SitePart, place: Place, scope: Scope) => void;

/** Roots that most places have. */
export const GENERAL = ["user", "workspace", "call"];

/** Name of the place of `when` and `forEach`, which are read once for all elements. */
export const STEP_AS_A_WHOLE = "step as a whole";

/** Places that only triggers, connections and dynamic sources have (definition 2, *Context roots*). */
export const own = (name: string, roots: readonly string[], secrets: Place["secrets"] = "refused"): Place =>
  Object.freeze({ name, roots, secrets });

/** The place as it is in triggers, where nobody calls. */
export const withoutUser = (place: Place): Place =>
  own(
    place.name,
    place.roots.filter((root) => root !== "user"),
    place.secrets,
  );

/** Makes an owner. */
export const ownerOf = (
  kind: SiteOwner["kind"],
  name: string,
  input: ReadonlySet<string> | null,
  certainInput: ReadonlySet<string> | null,
): SiteOwner => ({ kind, name, input, certainInput });

/** Values of these keys of a repetition see the element. */
const EACH_INNER = ["value", "key", "when"];

export const emitObject = (
  object: Readonly<Record<string, unknown>>,
  pointer: string,
  part: SitePart,
  place: Place,
  scope: Scope,
  emit: Emit,
): void => {
  if (!Object.hasOwn(object, "$each")) {
    for (const [name, value] of Object.entries(object)) emit(value, extendPointer(pointer, name), part, place, scope);
    return;
  }
  emit(object.$each, `${pointer}/$each`, part, place, scope);
  const inner = extendPlace(place, [typeof object.as === "string" ? object.as : "item", "index"]);
  for (const name of EACH_INNER) {
    if (object[name] !== undefined) emit(object[name], extendPointer(pointer, name), part, inner, scope);
  }
};
