/** How the new connector authenticates. */
export type TemplateAuth = "bearer" | "apiKey" | "basic" | "oauth2" | "none";

const SCHEMA = "https://junctor.dev/schema/connector/v1.json";

const secret = (title: string): object => ({ type: "string", title, writeOnly: true });

/** What somebody is asked for, the method itself, and the header that a case expects. */
const auths: Readonly<
  Record<
    Exclude<TemplateAuth, "none">,
    { readonly parameters?: object; readonly method: object; readonly header: object }
  >
> = {
  bearer: {
    parameters: { type: "object", required: ["token"], properties: { token: secret("Token") } },
    method: { type: "bearer", token: "{{ connection.token }}" },
    header: { Authorization: "Bearer test-token" },
  },
  apiKey: {
    parameters: { type: "object", required: ["key"], properties: { key: secret("API key") } },
    method: { type: "apiKey", in: "header", name: "X-Api-Key", value: "{{ connection.key }}" },
    header: { "X-Api-Key": "test-key" },
  },
  basic: {
    parameters: {
      type: "object",
      required: ["user", "password"],
      properties: { user: { type: "string", title: "User name" }, password: secret("Password") },
    },
    method: { type: "basic", username: "{{ connection.user }}", password: "{{ connection.password }}" },
    header: { Authorization: "Basic dGVzdC11c2VyOnRlc3QtcGFzc3dvcmQ=" },
  },
  oauth2: {
    method: {
      type: "oauth2",
      grant: "authorizationCode",
      authorizationUrl: "https://login.example.com/authorize",
      tokenUrl: "https://login.example.com/token",
      scopes: ["read"],
    },
    header: { Authorization: "Bearer test-token" },
  },
};

const titleOf = (name: string): string => {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Gives the files of a new connector by their path in its folder. Lint has nothing against them, and their case passes. */
export const connectorTemplate = (options: {
  readonly name: string;
  readonly baseUrl: string;
  readonly auth: TemplateAuth;
  /** What the author types to run `junctor`. */
  readonly command: string;
}): Readonly<Record<string, string>> => {
  const { name, baseUrl, command } = options;
  const auth = options.auth === "none" ? undefined : auths[options.auth];
  const title = titleOf(name);
  const definition = {
    $schema: SCHEMA,
    name,
    version: "0.1.0",
    title,
    description: `Calls ${title}.`,
    icon: "icon.svg",
    color: "#2563eb",
    baseUrl,
    ...(auth === undefined
      ? {}
      : {
          connection: {
            ...(auth.parameters === undefined ? {} : { parameters: auth.parameters }),
            auth: [auth.method],
          },
        }),
    actions: {
      getItem: {
        title: "Get an item",
        description: "Gets one item by its id.",
        input: { type: "object", required: ["id"], properties: { id: { type: "string", title: "Id" } } },
        request: { path: "/items/{{ input.id }}" },
        output: { type: "object", properties: { id: { type: "string" }, name: { type: "string" } } },
        errors: [{ when: "{{ response.status == 404 }}", code: "NOT_FOUND", message: "There is no such item." }],
      },
    },
  };
  const request = {
    method: "GET",
    url: `${baseUrl}/items/a%20b`,
    ...(auth === undefined ? {} : { headers: auth.header }),
  };
  const cases = {
    action: "getItem",
    cases: [
      {
        title: "puts the id into the path",
        input: { id: "a b" },
        request,
        reply: { body: { id: "a b", name: "First" } },
        output: { id: "a b", name: "First" },
      },
      {
        title: "an unknown item has a code of its own",
        input: { id: "none" },
        reply: { status: 404, body: {} },
        error: "NOT_FOUND",
      },
      { title: "the id is required", input: {}, error: "INPUT_INVALID" },
    ],
  };
  return {
    "connector.json": json(definition),
    "cases/get-item.json": json(cases),
    "icon.svg":
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48"><rect width="48" height="48" rx="10" fill="#2563eb"/><path d="M14 24h20M24 14v20" stroke="#fff" stroke-width="4" stroke-linecap="round"/></svg>\n',
    "README.md": `# ${title}\n\nWhat it does, and what somebody must do to connect.\n\n\`\`\`sh\n${command} lint .\n${command} test .\n\`\`\`\n`,
  };
};
