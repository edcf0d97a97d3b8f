import { createHmac, createPublicKey, generateKeyPairSync, verify } from "node:crypto";
import { createEnvironment, type TemplateError } from "@junctor/jinja";
import { describe, expect, it } from "vitest";
import { createTemplateFunctions } from "./create-template-functions.ts";

const environment = createEnvironment(createTemplateFunctions());
const NOON = { now: () => Date.UTC(2026, 0, 31, 12, 0, 0) };

const CONTEXT = {
  text: "héllo & <b>",
  json: '{"b": 1.0, "a": [12345678901234567890, "x"], "10": true}',
  order: {
    id: 7,
    lines: [
      { sku: "A/1", qty: 2 },
      { sku: "B", qty: 0 },
    ],
    "m~n": 5,
  },
  csv: 'name;qty\r\n"Ada; L";2\r\nBo;3\r\n',
  rows: [{ name: 'A "x"', qty: 1, ok: true }],
  key: "secret",
};

const evaluate = (template: string): unknown => environment.compile(template).evaluate(CONTEXT, { host: NOON });

describe("the functions and filters of connector templates", () => {
  it.each([
    [
      "JSON keeps floats, long integers and the order of keys",
      "{{ json | from_json }}",
      '{"b": 1.0, "a": [12345678901234567890, "x"], "10": true}',
    ],
  ])("%s", (_title, template, expected) => {
    expect(environment.compile(template.replace(" }}", " | json_encode }}")).render(CONTEXT)).toBe(expected);
  });

  it.each<[string, unknown]>([
    ["{{ order | json_encode }}", '{"id": 7, "lines": [{"sku": "A/1", "qty": 2}, {"sku": "B", "qty": 0}], "m~n": 5}'],
    ["{{ {'a': 1} | json_encode(indent=2) }}", '{\n  "a": 1\n}'],
    ["{{ {'a': 1, 'b': 2} | merge({'b': 3}, none, {'c': 4}) }}", { a: 1, b: 3, c: 4 }],
    ["{{ text | base64_encode }}", "aMOpbGxvICYgPGI+"],
    ["{{ 'aMOpbGxvICYgPGI+' | base64_decode }}", "héllo & <b>"],
    ["{{ '??>' | base64url_encode }}", "Pz8-"],
    ["{{ 'Pz8-' | base64url_decode }}", "??>"],
    ["{{ '/w==' | base64_decode | base64_encode }}", "/w=="],
    ["{{ 'abc' | sha256 }}", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    ["{{ 'abc' | sha256('base64') }}", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="],
    ["{{ 'abc' | hash('md5') }}", "900150983cd24fb0d6963f7d28e17f72"],
    ["{{ 'abc' | hmac(key) }}", "9946dad4e00e913fc8be8e5d3f7e110a4a9e832f83fb09c345285d78638d8a0e"],
    ["{{ 'abc' | hmac(key, 'sha512', 'base64') | length }}", 88],
    ["{{ uuid() | length }}", 36],
    ["{{ now() }}", 1769860800],
    ["{{ now(-60) }}", 1769860740],
    ["{{ now() | format_date }}", "2026-01-31T12:00:00Z"],
    ["{{ now() | format_date('yyyy-LL-dd HH:mm', 'Europe/Berlin') }}", "2026-01-31 13:00"],
    ["{{ '2026-07-01T10:00:00+02:00' | format_date('HH:mm ZZZZ', 'America/New_York') }}", "04:00 EDT"],
    ["{{ '31.01.2026 08:30' | parse_date('dd.LL.yyyy HH:mm', 'Europe/Berlin') }}", "2026-01-31T08:30:00+01:00"],
    ["{{ 'Sat, 31 Jan 2026 12:00:00 GMT' | timestamp }}", 1769860800],
    ["{{ '2026-01-31' | date_add(months=1) }}", "2026-02-28T00:00:00Z"],
    ["{{ '2026-03-28T12:00:00' | date_add(days=1, zone='Europe/Berlin') }}", "2026-03-29T12:00:00+02:00"],
    ["{{ order | pointer('/lines/0/sku') }}", "A/1"],
    ["{{ order | pointer('/m~0n') }}", 5],
    ["{{ order | pointer('/nope') }}", undefined],
    ["{{ order | pointer('/constructor/name', 'none') }}", "none"],
    ["{{ order | jmespath('lines[?qty > `0`].sku | [0]') }}", "A/1"],
    ["{{ order | jmespath('nope') }}", null],
    [
      "{{ csv | from_csv(';') }}",
      [
        { name: "Ada; L", qty: "2" },
        { name: "Bo", qty: "3" },
      ],
    ],
    [
      "{{ 'a,b\n1,2' | from_csv(header=false) }}",
      [
        ["a", "b"],
        ["1", "2"],
      ],
    ],
    ["{{ rows | to_csv }}", 'name,qty,ok\r\n"A ""x""",1,true\r\n'],
    ["{{ text | xml_escape }}", "héllo &amp; &lt;b&gt;"],
    ["{{ 'a/b c' | url_component }}", "a%2Fb%20c"],
  ])("%s gives %j", (template, expected) => {
    expect(evaluate(template)).toEqual(expected);
  });

  it.each([
    ["{{ 'nope' | from_json }}", "ValueError"],
    ["{{ '\ud800' | url_component }}", "ValueError"],
    ["{{ none | from_json }}", "TypeError"],
    ["{{ '*' | base64_decode }}", "ValueError"],
    ["{{ 5 | sha256 }}", "TypeError"],
    ["{{ 'a' | hash('crc32') }}", "ValueError"],
    ["{{ 'not a date' | format_date }}", "ValueError"],
    ["{{ 1 | date_add(fortnights=1) }}", "TypeError"],
    ["{{ 1 | format_date(zone='Mars/Olympus') }}", "ValueError"],
    ["{{ order | pointer('lines') }}", "ValueError"],
    ["{{ order | jmespath('[') }}", "ValueError"],
    ["{{ order | jmespath('[@,@][]' ~ ' | [@,@][]' * 40) }}", "LimitError"],
    ["{{ 'a\"b' | from_csv }}", "ValueError"],
    ["{{ '\\x01' | xml_escape }}", "ValueError"],
    ["{{ [1] | merge({}) }}", "TypeError"],
    ["{{ jwt_encode({}, key, 'none') }}", "ValueError"],
    ["{{ jwt_encode({}, key, 'RS256') }}", "ValueError"],
  ])("%s fails with %s", (template, type) => {
    expect(() => evaluate(template)).toThrow(expect.objectContaining({ type }) as TemplateError);
  });
});

describe("jwt_encode", () => {
  const parts = (token: unknown): [string, string, string] => String(token).split(".") as [string, string, string];
  const read = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString());

  it("signs with a shared key", () => {
    const [header, payload, signature] = parts(
      evaluate("{{ jwt_encode({'sub': 'ada', 'iat': now()}, key, 'HS256', {'kid': '1'}) }}"),
    );
    expect(read(header)).toEqual({ typ: "JWT", kid: "1", alg: "HS256" });
    expect(read(payload)).toEqual({ sub: "ada", iat: 1769860800 });
    expect(signature).toBe(createHmac("sha256", "secret").update(`${header}.${payload}`).digest("base64url"));
  });

  it.each([
    ["RS256", () => generateKeyPairSync("rsa", { modulusLength: 2048 })],
    ["ES384", () => generateKeyPairSync("ec", { namedCurve: "P-384" })],
    ["EdDSA", () => generateKeyPairSync("ed25519")],
  ])("signs with %s", (algorithm, generate) => {
    const pem = generate().privateKey.export({ type: "pkcs8", format: "pem" });
    const token = environment.compile("{{ jwt_encode({'a': 1}, pem, algorithm) }}").evaluate({ pem, algorithm });
    const [header, payload, signature] = parts(token);
    const hash = algorithm === "EdDSA" ? null : `sha${algorithm.slice(2)}`;
    const key = {
      key: createPublicKey(pem),
      ...(algorithm.startsWith("ES") && { dsaEncoding: "ieee-p1363" as const }),
    };
    expect(verify(hash, Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"))).toBe(true);
  });

  it("does not quote a key in its errors", () => {
    expect(() => evaluate("{{ jwt_encode({}, 'very-secret-key', 'ES256') }}")).not.toThrow(/very-secret-key/);
  });
});
