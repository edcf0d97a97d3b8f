import { errorCatalogue } from "./errors.ts";
import { type Route, routeErrors } from "./route.ts";
import { routes } from "./routes.ts";
import { ref, type Schema } from "./schemas/schema.ts";
import { schemas } from "./schemas.ts";
import { scopeDescriptions } from "./scopes.ts";

/** What an OpenAPI document of one server says beyond the routes. */
export interface OpenApiOptions {
  /** URL under which the server is reached, base path included. Default `/`. */
  readonly serverUrl?: string;
  /** Version of Junctor. */
  readonly version: string;
  /** Routes to describe; default: every route. */
  readonly routes?: readonly Route[];
}

/** A JSON document of the OpenAPI 3.1 format. */
export interface OpenApiDocument {
  readonly openapi: "3.1.0";
  readonly info: { readonly title: string; readonly version: string; readonly license: Schema };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly securitySchemes: Readonly<Record<string, Schema>>;
  };
}

/** Builds the OpenAPI 3.1 document of the HTTP API from its routes and schemas. */
export function openApiDocument(options: OpenApiOptions): OpenApiDocument {
  const described = options.routes ?? Object.values(routes);
  const paths: Record<string, Record<string, Schema>> = {};
  for (const route of described) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describeOperation(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Junctor",
      version: options.version,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: options.serverUrl ?? "/" }],
    tags: [...new Set(described.map((route) => route.tag))].map((name) => ({ name })),
    paths,
    components: {
      schemas,
      securitySchemes: {
        key: {
          type: "http",
          scheme: "bearer",
          description: `An API key (jk_…, or the publishable jp_… of a page). Scopes: ${Object.keys(scopeDescriptions).join(", ")}.`,
        },
        userToken: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: "A token of a trusted issuer that says which user calls.",
        },
        callerKey: {
          type: "apiKey",
          in: "header",
          name: "X-Junctor-Key",
          description: "The API key of a call that carries a user token.",
        },
      },
    },
  };
}

function describeSecurity(access: Route["access"]): readonly Schema[] {
  if (access.kind === "public") return [];
  return access.alsoPages === true ? [{ key: [] }, { userToken: [] }, { userToken: [], callerKey: [] }] : [{ key: [] }];
}

function describeOperation(route: Route): Schema {
  const parameters = [
    ...Object.entries(route.parameters ?? {}).map(([name, schema]) => ({ name, in: "path", required: true, schema })),
    ...Object.entries(route.query ?? {}).map(([name, schema]) => ({ name, in: "query", required: false, schema })),
  ];
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: describeSecurity(route.access),
    ...(route.access.kind === "key" ? { "x-scope": route.access.scope } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: route.body.required ?? true,
            content: { "application/json": { schema: ref(route.body.schema) } },
          },
        }),
    responses: { [String(route.answer.status)]: describeAnswer(route), ...describeErrors(route) },
  };
}

const bareOutput: Schema = { description: "With `answer=raw`: the bare output." };

function describeAnswer({ answer }: Route): Schema {
  const contentType = answer.contentType ?? (answer.schema === undefined ? undefined : "application/json");
  if (contentType === undefined) return { description: answer.description };
  const schema = answer.schema === undefined ? { type: "string" } : ref(answer.schema);
  return {
    description: answer.description,
    content:
      answer.alsoAnyContentType === true
        ? { [contentType]: { schema: { anyOf: [schema, bareOutput] } }, "*/*": {} }
        : { [contentType]: { schema } },
  };
}

/** An upstream status may be passed on as what it is, so a route that can answer UPSTREAM_STATUS answers these too. */
const passedOn = [400, 404, 409, 410, 422, 429] as const;

function describeErrors(route: Route): Record<string, Schema> {
  const byStatus = new Map<number, string[]>();
  for (const code of routeErrors(route)) {
    const statuses =
      code === "UPSTREAM_STATUS" ? [errorCatalogue[code].status, ...passedOn] : [errorCatalogue[code].status];
    for (const status of statuses) byStatus.set(status, [...(byStatus.get(status) ?? []), code]);
  }
  const described = [...byStatus].sort(([a], [b]) => a - b);
  return Object.fromEntries(
    described.map(([status, codes]) => [
      String(status),
      {
        description: codes.join(", "),
        content: { "application/problem+json": { schema: ref("Problem") } },
      },
    ]),
  );
}
