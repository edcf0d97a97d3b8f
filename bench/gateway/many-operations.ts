/** Writes a connector with many operations of ordinary size: ten inputs, query and headers, a reshaped answer. */
export function manyOperations(number: number, count: number, upstreamPort: number): Record<string, unknown> {
  const actions: Record<string, unknown> = {};
  for (let i = 0; i < count; i++) actions[`operation${i}`] = operation(number, i);
  return {
    name: `catalogue-${number}`,
    title: `Catalogue ${number}`,
    version: "1.0.0",
    baseUrl: `http://127.0.0.1:${upstreamPort}`,
    actions,
  };
}

function operation(connector: number, number: number): Record<string, unknown> {
  const names = ["id", "name", "email", "status", "from", "to", "limit", "offset", "sort", "fields"];
  const properties = Object.fromEntries(
    names.map((name) => [name, { type: "string", description: `The ${name} of operation ${number}.` }]),
  );
  return {
    title: `Operation ${number} of catalogue ${connector}`,
    input: { type: "object", required: ["id"], properties },
    request: {
      method: "GET",
      path: `/v1/things-${number}/{{ input.id }}`,
      query: Object.fromEntries(names.slice(1).map((name) => [name, `{{ input.${name} }}`])),
      headers: { "x-operation": `{{ input.name }}-${number}` },
    },
    response: { body: { id: "{{ response.body.order.id }}", status: "{{ response.body.order.status }}" } },
    output: { type: "object", properties: { id: { type: "integer" }, status: { type: "string" } } },
  };
}
