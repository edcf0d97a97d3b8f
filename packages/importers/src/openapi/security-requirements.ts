import { asList, asObject, isObject, type Obj } from "../json-value.ts";
import type { SourceModel, SourceOperation } from "./source-model.ts";

/**
 * The combinations of schemes that an operation accepts, as requirement objects. Authors write `[{ key }, { token }]` where
 * they mean both, and declare both as required parameters: a key that the operation requires as a parameter belongs to
 * every combination.
 */
export function requirementsOf(model: SourceModel, source: SourceOperation): readonly Obj[] {
  const written = asList(source.operation.security ?? model.root.security).filter(isObject);
  if (written.length < 2) return written;
  const schemes = asObject(asObject(model.root.components).securitySchemes);
  const needed = [...new Set(written.flatMap((alternative) => Object.keys(alternative)))].filter((name) =>
    source.parameters.some(
      (parameter) =>
        parameter.object.required === true && isPlaceOf(asObject(schemes[name]), parameter.in, parameter.name),
    ),
  );
  if (needed.length < 2) return written;
  return written
    .filter((alternative) => Object.keys(alternative).length > 0)
    .map((alternative) => ({ ...Object.fromEntries(needed.map((name) => [name, []])), ...alternative }));
}

/** Says whether a scheme puts its credential at a place of a request; names of headers compare whatever their case. */
export function isPlaceOf(scheme: Obj, location: string, name: string): boolean {
  if (String(scheme.type).toLowerCase() !== "apikey")
    return (
      /^(http|oauth2|openidconnect)$/i.test(String(scheme.type)) &&
      location === "header" &&
      name.toLowerCase() === "authorization"
    );
  const own = String(scheme.name).trim();
  if (scheme.in !== location) return false;
  return location === "header" ? own.toLowerCase() === name.trim().toLowerCase() : own === name;
}
