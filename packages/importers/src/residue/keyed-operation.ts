import { asList, asObject, isObject, type Obj, setMember, without } from "../json-value.ts";

/**
 * Operations with their parameters by `place:name` instead of in a list, so that two versions of an operation can be
 * compared parameter by parameter.
 */
export function keyOperation(operation: Obj): Obj {
  if (!Array.isArray(operation.parameters)) return operation;
  const keyed: Obj = {};
  for (const parameter of operation.parameters) {
    const { in: location, name } = asObject(parameter);
    setMember(keyed, `${String(location)}:${String(name)}`, parameter);
  }
  return { ...without(operation, "parameters"), parameters: keyed };
}

/** Turns keyed parameters back into a list; those that a difference touches but nobody declares any more are left out. */
export function listOperation(operation: Obj): Obj {
  if (!isObject(operation.parameters)) return operation;
  const parameters = asList(Object.values(operation.parameters)).filter(
    (parameter) => isObject(parameter) && parameter.in !== undefined,
  );
  const rest = without(operation, "parameters");
  return parameters.length === 0 ? rest : { ...rest, parameters };
}
