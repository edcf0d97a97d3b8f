import type { ConnectorDefinition } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { resolveAction } from "./resolve-definition.ts";

const rule = (status: number) => ({ when: `{{ response.status == ${status} }}` });

const definition: ConnectorDefinition = {
  name: "a",
  title: "A",
  version: "1.0.0",
  baseUrl: "https://a.example",
  defaults: {
    request: {
      headers: { "X-One": "1", "X-Two": "2", "X-Three": "3" },
      query: { v: "1", page: "0" },
      redirect: "manual",
    },
    timeout: "PT30S",
    response: { decode: "json" },
    errors: [rule(500)],
    retry: { attempts: 5 },
    rateLimits: [{ limit: 1, window: "PT1S", scope: "connector" }],
    cache: { ttl: "PT1M" },
  },
  actions: {
    plain: { request: { path: "/" } },
    own: {
      request: {
        path: "/",
        headers: { "x-one": "9", "X-Two": null, "X-Four": "4" },
        query: { V: "2", page: null },
        redirect: "follow",
      },
      timeout: "PT1S",
      response: { decode: "csv", body: {} },
      errors: [rule(404)],
      retry: { backoff: { factor: 3 } },
      rateLimits: [],
      cache: false,
    },
    whole: {
      request: {
        path: "/",
        query: "{{ input.q }}",
        headers: { $each: "{{ input.h }}", key: "{{ item.key }}", value: "{{ item.value }}" },
      },
    },
    steps: {
      errors: [rule(404)],
      retry: { attempts: 2 },
      steps: [
        { id: "a", request: { path: "/a" }, errors: [rule(409)], response: { body: 1 } },
        { id: "b", action: "plain" },
      ],
    },
  },
};

describe("resolveAction", () => {
  it("gives undefined for an action that is not there, inherited names included", () => {
    expect(resolveAction(definition, "nope")).toBeUndefined();
    expect(resolveAction(definition, "constructor")).toBeUndefined();
  });

  it("hands down defaults", () => {
    expect(resolveAction(definition, "plain")).toMatchObject({
      pointer: "/actions/plain",
      timeout: "PT30S",
      cache: { ttl: "PT1M" },
      rateLimits: [{ limit: 1 }],
      steps: null,
      exchange: {
        response: { decode: "json" },
        responsePointer: null,
        retry: { attempts: 5 },
        errors: [{ pointer: "/defaults/errors/0" }],
        request: { redirect: "manual", pointer: "/actions/plain/request" },
      },
    });
  });

  it("has defaults of its own where nobody says", () => {
    const bare = { ...definition, defaults: {} };
    expect(resolveAction(bare, "plain")).toMatchObject({
      timeout: "PT15S",
      cache: false,
      rateLimits: [],
      exchange: { retry: {}, errors: [], request: { redirect: "follow", headers: { entries: [], whole: null } } },
    });
  });

  it("merges headers whatever their case, query by exact name; the nearer wins and null removes", () => {
    const { request } = resolveAction(definition, "own")?.exchange ?? {};
    expect(request?.headers).toEqual({
      whole: null,
      entries: [
        { name: "x-one", value: "9", pointer: "/actions/own/request/headers/x-one" },
        { name: "X-Three", value: "3", pointer: "/defaults/request/headers/X-Three" },
        { name: "X-Four", value: "4", pointer: "/actions/own/request/headers/X-Four" },
      ],
    });
    expect(request?.query.entries).toEqual([
      { name: "v", value: "1", pointer: "/defaults/request/query/v" },
      { name: "V", value: "2", pointer: "/actions/own/request/query/V" },
    ]);
    expect(request?.redirect).toBe("follow");
  });

  it("tries errors nearest first and replaces every other setting whole", () => {
    const own = resolveAction(definition, "own");
    expect(own?.exchange?.errors.map(({ pointer }) => pointer)).toEqual([
      "/actions/own/errors/0",
      "/defaults/errors/0",
    ]);
    expect(own).toMatchObject({ timeout: "PT1S", cache: false, rateLimits: [] });
    expect(own?.exchange?.retry).toEqual({ backoff: { factor: 3 } });
    expect(own?.exchange?.response).toEqual({ decode: "csv", body: {} });
  });

  it("keeps one expression for a whole map beside what defaults know", () => {
    const { request } = resolveAction(definition, "whole")?.exchange ?? {};
    expect(request?.query.whole).toEqual({ value: "{{ input.q }}", pointer: "/actions/whole/request/query" });
    expect(request?.query.entries.map(({ name }) => name)).toEqual(["v", "page"]);
    expect(request?.headers.whole?.pointer).toBe("/actions/whole/request/headers");
  });

  it("goes from step to action to defaults", () => {
    const { steps, exchange } = resolveAction(definition, "steps") ?? {};
    expect(exchange).toBeNull();
    expect(steps?.map(({ id, pointer }) => [id, pointer])).toEqual([
      ["a", "/actions/steps/steps/0"],
      ["b", "/actions/steps/steps/1"],
    ]);
    expect(steps?.[0]?.exchange).toMatchObject({
      retry: { attempts: 2 },
      response: { decode: "json", body: 1 },
      responsePointer: "/actions/steps/steps/0/response",
    });
    expect(steps?.[0]?.exchange?.errors.map(({ pointer }) => pointer)).toEqual([
      "/actions/steps/steps/0/errors/0",
      "/actions/steps/errors/0",
      "/defaults/errors/0",
    ]);
    expect(steps?.[1]?.exchange).toBeNull();
  });
});
