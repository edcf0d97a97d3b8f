import { openApiDocument, type Route, type Schema } from "@junctor/contract";
import { ConnectorError } from "@junctor/core";
import { Ajv2020, type Options, type ValidateFunction } from "ajv/dist/2020.js";
import { describeViolations } from "./describe-violations.ts";

const document = "https://junctor.invalid/api";

/** Checks the parts of a request against a route. Validators are made when a route is first used. */
export interface RequestValidator {
  /** Throws REQUEST_INVALID with pointers. Text of the query is turned into numbers and booleans, defaults are filled in. */
  query(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
  parameters(value: Readonly<Record<string, unknown>>): void;
  body(value: unknown): void;
}

/** Makes validators for routes; they share the API's schemas. */
export function createRequestValidators(): (route: Route) => RequestValidator {
  const strict = createAjv({});
  const coercing = createAjv({ coerceTypes: true, useDefaults: true });
  return (route) => {
    const query = compileOnce(coercing, closed(route.query ?? {}));
    const parameters = compileOnce(strict, closed(route.parameters ?? {}));
    const bodySchema = route.body?.schema;
    const body = compileOnce(strict, { $ref: `${document}#/components/schemas/${bodySchema ?? ""}` });
    return {
      query(value) {
        const copy = { ...value };
        check(query(), copy, "/query", "query");
        return copy;
      },
      parameters: (value) => check(parameters(), value, "/path", "path"),
      body(value) {
        if (bodySchema === undefined) return;
        if (value !== undefined) return check(body(), value, "", "body");
        if (route.body?.required !== false) {
          throw new ConnectorError("REQUEST_INVALID", "The request has no body.", {
            hint: "Send a JSON body with Content-Type: application/json.",
          });
        }
      },
    };
  };
}

function createAjv(options: Options): Ajv2020 {
  const ajv = new Ajv2020({
    strict: false,
    allErrors: true,
    verbose: true,
    // Our own schemas, which a test holds against the meta-schema: compiling that takes a quarter of a second of every start.
    validateSchema: false,
    formats: { "date-time": isDateTime, uri: true },
    ...options,
  });
  const { components } = openApiDocument({ version: "0" });
  ajv.addSchema({ $id: document, components });
  return ajv;
}

const closed = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: "object",
  additionalProperties: false,
  properties,
});

function compileOnce(ajv: Ajv2020, schema: Schema): () => ValidateFunction {
  let compiled: ValidateFunction | undefined;
  return () => {
    compiled ??= ajv.compile(schema);
    return compiled;
  };
}

function check(validate: ValidateFunction, value: unknown, prefix: string, part: string): void {
  if (validate(value)) return;
  const details = describeViolations(validate.errors ?? [], prefix);
  const [first] = details;
  const reason = first === undefined ? "it is not valid" : `${first.pointer || "it"} ${first.message}`;
  throw new ConnectorError("REQUEST_INVALID", `The ${part} of the request does not match the route: ${reason}.`, {
    details,
    ...(first?.hint === undefined ? {} : { hint: first.hint }),
  });
}

function isDateTime(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text) && !Number.isNaN(Date.parse(text));
}
