import { UPSTREAM_CLIENT } from "./payload.ts";

/** The key with which the benches call. */
export const BENCH_KEY = "jk_bench0000000000000000000000000000000000000000";

/** How an answer of the upstream is reshaped. */
const SHAPED = {
  id: "{{ response.body.order.id }}",
  status: "{{ response.body.order.status }}",
  total: "{{ response.body.order.total.amount }} {{ response.body.order.total.currency }}",
  buyer: "{{ response.body.order.buyer.name }}",
  lines: {
    $each: "{{ response.body.order.lines }}",
    value: { isbn: "{{ item.isbn }}", title: "{{ item.title }}", quantity: "{{ item.quantity }}" },
  },
  note: "{{ response.body.order.note }}",
};

/** Writes the connector that the gateway questions call; its steps are those of `baseline.ts`. */
export function benchConnector(upstreamPort: number): Record<string, unknown> {
  return {
    name: "bench",
    title: "Bench",
    version: "1.0.0",
    baseUrl: `http://127.0.0.1:${upstreamPort}`,
    connection: {
      parameters: { type: "object", required: ["token"], properties: { token: { type: "string", writeOnly: true } } },
      auth: [{ type: "bearer", token: "{{ connection.token }}" }],
    },
    defaults: { request: { headers: { "x-client": UPSTREAM_CLIENT } } },
    actions: {
      pass: {
        title: "Pass the answer on",
        request: { method: "GET", path: "/orders/4711" },
        response: { decode: "binary" },
      },
      passWithoutAuth: {
        title: "Pass the answer on, without a credential",
        request: { method: "GET", path: "/orders/4711", auth: false },
        response: { decode: "binary" },
      },
      createOrder: {
        title: "Create an order",
        input: {
          type: "object",
          required: ["isbn"],
          properties: {
            isbn: { type: "string" },
            quantity: { type: "integer", minimum: 1, default: 1 },
            note: { type: "string" },
          },
        },
        request: {
          method: "POST",
          path: "/orders/{{ input.isbn }}",
          headers: { "x-quantity": "{{ input.quantity }}" },
          body: { book: "{{ input.isbn }}", quantity: "{{ input.quantity }}", note: "{{ input.note }}" },
        },
        response: {
          body: SHAPED,
        },
        retry: { attempts: 1 },
      },
      slow: {
        title: "Wait for a slow upstream",
        request: { method: "GET", path: "/slow" },
        response: { decode: "binary" },
        retry: { attempts: 1 },
      },
      cached: {
        title: "Read an order, cached",
        request: { method: "GET", path: "/orders/4711" },
        cache: { ttl: "PT1H" },
      },
      cachedAndShaped: {
        title: "Read an order, cached, through a template and the field filter",
        request: { method: "GET", path: "/orders/4711" },
        response: { body: SHAPED },
        output: {
          type: "object",
          additionalProperties: false,
          properties: {
            id: { type: "integer" },
            status: { type: "string" },
            total: { type: "string" },
            buyer: { type: "string" },
            lines: { type: "array", items: { type: "object" } },
          },
        },
        cache: { ttl: "PT1H" },
      },
    },
  };
}
