import type { ConnectorDefinition } from "@junctor/sdk";
import { readPointer } from "../definition/json-pointer.ts";
import { SCHEMA_ADDRESS } from "../definition/normalize-definition.ts";
import type { ExampleChange } from "./rule.ts";

/** The definition that the examples of all rules change. No rule has anything to say about it. */
export const exampleDefinition: ConnectorDefinition = {
  $schema: SCHEMA_ADDRESS,
  name: "books",
  title: "Bookshop",
  description: "Finds and orders books.",
  version: "1.0.0",
  baseUrl: "https://api.books.example",
  connection: {
    parameters: { type: "object", required: ["token"], properties: { token: { type: "string", writeOnly: true } } },
    auth: [{ type: "bearer", token: "{{ connection.token }}" }],
    test: { action: "whoAmI" },
  },
  dynamic: { options: { titles: { action: "list", value: "{{ item.isbn }}", label: "{{ item.title }}" } } },
  actions: {
    whoAmI: { hidden: true, request: { path: "/me" } },
    list: {
      title: "List books",
      description: "Lists all books.",
      request: { path: "/books", query: { page: "{{ page.number }}" } },
      pagination: { items: "{{ response.body }}", size: 50 },
      output: { type: "array", items: { type: "object" } },
    },
    getBook: {
      title: "Get a book",
      description: "Gets one book by its ISBN.",
      input: {
        type: "object",
        required: ["isbn"],
        properties: { isbn: { type: "string" }, edition: { type: "string" } },
      },
      request: { path: "/books/{{ input.isbn }}", query: { edition: "{{ input.edition }}" } },
      output: { type: "object" },
    },
    order: {
      title: "Order a book",
      description: "Orders one book.",
      idempotencyKey: "{{ call.id }}",
      input: {
        type: "object",
        required: ["isbn"],
        properties: { isbn: { type: "string" }, quantity: { type: "integer", default: 1 }, books: { type: "array" } },
      },
      request: {
        method: "POST",
        path: "/orders",
        body: { book: "{{ input.isbn }}", quantity: "{{ input.quantity }}", also: "{{ input.books }}" },
      },
      output: { type: "object" },
    },
  },
};

/** Applies the change of an example: puts values at pointers, `undefined` removes. Objects on the way are made. */
export const changeExample = (change: ExampleChange): ConnectorDefinition => {
  const document = structuredClone(exampleDefinition) as unknown as Record<string, unknown>;
  for (const [pointer, value] of Object.entries(change)) {
    const path = [...readPointer(pointer)];
    const last = path.pop() ?? "";
    let parent = document;
    for (const segment of path) {
      parent[segment] ??= {};
      parent = parent[segment] as Record<string, unknown>;
    }
    if (value === undefined) delete parent[last];
    else parent[last] = structuredClone(value);
  }
  return document as unknown as ConnectorDefinition;
};
