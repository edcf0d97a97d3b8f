import type { ConnectorDefinition } from "@junctor/sdk";
import { extendPointer } from "../definition/json-pointer.ts";

/** Lists the places that name an action of the connector: the connection's test, steps, options and schemas. */
export const listActionReferences = (
  definition: ConnectorDefinition,
): readonly { readonly pointer: string; readonly name: string }[] => [
  ...(definition.connection?.test === undefined
    ? []
    : [{ pointer: "/connection/test/action", name: definition.connection.test.action }]),
  ...Object.entries(definition.actions ?? {}).flatMap(([action, { steps }]) =>
    (steps ?? []).flatMap((step, index) =>
      step.action === undefined
        ? []
        : [{ pointer: extendPointer("/actions", action, "steps", index, "action"), name: step.action }],
    ),
  ),
  ...(["options", "schemas"] as const).flatMap((kind) =>
    Object.entries(definition.dynamic?.[kind] ?? {}).map(([name, source]) => ({
      pointer: extendPointer("/dynamic", kind, name, "action"),
      name: source.action,
    })),
  ),
];
