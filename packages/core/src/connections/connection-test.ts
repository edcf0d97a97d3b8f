import type { CompiledConnector } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { Call } from "../execute/call.ts";
import type { Json } from "../ports/records.ts";
import type { CompiledValue } from "../templates/compiled-value.ts";
import { extendPlace, places } from "../templates/places.ts";
import { renderValue } from "../templates/render-value.ts";
import { createScope, type TemplateHost } from "../templates/template-host.ts";

/** What the templates of a connection's test may read. */
export interface ConnectionTestScope {
  readonly workspace: Call["workspace"];
  /** Reads a workspace variable; undefined when there is none. */
  readonly variable: (name: string) => Promise<Json | undefined>;
}

/** The test of a connector, ready to be run: which action with which input, and how its output names the account. */
export interface PlannedConnectionTest {
  readonly action: string;
  readonly input: Json;
  /** Names the account by the action's output; null where the connector gives no label, or it is empty. */
  readonly label: (output: Json | undefined) => Promise<string | null>;
}

const general = ["workspace"] as const;
const longestLabel = 200;

/** Plans `connection.test` of a connector (definition 3); undefined when it declares none. */
export async function planConnectionTest(
  connector: CompiledConnector,
  scope: ConnectionTestScope,
): Promise<PlannedConnectionTest | undefined> {
  const test = connector.definition.connection?.test;
  if (test === undefined) return undefined;
  const { templates } = connector;
  const inputPlace = extendPlace(places.static, general);
  const input = templates.tree((test.input ?? {}) as Json, inputPlace, "/connection/test/input");
  const { label } = test;
  const compiled =
    label === undefined
      ? undefined
      : templates.tree(label, extendPlace(places.static, [...general, "output"]), "/connection/test/label");
  return {
    action: test.action,
    input: ((await render(input, scope, {})) ?? {}) as Json,
    async label(output) {
      const text = compiled === undefined ? undefined : await render(compiled, scope, { output });
      const usable = typeof text === "string" || typeof text === "number" ? String(text).trim() : "";
      return usable === "" ? null : usable.slice(0, longestLabel);
    },
  };
}

async function render(
  value: CompiledValue,
  { workspace, variable }: ConnectionTestScope,
  roots: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const variables = new Map<string, Json | undefined>();
  for (const name of value.uses.variables) variables.set(name, await variable(name));
  const host: TemplateHost = {
    secret(name) {
      throw new ConnectorError("SECRET_UNKNOWN", `The test of a connection cannot read the secret "${name}".`);
    },
    variable(name) {
      const found = variables.get(name);
      if (found !== undefined) return found;
      throw new ConnectorError("VARIABLE_UNKNOWN", `There is no variable "${name}".`, {
        hint: "Write it with PUT /v1/variables/{name}.",
      });
    },
    now: () => Date.now(),
    newId: () => crypto.randomUUID(),
  };
  return renderValue(value, createScope({ workspace, ...roots }, host, false));
}
