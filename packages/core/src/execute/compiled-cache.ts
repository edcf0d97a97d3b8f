import { compileAction } from "../compile/compile-action.ts";
import { compileConnector } from "../compile/compile-connector.ts";
import type { CompiledAction, CompiledConnector } from "../compile/compiled-connector.ts";
import { ConnectorError } from "../errors/connector-error.ts";
import type { ConnectorVersionRecord } from "../ports/records.ts";

/**
 * Keeps compiled connectors and actions, the least recently used going first. Keys are digests, so a new version never
 * meets an old entry and nothing has to be dropped when one is published.
 */
export class CompiledCache {
  readonly #connectors = new Map<string, CompiledConnector>();
  /** Actions by the connector that they belong to, so that a call writes no key; and all of them by age. */
  readonly #actions = new WeakMap<CompiledConnector, Map<string, CompiledAction>>();
  readonly #byAge = new Map<CompiledAction, CompiledConnector>();
  readonly #limits: { readonly compiledConnectors: number; readonly compiledActions: number };
  /** By the record itself, for as long as somebody holds it: most calls need no lookup by text. */
  readonly #known = new WeakMap<ConnectorVersionRecord, CompiledConnector>();

  constructor(limits: { readonly compiledConnectors: number; readonly compiledActions: number }) {
    this.#limits = limits;
  }

  connector(record: ConnectorVersionRecord): CompiledConnector {
    const known = this.#known.get(record);
    if (known !== undefined) return known;
    const key = `${record.workspaceId}/${record.name}@${record.version}#${record.digest}`;
    const compiled = this.#connectors.get(key) ?? compileConnector(record);
    keepRecent(this.#connectors, key, compiled, this.#limits.compiledConnectors);
    this.#known.set(record, compiled);
    return compiled;
  }

  /** Fails with ACTION_UNKNOWN, or with DEFINITION_INVALID when the action cannot be compiled. */
  action(connector: CompiledConnector, name: string): CompiledAction {
    const present = this.#actions.get(connector)?.get(name);
    if (present !== undefined) {
      // As long as there is room, nobody asks for the age.
      if (this.#byAge.size >= this.#limits.compiledActions) this.#keep(connector, present);
      return present;
    }
    const compiled = compileAction(connector, name);
    if (compiled === undefined) throw actionUnknown(connector, name);
    this.#keep(connector, compiled);
    return compiled;
  }

  /** Puts an action at the young end and drops the oldest beyond the limit. */
  #keep(connector: CompiledConnector, action: CompiledAction): void {
    const siblings = this.#actions.get(connector) ?? new Map<string, CompiledAction>();
    this.#actions.set(connector, siblings.set(action.name, action));
    const dropped = keepRecent(this.#byAge, action, connector, this.#limits.compiledActions);
    if (dropped !== undefined) this.#actions.get(dropped[1])?.delete(dropped[0].name);
  }

  get size(): { readonly connectors: number; readonly actions: number } {
    return { connectors: this.#connectors.size, actions: this.#byAge.size };
  }
}

/** Puts an entry at the end of the map, which is the young end, and drops the oldest beyond the limit, which it returns. */
function keepRecent<Key, Value>(map: Map<Key, Value>, key: Key, value: Value, limit: number): [Key, Value] | undefined {
  map.delete(key);
  map.set(key, value);
  if (map.size <= limit) return undefined;
  const oldest = map.entries().next().value;
  if (oldest !== undefined) map.delete(oldest[0]);
  return oldest;
}

function actionUnknown(connector: CompiledConnector, name: string): ConnectorError {
  const visible = connector.actionNames.filter((each) => connector.definition.actions?.[each]?.hidden !== true);
  return new ConnectorError("ACTION_UNKNOWN", `"${connector.name}" ${connector.version} has no action "${name}".`, {
    hint: `Its actions are: ${visible.slice(0, 20).join(", ")}${visible.length > 20 ? ", …" : ""}.`,
  });
}
