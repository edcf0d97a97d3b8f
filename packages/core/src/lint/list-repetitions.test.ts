import type { ConnectorDefinition } from "@junctor/sdk";
import { describe, expect, it } from "vitest";
import { listRepetitions } from "./list-repetitions.ts";

const each = { $each: "{{ input.rows }}", value: "{{ item }}" };

/** A definition with the node at one place. */
const at = (pointer: string): ConnectorDefinition =>
  pointer
    .split("/")
    .slice(1)
    .reduceRight<unknown>((inner, name) => ({ [name]: inner }), each) as ConnectorDefinition;

describe("listRepetitions", () => {
  it.each([
    "/actions/a/request/body",
    "/actions/a/request/body/input/output",
    "/actions/a/response/body",
    "/actions/input/request/body",
    "/triggers/t/event",
    "/triggers/t/webhook/subscribe/request/body",
    "/connection/test/input",
    "/defaults/request/headers/cases",
    "/dynamic/options/o/input/x",
  ])("finds the one at %s", (pointer) => {
    expect(listRepetitions(at(pointer)).map((found) => found.pointer)).toEqual([pointer]);
  });
  it.each([
    "/$defs/Row/default",
    "/x-notes/any",
    "/actions/a/input/default",
    "/actions/a/output/examples",
    "/actions/a/cases/row",
    "/actions/a/x-openapi/operation",
    "/triggers/t/output/default",
    "/connection/parameters/default",
    "/connection/auth/0/parameters/default",
  ])("leaves data alone: %s", (pointer) => expect(listRepetitions(at(pointer))).toEqual([]));
});
