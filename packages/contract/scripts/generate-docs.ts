import { errorGuide } from "../src/error-guide.ts";
import { type ErrorCode, errorCatalogue } from "../src/errors.ts";
import { bodyErrors, commonErrors, keyErrors, pageErrors, type Route } from "../src/route.ts";
import { routes } from "../src/routes.ts";
import { scopeDescriptions } from "../src/scopes.ts";

const note = "<!-- Made by packages/contract/scripts/generate-docs.ts; `npm run generate` makes it again. -->";

/** Makes the reference pages of errors and of the HTTP API. */
export async function generate(): Promise<Record<string, string>> {
  return { "docs/reference/errors.md": describeErrors(), "docs/reference/http-api.md": describeApi() };
}

function describeErrors(): string {
  const stages = new Map<string, ErrorCode[]>();
  for (const [code, { stage }] of Object.entries(errorCatalogue)) {
    stages.set(stage, [...(stages.get(stage) ?? []), code as ErrorCode]);
  }
  const sections = [...stages].map(
    ([stage, codes]) => `## Stage \`${stage}\`\n\n${codes.map(describeCode).join("\n\n")}`,
  );
  return `# Errors

${note}

Every error is a problem document (RFC 9457) with the content type \`application/problem+json\`:

\`\`\`json
{
  "type": "urn:junctor:error:INPUT_INVALID",
  "title": "The input does not match the action's schema",
  "status": 400,
  "detail": "The input of bookshop.getBook is not valid: isbn is missing.",
  "code": "INPUT_INVALID",
  "stage": "validate",
  "retryable": false,
  "requestId": "01JD2X6K8Q4W",
  "errors": [{ "pointer": "/isbn", "message": "is required", "hint": "Add the member \\"isbn\\"." }]
}
\`\`\`

\`code\` is stable: it never changes its meaning, and a retired one is never used again. \`retryable\` says whether the same
request may succeed later without a change; \`retryAfter\` says in how many seconds. \`stage\` says which part of the call
failed. A connector's own code travels in \`connectorCode\`, the upstream's status in \`upstreamStatus\`.

${sections.join("\n\n")}
`;
}

function describeCode(code: ErrorCode): string {
  const { status, title, retryable } = errorCatalogue[code];
  const { cause, remedy } = errorGuide[code];
  return `### ${code}

${title}. Status ${status}, ${retryable ? "retryable" : "not retryable"}.

- **Cause.** ${cause}
- **What to do.** ${remedy}`;
}

function describeApi(): string {
  const tags = new Map<string, Route[]>();
  for (const route of Object.values<Route>(routes)) tags.set(route.tag, [...(tags.get(route.tag) ?? []), route]);
  const scopes = Object.entries(scopeDescriptions).map(([scope, description]) => `| \`${scope}\` | ${description} |`);
  const sections = [...tags].map(([tag, tagged]) => `## ${tag}\n\n${tagged.map(describeRoute).join("\n\n")}`);
  return `# HTTP API

${note}

JSON over HTTP. The machine-readable form, with every schema, is the OpenAPI 3.1 document that the server serves at
\`/openapi.json\`; tests hold the server to it. A key goes into \`Authorization: Bearer jk_…\` and names the workspace, so no
path names one. Lists are pages: \`{ "items": […], "cursor": … }\`.

| scope | allows |
|---|---|
${scopes.join("\n")}

Any route may answer ${codeList(commonErrors)}; a route with a key also ${codeList(keyErrors)}; a route with a body also
${codeList(bodyErrors)}. What they mean: [errors](errors.md).

${sections.join("\n\n")}
`;
}

function describeRoute(route: Route): string {
  const { access, answer, body, description, errors = [], query = {} } = route;
  const listed = access.kind === "key" && access.alsoPages === true ? [...errors, ...pageErrors] : errors;
  const lines = [
    `- Access: ${describeAccess(access)}`,
    ...Object.entries(query).map(([name, schema]) => `- Query \`${name}\`: ${String(schema.description ?? "")}`),
    ...(body === undefined ? [] : [`- Body: \`${body.schema}\`${body.required === false ? ", may be absent" : ""}`]),
    `- Answer ${answer.status}${answer.schema === undefined ? "" : ` \`${answer.schema}\``}: ${answer.description}`,
    ...(listed.length === 0 ? [] : [`- Errors: ${codeList(listed)}`]),
  ];
  const text = description === undefined ? "" : `${description}\n\n`;
  return `### ${route.summary}\n\n\`${route.method} ${route.path}\`\n\n${text}${lines.join("\n")}`;
}

function describeAccess(access: Route["access"]): string {
  if (access.kind === "public") return "public";
  const key = `key with scope \`${access.scope}\``;
  return access.alsoPages === true ? `${key}, or a page or user whom a policy admits` : key;
}

function codeList(codes: readonly ErrorCode[]): string {
  return codes.map((code) => `[\`${code}\`](errors.md#${code.toLowerCase()})`).join(", ");
}
