/** A connector for the odd upstream, with an action per kind of misfortune. `port` 1 is one where nobody listens. */
export function oddConnector(origin: string): Readonly<Record<string, unknown>> {
  const text = { type: "string" };
  return {
    $schema: "https://junctor.dev/schema/connector/v1.json",
    name: "odd",
    title: "Odd upstream",
    version: "1.0.0",
    baseUrl: origin,
    connection: {
      parameters: {
        type: "object",
        required: ["token"],
        properties: { token: { type: "string", writeOnly: true }, region: text },
      },
      auth: [{ type: "bearer", token: "{{ connection.token }}" }],
      test: { action: "echo", input: { message: "test" }, label: "{{ output.body }}" },
    },
    actions: {
      echo: {
        input: { type: "object", required: ["message"], properties: { message: text, count: { type: "integer" } } },
        request: {
          method: "POST",
          path: "/echo",
          query: { region: "{{ connection.region }}" },
          headers: { "x-secret": "{{ secret('canary') }}" },
          body: { message: "{{ input.message }}", count: "{{ input.count }}" },
        },
      },
      plain: {
        input: { type: "object", properties: { note: text } },
        request: { path: "/echo", query: { note: "{{ input.note }}" } },
      },
      status: {
        input: { type: "object", required: ["status"], properties: { status: { type: "integer" } } },
        retry: { attempts: 1 },
        request: { path: "/status/{{ input.status }}" },
      },
      wait: {
        timeout: "PT20S",
        input: { type: "object", required: ["ms"], properties: { ms: { type: "integer" } } },
        request: { path: "/wait/{{ input.ms }}" },
      },
      hasty: { timeout: "PT0.3S", retry: { attempts: 1 }, request: { path: "/wait/5000" } },
      brokenJson: { retry: { attempts: 1 }, request: { path: "/broken-json" } },
      reset: { retry: { attempts: 1 }, request: { path: "/reset" } },
      refused: { retry: { attempts: 1 }, request: { url: "http://127.0.0.1:1/", auth: false } },
      privateAddress: { retry: { attempts: 1 }, request: { url: "http://10.0.0.1/", auth: false } },
      metadata: { retry: { attempts: 1 }, request: { url: "http://169.254.169.254/latest/meta-data/", auth: false } },
      redirectToPrivate: {
        retry: { attempts: 1 },
        request: { path: "/redirect", query: { to: "http://10.0.0.1/" } },
      },
      missingSecret: { request: { path: "/echo", headers: { "x-secret": "{{ secret('nobody-wrote-it') }}" } } },
      missingVariable: { request: { path: "/echo", headers: { "x-variable": "{{ var('nobody-wrote-it') }}" } } },
      failingTemplate: {
        input: { type: "object", properties: { number: { type: "integer" } } },
        request: { path: "/echo", query: { share: "{{ 1 / input.number }}" } },
      },
      lineBreak: {
        input: { type: "object", properties: { value: text } },
        request: { path: "/echo", headers: { "x-value": "{{ input.value }}" } },
      },
    },
  };
}
