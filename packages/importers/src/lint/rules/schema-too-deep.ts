import type { SourceRule } from "../lint-rule.ts";

/** A schema is nested at most twelve levels deep. */
export const schemaTooDeep: SourceRule = {
  id: "schema-too-deep",
  severity: "advice",
  certification: "warning",
  summary: "A schema is nested at most twelve levels deep.",
  reason: "Forms and modellers give up.",
  bad: {
    document: {
      swagger: "2.0",
      info: { title: "T", version: "1" },
      paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
      definitions: {
        A: {
          type: "object",
          properties: {
            a: {
              type: "object",
              properties: {
                a: {
                  type: "object",
                  properties: {
                    a: {
                      type: "object",
                      properties: {
                        a: {
                          type: "object",
                          properties: {
                            a: {
                              type: "object",
                              properties: {
                                a: {
                                  type: "object",
                                  properties: {
                                    a: {
                                      type: "object",
                                      properties: {
                                        a: {
                                          type: "object",
                                          properties: {
                                            a: {
                                              type: "object",
                                              properties: {
                                                a: {
                                                  type: "object",
                                                  properties: {
                                                    a: {
                                                      type: "object",
                                                      properties: {
                                                        a: {
                                                          type: "object",
                                                          properties: {
                                                            a: {
                                                              type: "object",
                                                              properties: { a: { type: "string" } },
                                                            },
                                                          },
                                                        },
                                                      },
                                                    },
                                                  },
                                                },
                                              },
                                            },
                                          },
                                        },
                                      },
                                    },
                                  },
                                },
                              },
                            },
                          },
                        },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
    pointers: [
      "/definitions/A/properties/a/properties/a/properties/a/properties/a/properties/a/properties/a/properties/a/properties/a/properties/a/properties/a/properties/a/properties/a/properties/a",
    ],
  },
  good: {
    swagger: "2.0",
    info: { title: "T", version: "1" },
    paths: { "/a": { get: { operationId: "a", responses: { 200: { description: "OK" } } } } },
  },
  *check(source) {
    for (const { pointer } of source.schemas) {
      const depth = pointer.split("/").filter((part) => part === "properties" || part === "items").length;
      if (depth === 13) yield { pointer, message: "The schema is nested deeper than twelve levels" };
    }
  },
};
