import { describe, expect, test } from "vitest";
import { ConnectorError } from "../errors/connector-error.ts";
import { isFile } from "./file-input.ts";
import { compileInputValidator } from "./input-validator.ts";

const schema = {
  type: "object",
  required: ["isbn"],
  properties: {
    isbn: { type: "string", minLength: 3 },
    quantity: { type: "integer", minimum: 1, default: 1 },
    format: { enum: ["paper", "digital"] },
    buyer: { type: "object", properties: { vip: { type: "boolean", default: false } } },
  },
};

const check = (input: unknown, from: object | undefined = schema) =>
  compileInputValidator(from as never, undefined, "/actions/x/input").check(input as never);

const failure = (input: unknown, from: object = schema): ConnectorError => {
  try {
    check(input, from);
  } catch (error) {
    if (error instanceof ConnectorError) return error;
    throw error;
  }
  throw new Error("the input was accepted");
};

describe("compileInputValidator", () => {
  test("fills in defaults, below the top level too, and leaves the caller's data alone", () => {
    const given = { isbn: "978", buyer: {} };
    expect(check(given)).toEqual({ isbn: "978", quantity: 1, buyer: { vip: false } });
    expect(given).toEqual({ isbn: "978", buyer: {} });
  });

  test.each([
    [{}, "/isbn", '"isbn" is required.', 'Give "isbn".'],
    [{ isbn: 5 }, "/isbn", "It must be string.", undefined],
    [{ isbn: "978", quantity: 0 }, "/quantity", "It must be >= 1.", undefined],
    [
      { isbn: "978", format: "tape" },
      "/format",
      "It must be equal to one of the allowed values.",
      "Allowed are: paper, digital.",
    ],
    [
      { isbn: "978", quantitiy: 2 },
      "/quantitiy",
      '"quantitiy" is not an input of this action.',
      'Did you mean "quantity"? Known are: isbn, quantity, format, buyer.',
    ],
    [
      { isbn: "978", extra: 2 },
      "/extra",
      '"extra" is not an input of this action.',
      "Known are: isbn, quantity, format, buyer.",
    ],
  ])("refuses %j at %s", (input, pointer, message, hint) => {
    const error = failure(input);
    expect(error.code).toBe("INPUT_INVALID");
    expect(error.details).toEqual([hint === undefined ? { pointer, message } : { pointer, message, hint }]);
  });

  test("calls a connection's parameter what it is", () => {
    const schema = { type: "object", properties: { token: { type: "string" } } } as never;
    const validator = compileInputValidator(schema, undefined, "/parameters", "a parameter of this connection");
    const refusal = { message: '"extra" is not a parameter of this connection.', hint: "Known are: token." };
    expect(() => validator.check({ token: "t", extra: "y" })).toThrow(
      expect.objectContaining({ details: [{ pointer: "/extra", ...refusal }] }),
    );
  });

  test("says nothing of the value, which may be a secret", () => {
    const error = failure({ isbn: "s3" });
    expect(error.message + JSON.stringify(error.details)).not.toContain("s3");
  });

  test.each([
    ["an open schema takes more", { type: "object", additionalProperties: true }, { anything: 1 }],
    ["an absent schema takes an empty input", undefined, {}],
    ["null means an empty input", undefined, null],
    ["references resolve within the document", { properties: { a: { $ref: "#/$defs/A" } } }, { a: 1 }],
  ])("%s", (_title, from, input) => {
    const validator = compileInputValidator(from as never, { A: { type: "integer" } }, "/input");
    expect(validator.check(input as never)).toEqual(input ?? {});
  });

  test("without a schema there is no input", () => {
    const validator = compileInputValidator(undefined, undefined, "/input");
    expect(() => validator.check({ a: 1 })).toThrow(/"a" is not an input/);
  });

  test("a schema that cannot be used names its place", () => {
    const compile = () => compileInputValidator({ type: "nonsense" } as never, undefined, "/actions/x/input");
    expect(compile).toThrow(/\/actions\/x\/input/);
  });

  test.each([
    ["text alone", "aGk=", { name: null, mediaType: "application/octet-stream", size: 2 }],
    [
      "an object",
      { base64: "aGk=", name: "a.txt", mediaType: "text/plain" },
      { name: "a.txt", mediaType: "text/plain", size: 2 },
    ],
  ])("a file may come as %s of base64", (_title, file, expected) => {
    const from = { type: "object", properties: { file: { type: "string", format: "binary" } } };
    const input = check({ file }, from) as { file: unknown };
    expect(isFile(input.file)).toBe(true);
    expect(input.file).toMatchObject(expected);
  });

  test("what is no base64 is no file", () => {
    const from = { type: "object", properties: { file: { type: "string", format: "binary" } } };
    expect(failure({ file: "not base64!" }, from).details[0]?.pointer).toBe("/file");
  });
});
