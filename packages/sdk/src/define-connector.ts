import type {
  Action,
  ActionCommon,
  AuthMethod,
  CodeAction,
  CompositeAction,
  Connection,
  ConnectorDefinition,
  DeclarativeAction,
  Poll,
  Trigger,
} from "./definition.generated.ts";
import type { RunFunction } from "./run-context.ts";
import { type InputOf, type OutputOf, type SchemaSource, toJsonSchema } from "./standard-schema.ts";

type SchemaKeys = "input" | "output";

/** An action as TypeScript authors write it: schemas may come from a library, and `run` may be the function itself. */
export type AuthoredAction<Input extends SchemaSource = SchemaSource, Output extends SchemaSource = SchemaSource> = (
  | Omit<DeclarativeAction, SchemaKeys>
  | Omit<CompositeAction, SchemaKeys>
  | (Omit<CodeAction, SchemaKeys | "run"> & { readonly run: string | RunFunction<OutputOf<Input>, InputOf<Output>> })
) & { readonly input?: Input; readonly output?: Output };

/** A trigger as TypeScript authors write it. */
export type AuthoredTrigger = Omit<Trigger, SchemaKeys | "poll"> & {
  readonly input?: SchemaSource;
  readonly output?: SchemaSource;
  readonly poll?: Omit<Poll, "run"> & { readonly run?: string | RunFunction };
};

/** A connection as TypeScript authors write it. */
export type AuthoredConnection = Omit<Connection, "parameters"> & { readonly parameters?: SchemaSource };

/** A connector as TypeScript authors write it. */
export type AuthoredConnector = Omit<ConnectorDefinition, "actions" | "triggers" | "connection"> & {
  readonly actions?: Readonly<Record<string, AuthoredAction>>;
  readonly triggers?: Readonly<Record<string, AuthoredTrigger>>;
  readonly connection?: AuthoredConnection;
  /** Functions that `run` names as text, by that name. */
  readonly functions?: Readonly<Record<string, RunFunction>>;
};

/** A connector in code: the same document that a JSON author writes, plus the functions that its `run` members name. */
export interface DefinedConnector {
  readonly definition: ConnectorDefinition;
  readonly functions: Readonly<Record<string, RunFunction>>;
}

const withSchemas = (part: { readonly input?: SchemaSource; readonly output?: SchemaSource }): ActionCommon => ({
  ...(part as ActionCommon),
  ...(part.input === undefined ? {} : { input: toJsonSchema(part.input, "input") }),
  ...(part.output === undefined ? {} : { output: toJsonSchema(part.output, "output") }),
});

const named = <Part>(
  parts: Readonly<Record<string, Part>>,
  convert: (part: Part, name: string) => unknown,
): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parts).map(([name, part]) => [name, convert(part, name)]));

/**
 * Turns a connector written in TypeScript into the one document plus its functions. A function given in place is listed
 * under the name of its action or trigger; two functions of one name are an error.
 */
export const defineConnector = (connector: AuthoredConnector): DefinedConnector => {
  const { actions, triggers, connection, functions: given, ...rest } = connector;
  const functions: Record<string, RunFunction> = { ...given };
  const nameOf = (run: string | RunFunction | undefined, name: string): string | undefined => {
    if (typeof run !== "function") return run;
    if (functions[name] !== undefined && functions[name] !== run) {
      throw new Error(`Two functions are called ${name}: give one of them a name of its own under "functions"`);
    }
    functions[name] = run;
    return name;
  };
  const definition = {
    ...rest,
    ...(connection === undefined ? {} : { connection: documentOfConnection(connection) }),
    ...(actions === undefined
      ? {}
      : {
          actions: named(actions, (action, name) => {
            const run = "run" in action ? nameOf(action.run as string | RunFunction, name) : undefined;
            return { ...withSchemas(action), ...(run === undefined ? {} : { run }) };
          }),
        }),
    ...(triggers === undefined
      ? {}
      : {
          triggers: named(triggers, (trigger, name) => {
            const run = nameOf(trigger.poll?.run, name);
            return { ...withSchemas(trigger), ...(run === undefined ? {} : { poll: { ...trigger.poll, run } }) };
          }),
        }),
  };
  return { definition: definition as ConnectorDefinition, functions };
};

const documentOfConnection = (connection: AuthoredConnection): Connection =>
  connection.parameters === undefined
    ? (connection as Connection)
    : { ...connection, parameters: toJsonSchema(connection.parameters, "input") };

/** Gives the action back, typed: its `run` sees the types of `input` and must return those of `output`. */
export const defineAction = <const Input extends SchemaSource, const Output extends SchemaSource>(
  action: AuthoredAction<Input, Output>,
): AuthoredAction => action as AuthoredAction;

/** Gives the trigger back, typed. */
export const defineTrigger = (trigger: AuthoredTrigger): AuthoredTrigger => trigger;

/** Gives the connection back, typed. */
export const defineConnection = (connection: AuthoredConnection): AuthoredConnection => connection;

/** Gives the auth method back, typed by its `type`. */
export const defineAuthMethod = <const Method extends AuthMethod>(method: Method): Method => method;

/** Gives a JSON document back, typed as a definition; for documents that need no functions. */
export const defineDefinition = (definition: ConnectorDefinition): ConnectorDefinition => definition;

/** Tells which kind of action this is, by the one of `request`, `steps` and `run` that it has. */
export const actionKind = (action: Action): "declarative" | "composite" | "code" => {
  if (action.request !== undefined) return "declarative";
  return action.steps === undefined ? "code" : "composite";
};
